import { lastScheduled } from '../config/schedule.ts';
import { explain } from '../errors.ts';
import { headOf } from '../repair/journal.ts';
import type { RunRow } from '../state/rows.ts';
import { HOUR, type Instant, isoTime, MINUTE } from '../time.ts';
import { LONGEST_SCAN, runsBetween } from './run.ts';
import { LOSS_SHOWN } from './tend/standing.ts';
import type { Tools } from './tools.ts';

export const RED_REASONS = [
  'configuration',
  'storage',
  'no-heartbeat',
  'old-heartbeat',
  'no-good-run',
  'could-not-tell',
  'stuck',
  'not-tended',
  'hold-open',
  'parked',
  'channel',
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

type HealthTools = Pick<Tools, 'state' | 'clock'> & {
  readonly settings: Pick<Tools['settings'], 'schedule' | 'repair' | 'tend'>;
};

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
  reds.push(...(await tendReds({ state, clock, settings }, beaten ?? first)));
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

/** What has been kept waiting for too long by repairs, and whether anybody comes by to see to it. */
async function tendReds(tools: HealthTools, since: Instant | null): Promise<Red[]> {
  const { state, clock, settings } = tools;
  const reds: Red[] = [];
  const tended = (await state.marks.get('mark', 'tended'))?.row.at ?? null;
  const last = tended ?? since;
  if (last !== null && clock.now() - last > settings.tend.late) {
    const what = tended === null ? 'has never come by' : `last came by at ${isoTime(tended)}`;
    const message = `tend ${what}, and should every five minutes: nobody is woken, and no hold is given back. Check that its timer is enabled.`;
    reds.push({ reason: 'not-tended', message });
  }
  return [...reds, ...(await holdReds(tools)), ...(await parkedReds(tools)), ...(await channelReds(tools))];
}

async function holdReds({ state, clock, settings }: HealthTools): Promise<Red[]> {
  const reds: Red[] = [];
  for await (const { row } of state.holds.list('hold')) {
    if (row.kind !== 'hold' || row.state === 'closed' || clock.now() - row.opened <= settings.repair.times.hold)
      continue;
    const message = `Deactivate Users of the app ${row.app} is off for repairs since ${isoTime(row.opened)}. A notice names those who have not settled; until it is given back, whoever leaves keeps a live account.`;
    reds.push({ reason: 'hold-open', message });
  }
  return reds;
}

async function parkedReds({ state, clock, settings }: HealthTools): Promise<Red[]> {
  const reds: Red[] = [];
  const note = (who: string, since: Instant, wayOut: string): void => {
    const minutes = Math.floor((clock.now() - since) / MINUTE);
    reds.push({ reason: 'parked', message: `${who}: parked for ${minutes} minutes, and cannot sign in. ${wayOut}` });
  };
  for await (const { row } of state.repairs.list('open')) {
    const head = row.kind === 'open' ? await headOf(row.repair, { state }) : null;
    const parked = head?.row.parked ?? null;
    if (head === null || parked === null || clock.now() - parked <= settings.repair.times.parked) continue;
    const names = head.row.members.map(({ userName }) => userName).join(', ');
    note(names, parked, `See: anchorwatch journal ${head.row.id}`);
  }
  for await (const { row } of state.parked.list('parked'))
    note(row.userName, row.since, `No repair knows of it: set the userPrincipalName back to ${row.wanted}.`);
  return reds;
}

/** A channel that fails for so long is no passing matter. */
const MUTE = 6 * HOUR;

/** Channels that tell nobody any more, and notices that were given up. */
async function channelReds({ state, clock }: HealthTools): Promise<Red[]> {
  const reds: Red[] = [];
  const now = clock.now();
  for await (const { row } of state.channels.list('channel')) {
    const { channel, failing, why, lost, lastLost } = row;
    const isLost = lastLost !== null && (failing !== null || now - lastLost < LOSS_SHOWN);
    const isMute = failing !== null && now - failing > MUTE;
    if (!isLost && !isMute) continue;
    const since = failing === null ? 'works again' : `fails since ${isoTime(failing)}`;
    const given =
      lost === 0
        ? ''
        : ` ${lost} ${lost === 1 ? 'notice was' : 'notices were'} given up and reached nobody this way; they are in the outbox.`;
    const message = `The channel ${channel} ${since}.${given} The last reason: ${why ?? 'none was given'} Try it: anchorwatch mail test --channel ${channel}`;
    reds.push({ reason: 'channel', message });
  }
  return reds;
}

function red(reds: readonly Red[]): Health {
  return { status: 'red', reds, lastRun: null, heartbeat: null };
}
