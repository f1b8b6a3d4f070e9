import type { Dice } from '../../local/world/dice.ts';
import type { EffectKind } from './faults.ts';
import type { Watcher, Worker } from './scheduler.ts';
import type { Made, Scenario } from './simulation.ts';

/** One effect of a clean run. */
export interface Occurrence {
  readonly scenario: Scenario;
  /** Its ordinal in the run. */
  readonly effect: number;
  readonly kind: EffectKind;
}

/**
 * Where in the procedure an effect is: which call of which function, and of a repair at work at which of its steps, in which direction
 * and with an intent out or not; of anybody else, in which state of the hold. A poll that is repeated is at the same place again. So is,
 * more boldly, the same call in another world, about another member, or while the other repairs of the night stand elsewhere.
 */
export function placeOf({ mirror }: Made, worker: Worker, name: string): string {
  const own = [...mirror.heads.values()]
    .filter(({ leaseOwner }) => leaseOwner === worker.name)
    .map(({ state, cursor }) => [state, cursor && [cursor.step, cursor.goal, cursor.intended !== null]]);
  const holds = [...mirror.holds.values()].map(({ state }) => state);
  return JSON.stringify([worker.name.replaceAll(/\d/g, ''), name, own.length > 0 ? own : holds]);
}

/** Where effects are, and of each place the effects there, by scenario. */
export type Places = Map<string, Map<Scenario, Occurrence[]>>;

/** Notes of each effect of a run where it is. */
export function noting(made: Made, watcher: Watcher, places: Places): Watcher {
  return {
    before(worker, effect) {
      const place = placeOf(made, worker, effect.name);
      const there = places.get(place) ?? new Map<Scenario, Occurrence[]>();
      const here = there.get(made.scenario) ?? [];
      here.push({ scenario: made.scenario, effect: made.scheduler.history.length - 1, kind: effect.kind });
      places.set(place, there.set(made.scenario, here));
      watcher.before(worker, effect);
    },
    after: (...args) => watcher.after(...args),
  };
}

/** Of so many scenarios the shortest is taken. */
const DRAWS = 4;

/**
 * One effect at a place: first in which scenario, so that those that go on for long do not drown the others, and of some that are drawn
 * in the shortest, which says as much in less time; then which effect there.
 */
export function drawnAt(
  there: ReadonlyMap<Scenario, readonly Occurrence[]>,
  lengths: ReadonlyMap<Scenario, number>,
  dice: Dice,
): Occurrence | null {
  const scenarios = [...there.keys()];
  const lengthOf = (scenario: Scenario): number => lengths.get(scenario) ?? 0;
  const [shorter] = Array.from({ length: DRAWS }, () => scenarios[dice.below(scenarios.length)])
    .flatMap((scenario) => scenario ?? [])
    .toSorted((one, other) => lengthOf(one) - lengthOf(other));
  const occurrences = shorter === undefined ? [] : (there.get(shorter) ?? []);
  return occurrences[dice.below(occurrences.length)] ?? null;
}
