import type { MassCause } from '../compare/causes.ts';
import type { Plan, PlannedRepair, RefusedRepair } from './plan.ts';
import type { Question } from './questions.ts';

/**
 * `observe` never repairs anybody. `propose` repairs whom a person has approved. `remediate` repairs besides, without being asked, the
 * people of the opted-in group.
 */
export const MODES = ['observe', 'propose', 'remediate'] as const;
export type Mode = (typeof MODES)[number];

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
  readonly setupChange: SetupChange | null;
  /** Read singly on all sides tonight, and still so. */
  readonly confirmed: (key: string) => boolean;
  /** Seen with the same verdict and anchors by an earlier good run. */
  readonly seenBefore: (key: string) => boolean;
  readonly optedIn: (user: string) => boolean;
  readonly isProtected: (repair: PlannedRepair) => boolean;
  /** Why the person is ignored, in words; null when nobody has said so, or not for today. */
  readonly ignored: (repair: PlannedRepair) => string | null;
  /** Who does not want this very repair, in words; null when nobody has said so. */
  readonly rejected: (members: readonly PlannedRepair[]) => string | null;
  /** A repair of this person is under way. */
  readonly inRepair: (key: string) => boolean;
  /** What the last repair of this very finding came to, if that says anything of the next. */
  readonly earlier: (key: string) => Earlier | null;
  /** Repairs that other runs of the same night queued. */
  readonly startedBefore: number;
}

/**
 * What the last repair of this very finding came to. `refused` before anything was done; `failed`: begun, and brought back; `undone-again`:
 * it succeeded, and somebody has changed the anchor since.
 */
export interface Earlier {
  readonly came: 'refused' | 'failed' | 'undone-again';
  readonly reason: string;
  /** So long ago that it may be tried again, where there is room. */
  readonly rested: boolean;
  /** Ids of all repairs of it that have failed. */
  readonly failed: readonly string[];
}

/** Somebody has changed how the app is set, so that what was found may have to do with that. */
export interface SetupChange {
  readonly rule: 'mapping-changed' | 'deactivate-changed';
  readonly reason: string;
}

export const FREEZES = ['mapping-changed', 'deactivate-changed', 'mass-cause', 'over-limit'] as const;

export interface Freeze {
  readonly rule: (typeof FREEZES)[number];
  readonly reason: string;
}

/** Which of the plan's repairs run tonight, and for every other the rule that holds it back. */
export interface Release {
  readonly queue: readonly PlannedRepair[];
  /** Those of them that a person may release: whoever is held back by nothing else. Worst first. */
  readonly proposed: readonly PlannedRepair[];
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
  const asking: PlannedRepair[] = [];
  const held: RefusedRepair[] = [];
  const followers: PlannedRepair[] = [];
  for (const repair of plan.repairs) {
    const hold = holdOf(repair, circumstances, policy);
    const question = hold === null ? questionOf(repair, policy, circumstances) : null;
    if (hold !== null) held.push({ key: repair.key, ...hold });
    else if (repair.after !== null) followers.push(repair);
    else if (question !== null) {
      held.push({ key: repair.key, ...question });
      asking.push(repair);
    } else if (circumstances.earlier(repair.key) === null) due.push(repair);
    else again.push(repair);
  }
  const limit = limitOf(policy, circumstances);
  const all = due.length + again.length + asking.length;
  const freeze = freezeOf({ due: due.length, all }, limit, policy, circumstances);
  const room = Math.max(0, limit - due.length);
  const queue = freeze === null ? [...due, ...again.slice(0, room)] : [];
  const stopped = freeze === null ? again.slice(room).map(holdBy(NO_ROOM)) : [...due, ...again].map(holdBy(freeze));
  const running = new Set(queue.map(({ key }) => key));
  const waiting = followers.map((repair) => holdBy(running.has(repair.after ?? '') ? HEAD_FIRST : HEAD_HELD)(repair));
  const proposed = new Set(freeze === null ? asking : [...due, ...again, ...asking]);
  return {
    queue,
    proposed: plan.repairs.filter((repair) => proposed.has(repair)),
    held: [...held, ...stopped, ...waiting],
    freeze,
  };
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

/** What holds somebody back for a while after an earlier repair. */
const RESTS: Readonly<Record<Earlier['came'], Hold['rule']>> = {
  refused: 'refused-before',
  failed: 'cooling-down',
  'undone-again': 'fight',
};

/** After so many failures nobody is repaired again without a person's word. */
const FAILURES = 2;

/** What no approval lifts. */
function holdOf(repair: PlannedRepair, circumstances: Circumstances, { mode }: Policy): Hold | null {
  const { key } = repair;
  if (mode === 'observe') return { rule: 'observe-mode', reason: 'the mode is observe: nothing is ever repaired' };
  if (!circumstances.baselineConfirmed) {
    return { rule: 'baseline', reason: 'nobody has confirmed the counts of the first good run yet' };
  }
  if (circumstances.isProtected(repair))
    return { rule: 'protected', reason: 'the person is protected by configuration' };
  const ignored = circumstances.ignored(repair);
  if (ignored !== null) return { rule: 'ignored', reason: ignored };
  if (circumstances.inRepair(key)) return { rule: 'in-repair', reason: 'a repair of this person is already open' };
  if (!circumstances.confirmed(key)) return { rule: 'unconfirmed', reason: 'not read again singly tonight' };
  if (!circumstances.seenBefore(key)) return { rule: 'seen-once', reason: 'only one good run has seen this so far' };
  const earlier = circumstances.earlier(key);
  if (earlier !== null && !earlier.rested) return { rule: RESTS[earlier.came], reason: earlier.reason };
  const rejected = circumstances.rejected([repair]);
  return rejected === null ? null : { rule: 'rejected', reason: rejected };
}

/** Why a person has to be asked; null for those who are repaired without a click. */
function questionOf({ key, user }: PlannedRepair, { mode }: Policy, { optedIn, earlier }: Circumstances): Hold | null {
  if (mode === 'propose')
    return { rule: 'wants-approval', reason: 'the mode is propose: nothing is repaired unless somebody approves it' };
  const before = earlier(key);
  if (before !== null && before.failed.length >= FAILURES)
    return {
      rule: 'failed-twice',
      reason: `${before.failed.length} repairs have failed, the last by ${before.reason}`,
    };
  return optedIn(user)
    ? null
    : { rule: 'not-opted-in', reason: 'the person is not in the opted-in Okta group, and nobody has approved this' };
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
  { mode, maxRepairs, maxPercent }: Policy,
  { causes, paired, setupChange, startedBefore }: Circumstances,
): Freeze | null {
  // Told of also where nothing is due yet: what a change brings about is seen the night before it is.
  if (setupChange !== null && mode !== 'observe') return setupChange;
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

/** Which questions may be put to a person: of nobody in them anything else says no. */
export function questionsToAsk(
  questions: readonly Question[],
  policy: Policy,
  circumstances: Circumstances,
): readonly Question[] {
  return questions.filter(
    ({ members }) =>
      circumstances.rejected(members) === null &&
      members.every((member) => holdOf(member, { ...circumstances, rejected: () => null }, policy) === null),
  );
}
