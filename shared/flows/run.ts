import { kindOf } from '../errors.ts';
import { invertedTime } from '../state/keys.ts';
import type { Mode } from '../plan/policy.ts';
import type { RunRow } from '../state/rows.ts';
import type { State, Stored } from '../ports/state.ts';
import { DAY, HOUR, type Instant, isoTime, parseTime } from '../time.ts';
import type { Tools } from './tools.ts';

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
  return state.runs.get('run', invertedTime(scheduled));
}

/** The newest run whose time has come. */
export async function newestRun({ state, clock }: Pick<Tools, 'state' | 'clock'>): Promise<RunRow | null> {
  const newest = state.runs.list('run', { from: invertedTime(clock.now()), limit: 1 });
  for await (const { row } of newest) return row;
  return null;
}

/** A scan that takes this long is not reading any more; what it read by then is of another day. */
export const LONGEST_SCAN = 6 * HOUR;

/** How far back a run is looked for: older than this, it is no measure of anything. */
const MEMORY = 60 * DAY;

/** Runs scheduled at or before an instant and after `since`, newest first. */
export async function* runsBetween(
  state: State,
  scheduled: Instant,
  since: Instant = scheduled - MEMORY,
): AsyncGenerator<RunRow> {
  for await (const { row } of state.runs.list('run', { from: invertedTime(scheduled), to: invertedTime(since) }))
    yield row;
}

/** Good runs before this one, newest first, at most `limit`. */
export async function goodRunsBefore(state: State, scheduled: Instant, limit: number): Promise<RunRow[]> {
  const good: RunRow[] = [];
  for await (const row of runsBetween(state, scheduled - 1)) {
    if (row.state === 'good') good.push(row);
    if (good.length >= limit) break;
  }
  return good;
}
