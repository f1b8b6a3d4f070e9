import { readStorageConfig } from '../shared/config/read.ts';
import { AnchorwatchError } from '../shared/errors.ts';
import { goodRunsBefore } from '../shared/flows/run.ts';
import { readSeen } from '../shared/flows/scan/snapshot.ts';
import { createLog, textLine } from '../shared/log.ts';
import type { State } from '../shared/ports/state.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { RepairRow } from '../shared/state/repair-rows.ts';
import type { RunRow } from '../shared/state/rows.ts';
import { stateTools } from '../shared/wiring.ts';
import type { Io } from './io.ts';
import type { RunView } from './report/run.ts';

export interface History {
  readonly state: State;
  readonly clock: Clock;
}

/** The stored state, by the storage setting alone. Throws `invalid` with everything that is wrong with it. */
export function openHistory(io: Io): History {
  const log = createLog((line) => io.err(`${line}\n`), { format: textLine, now: Date.now, least: 'warn' });
  return io.tools ?? stateTools(readStorageConfig(io.env), log);
}

export async function lastRuns({ state }: History, limit: number): Promise<RunRow[]> {
  const runs: RunRow[] = [];
  for await (const { row } of state.runs.list('run', { limit })) runs.push(row);
  return runs;
}

/** Everything to show of a run: its own findings, or the last good run's when it could not tell. Throws `invalid` when there is no run. */
export async function viewOf(run: RunRow | undefined, { state }: History): Promise<RunView> {
  if (run === undefined) {
    throw new AnchorwatchError('invalid', 'There is no run yet. The nightly timer makes the first one.');
  }
  const [good] = run.state === 'good' ? [run] : await goodRunsBefore(state, run.scheduled, 1);
  const seen = good === undefined ? [] : await readSeen(good, { state });
  const ids = run.state === 'good' ? seen.map(({ repair }) => repair).filter((id) => id !== null) : [];
  const repairs: RepairRow[] = [];
  for (const id of ids) {
    const head = await state.repairs.get(id, 'head');
    if (head?.row.kind === 'head') repairs.push(head.row);
  }
  const mark = await state.marks.get('mark', 'baseline');
  return { run, seen, checked: good?.id ?? null, repairs, baseline: mark?.row ?? null, remembers: true };
}
