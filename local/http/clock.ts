import { systemClock } from '../../shared/clock.ts';
import type { Clock } from '../../shared/ports/clock.ts';

/** The system's clock moved by an offset, so that the next night is one call away. Waits take their real time. */
export interface ShiftedClock extends Pick<Clock, 'now' | 'wait'> {
  /** Milliseconds ahead of the system's clock; negative when behind. */
  offset(): number;
  shift(offset: number): void;
}

export function createShiftedClock(initial = 0): ShiftedClock {
  const system = systemClock();
  let offset = initial;
  return {
    now: () => system.now() + offset,
    wait: (ms, signal) => system.wait(ms, signal),
    offset: () => offset,
    shift(ms) {
      offset = ms;
    },
  };
}
