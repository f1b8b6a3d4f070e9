import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPacer, oktaPause, readRateLimit } from '../../shared/okta/pacing.ts';

const NOW = Date.parse('2026-11-23T02:00:00Z');
const LATER = NOW + 30_000;

describe('the pause that keeps us under our share of a rate limit', () => {
  test.each([
    // limit, remaining, reset, share, pause
    [100, 100, LATER, 0.8, 0],
    [100, 21, LATER, 0.8, 0],
    [100, 20, LATER, 0.8, 31_000],
    [100, 0, LATER, 0.8, 31_000],
    [600, 120, LATER, 0.8, 31_000],
    [50, 10, LATER, 0.8, 31_000],
    [10, 3, LATER, 0.7, 31_000],
    [100, 1, LATER, 1, 0],
    [100, 0, LATER, 1, 31_000],
    [100, 0, NOW, 0.8, 1_000],
    [100, 0, NOW - 1, 0.8, 0],
    [100, 0, NOW + 86_400_000, 0.8, 65_000],
    [0, 0, LATER, 0.8, 0],
  ])('limit %i, remaining %i, reset at %i, share %f: %i ms', (limit, remaining, reset, share, pause) => {
    expect(oktaPause({ limit, remaining, reset, at: NOW }, share)).toBe(pause);
  });

  test('is never negative and never longer than a window, whatever the headers say', () => {
    const whole = fc.integer({ min: 0, max: 10_000 });
    const instant = fc.integer({ min: NOW - 1e9, max: NOW + 1e9 });
    fc.assert(
      fc.property(
        whole,
        whole,
        instant,
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (limit, remaining, reset, share) => {
          const pause = oktaPause({ limit, remaining, reset, at: NOW }, share);
          expect(pause).toBeGreaterThanOrEqual(0);
          expect(pause).toBeLessThanOrEqual(65_000);
        },
      ),
    );
  });

  test.each([
    ['none', {}],
    ['not all', { 'x-rate-limit-limit': '100', 'x-rate-limit-remaining': '1' }],
    ['rubbish', { 'x-rate-limit-limit': '100', 'x-rate-limit-remaining': 'few', 'x-rate-limit-reset': '1' }],
    ['sent twice', { 'x-rate-limit-limit': '100, 50', 'x-rate-limit-remaining': '1, 1', 'x-rate-limit-reset': '1, 1' }],
  ])('is not derived from headers that are %s', (_, headers: Record<string, string>) => {
    expect(readRateLimit(new Headers(headers), NOW)).toBeNull();
  });
});

/** What an answer says of a bucket of 100 whose window ends in half a minute. */
function told(remaining: number): Headers {
  return new Headers({
    'x-rate-limit-limit': '100',
    'x-rate-limit-remaining': String(remaining),
    'x-rate-limit-reset': String(LATER / 1_000),
    date: new Date(NOW).toUTCString(),
  });
}

describe('room for whoever can wait', () => {
  test('there is while nothing was heard, and while less than the share is used', () => {
    const pacer = createPacer({ ...clock, now: () => NOW }, 1);
    expect(pacer.untilRoom(0.5)).toBe(0);
    pacer.note('/api/v1/apps/0oa1/users', told(51));
    expect(pacer.untilRoom(0.5)).toBe(0);
  });

  test('there is none until the window ends of the fullest bucket, whichever it is', () => {
    let now = NOW;
    const pacer = createPacer({ ...clock, now: () => now }, 1);
    pacer.note('/api/v1/logs', told(40));
    pacer.note('/api/v1/apps', told(99));
    expect(pacer.untilRoom(0.5)).toBe(31_000);
    expect(pacer.untilRoom(0.7)).toBe(0);
    now += 31_000;
    expect(pacer.untilRoom(0.5)).toBe(0);
  });

  test('nobody who asks at all is kept waiting by it', async () => {
    const pacer = createPacer({ ...clock, now: () => NOW }, 1);
    pacer.note('/api/v1/apps', told(40));
    await expect(pacer.turn('/api/v1/apps/0oa1')).resolves.toEqual(expect.any(Function));
  });
});

async function isLet(turn: Promise<unknown>): Promise<boolean> {
  return Promise.race([turn.then(() => true), new Promise<boolean>((resolve) => setImmediate(resolve, false))]);
}

describe('requests on their way beside each other', () => {
  const PATH = '/api/v1/apps/0oa1/users';

  test('are no more than what is left of the share: the next waits for the answer of one of them', async () => {
    const pacer = createPacer({ ...clock, now: () => NOW }, 0.5);
    pacer.note(PATH, told(52));
    const first = await pacer.turn(PATH);
    await pacer.turn(PATH);
    const third = pacer.turn('/api/v1/apps/0oa2/users');
    await expect(isLet(third)).resolves.toBe(false);
    // Both had been counted by then: none of them takes any more of what is left.
    pacer.note(PATH, told(52));
    await expect(isLet(third)).resolves.toBe(false);
    first();
    await expect(isLet(third)).resolves.toBe(true);
  });

  test('use the share up without overstepping it, in whatever order they are answered', async () => {
    const order = fc.array(fc.nat({ max: 3 }), { minLength: 60, maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(order, async (choices) => {
        let now = NOW;
        let used = 0;
        let most = 0;
        const pacer = createPacer(
          { ...clock, now: () => now, wait: async (ms) => void ([now, used] = [now + ms, 0]) },
          0.5,
        );
        const flying: (() => void)[] = [];
        for (const choice of choices) {
          const turn = pacer.turn(PATH);
          if (await isLet(turn)) {
            const over = await turn;
            used += 1;
            most = Math.max(most, used);
            const said = told(100 - used);
            flying.push(() => {
              pacer.note(PATH, said);
              over();
            });
          } else void turn.then((over) => over());
          if (choice > 0 || flying.length > 2) flying.splice(choice % Math.max(1, flying.length), 1)[0]?.();
        }
        expect(most).toBe(50);
      }),
      { numRuns: 50 },
    );
  });

  test('of another bucket wait for none of them, and whoever is stopped waits no longer', async () => {
    const pacer = createPacer({ ...clock, now: () => NOW }, 0.5);
    pacer.note(PATH, told(51));
    await pacer.turn(PATH);
    await expect(isLet(pacer.turn('/api/v1/logs'))).resolves.toBe(true);
    const stop = new AbortController();
    const waiting = pacer.turn(PATH, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
  });

  test('are let through where nothing is known of a limit, or only that there were too many at once', async () => {
    const pacer = createPacer({ ...clock, now: () => NOW }, 0.5);
    for (let asked = 0; asked < 5; asked += 1) await expect(isLet(pacer.turn(PATH))).resolves.toBe(true);
    pacer.note(
      PATH,
      new Headers({ 'x-rate-limit-limit': '0', 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '1' }),
    );
    await expect(isLet(pacer.turn(PATH))).resolves.toBe(true);
  });
});

const clock = {
  wait: () => Promise.reject(new Error('Nobody waits here.')),
  deadline: () => ({ signal: new AbortController().signal, end: () => undefined }),
};
