import { kindOf } from '../../errors.ts';
import type { State } from '../../ports/state.ts';
import type { Tools } from '../tools.ts';
import {
  type Pruning,
  pruneAudit,
  pruneDecisions,
  pruneFindings,
  pruneHistory,
  pruneHolds,
  pruneOutbox,
  prunePages,
} from './prune-rows.ts';
import { pruneRepairs } from './prune-repairs.ts';
import { pruneRuns } from './prune-runs.ts';

/** What becomes of the rows of one table. */
export interface Rule {
  readonly goes: string;
  /** What is kept whatever its age. */
  readonly stays: string;
  /** Deletes a portion of what is past its time; null where nothing is, or where it goes with rows of another table. */
  readonly prune: ((pruning: Pruning) => Promise<void>) | null;
}

/** For how long each table keeps what. `retention` is the setting, 400 days unless told. */
export const RETENTION: Readonly<Record<keyof State, Rule>> = {
  pages: {
    goes: 'when its run is over',
    stays: 'pages of a run that is being read',
    prune: prunePages,
  },
  runs: {
    goes: 'after the retention, with its pages and its snapshot',
    stays: 'the last good run, and the one whose counts were confirmed',
    prune: pruneRuns,
  },
  snapshots: { goes: 'with its run', stays: 'those of the runs that stay', prune: null },
  findings: {
    goes: 'when it has been resolved or gone for longer than the retention',
    stays: 'a finding that is open',
    prune: pruneFindings,
  },
  history: { goes: 'after the retention', stays: 'nothing', prune: pruneHistory },
  repairs: {
    goes: 'when it has been at its end for longer than the retention, with its journal and what there was before',
    stays: 'an open repair',
    prune: pruneRepairs,
  },
  claims: { goes: 'when its repair ends, or was never written', stays: 'the claim of an open repair', prune: null },
  holds: {
    goes: 'after a week, or a shorter retention, somebody who was in a hold that is closed',
    stays: 'everybody in an open hold, and the row that says what the switch was',
    prune: pruneHolds,
  },
  outbox: { goes: 'after the retention', stays: 'a notice that was never sent', prune: pruneOutbox },
  unsent: {
    goes: 'when every channel has sent the notice or given it up',
    stays: 'the place of any other',
    prune: null,
  },
  channels: { goes: 'never', stays: 'one row for each channel', prune: null },
  leases: { goes: 'never', stays: 'one row for each name', prune: null },
  marks: { goes: 'never', stays: 'one row for each name', prune: null },
  parked: { goes: 'when the person is seen to be parked no longer', stays: 'whoever is parked', prune: null },
  decisions: {
    goes: 'after the retention: proposals, what was decided on them, and ignores that are over',
    stays: 'whoever is still to be left alone',
    prune: pruneDecisions,
  },
  audit: { goes: 'after the retention', stays: 'nothing', prune: pruneAudit },
  capabilities: { goes: 'never', stays: 'what was proven of each tenant and app', prune: null },
};

/** So many rows of each table are deleted in one round: a call of `tend` is short. */
const PORTION = 500;

/** Deletes a portion of what is past its time, table by table. A row that somebody changed meanwhile stays, and is looked at anew. */
export async function prune({ state, clock, settings, log }: Tools): Promise<void> {
  const now = clock.now();
  const { retention, sweep } = settings.tend;
  for (const [table, { prune: pruneTable }] of Object.entries(RETENTION)) {
    if (pruneTable === null) continue;
    let deleted = 0;
    const isFull = (): boolean => deleted >= PORTION;
    const remove: Pruning['remove'] = async (from, spec, { row, etag }) => {
      try {
        await from.remove(spec.partition(row), spec.key(row), etag);
        deleted += 1;
      } catch (error) {
        if (kindOf(error) !== 'conflict') throw error;
      }
    };
    await pruneTable({ state, now, before: now - retention, round: Math.floor(now / sweep), isFull, remove });
    if (deleted > 0) log.info('rows were deleted that are past their time', { table, rows: deleted });
  }
}
