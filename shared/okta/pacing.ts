import type { Clock } from '../ports/clock.ts';
import { count, httpDate, type HeaderReader } from '../retry.ts';
import { MINUTE, SECOND, type Instant } from '../time.ts';

/** What an answer says about its rate-limit bucket. */
export interface RateLimit {
  /** Requests a window. */
  readonly limit: number;
  readonly remaining: number;
  /** When the window ends, by Okta's clock, and the time of the answer by the same clock. */
  readonly reset: Instant;
  readonly at: Instant;
}

/** Okta's windows last a minute. A header that asks for much more is wrong, and must not stop the night. */
const LONGEST = MINUTE + 5 * SECOND;

/**
 * Milliseconds to wait before the next request of the bucket, so that no more than `share` of the limit is used by anybody: the rest
 * belongs to the people and programs that share it. A limit of 0 tells of too many requests at once, not of a window.
 */
export function oktaPause(rate: RateLimit, share: number): number {
  const used = rate.limit - rate.remaining;
  if (rate.limit <= 0 || used < Math.floor(rate.limit * share) || rate.reset < rate.at) return 0;
  return Math.min(LONGEST, rate.reset - rate.at + SECOND);
}

export function readRateLimit(headers: HeaderReader, now: Instant): RateLimit | null {
  const limit = count(headers.get('x-rate-limit-limit'));
  const remaining = count(headers.get('x-rate-limit-remaining'));
  const reset = count(headers.get('x-rate-limit-reset'));
  if (limit === null || remaining === null || reset === null) return null;
  return { limit, remaining, reset: reset * SECOND, at: httpDate(headers.get('date')) ?? now };
}

export interface Pacer {
  /** Waits until the bucket of this path may be asked again. */
  turn(path: string, signal?: AbortSignal): Promise<void>;
  /** Takes note of an answer, whatever its status. */
  note(path: string, headers: HeaderReader): void;
  /** Milliseconds until no bucket has so large a share used, as far as the last answers told; 0 when none has. */
  untilRoom(share: number): number;
}

export function createPacer(clock: Clock, share: number): Pacer {
  const resume = new Map<string, Instant>();
  const heard = new Map<string, { readonly rate: RateLimit; readonly at: Instant }>();
  return {
    async turn(path, signal) {
      const pause = (resume.get(bucketOf(path)) ?? 0) - clock.now();
      if (pause > 0) await clock.wait(pause, signal);
    },
    note(path, headers) {
      const rate = readRateLimit(headers, clock.now());
      const pause = rate === null ? 0 : oktaPause(rate, share);
      const bucket = bucketOf(path);
      if (rate !== null) heard.set(bucket, { rate, at: clock.now() });
      if (pause > 0) resume.set(bucket, Math.max(resume.get(bucket) ?? 0, clock.now() + pause));
    },
    untilRoom(most) {
      const waits = [...heard.values()].map(({ rate, at }) => at + oktaPause(rate, most) - clock.now());
      return Math.max(0, ...waits);
    },
  };
}

/** `/api/v1/apps/0oa…/users` counts against `apps`: buckets are finer in places, but never wider than this first segment. */
function bucketOf(path: string): string {
  return /^\/api\/v1\/([^/?]+)/.exec(path)?.[1] ?? path;
}
