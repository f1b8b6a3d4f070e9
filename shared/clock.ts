import { AnchorwatchError } from './errors.ts';
import type { Clock } from './ports/clock.ts';
import { SECOND } from './time.ts';

/** Node keeps a timer's delay in 31 bits; a longer one fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The clock on the wall: the machine's time and its timers. */
export function systemClock(): Clock {
  return { now: () => Date.now(), wait, deadline };
}

async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  let left = ms;
  do {
    await timer(Math.min(left, LONGEST_TIMER), signal);
    left -= LONGEST_TIMER;
  } while (left > 0);
}

function timer(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    function abort(): void {
      clearTimeout(running);
      reject(signal?.reason);
    }
    const running = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/** The signal's reason is a `transient` AnchorwatchError that names the limit. */
function deadline(ms: number): ReturnType<Clock['deadline']> {
  const controller = new AbortController();
  const running = setTimeout(
    () => controller.abort(new AnchorwatchError('transient', `no answer within ${ms / SECOND} seconds`)),
    Math.min(ms, LONGEST_TIMER),
  );
  return { signal: controller.signal, end: () => clearTimeout(running) };
}
