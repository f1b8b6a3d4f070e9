import { kindOf } from '../errors.ts';
import { invertedTime } from '../state/keys.ts';
import type { Mode } from '../plan/policy.ts';
import type { RunRow } from '../state/rows.ts';
import type { State, Stored } from '../ports/state.ts';
import { DAY, type Instant, isoTime, parseTime } from '../time.ts';

/** `2026-11-23T02-00-00Z`: sorts as text, and may stand in a key. */
export function runId(scheduled: Instant): string {
  return `${isoTime(scheduled).slice(0, 19).replaceAll(':', '-')}Z`;
}

/** The scheduled time of an id; null when the text is no run's id. */
export function scheduledOf(id: string): Instant | null {
  const parts = /^(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})Z$/.exec(id);
  return parts === null ? null : parseTime(`${parts[1]}T${parts[2]}:${parts[3]}:${parts[4]}Z`);
}

/** Makes the run unless it is there already: a past-due start, a double timer and a manual scan give one run. */
export async function openRun(
  state: State,
  run: { readonly scheduled: Instant; readonly trigger: RunRow['trigger']; readonly mode: Mode; readonly now: Instant },
): Promise<Stored<RunRow>> {
  const { scheduled, trigger, mode, now } = run;
  const row: RunRow = {
    id: runId(scheduled),
    scheduled,
    trigger,
    mode,
    state: 'reading',
    began: now,
    ended: null,
    slices: 0,
    plan: null,
    certificates: [],
    doubts: [],
    summary: null,
  };
  try {
    return await state.runs.insert(row);
  } catch (error) {
    if (kindOf(error) !== 'conflict') throw error;
    const found = await findRun(state, row.id);
    if (found === null) throw error;
    return found;
  }
}

export async function findRun(state: State, id: string): Promise<Stored<RunRow> | null> {
  const scheduled = scheduledOf(id);
  if (scheduled === null) return null;
  for await (const stored of runsUpTo(state, scheduled, 1)) return stored.row.id === id ? stored : null;
  return null;
}

/** Runs scheduled at or before an instant, newest first. */
export function runsUpTo(state: State, scheduled: Instant, limit = 60): AsyncIterable<Stored<RunRow>> {
  return state.runs.list('run', { from: invertedTime(scheduled), limit });
}

/** How far back a good run is looked for: older than this, it is no measure of anything. */
const MEMORY = 60 * DAY;

/** Good runs before this one, newest first, at most `limit`. */
export async function goodRunsBefore(state: State, scheduled: Instant, limit: number): Promise<RunRow[]> {
  const good: RunRow[] = [];
  for await (const { row } of runsUpTo(state, scheduled - 1)) {
    if (row.scheduled < scheduled - MEMORY || good.length >= limit) break;
    if (row.state === 'good') good.push(row);
  }
  return good;
}
