import { errorFields } from '../../shared/log.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import { type Instant, isoTime, MINUTE } from '../../shared/time.ts';
import type { TypedData } from './core.ts';
import type { Invoke } from './invoke.ts';
import {
  describeStatus,
  isTooOftenToMonitor,
  type Schedule,
  type ScheduleStatus,
  type StatusStore,
  statusAtStart,
} from './schedule.ts';

export interface TimerFunction {
  readonly name: string;
  /** The name of the trigger's binding. */
  readonly input: string;
  readonly schedule: Schedule;
  readonly runOnStartup: boolean;
  readonly useMonitor: boolean;
}

export interface TimerParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly statuses: StatusStore;
  readonly invoke: Invoke;
}

/**
 * Fires one timer until the signal is aborted: one call at a time, and the next occurrence is computed from the last call's beginning.
 * Occurrences that were missed while the host was down give one call with `isPastDue`. What a call's failure means is Azure's answer:
 * nothing, until the next occurrence.
 */
export async function keepTimer(timer: TimerFunction, parts: TimerParts, signal: AbortSignal): Promise<void> {
  const { clock, log, statuses } = parts;
  const monitored = isMonitored(timer, clock.now());
  const start = statusAtStart(monitored ? await statuses.read(timer.name) : null, timer.schedule, clock.now());
  let status = start.status;
  if (monitored) await statuses.write(timer.name, status);
  log.info('Timer started', { function: timer.name, schedule: timer.schedule.text, next: isoTime(status.next) });

  async function fire(isPastDue: boolean): Promise<void> {
    const began = clock.now();
    await parts.invoke({
      function: timer.name,
      input: { name: timer.input, data: timerData(monitored ? status : null, isPastDue) },
      reason: `Timer fired at ${isoTime(began)}`,
    });
    status = { last: began, next: timer.schedule.next(began), lastUpdated: began };
    if (!monitored) return;
    // As in Azure, a status that cannot be stored does not stop the schedule.
    await statuses.write(timer.name, status).catch((error: unknown) => {
      log.error('Schedule status not stored', { function: timer.name, ...errorFields(error) });
    });
  }

  if (start.pastDue) await fire(true);
  else if (timer.runOnStartup) await fire(false);
  while (await reached(status.next, clock, signal)) await fire(false);
}

/** What a timer's handler is given. A call by hand gets the stored status and changes nothing of it. */
export function timerData(status: ScheduleStatus | null, isPastDue: boolean): TypedData {
  const scheduleStatus = status === null ? null : describeStatus(status);
  return {
    json: JSON.stringify({ Schedule: { AdjustForDST: true }, ScheduleStatus: scheduleStatus, IsPastDue: isPastDue }),
  };
}

/** The status for a call by hand. */
export async function storedStatus(
  timer: TimerFunction,
  parts: Pick<TimerParts, 'clock' | 'statuses'>,
): Promise<ScheduleStatus | null> {
  return isMonitored(timer, parts.clock.now()) ? parts.statuses.read(timer.name) : null;
}

function isMonitored(timer: TimerFunction, now: Instant): boolean {
  return timer.useMonitor && !isTooOftenToMonitor(timer.schedule, now);
}

/** Looks at the clock at least once a minute, so that a machine that slept notices what it missed. False when aborted. */
async function reached(instant: Instant, clock: Clock, signal: AbortSignal): Promise<boolean> {
  for (let left = instant - clock.now(); left > 0 && !signal.aborted; left = instant - clock.now()) {
    await clock.wait(Math.min(left, MINUTE), signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
  return !signal.aborted;
}
