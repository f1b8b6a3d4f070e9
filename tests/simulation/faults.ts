import { diceOf } from '../../local/world/dice.ts';

/** What an effect touches. `state-write` carries the ETag of a row that was read; `state-insert` fails where there is a row, and `state-put` never. */
export const EFFECT_KINDS = [
  'okta-read',
  'entra-read',
  'tenant-write',
  'state-read',
  'state-write',
  'state-insert',
  'state-put',
  'send',
] as const;
export type EffectKind = (typeof EFFECT_KINDS)[number];

/** What can go wrong with one effect, or around it. */
export const FAULTS = [
  'crash before',
  'crash after',
  'answer lost',
  'lands late',
  '429',
  '503',
  'stale read',
  'read goes back in time',
  '412',
  'own 412 after a lost answer',
  'duplicate delivery',
  'message lost',
  'second worker',
  'frozen past the lease',
  'clock minutes ahead',
  'clock minutes behind',
  'poison',
] as const;
export type Fault = (typeof FAULTS)[number];

const ANY: readonly EffectKind[] = EFFECT_KINDS;
const TENANTS: readonly EffectKind[] = ['okta-read', 'entra-read', 'tenant-write'];

/** Which fault applies to which kind of effect. A kind that is left out has its reason in WHY_NOT. */
export const APPLIES: Readonly<Record<Fault, readonly EffectKind[]>> = {
  'crash before': ANY,
  'crash after': ANY,
  'answer lost': ['tenant-write', 'state-write', 'state-insert', 'state-put', 'send'],
  'lands late': ['tenant-write'],
  '429': TENANTS,
  '503': ANY,
  'stale read': ['okta-read', 'entra-read'],
  'read goes back in time': ['okta-read', 'entra-read'],
  '412': ['state-write'],
  'own 412 after a lost answer': ['state-write', 'state-insert'],
  'duplicate delivery': ['send'],
  'message lost': ['send'],
  'second worker': ANY,
  'frozen past the lease': ANY,
  'clock minutes ahead': ANY,
  'clock minutes behind': ANY,
  poison: ANY,
};

export const WHY_NOT: Readonly<Partial<Record<Fault, string>>> = {
  'answer lost': 'a read whose answer is lost is a read that failed (503)',
  'lands late': 'storage answers within its own deadline or not at all; reads change nothing',
  '429': 'storage throttles with 503; queues too',
  'stale read': 'Table Storage reads are strongly consistent; writes read nothing',
  'read goes back in time': 'Table Storage reads are strongly consistent; writes read nothing',
  '412': 'only a write that carries an ETag is refused so',
  'own 412 after a lost answer': 'only a write that must not be made twice is refused so',
  'duplicate delivery': 'only a message is delivered',
  'message lost': 'only a message is delivered',
};

/** Which fault hits an effect, by its ordinal and kind; null: none. The same plan says the same for ever. */
export type FaultPlan = (ordinal: number, kind: EffectKind) => Fault | null;

/** Exactly these; one that does not apply to the effect it is planned for hits nothing. */
export function planned(faults: ReadonlyMap<number, Fault>): FaultPlan {
  return (ordinal, kind) => {
    const fault = faults.get(ordinal);
    return fault !== undefined && APPLIES[fault].includes(kind) ? fault : null;
  };
}

/** So many, anywhere among the first effects of a run, each of a sort that applies there. */
export function drawn(seed: string, number: number, length: number): FaultPlan {
  const dice = diceOf(`${seed} faults`);
  const drawnAt = new Map<number, number>();
  while (drawnAt.size < number) drawnAt.set(dice.below(length), dice.next());
  return (ordinal, kind) => {
    const draw = drawnAt.get(ordinal);
    if (draw === undefined) return null;
    const possible = FAULTS.filter((fault) => APPLIES[fault].includes(kind));
    return possible[Math.floor(draw * possible.length)] ?? null;
  };
}
