import { expect, test } from 'vitest';
import { rateOf } from '../../bench/rate/bench.ts';
import { callsAWindow, imposedTime } from '../../bench/rate/imposed.ts';
import { createPacer } from '../../shared/okta/pacing.ts';
import { MINUTE } from '../../shared/time.ts';
import { START, Tenant } from '../world/callers.ts';

const ROUND_TRIP = 200;

test.each([
  [100, 0.8, MINUTE],
  [100, 0.5, MINUTE],
  [40, 0.25, MINUTE],
  [50, 0.8, MINUTE / 2],
])(
  'with %d calls a window, the share %d and windows of %d ms, a paced read takes the imposed time and 5 percent at most',
  async (limit, share, window) => {
    const org = new Tenant({ okta: { limits: { apps: limit }, share: 1, limitWindow: window } });
    const clock = {
      now: () => org.now,
      wait: async (ms: number) => void (org.now += ms),
      deadline: () => ({ signal: new AbortController().signal, end: () => undefined }),
    };
    const pacer = createPacer(clock, share);
    const bucket = { limit, share, window };
    const calls = 10 * callsAWindow(bucket) + 3;
    for (let made = 0; made < calls; made += 1) {
      const over = await pacer.turn('/api/v1/apps');
      const answer = org.okta('/api/v1/apps');
      expect(answer.status).toBe(200);
      org.now += ROUND_TRIP;
      pacer.note('/api/v1/apps', new Headers(answer.headers));
      over();
    }
    const imposed = imposedTime(calls, bucket, ROUND_TRIP);
    expect(org.now - START).toBeGreaterThanOrEqual(imposed);
    expect(org.now - START).toBeLessThanOrEqual(1.05 * imposed + ROUND_TRIP);
  },
);

test('a scan takes the imposed time, and cut into ten calls at most 10 percent more time and requests', async () => {
  const { ten, targets } = await rateOf({ people: 3_000, okta: { pageCap: 10 } });

  expect(targets.filter(({ isMet }) => !isMet)).toEqual([]);
  expect(ten.run.certificates.map(({ complete }) => complete)).toEqual(ten.run.certificates.map(() => true));
  expect(ten.run.certificates.length).toBeGreaterThan(3);
});
