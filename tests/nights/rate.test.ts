import { expect, test } from 'vitest';
import { type Bucket, callsAWindow, imposedTime } from '../../bench/rate/imposed.ts';
import type { Answer, Call, World } from '../../local/world/call.ts';
import { bucketOf } from '../../local/world/okta/access.ts';
import type { WorldOptions } from '../../local/world/options.ts';
import { parseTarget } from '../../local/world/target.ts';
import { DAY, type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import { settingsOf } from '../flows/night.ts';
import { GENEROUS, misbehave, realNight, runNight } from './tenants.ts';

/** What a request takes of the tenant whose limit the night is about. The other answers at once. */
const ROUND_TRIP = 220;
/** So few rows a page that a small company has hundreds of pages; imports so seldom that the System Log has few. */
const PAGES = { pageCap: 3, tokenLifetime: DAY };
const IMPORTS = { every: DAY };
const COMPANY = {
  people: 600,
  plants: 'none',
  imports: { 'contoso.com': IMPORTS, 'emea.contoso.com': IMPORTS },
} as const;

/** A pause ends a second or two late. That costs nothing but the last time, where a window has that much to spare. */
test.each([
  { limit: 50, share: 0.8, window: MINUTE },
  { limit: 100, share: 0.5, window: MINUTE },
  { limit: 20, share: 1, window: MINUTE },
  { limit: 40, share: 0.25, window: MINUTE / 2 },
  // Answers so slow that a window has no time to lose.
  { limit: 50, share: 1, window: MINUTE, roundTrip: 1_100 },
])(
  'a night takes the time that Okta imposes, and 5 percent at most: the share $share of $limit calls in $window ms',
  { timeout: 60_000 },
  async ({ roundTrip = ROUND_TRIP, ...bucket }) => {
    const { took, calls, since } = await oktaNight(bucket, { roundTrip });

    const imposed = imposedTime(calls.length, bucket, roundTrip, since);
    expect(calls.length).toBeGreaterThan(8 * callsAWindow(bucket));
    expect(refused(calls)).toEqual([]);
    expect(took).toBeGreaterThanOrEqual(imposed);
    expect(took).toBeLessThanOrEqual(1.05 * imposed + roundTrip);
  },
);

test('what others use of the share is left to them, and so is the rest: nobody is refused, and the night takes what that imposes', async () => {
  const bucket = { limit: 100, share: 0.8, window: MINUTE, others: 40 };
  const spare = bucket.limit - bucket.limit * bucket.share;
  const theirs: Answer[] = [];
  let last: number | null = null;
  // In each window they come before the reader, and at its very end.
  const besides = (tenants: World): World => ({
    handle(call, now, random) {
      const window = Math.floor(now / bucket.window);
      if (!isOfApps(call)) return tenants.handle(call, now, random);
      const ask = (at: Instant): Answer => tenants.handle({ ...call, target: '/api/v1/apps?limit=1' }, at, random);
      if (window !== last) {
        if (last !== null) for (let made = 0; made < spare; made += 1) theirs.push(ask(window * bucket.window - 1));
        for (let made = 0; made < bucket.others; made += 1) theirs.push(ask(now));
      }
      last = window;
      return tenants.handle(call, now, random);
    },
  });

  const { took, calls, since } = await oktaNight(bucket, { besides });

  const imposed = imposedTime(calls.length, bucket, ROUND_TRIP, { ...since, used: bucket.others });
  expect(theirs.length).toBeGreaterThan(8 * (spare + bucket.others));
  expect(theirs.filter(({ status }) => status !== 200)).toEqual([]);
  expect(refused(calls)).toEqual([]);
  expect(took).toBeGreaterThanOrEqual(imposed);
  expect(took).toBeLessThanOrEqual(1.05 * imposed + ROUND_TRIP);
});

/**
 * Graph has no imposed time that a reader could keep to: it tells neither its quota nor when its window ends, and how much is used only
 * from 80 percent on. What holds: at least the time of the whole quota; no request refused; and, as no pause is longer than a window,
 * at most two windows for each one of which the share is used.
 */
test.each([
  { limit: 40, share: 0.8, window: 10 * SECOND },
  { limit: 30, share: 1, window: 10 * SECOND },
  { limit: 40, share: 0.5, window: 10 * SECOND },
])(
  'Graph refuses nothing, and holds a night up for two windows at most where one is imposed: the share $share of $limit units',
  async (bucket) => {
    const graph = { ...PAGES, quota: bucket.limit, quotaWindow: bucket.window };
    const { took, calls, since } = await nightOf({ graph }, bucket, ({ side }) => side === 'graph');

    const units = calls.reduce((sum, { answer }) => sum + Number(answer.headers['x-ms-resource-unit'] ?? 0), 0);
    const told = { ...bucket, share: Math.max(0.8, bucket.share) };
    expect(refused(calls)).toEqual([]);
    expect(took).toBeGreaterThanOrEqual(imposedTime(units, { ...bucket, share: 1 }, 0, since));
    expect(took).toBeLessThanOrEqual(2 * imposedTime(units, told, ROUND_TRIP, since) + ROUND_TRIP);
  },
);

interface Circumstances {
  readonly roundTrip?: number;
  /** Who else asks the tenants. */
  readonly besides?: (tenants: World) => World;
}

/** One call as a tenant took it. */
interface Taken {
  readonly at: Instant;
  readonly answer: Answer;
}

function oktaNight(bucket: Bucket, more: Circumstances) {
  const okta = { ...PAGES, limits: { ...GENEROUS, apps: bucket.limit }, share: 1, limitWindow: bucket.window };
  return nightOf({ okta }, bucket, isOfApps, more);
}

function isOfApps({ side, target }: Call): boolean {
  return side === 'okta' && bucketOf(parseTarget(target)?.segments ?? []) === 'apps';
}

/** A whole scan by the real readers, from its first call to its last; and those of its calls that count against the limit in question. */
async function nightOf(
  world: Partial<WorldOptions>,
  { limit, share, window }: Bucket,
  counts: (call: Call) => boolean,
  { roundTrip = ROUND_TRIP, besides = (tenants) => tenants }: Circumstances = {},
) {
  const calls: Taken[] = [];
  const seen = (tenants: World): World => {
    const others = besides(tenants);
    return {
      handle(call, now, random) {
        const answer = others.handle(call, now, random);
        if (counts(call)) calls.push({ at: now, answer });
        return answer;
      },
    };
  };
  // Of a seed of its own: the library that keeps the tokens of managed identities keeps them from night to night.
  const seed = `the share ${share} of ${limit}`;
  const scan = { ...settingsOf().scan, rateShare: share };
  const night = await realNight({ seed, ...COMPANY, ...world }, { scan }, seen);
  // A night that begins at the end of a window has less of it than it can use.
  await night.clock.wait(window - (night.clock.now() % window));
  const side = world.okta === undefined ? 'graph' : 'okta';
  misbehave(night, [{ when: { side }, fault: { kind: 'slow', ms: roundTrip } }]);
  const { outcome, run } = await runNight(night);
  expect([outcome, run.doubts]).toEqual(['good', []]);
  const first = calls[0]?.at ?? 0;
  return { took: (run.ended ?? 0) - run.began, calls, since: { elapsed: first % window, used: 0 } };
}

function refused(calls: readonly Taken[]): readonly Taken[] {
  return calls.filter(({ answer }) => answer.status === 429);
}
