import { lastScheduled } from '../config/schedule.ts';
import { explain } from '../errors.ts';
import type { RunRow } from '../state/rows.ts';
import { HOUR, type Instant, isoTime } from '../time.ts';
import { LONGEST_SCAN, runsBetween } from './run.ts';
import type { Tools } from './tools.ts';

export const RED_REASONS = [
  'configuration',
  'storage',
  'no-heartbeat',
  'old-heartbeat',
  'no-good-run',
  'could-not-tell',
  'stuck',
] as const;

export interface Red {
  readonly reason: (typeof RED_REASONS)[number];
  /** What is wrong, with the number and the way out. */
  readonly message: string;
}

export interface Health {
  readonly status: 'green' | 'red';
  readonly reds: readonly Red[];
  readonly lastRun: { readonly id: string; readonly state: RunRow['state'] } | null;
  readonly heartbeat: string | null;
}

/** A timer that is two hours late has not merely been delayed. */
const LATE = 2 * HOUR;

type HealthTools = Pick<Tools, 'state' | 'clock'> & { readonly settings: Pick<Tools['settings'], 'schedule'> };

/** Whether the watch is being kept. Never throws: a storage that cannot be read is the first reason. */
export async function health(tools: HealthTools): Promise<Health> {
  try {
    return await look(tools);
  } catch (error) {
    return red([{ reason: 'storage', message: `The storage account cannot be read: ${explain(error)}` }]);
  }
}

/** For a configuration that cannot even be read. */
export function unconfigured(error: unknown): Health {
  return red([{ reason: 'configuration', message: explain(error) }]);
}

async function look({ state, clock, settings }: HealthTools): Promise<Health> {
  const now = clock.now();
  const reds: Red[] = [];
  const heartbeat = await state.marks.get('mark', 'heartbeat');
  const beaten = heartbeat?.row.at ?? null;
  const due = lastScheduled(settings.schedule, now - LATE);
  const first = beaten === null ? await oldestBegin(state, now) : null;
  // Whoever started a run by hand before the timer was due has not waited for it in vain yet.
  if (beaten === null && (first === null || first < due))
    reds.push({ reason: 'no-heartbeat', message: 'The nightly timer has never fired since the installation.' });
  else if (beaten !== null && beaten < due) {
    const message = `The nightly timer last fired at ${isoTime(beaten)} and was due at ${isoTime(due)}. Check that the function app runs and its timer is enabled.`;
    reds.push({ reason: 'old-heartbeat', message });
  }
  const runs: RunRow[] = [];
  for await (const row of runsBetween(state, now)) {
    runs.push(row);
    if (row.state === 'good') break;
  }
  reds.push(...runReds(runs, settings.schedule, now));
  const [last] = runs;
  return {
    status: reds.length === 0 ? 'green' : 'red',
    reds,
    lastRun: last === undefined ? null : { id: last.id, state: last.state },
    heartbeat: beaten === null ? null : isoTime(beaten),
  };
}

async function oldestBegin(state: HealthTools['state'], now: Instant): Promise<Instant | null> {
  let oldest: Instant | null = null;
  for await (const { began } of runsBetween(state, now)) oldest = began;
  return oldest;
}

/** `runs`: newest first, back to the last good one. */
function runReds(runs: readonly RunRow[], schedule: string, now: Instant): Red[] {
  const [last] = runs;
  if (last === undefined) return [];
  const reds: Red[] = [];
  if (last.state === 'could-not-tell') {
    const reasons = last.doubts.map(({ message }) => message).join(' ');
    reds.push({ reason: 'could-not-tell', message: `The last run, ${last.id}, could not tell. ${reasons}` });
  }
  const stuck = runs.find(({ state, began }) => state === 'reading' && now - began > LONGEST_SCAN);
  if (stuck !== undefined) {
    const hours = Math.floor((now - stuck.began) / HOUR);
    reds.push({
      reason: 'stuck',
      message: `The run ${stuck.id} has been reading for ${hours} hours. Its log says where it stopped.`,
    });
  }
  const good = runs.find(({ state }) => state === 'good');
  // The one before the last that should be done by now: with one night lost the other reasons are red already.
  const due = lastScheduled(schedule, lastScheduled(schedule, now - LONGEST_SCAN) - 1);
  const since = good?.scheduled ?? runs.at(-1)?.scheduled ?? now;
  if (since < due) {
    const message =
      good === undefined
        ? `None of the last ${runs.length} runs has been good.`
        : `The last good run is ${good.id}; one was due at ${isoTime(due)}. None of the ${runs.length - 1} since then could tell.`;
    reds.push({ reason: 'no-good-run', message });
  }
  return reds;
}

function red(reds: readonly Red[]): Health {
  return { status: 'red', reds, lastRun: null, heartbeat: null };
}
