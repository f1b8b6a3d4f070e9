import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnchorwatchError, type ErrorKind, explain } from '../shared/errors.ts';
import { askedDelay, onceMore, retry, RETRY_RULES, type Call } from '../shared/retry.ts';
import { deps, fakeClock } from './loopback.ts';

const NOW = Date.parse('2026-11-23T02:00:00Z');
const GET: Call = { who: 'Okta', method: 'GET' };

function failing(kind: ErrorKind, times: number, retryAfter?: number) {
  let calls = 0;
  const attempt = async (): Promise<string> => {
    calls += 1;
    if (calls <= times) throw new AnchorwatchError(kind, 'It failed.', { retryAfter, fields: { status: 503 } });
    return 'answer';
  };
  return { attempt, calls: () => calls };
}

const reset = (seconds: number): string => String(NOW / 1000 + seconds);

describe('what an answer asks us to wait', () => {
  const date = 'Mon, 23 Nov 2026 02:00:00 GMT';

  test.each([
    ['Retry-After in seconds', 503, { 'retry-after': '7' }, 7_000],
    [
      'Retry-After as a date, by the answer’s own clock',
      503,
      { 'retry-after': 'Mon, 23 Nov 2026 02:00:30 GMT', date },
      30_000,
    ],
    ['a date that has passed', 503, { 'retry-after': 'Mon, 23 Nov 2026 01:00:00 GMT', date }, undefined],
    ['Retry-After of nought', 429, { 'retry-after': '0' }, undefined],
    ['rubbish', 503, { 'retry-after': 'soon' }, undefined],
    ['Okta’s reset, with a second for the sub-second parts', 429, { 'x-rate-limit-reset': reset(20), date }, 21_000],
    [
      'Okta’s reset, when our clock is an hour ahead',
      429,
      { 'x-rate-limit-reset': reset(-3_580), date: 'Mon, 23 Nov 2026 01:00:00 GMT' },
      21_000,
    ],
    ['a reset that has passed', 429, { 'x-rate-limit-reset': reset(-5), date }, undefined],
    ['a reset sent twice', 429, { 'x-rate-limit-reset': `${reset(5)}, ${reset(5)}`, date }, undefined],
    ['a reset on an answer that is no 429', 500, { 'x-rate-limit-reset': reset(20), date }, undefined],
    [
      'too many at once, whose reset means nothing',
      429,
      { 'x-rate-limit-limit': '0', 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': reset(50), date },
      undefined,
    ],
    ['no header at all', 429, {}, undefined],
  ])('%s', (_, status, headers: Record<string, string>, expected) => {
    expect(askedDelay(status, new Headers(headers), NOW)).toBe(expected);
  });
});

describe('the retry', () => {
  test.each<ErrorKind>(['throttled', 'transient'])('repeats a GET that failed as %s', async (kind) => {
    const { attempt, calls } = failing(kind, 3);

    await expect(retry(attempt, GET, deps())).resolves.toBe('answer');
    expect(calls()).toBe(4);
  });

  test.each<ErrorKind>(['denied', 'refused', 'invalid', 'conflict'])(
    'does not repeat what failed as %s',
    async (kind) => {
      const { attempt, calls } = failing(kind, 1);

      await expect(retry(attempt, GET, deps())).rejects.toMatchObject({ kind });
      expect(calls()).toBe(1);
    },
  );

  test.each(['POST', 'PATCH', 'PUT', 'DELETE'])('never repeats a %s', async (method) => {
    const { attempt, calls } = failing('transient', 1);

    await expect(retry(attempt, { who: 'Okta', method }, deps())).rejects.toThrow('It failed.');
    expect(calls()).toBe(1);
  });

  test('repeats the one POST that changes nothing, the request for a token', async () => {
    const { attempt, calls } = failing('transient', 1);

    await retry(attempt, { who: 'Okta', method: 'POST', harmless: true }, deps());
    expect(calls()).toBe(2);
  });

  test('waits what it was asked to wait, and a little more, so that not everybody comes back at once', async () => {
    const { attempt } = failing('throttled', 1, 7_000);
    const tools = deps();

    await retry(attempt, GET, tools);
    expect(tools.clock.waits).toEqual([7_500]);
  });

  test('doubles its own pauses up to a ceiling, with chance in them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), async (chance) => {
        const tools = { ...deps(), random: () => chance };
        const rules = { ...RETRY_RULES, attempts: 9 };
        await retry(failing('transient', 8).attempt, { ...GET, rules }, tools);
        tools.clock.waits.forEach((wait, index) => {
          const ceiling = Math.min(30_000, 1_000 * 2 ** index);
          expect(wait).toBeGreaterThanOrEqual(ceiling / 2);
          expect(wait).toBeLessThanOrEqual(ceiling);
        });
      }),
    );
  });

  test('gives up after its attempts, and says how long to wait before anybody tries again', async () => {
    const { attempt, calls } = failing('throttled', 99, 2_000);

    const error = await retry(attempt, GET, deps()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'throttled', retryAfter: 2_500, fields: { status: 503, attempts: 6 } });
    expect(explain(error)).toContain('Given up after 6 attempts and 13 seconds of waiting');
    expect(calls()).toBe(6);
  });

  test('is explained with its cause in one sentence', () => {
    const cause = new Error('connect ECONNREFUSED.');

    expect(explain(new AnchorwatchError('transient', 'It failed.', { cause }))).toBe(
      'It failed: connect ECONNREFUSED.',
    );
  });

  test('does not wait longer than its bound, but hands the wait to the caller', async () => {
    const { attempt, calls } = failing('throttled', 99, 24 * 3_600_000);
    const tools = deps();

    await expect(retry(attempt, GET, tools)).rejects.toMatchObject({ kind: 'throttled', retryAfter: 86_400_500 });
    expect(tools.clock.waits).toEqual([]);
    expect(calls()).toBe(1);
  });

  test('does not try as often again what a retry within has given up', async () => {
    const { attempt, calls } = failing('transient', 99);

    await expect(retry(() => retry(attempt, GET, deps()), GET, deps())).rejects.toThrow('Given up');
    expect(calls()).toBe(RETRY_RULES.attempts);
  });

  test('gives each attempt a deadline, names it, and leaves none ticking', async () => {
    const tools = deps();
    let calls = 0;
    const attempt = async (): Promise<string> => {
      calls += 1;
      if (calls > 1) return 'answer';
      queueMicrotask(() => tools.clock.expire());
      return new Promise(() => {});
    };

    await expect(retry(attempt, GET, tools)).resolves.toBe('answer');
    expect(tools.clock.ticking()).toBe(0);
    expect(tools.log.lines[0]).toMatchObject({ level: 'debug', fields: { who: 'Okta', why: 'transient' } });
  });

  test('says how long the deadline was when all attempts run into it', async () => {
    const clock = fakeClock();
    const attempt = async (): Promise<string> => {
      queueMicrotask(() => clock.expire());
      return new Promise(() => {});
    };

    await expect(retry(attempt, GET, deps(clock))).rejects.toThrow('Okta did not answer within 60 seconds.');
  });

  test('stops at once when the caller stops, with the caller’s reason', async () => {
    const tools = deps();
    const stop = new AbortController();
    const attempt = async (): Promise<string> => {
      queueMicrotask(() => stop.abort(new Error('the time is up')));
      return new Promise(() => {});
    };

    await expect(retry(attempt, { ...GET, signal: stop.signal }, tools)).rejects.toThrow('the time is up');
    await expect(retry(attempt, { ...GET, signal: stop.signal }, tools)).rejects.toThrow('the time is up');
    expect(tools.clock.waits).toEqual([]);
    expect(tools.clock.ticking()).toBe(0);
  });

  test('lets an error that nobody foresaw pass unchanged', async () => {
    const bug = new TypeError('undefined is not a function');

    await expect(retry(async () => Promise.reject(bug), GET, deps())).rejects.toBe(bug);
  });
});

describe('once more', () => {
  test('does a thing a second time, and no third', async () => {
    const { attempt, calls } = failing('denied', 9);

    await expect(onceMore(attempt, () => true)).rejects.toMatchObject({ kind: 'denied' });
    expect(calls()).toBe(2);
  });

  test('leaves other failures alone', async () => {
    const { attempt, calls } = failing('denied', 9);

    await expect(onceMore(attempt, (error) => error.kind === 'transient')).rejects.toMatchObject({ kind: 'denied' });
    expect(calls()).toBe(1);
  });
});
