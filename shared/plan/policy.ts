import type { MassCause } from '../compare/causes.ts';
import type { Plan, PlannedRepair, RefusedRepair } from './plan.ts';

export type Mode = 'observe' | 'remediate';

export interface Policy {
  readonly mode: Mode;
  /** At most so many repairs a night; 0 is none. */
  readonly maxRepairs: number;
  /** At most this share of the paired people a night, in percent, rounded down; 0 is none. */
  readonly maxPercent: number;
}

/** What the policy must know of tonight and of each person. */
export interface Circumstances {
  /** Whether a person has confirmed the counts of a first good run. */
  readonly baselineConfirmed: boolean;
  readonly paired: number;
  readonly causes: readonly MassCause[];
  /** Read singly on all sides tonight, and still so. */
  readonly confirmed: (key: string) => boolean;
  /** Seen with the same verdict and anchors by an earlier good run. */
  readonly seenBefore: (key: string) => boolean;
  readonly optedIn: (user: string) => boolean;
  readonly isProtected: (repair: PlannedRepair) => boolean;
  /** A repair of this person is under way. */
  readonly inRepair: (key: string) => boolean;
  /** What the last repair of this very finding came to, if it was refused when it looked again. */
  readonly refused: (key: string) => EarlierRefusal | null;
  /** Repairs that other runs of the same night queued. */
  readonly startedBefore: number;
}

export interface EarlierRefusal {
  readonly reason: string;
  /** So long ago that it may be tried again, where there is room. */
  readonly rested: boolean;
}

export interface Freeze {
  readonly rule: 'over-limit' | 'mass-cause';
  readonly reason: string;
}

/** Which of the plan's repairs run tonight, and for every other the rule that holds it back. */
export interface Release {
  readonly queue: readonly PlannedRepair[];
  readonly held: readonly RefusedRepair[];
  readonly freeze: Freeze | null;
}

/**
 * The one place that decides what may run. Total and pure. What was refused before is tried again only in the room that the others
 * leave: people whom the preflight refuses night after night must not freeze the plan for everybody.
 */
export function release(plan: Plan, policy: Policy, circumstances: Circumstances): Release {
  const due: PlannedRepair[] = [];
  const again: PlannedRepair[] = [];
  const held: RefusedRepair[] = [];
  const followers: PlannedRepair[] = [];
  for (const repair of plan.repairs) {
    const hold = holdOf(repair, policy, circumstances);
    if (hold !== null) held.push({ key: repair.key, ...hold });
    else if (repair.after !== null) followers.push(repair);
    else if (circumstances.refused(repair.key) === null) due.push(repair);
    else again.push(repair);
  }
  const limit = limitOf(policy, circumstances);
  const freeze = freezeOf({ due: due.length, all: due.length + again.length }, limit, policy, circumstances);
  const room = Math.max(0, limit - due.length);
  const queue = freeze === null ? [...due, ...again.slice(0, room)] : [];
  const stopped = freeze === null ? again.slice(room).map(holdBy(NO_ROOM)) : [...due, ...again].map(holdBy(freeze));
  const running = new Set(queue.map(({ key }) => key));
  const waiting = followers.map((repair) => holdBy(running.has(repair.after ?? '') ? HEAD_FIRST : HEAD_HELD)(repair));
  return { queue, held: [...held, ...stopped, ...waiting], freeze };
}

const HEAD_FIRST: Hold = {
  rule: 'head-first',
  reason: 'the repair that must come first runs tonight; this one follows when it is done',
};
const HEAD_HELD: Hold = { rule: 'head-held', reason: 'the repair that must come first does not run tonight' };
const NO_ROOM: Hold = { rule: 'refused-before', reason: 'refused before, and others fill tonight’s limit' };

function holdBy({ rule, reason }: Hold): (repair: PlannedRepair) => RefusedRepair {
  return ({ key }) => ({ key, rule, reason });
}

type Hold = Omit<RefusedRepair, 'key'>;

function holdOf(repair: PlannedRepair, policy: Policy, circumstances: Circumstances): Hold | null {
  const { key, user } = repair;
  if (policy.mode === 'observe')
    return { rule: 'observe-mode', reason: 'the mode is observe: nothing is ever repaired' };
  if (!circumstances.baselineConfirmed) {
    return { rule: 'baseline', reason: 'nobody has confirmed the counts of the first good run yet' };
  }
  if (circumstances.isProtected(repair))
    return { rule: 'protected', reason: 'the person is protected by configuration' };
  if (!circumstances.optedIn(user))
    return { rule: 'not-opted-in', reason: 'the person is not in the opted-in Okta group' };
  if (circumstances.inRepair(key)) return { rule: 'in-repair', reason: 'a repair of this person is already open' };
  if (!circumstances.confirmed(key)) return { rule: 'unconfirmed', reason: 'not read again singly tonight' };
  if (!circumstances.seenBefore(key)) return { rule: 'seen-once', reason: 'only one good run has seen this so far' };
  const refusal = circumstances.refused(key);
  if (refusal !== null && !refusal.rested) return { rule: 'refused-before', reason: refusal.reason };
  return null;
}

/** How many more repairs the night may have. */
function limitOf({ maxRepairs, maxPercent }: Policy, { paired, startedBefore }: Circumstances): number {
  return Math.max(0, Math.min(maxRepairs, shareOf(paired, maxPercent)) - startedBefore);
}

function shareOf(paired: number, percent: number): number {
  return Math.floor((paired * percent) / 100);
}

/** A cause stops whatever would run; the limit is one for those that are due, for the others only fill it up. */
function freezeOf(
  count: { readonly due: number; readonly all: number },
  limit: number,
  { maxRepairs, maxPercent }: Policy,
  { causes, paired, startedBefore }: Circumstances,
): Freeze | null {
  const cause = causes[0];
  if (count.all > 0 && cause !== undefined) {
    const what = `${cause.people} of ${cause.of} new findings share one cause: ${cause.kind} ${cause.value}`;
    return { rule: 'mass-cause', reason: `${what}. Mend the cause; the plan waits until then` };
  }
  if (count.due <= limit) return null;
  const limits = `${maxRepairs} repairs and ${maxPercent} percent of ${paired} people (${shareOf(paired, maxPercent)})`;
  const spent = startedBefore === 0 ? '' : `, less ${startedBefore} that earlier runs of the night queued`;
  return {
    rule: 'over-limit',
    reason: `${count.due} repairs are over tonight’s limit of ${limit}, the smaller of ${limits}${spent}`,
  };
}
