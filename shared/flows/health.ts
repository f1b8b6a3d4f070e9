import { lastScheduled } from '../config/schedule.ts';
import { explain } from '../errors.ts';
import type { RunRow } from '../state/rows.ts';
import { HOUR, isoTime } from '../time.ts';
import { runsUpTo } from './run.ts';
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
/** A scan that takes this long is not reading any more. */
const LONGEST_SCAN = 6 * HOUR;
/** So many runs in a row without a verdict are no watch. */
const BLIND = 3;

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
  if (beaten === null)
    reds.push({ reason: 'no-heartbeat', message: 'The nightly timer has never fired since the installation.' });
  else if (beaten < due) {
    const message = `The nightly timer last fired at ${isoTime(beaten)} and was due at ${isoTime(due)}. Check that the function app runs and its timer is enabled.`;
    reds.push({ reason: 'old-heartbeat', message });
  }
  const runs: RunRow[] = [];
  for await (const { row } of runsUpTo(state, now)) {
    runs.push(row);
    if (row.state === 'good') break;
  }
  reds.push(...runReds(runs, now));
  const [last] = runs;
  return {
    status: reds.length === 0 ? 'green' : 'red',
    reds,
    lastRun: last === undefined ? null : { id: last.id, state: last.state },
    heartbeat: beaten === null ? null : isoTime(beaten),
  };
}

function runReds(runs: readonly RunRow[], now: number): Red[] {
  const [last] = runs;
  if (last === undefined) return [];
  const reds: Red[] = [];
  if (last.state === 'could-not-tell') {
    const reasons = last.doubts.map(({ message }) => message).join(' ');
    reds.push({ reason: 'could-not-tell', message: `The last run, ${last.id}, could not tell. ${reasons}` });
  }
  if (last.state === 'reading' && now - last.began > LONGEST_SCAN) {
    const hours = Math.floor((now - last.began) / HOUR);
    reds.push({
      reason: 'stuck',
      message: `The run ${last.id} has been reading for ${hours} hours. Its log says where it stopped.`,
    });
  }
  const blind = runs.filter(({ state }) => state === 'could-not-tell').length;
  if (blind >= BLIND) {
    const good = runs.find(({ state }) => state === 'good');
    const since = good === undefined ? 'the installation' : good.id;
    reds.push({
      reason: 'no-good-run',
      message: `The last ${blind} runs could not tell; none has been good since ${since}.`,
    });
  }
  return reds;
}

function red(reds: readonly Red[]): Health {
  return { status: 'red', reds, lastRun: null, heartbeat: null };
}
