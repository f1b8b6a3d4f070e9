import { headOf } from '../../repair/journal.ts';
import { isOpen } from '../../repair/standing.ts';
import { invertedTime } from '../../state/keys.ts';
import { REPAIRS } from '../../state/repair-specs.ts';
import { releaseMembers } from '../claims.ts';
import type { Pruning } from './prune-rows.ts';

/**
 * By the list of those that are at an end. The head goes after its journal, and the place in the list last, so that whatever was left
 * is found again by it. An open repair is never deleted, whatever a list says.
 */
export async function pruneRepairs({ state, before, isFull, remove }: Pruning): Promise<void> {
  for await (const ended of state.repairs.list('ended', { from: invertedTime(before) })) {
    if (ended.row.kind !== 'ended') continue;
    const { repair } = ended.row;
    const head = await headOf(repair, { state });
    if (head !== null && isOpen(head.row)) continue;
    if (head !== null) await releaseMembers(head.row, { state });
    for await (const stored of state.repairs.list(repair)) {
      if (isFull()) return;
      if (stored.row.kind !== 'head') await remove(state.repairs, REPAIRS, stored);
    }
    if (isFull()) return;
    if (head !== null) await remove(state.repairs, REPAIRS, head);
    await remove(state.repairs, REPAIRS, ended);
  }
}
