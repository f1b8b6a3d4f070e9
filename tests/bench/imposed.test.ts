import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bucket, imposedTime } from '../../bench/rate/imposed.ts';
import { MINUTE } from '../../shared/time.ts';

const FIFTY = { limit: 50, share: 1, window: MINUTE };

test.each([
  ['what fits into one window costs its round trips alone', 50, FIFTY, 200, { elapsed: 0, used: 0 }, 10_000],
  ['one call more waits for the next window', 51, FIFTY, 200, { elapsed: 0, used: 0 }, MINUTE + 200],
  ['a read that begins late waits less', 51, FIFTY, 0, { elapsed: 20_000, used: 0 }, 40_000],
  ['what others have used is gone', 1, FIFTY, 0, { elapsed: 0, used: 50 }, MINUTE],
  ['what others use of each window is gone', 50, { ...FIFTY, others: 25 }, 0, { elapsed: 0, used: 25 }, MINUTE],
  [
    'others who use all of it let one call through',
    3,
    { ...FIFTY, others: 50 },
    0,
    { elapsed: 0, used: 49 },
    2 * MINUTE,
  ],
  ['half a bucket takes twice as long', 100, { ...FIFTY, share: 0.5 }, 0, { elapsed: 0, used: 0 }, 3 * MINUTE],
  ['slow answers bind more than a wide bucket', 100, FIFTY, 2_000, { elapsed: 0, used: 0 }, 200_000],
  ['the smallest share lets one call through', 3, { ...FIFTY, share: 0.001 }, 0, { elapsed: 0, used: 0 }, 2 * MINUTE],
  ['no call takes no time', 0, FIFTY, 200, { elapsed: 0, used: 50 }, 0],
])('%s', (_, calls, bucket, roundTrip, beginning, wanted) => {
  expect(imposedTime(calls, bucket, roundTrip, beginning)).toBe(wanted);
});

test('the imposed time is that of a bucket which is asked call by call', () => {
  const bucketOf = fc.record({
    limit: fc.integer({ min: 1, max: 40 }),
    share: fc.double({ min: 0.05, max: 1, noNaN: true }),
    window: fc.integer({ min: 1, max: 300 }),
    others: fc.nat(50),
  });
  const tried = fc.property(
    fc.nat(200),
    bucketOf,
    fc.nat(400),
    fc.nat(299),
    fc.nat(50),
    (calls, bucket, roundTrip, since, used) => {
      const beginning = { elapsed: since % bucket.window, used };
      expect(imposedTime(calls, bucket, roundTrip, beginning)).toBe(simulated(calls, bucket, roundTrip, beginning));
    },
  );
  fc.assert(tried, { numRuns: 2_000 });
});

/** Time goes by a millisecond at a time; a call is sent as soon as the last is answered and the window has room. */
function simulated(
  calls: number,
  { limit, share, window, others = 0 }: Bucket,
  roundTrip: number,
  beginning: { readonly elapsed: number; readonly used: number },
): number {
  const most = Math.max(1, Math.floor(limit * share));
  let { elapsed: now, used } = beginning;
  for (let made = 0; made < calls; ) {
    if (used < most) {
      made += 1;
      used += 1;
      for (let passed = 0; passed < roundTrip; passed += 1) tick();
    } else tick();
  }
  return now - beginning.elapsed;

  function tick(): void {
    now += 1;
    if (now % window === 0) used = Math.min(others, most - 1);
  }
}
