import { invertedTime } from '../../state/keys.ts';
import { RUNS, SNAPSHOTS } from '../../state/specs.ts';
import { isOver, type Pruning, removePages } from './prune-rows.ts';

/** What hangs on a run first, and its row last, so that whatever was left is found again by it. */
export async function pruneRuns(pruning: Pruning): Promise<void> {
  const { state, now, before, isFull, remove } = pruning;
  const kept = await keptRuns(pruning);
  for await (const stored of state.runs.list('run', { from: invertedTime(before) })) {
    const { row } = stored;
    if (kept.has(row.id) || !isOver(row, now)) continue;
    await removePages(row, pruning);
    for await (const chunk of state.snapshots.list(row.id)) {
      if (isFull()) return;
      await remove(state.snapshots, SNAPSHOTS, chunk);
    }
    if (isFull()) return;
    await remove(state.runs, RUNS, stored);
  }
}

/** What the next run is measured by, however long the last one is ago. */
async function keptRuns({ state }: Pruning): Promise<ReadonlySet<string>> {
  const confirmed = (await state.marks.get('mark', 'baseline'))?.row.run ?? null;
  const kept = new Set(confirmed === null ? [] : [confirmed]);
  for await (const { row } of state.runs.list('run')) {
    if (row.state !== 'good') continue;
    kept.add(row.id);
    break;
  }
  return kept;
}
