import type { PlannedRepair } from '../plan/plan.ts';
import type { AnchorTarget, Course, Cursor, Place, StepName } from '../state/repair-rows.ts';

/**
 * The steps of a repair in their order. It follows from the members, the course and the goal alone, so that a worker of another day
 * finds its place in it by name.
 */
export function programOf(members: readonly PlannedRepair[], course: Course, goal: Cursor['goal']): readonly Place[] {
  const all = members.map((_, at) => at);
  const each = (step: StepName, among: readonly number[] = all): Place[] =>
    among.map((member) => ({ step, member, target: null }));
  const assigned = course.unassign === 'none' ? [] : all;
  const parked = all.filter((member) => (course.parking[member] ?? null) !== null);
  const anchored = members.some(({ recipe }) => recipe !== 'reassign') ? anchorsOf(members, goal) : [];
  // A nudge is the step of assigning without the one of unassigning. There is nothing of it to take back.
  const nudged = course.nudge && goal === 'repaired' ? all : assigned;
  const back = [...anchored, ...each('unpark', parked), ...each('assign', nudged), ...each('release', assigned)];
  if (goal === 'as-before') return [...back, ...each('verify')];
  const forth = [
    ...each('snapshot'),
    ...each('hold', assigned),
    ...each('unassign', assigned),
    ...each('park', parked),
  ];
  // Whose anchor is not AD's drops out of the synced groups: nobody waits for them.
  if (course.undoes) return [...forth, ...back, ...each('verify')];
  return [
    ...forth,
    ...back,
    ...all.flatMap((member) => each('leave-groups', [member])),
    ...each('import-without'),
    ...each('rejoin-groups'),
    ...each('import-with'),
    ...each('verify'),
  ];
}

/**
 * One person's anchor is set. In a ring each wants what the next one holds: the first makes room by taking a placeholder, then each
 * in turn takes what has just become free, and the first comes last. The way back is the same way, backwards.
 */
function anchorsOf(members: readonly PlannedRepair[], goal: Cursor['goal']): readonly Place[] {
  if (members.length === 1) return [anchor(0, goal === 'repaired' ? 'final' : 'before')];
  const others = inTurn(members);
  return goal === 'repaired'
    ? [anchor(0, 'placeholder'), ...others.map((member) => anchor(member, 'final')), anchor(0, 'final')]
    : [anchor(0, 'placeholder'), ...others.toReversed().map((member) => anchor(member, 'before')), anchor(0, 'before')];
}

function anchor(member: number, target: AnchorTarget): Place {
  return { step: 'anchor', member, target };
}

/** The other members, each after the one whose anchor it takes. */
function inTurn(members: readonly PlannedRepair[]): readonly number[] {
  const turns: number[] = [];
  let free = members[0]?.before.e ?? null;
  while (turns.length < members.length - 1) {
    const next = members.findIndex(({ before }, at) => at > 0 && !turns.includes(at) && before.a === free);
    if (next < 0) break;
    turns.push(next);
    free = members[next]?.before.e ?? null;
  }
  return turns;
}

/** A nudge takes nothing away, so that one without effect needs no forward. */
export function wayBack({ nudge }: Pick<Course, 'nudge'>, { goal, step }: Pick<Cursor, 'goal' | 'step'>) {
  if (goal === 'as-before') return 'person';
  return nudge && step === 'assign' ? 'back' : ON_REFUSAL[step];
}

/** The step after this one; null at the end. A place that is not in the program is one of an older version's: it begins anew. */
export function nextPlace(program: readonly Place[], at: Place): Place | null {
  const found = program.findIndex((place) => isSame(place, at));
  return program[found + 1] ?? null;
}

export function isSame(one: Place, other: Place): boolean {
  return one.step === other.step && one.member === other.member && one.target === other.target;
}

/**
 * What becomes of a repair whose step is refused for good. `nothing` has happened to anybody; `back` leads to where everybody was;
 * `person`: there is only forward from here, and somebody has to clear the way: the step is looked at again and again meanwhile.
 */
export const ON_REFUSAL: Readonly<Record<StepName, 'nothing' | 'back' | 'person'>> = {
  preflight: 'nothing',
  snapshot: 'nothing',
  hold: 'back',
  unassign: 'back',
  park: 'back',
  anchor: 'back',
  unpark: 'person',
  assign: 'person',
  release: 'person',
  'leave-groups': 'person',
  'import-without': 'person',
  'rejoin-groups': 'person',
  'import-with': 'person',
  verify: 'person',
};
