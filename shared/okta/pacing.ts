import type { Clock } from '../ports/clock.ts';
import { count, httpDate, type HeaderReader, orAborted } from '../retry.ts';
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
  /** Waits until the bucket of this path may be asked again. What it returns is called when the request is over, however it ended. */
  turn(path: string, signal?: AbortSignal): Promise<() => void>;
  /** Takes note of an answer, whatever its status. */
  note(path: string, headers: HeaderReader): void;
  /** Milliseconds until no bucket has so large a share used, as far as the last answers told; 0 when none has. */
  untilRoom(share: number): number;
}

interface Bucket {
  /** Before this nobody asks. */
  resume: Instant;
  /** How much of our share was left at the last answer, and until when that holds. */
  left: number;
  ends: Instant;
  heard: { readonly rate: RateLimit; readonly at: Instant } | null;
  /** Requests on their way: Okta may have counted them already, or not yet. */
  flying: number;
  landing: PromiseWithResolvers<void>;
}

export function createPacer(clock: Clock, share: number): Pacer {
  const buckets = new Map<string, Bucket>();

  function bucketFor(path: string): Bucket {
    const name = bucketOf(path);
    const fresh = {
      resume: 0,
      left: Infinity,
      ends: 0,
      heard: null,
      flying: 0,
      landing: Promise.withResolvers<void>(),
    };
    const bucket = buckets.get(name) ?? fresh;
    buckets.set(name, bucket);
    return bucket;
  }

  return {
    async turn(path, signal) {
      const bucket = bucketFor(path);
      for (;;) {
        const pause = bucket.resume - clock.now();
        if (pause > 0) await clock.wait(pause, signal);
        // Each of those on their way may take one of what is left: whoever could be one too many waits for what they are told.
        else if (bucket.flying > 0 && clock.now() < bucket.ends && bucket.flying >= bucket.left)
          await orAborted(bucket.landing.promise, signal);
        else break;
      }
      bucket.flying += 1;
      return () => {
        bucket.flying -= 1;
        bucket.landing.resolve();
        bucket.landing = Promise.withResolvers<void>();
      };
    },
    note(path, headers) {
      const rate = readRateLimit(headers, clock.now());
      if (rate === null) return;
      const bucket = bucketFor(path);
      const left = leftOf(rate, share);
      // Answers overtake each other: of one window the least is the newest.
      bucket.left = bucket.heard?.rate.reset === rate.reset ? Math.min(bucket.left, left) : left;
      bucket.ends = clock.now() + Math.min(LONGEST, Math.max(0, rate.reset - rate.at) + SECOND);
      bucket.heard = { rate, at: clock.now() };
      const pause = oktaPause(rate, share);
      if (pause > 0) bucket.resume = Math.max(bucket.resume, clock.now() + pause);
    },
    untilRoom(most) {
      const waits = [...buckets.values()].map(({ heard }) =>
        heard === null ? 0 : heard.at + oktaPause(heard.rate, most) - clock.now(),
      );
      return Math.max(0, ...waits);
    },
  };
}

function leftOf({ limit, remaining }: RateLimit, share: number): number {
  return limit <= 0 ? Infinity : Math.floor(limit * share) - (limit - remaining);
}

/** `/api/v1/apps/0oa…/users` counts against `apps`: buckets are finer in places, but never wider than this first segment. */
function bucketOf(path: string): string {
  return /^\/api\/v1\/([^/?]+)/.exec(path)?.[1] ?? path;
}
