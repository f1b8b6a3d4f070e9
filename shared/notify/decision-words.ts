import type { Alone } from '../plan/questions.ts';
import type { PlannedRepair } from '../plan/plan.ts';
import type { DecisionRow, IgnoreRow } from '../state/decision-rows.ts';
import { shortForm } from '../anchor/write.ts';
import { isoDay } from '../time.ts';
import { moment } from './phrases.ts';

/** What is asked of whoever decides on somebody alone; terminal and pages say the same. */
export const ALONE_WORDS: Readonly<Record<Alone, string>> = {
  ring: 'These people hold each other’s anchors, and one repair mends all of them. Is each account its person’s?',
  'all-differ': 'Three sides, three values. Approving says that Active Directory’s is right.',
  'maybe-another-person':
    'Nothing shows that these two accounts are one person’s. Approving says that you know they are.',
};

/** What may become of a decision on one item of a proposal. */
export type DecisionOutcome = 'queued' | 'rejected' | 'decided' | 'busy' | 'over';

/** What became of it, and by whose word. `made`: the decision that stands; null where there is none. */
export function outcomeWords(outcome: DecisionOutcome, made: DecisionRow | null): string {
  const by = made?.by ?? '';
  const words: Readonly<Record<DecisionOutcome, string>> = {
    queued: `approved by ${by} and queued; it is looked at afresh before anything is done`,
    rejected: `rejected by ${by}; it is proposed again when it changes`,
    decided: `${by} has ${made?.decision ?? ''} it already, at ${moment(made?.at ?? 0)}${wayOutOf(made)}`,
    busy: 'another repair has the person, and nothing was decided: wait until it is over',
    over: `approved by ${by}, and over since: its journal says why; the next scan proposes what is still so`,
  };
  return words[outcome];
}

/** A decision stands on its proposal; what was rejected may be proposed again. */
function wayOutOf(made: DecisionRow | null): string {
  if (made?.decision !== 'rejected') return '';
  return made.withdrawn === null
    ? '. To have it proposed again by the next scan: anchorwatch unreject <person> --by <your name>'
    : `, which ${made.withdrawn.by} has withdrawn: the next scan proposes it again`;
}

export function ignoreWords({ reason, by, until }: IgnoreRow): string {
  return `${by} said to leave the person alone until ${isoDay(until)}: ${reason}`;
}

/** What Entra ID holds now and afterwards, in short form. Two values may well look alike in it. */
export function entraWords({ recipe, before }: PlannedRepair): readonly [now: string, then: string] {
  const after = recipe === 'reassign' ? before.e : before.a;
  const [now, then] = [shortForm(before.e), shortForm(after)];
  if (after === before.e) return [now, 'the same'];
  return [now, now === then ? `${then} (another value)` : then];
}
