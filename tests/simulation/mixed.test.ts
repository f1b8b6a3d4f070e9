import { expect, test } from 'vitest';
import { emptyTally, mixed, storyOf } from './explore.ts';
import { SCENARIOS } from './scenarios.ts';

/** A file of its own, so that it runs beside the single faults. */
const RUNS = 2_000;

test('two faults in another order of things, and an administrator in the middle, break no promise', {
  timeout: 600_000,
}, async () => {
  const tally = emptyTally();
  for (let run = 0; run < RUNS; run += 1) {
    const scenario = SCENARIOS[run % SCENARIOS.length];
    if (scenario !== undefined) await mixed(scenario, `test.${run}`, tally);
  }

  expect(tally.failures.map(storyOf)).toEqual([]);
  expect(tally.runs).toBe(RUNS);
});
