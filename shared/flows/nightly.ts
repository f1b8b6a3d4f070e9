import { lastScheduled } from '../config/schedule.ts';
import type { RunRow } from '../state/rows.ts';
import { type Instant, SECOND } from '../time.ts';
import { openRun, runsBetween } from './run.ts';
import type { Tools } from './tools.ts';

/** A timer may fire a moment before its time; it means the occurrence that is about to come, not yesterday's. */
const EARLY = 5 * SECOND;

/**
 * The nightly timer: makes the run of the latest scheduled time, and leaves a message that carries it out. The timer reads
 * nothing itself, for a timer's call that dies is not repeated, while a message is.
 */
export async function nightly(trigger: RunRow['trigger'], tools: Tools): Promise<RunRow> {
  const { state, clock, settings, scans, log } = tools;
  const now = clock.now();
  // A start by hand is no proof that the timer lives.
  if (trigger === 'timer') await beat('timer', null, tools);
  const scheduled = lastScheduled(settings.schedule, trigger === 'timer' ? now + EARLY : now);
  const run = { trigger, mode: settings.mode, now };
  let { row } = await openRun(state, { ...run, scheduled });
  // Whoever starts it again by hand after a night that could not tell wants another look, not the same answer.
  if (trigger === 'manual' && row.state === 'could-not-tell') {
    ({ row } = await openRun(state, { ...run, scheduled: now - (now % SECOND) }));
  }
  if (row.state === 'reading') await scans.send({ version: 1, run: row.id });
  await wakeLeft(row.scheduled, tools);
  log.info('nightly run', { run: row.id, state: row.state, trigger });
  return row;
}

/** A run whose message was lost would stand there reading for ever; asked again, it ends, for a newer one is there by now. */
async function wakeLeft(scheduled: Instant, { state, scans }: Tools): Promise<void> {
  for await (const row of runsBetween(state, scheduled - 1)) {
    if (row.state === 'reading') await scans.send({ version: 1, run: row.id });
  }
}

/** The proof of life: an old heartbeat is what the health endpoint goes red for when the timer has stopped firing. */
export async function beat(by: string, run: string | null, { state, clock }: Tools): Promise<void> {
  await state.marks.put({ name: 'heartbeat', at: clock.now(), run, by, note: '' });
}
