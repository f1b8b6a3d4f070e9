import { Cron } from 'croner';
import { DAY, type Instant } from '../time.ts';

/** A field as Azure reads it: numbers, names, `*`, ranges, lists and steps. No `?`, `L`, `W` or `#`, which other schedulers know. */
const FIELD = /^(?:\*|\d+|[a-z]{3,9})(?:-(?:\d+|[a-z]{3,9}))?(?:\/\d+)?$/i;

/**
 * Says what is wrong with a timer's schedule, or null. Azure wants six fields with the seconds first, and has been seen to take
 * five and run at the wrong times (github.com/Azure/azure-functions-host/issues/6389); so they are refused here.
 */
export function scheduleFault(cron: string): string | null {
  const fields = cron.split(/\s+/);
  if (fields.length === 5) return `five fields; Azure counts the seconds too, write "0 ${fields.join(' ')}"`;
  if (fields.length !== 6) return fields.length === 1 ? 'one field' : `${fields.length} fields`;
  for (const [index, field] of fields.entries()) {
    if (!field.split(',').every((part) => FIELD.test(part))) return `field ${index + 1} is not one that Azure reads`;
  }
  // Azure's Sunday is 0 alone; elsewhere it is 7 too.
  if (/(?:^|[,-])7/.test(fields[5] ?? '')) return 'the day of the week is 7; Azure counts from 0, Sunday, to 6';
  return neverRuns(fields.join(' '));
}

function neverRuns(cron: string): string | null {
  try {
    // Azure asks for both days, of the month and of the week, where croner is content with one.
    const next = new Cron(cron, { mode: '6-part', paused: true, timezone: 'UTC', domAndDow: true }).nextRun();
    return next === null ? 'there is no such day' : null;
  } catch {
    return 'a field is out of its range';
  }
}

/**
 * The latest time at or before `now` at which the schedule fires, in UTC. Whoever starts a run, and however late, starts the run of
 * this time.
 */
export function lastScheduled(cron: string, now: Instant): Instant {
  const fields = cron.trim().split(/\s+/).join(' ');
  const timer = new Cron(fields, { mode: '6-part', paused: true, timezone: 'UTC', domAndDow: true });
  // croner looks before its reference, in whole seconds; a timer fires within the very second.
  const runs = timer.previousRuns(2, new Date(now + 1_000)).map((run) => run.getTime());
  return runs.find((run) => run <= now) ?? now - (now % DAY);
}

/** The first time after `now` at which the schedule fires, in UTC; null when it never does again. */
export function nextScheduled(cron: string, now: Instant): Instant | null {
  const fields = cron.trim().split(/\s+/).join(' ');
  const timer = new Cron(fields, { mode: '6-part', paused: true, timezone: 'UTC', domAndDow: true });
  return timer.nextRun(new Date(now))?.getTime() ?? null;
}
