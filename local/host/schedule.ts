import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Cron } from 'croner';
import { z } from 'zod';
import { scheduleFault } from '../../shared/config/schedule.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import { type Instant, isoTime, MINUTE, parseTime } from '../../shared/time.ts';

/** Six fields (second, minute, hour, day, month, day of week), read in UTC. */
export interface Schedule {
  readonly text: string;
  /** The first occurrence after `instant`. */
  next(instant: Instant): Instant;
}

/** Reads a schedule as Azure does, five fields refused. Throws AnchorwatchError (`invalid`). */
export function readSchedule(text: string): Schedule {
  const fault = scheduleFault(text.trim());
  if (fault !== null) throw unreadable(text, fault);
  const fields = text.trim().split(/\s+/).join(' ');
  // A day must fit both the day of the month and the day of the week.
  const cron = new Cron(fields, { utcOffset: 0, mode: '6-part', domAndDow: true });
  return {
    text: fields,
    next: (instant) => {
      const date = cron.nextRun(new Date(instant));
      if (date === null) throw unreadable(text, 'it has no next occurrence');
      return date.getTime();
    },
  };
}

function unreadable(text: string, why: string): AnchorwatchError {
  return new AnchorwatchError('invalid', `The schedule "${text}" cannot be read: ${why}`);
}

/** What is remembered of a timer from one start of the host to the next. `last` is null until it has fired. */
export interface ScheduleStatus {
  readonly last: Instant | null;
  readonly next: Instant;
  /** The instant that `next` was computed from. */
  readonly lastUpdated: Instant;
}

/**
 * The status with which a timer starts, and whether an occurrence was missed since. A schedule that was changed meanwhile counts
 * from now: what it would have done in the past is not missed.
 */
export function statusAtStart(
  stored: ScheduleStatus | null,
  schedule: Schedule,
  now: Instant,
): { readonly status: ScheduleStatus; readonly pastDue: boolean } {
  if (stored === null) return { status: { last: null, next: schedule.next(now), lastUpdated: now }, pastDue: false };
  const from = stored.last ?? stored.lastUpdated;
  const expected = schedule.next(from);
  if (stored.next === expected) return { status: stored, pastDue: now > stored.next };
  const since = now > expected ? now : from;
  return { status: { last: null, next: schedule.next(since), lastUpdated: since }, pastDue: false };
}

/** Azure keeps no status of a schedule that fires more than once a minute. */
export function isTooOftenToMonitor(schedule: Schedule, now: Instant): boolean {
  return schedule.next(schedule.next(now)) <= now + MINUTE;
}

/** .NET's zero, where nothing has happened yet. */
const NEVER = '0001-01-01T00:00:00+00:00';

/** The status as the host writes it into its storage and hands it to the function. */
export function describeStatus(status: ScheduleStatus): Readonly<Record<'Last' | 'Next' | 'LastUpdated', string>> {
  return {
    Last: status.last === null ? NEVER : offsetTime(status.last),
    Next: offsetTime(status.next),
    LastUpdated: offsetTime(status.lastUpdated),
  };
}

function offsetTime(instant: Instant): string {
  return isoTime(instant).replace('Z', '+00:00');
}

export interface StatusStore {
  /** Null when the timer has never been seen. Throws AnchorwatchError (`invalid`) when what stands there is no status. */
  read(timer: string): Promise<ScheduleStatus | null>;
  write(timer: string, status: ScheduleStatus): Promise<void>;
}

const instant = z.string().transform((text, context) => {
  const time = parseTime(text);
  if (time !== null) return time;
  context.addIssue({ code: 'custom', message: 'not an ISO time' });
  return z.NEVER;
});
const statusSchema = z.object({
  Last: z.union([z.literal(NEVER).transform(() => null), instant]),
  Next: instant,
  LastUpdated: instant,
});

/** One small file a timer, where Azure has a blob. */
export function statusFiles(folder: string): StatusStore {
  async function read(timer: string): Promise<ScheduleStatus | null> {
    const file = join(folder, `${timer}.json`);
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    });
    if (text === null) return null;
    try {
      const { Last, Next, LastUpdated } = statusSchema.parse(JSON.parse(text));
      return { last: Last, next: Next, lastUpdated: LastUpdated };
    } catch (cause) {
      throw new AnchorwatchError('invalid', `${file} is no schedule status: delete it to begin anew`, { cause });
    }
  }

  async function write(timer: string, status: ScheduleStatus): Promise<void> {
    const file = join(folder, `${timer}.json`);
    await mkdir(folder, { recursive: true });
    // Renamed into place: a process that is killed here leaves the old status or the new one.
    await writeFile(`${file}.new`, JSON.stringify(describeStatus(status)));
    await rename(`${file}.new`, file);
  }

  return { read, write };
}
