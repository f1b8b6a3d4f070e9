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

test.each([
  ['a managed domain needs no parking', 'test.1562', 'the anchor of somebody was set who had just been renamed'],
  [
    'the switch comes on, and unassigning does this: block',
    'a.265',
    'somebody was assigned again whom an administrator had unassigned',
  ],
  [
    'the switch comes on, and unassigning does this: block',
    'test.879',
    'a request that landed late was judged by what was read after it had been sent',
  ],
  [
    'replicas lag',
    'test.628',
    'a late push had put the UPN back, and the refusal that came of it was believed at once',
  ],
])('a run of %s under the seed %s breaks no promise any more: %s', async (name, seed) => {
  const tally = emptyTally();
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);

  await mixed(scenario, seed, tally);

  expect(tally.failures.map(storyOf)).toEqual([]);
});
