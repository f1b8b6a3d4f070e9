import { expect, test } from 'vitest';
import { benchRepair } from '../../bench/repair/bench.ts';
import { leastByCall } from '../../bench/repair/least.ts';
import { MINUTE } from '../../shared/time.ts';

// A hold of ten is as long as its first person and one group job take: only a night of many fills Okta's bucket, so that the hold can be
// measured by it.
const OF_MANY = 'hold open, beside its calls by the bucket';
/** The hold's own calls and the hourly rounds are shared by ten alone; beside two hundred they are some eight a person. */
const BEYOND = 34;

test('ten people are repaired in one hold, within the targets that do not need a night of many', async () => {
  const { engine, naive, targets, report, errors } = await benchRepair({ people: 10, instances: 3, seed: 'test' });

  expect(errors).toEqual([]);
  expect(engine.whole).toBe(10);
  expect(engine.holds).toBe(1);
  expect(engine.imports).toBeLessThanOrEqual(3);
  const missed = targets.filter(({ isMet }) => !isMet).map(({ name }) => name);
  expect(missed.filter((name) => name !== OF_MANY && name !== 'API calls a person')).toEqual([]);

  const calls = [...engine.calls.values()].reduce((one, other) => one + other, 0) / 10;
  const least = [...leastByCall().values()].reduce((one, other) => one + other, 0);
  expect(calls).toBeLessThan(least + BEYOND);

  // The naive way holds *Deactivate Users* off for two imports each.
  expect(naive.holds).toBe(10);
  expect(naive.off).toBeGreaterThan(10 * 20 * MINUTE);
  expect(naive.exposed).toBeGreaterThan(engine.exposed);
  expect(report).toContain('| distinct imports an instance waited for');
}, 60_000);

test('the same seed gives the same figures', async () => {
  const once = await benchRepair({ people: 2, instances: 3, seed: 'again' });
  const again = await benchRepair({ people: 2, instances: 3, seed: 'again' });

  expect(again.report).toBe(once.report);
}, 60_000);
