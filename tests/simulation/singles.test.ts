import { expect, test } from 'vitest';
import { emptyTally, singlesByPlace, storyOf } from './explore.ts';
import { APPLIES, FAULTS } from './faults.ts';
import { SCENARIOS } from './scenarios.ts';

// A file of its own, so that it runs beside the mixed faults. It goes on for minutes: there are some ten thousand runs.
test('one fault, of every kind, at every place in the procedure breaks no promise, and every run comes to its end', {
  timeout: 900_000,
}, async () => {
  const tally = emptyTally();
  await singlesByPlace(SCENARIOS, 'test', tally);

  expect(tally.failures.map(storyOf)).toEqual([]);
  for (const fault of FAULTS)
    for (const kind of APPLIES[fault])
      expect([fault, kind, tally.cells.has(`${fault}|${kind}`)]).toEqual([fault, kind, true]);
});
