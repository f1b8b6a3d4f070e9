import type { Clock } from '../../shared/ports/clock.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import type { Instant } from '../../shared/time.ts';

interface Waiting {
  readonly due: Instant;
  readonly ms: number;
  wake(): void;
}

/** A clock that stands still until the test moves it. */
export interface ManualClock extends Clock {
  /** Sets the time ahead and wakes what waited for it. */
  advance(ms: number): void;
  /** Resolves when somebody waits, with how long. */
  parked(): Promise<number>;
  waits(): number;
}

export function manualClock(start: Instant): ManualClock {
  let now = start;
  const waiting = new Set<Waiting>();
  let arrived = Promise.withResolvers<void>();

  function wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const entry = { due: now + ms, ms, wake: resolve };
      waiting.add(entry);
      signal?.addEventListener('abort', () => {
        waiting.delete(entry);
        reject(signal.reason);
      });
      arrived.resolve();
    });
  }

  return {
    now: () => now,
    wait,
    deadline(ms) {
      const controller = new AbortController();
      const entry = {
        due: now + ms,
        ms,
        wake: () => controller.abort(new AnchorwatchError('transient', `no answer within ${ms} ms`)),
      };
      waiting.add(entry);
      return { signal: controller.signal, end: () => void waiting.delete(entry) };
    },
    advance(ms) {
      now += ms;
      for (const entry of waiting) {
        if (entry.due > now) continue;
        waiting.delete(entry);
        entry.wake();
      }
    },
    async parked() {
      while (waiting.size === 0) {
        arrived = Promise.withResolvers<void>();
        await arrived.promise;
      }
      return Math.min(...[...waiting].map(({ ms }) => ms));
    },
    waits: () => waiting.size,
  };
}
