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

/** The one place that decides what may run. Total and pure. */
export function release(plan: Plan, policy: Policy, circumstances: Circumstances): Release {
  const candidates = new Map<string, PlannedRepair>();
  const held: RefusedRepair[] = [];
  for (const repair of plan.repairs) {
    const hold = holdOf(repair, policy, circumstances, candidates);
    if (hold === null) candidates.set(repair.key, repair);
    else held.push({ key: repair.key, ...hold });
  }
  const freeze = freezeOf(candidates.size, policy, circumstances);
  if (freeze === null) return { queue: [...candidates.values()], held, freeze };
  const frozen = [...candidates.keys()].map((key) => ({ key, rule: freeze.rule, reason: freeze.reason }));
  return { queue: [], held: [...held, ...frozen], freeze };
}

type Hold = Omit<RefusedRepair, 'key'>;

function holdOf(
  repair: PlannedRepair,
  policy: Policy,
  circumstances: Circumstances,
  before: ReadonlyMap<string, PlannedRepair>,
): Hold | null {
  const { key, user, after } = repair;
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
  if (after !== null && !before.has(after)) {
    return { rule: 'head-held', reason: 'the repair that must come first does not run tonight' };
  }
  return null;
}

function freezeOf(count: number, policy: Policy, { causes, paired }: Circumstances): Freeze | null {
  const cause = causes[0];
  if (count > 0 && cause !== undefined) {
    const what = `${cause.people} of ${cause.of} new findings share one cause: ${cause.kind} ${cause.value}`;
    return { rule: 'mass-cause', reason: `${what}. Mend the cause; the plan waits until then` };
  }
  const share = Math.floor((paired * policy.maxPercent) / 100);
  const limit = Math.min(policy.maxRepairs, share);
  if (count <= limit) return null;
  const limits = `${policy.maxRepairs} repairs and ${policy.maxPercent} percent of ${paired} people (${share})`;
  return {
    rule: 'over-limit',
    reason: `${count} repairs are over tonight’s limit of ${limit}, the smaller of ${limits}`,
  };
}
