import type { Watcher, Worker } from './scheduler.ts';
import type { Made } from './simulation.ts';

/**
 * What an effect is, apart from when it happens: whose it is, which call it is, and where every repair and the hold stand. A poll that is
 * repeated and a round of `tend` that finds nothing new are taken for the same effect again. So are, more boldly, the same call about
 * another member of a ring, and in another world whose repairs stand at the same places.
 */
export function whatIs(made: Made, worker: Worker, name: string): string {
  const { heads, holds, members } = made.mirror;
  const places = [...heads.values()].map(({ state, cursor, due, parked, leaseOwner, groups, touched }) => [
    state,
    cursor === null ? null : [cursor.step, cursor.member, cursor.target, cursor.goal, cursor.attempts, cursor.returns],
    cursor === null ? null : [cursor.intended, cursor.seen, cursor.doubt].map(isThere),
    [due, parked, leaseOwner].map(isThere),
    [touched, groups.length],
  ]);
  const held = [...holds.values()].map(({ state, off, broken, firstIntact, alarmed, jobs }) => [
    state,
    ...[off, broken, firstIntact, alarmed, jobs].map(isThere),
  ]);
  const inside = [...members.values()].map(({ turn, unassigned, gone, settled }) =>
    [turn, unassigned, gone, settled].map(isThere),
  );
  return JSON.stringify([worker.name.replaceAll(/\d/g, ''), name, places, held, inside]);
}

function isThere(value: unknown): boolean {
  return value !== null;
}

/** The same watcher, and beside it what each effect of the run is, by its ordinal. */
export function describing(made: Made, watcher: Watcher, described: Map<number, string>): Watcher {
  return {
    before(worker, effect) {
      described.set(made.scheduler.history.length - 1, whatIs(made, worker, effect.name));
      watcher.before(worker, effect);
    },
    after: (...args) => watcher.after(...args),
  };
}
