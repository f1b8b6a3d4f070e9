import type { Clock } from '../ports/clock.ts';
import type { HeaderReader } from '../retry.ts';
import { SECOND, type Instant } from '../time.ts';

/** Graph counts a directory's requests over ten seconds (learn.microsoft.com, throttling limits). */
const WINDOW = 10 * SECOND;

/**
 * Milliseconds to wait before the next request. `used` is `x-ms-throttle-limit-percentage`, a fraction which Graph sends from 0.8 up
 * to 1.8: from `share` on requests are spaced out, and at the limit a whole window is waited.
 */
export function graphPause(used: number | null, share: number): number {
  if (used === null || used < share) return 0;
  const beyond = share < 1 ? Math.min(1, (used - share) / (1 - share)) : 1;
  return Math.round(SECOND + beyond * (WINDOW - SECOND));
}

export function readUsed(headers: HeaderReader): number | null {
  const text = headers.get('x-ms-throttle-limit-percentage')?.trim() ?? '';
  return /^\d{1,3}(\.\d+)?$/.test(text) ? Number(text) : null;
}

export interface Pacer {
  /** Waits until the next request may be sent. */
  turn(signal?: AbortSignal): Promise<void>;
  /** Takes note of an answer, whatever its status. */
  note(headers: HeaderReader): void;
}

export function createPacer(clock: Clock, share: number): Pacer {
  let resume: Instant = 0;
  return {
    async turn(signal) {
      const pause = resume - clock.now();
      if (pause > 0) await clock.wait(pause, signal);
    },
    note(headers) {
      const pause = graphPause(readUsed(headers), share);
      if (pause > 0) resume = Math.max(resume, clock.now() + pause);
    },
  };
}
