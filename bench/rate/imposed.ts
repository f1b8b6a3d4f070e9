import type { Instant } from '../../shared/time.ts';

/** A rate limit, and what of it one reader takes. */
export interface Bucket {
  /** Calls in a window, of which the reader takes the share. */
  readonly limit: number;
  readonly share: number;
  /** In milliseconds. */
  readonly window: number;
  /** Calls that others make in each window before the reader's first; they count against the share. None where it is left out. */
  readonly others?: number;
}

export interface Beginning {
  /** Milliseconds since the window began, and the calls that anybody has made in it. */
  readonly elapsed: number;
  readonly used: number;
}

/**
 * The least time in which a list of so many pages can be read: each call needs the answer to the one before, for the cursor is in it, and
 * no window takes more calls than the share. A call counts when it is sent.
 */
export function imposedTime(
  calls: number,
  bucket: Bucket,
  roundTrip: number,
  { elapsed, used }: Beginning = { elapsed: 0, used: 0 },
): number {
  const { window } = bucket;
  const room = callsAWindow(bucket);
  let at: Instant = elapsed;
  let left = calls;
  let free = Math.max(0, callsAWindow({ ...bucket, others: 0 }) - used);
  for (;;) {
    const end = (Math.floor(at / window) + 1) * window;
    const fitting = roundTrip > 0 ? Math.ceil((end - at) / roundTrip) : left;
    const made = Math.min(left, free, fitting);
    at += made * roundTrip;
    left -= made;
    if (left === 0) return at - elapsed;
    at = Math.max(at, end);
    free = room;
  }
}

/** Even the smallest share lets one call through, and so does one that others have used: only a call's answer tells of it. */
export function callsAWindow({ limit, share, others = 0 }: Bucket): number {
  return Math.max(1, Math.floor(limit * share) - others);
}
