import { expect, test } from 'vitest';
import { nightOf } from './night.ts';
import { stepsHit } from './table.ts';

// The whole of it is `npm run kill`: fifty kills in a night of forty repairs.
test('the host is killed again and again in a night of repairs, and everybody comes to the end that was meant', {
  timeout: 300_000,
}, async () => {
  const report = await nightOf({ kills: 3, repairs: 4, seed: 'small', syncedWrites: 'anyway', times: 32 });

  expect(report.violations).toEqual([]);
  expect(report.ends).toEqual(
    new Map([
      ['done', 3],
      ['undone', 1],
    ]),
  );
  expect(report.kills).toHaveLength(3);
  expect(stepsHit(report)).toBeGreaterThan(1);
  expect(report.checked.get(7)).toBeGreaterThan(20);
});
