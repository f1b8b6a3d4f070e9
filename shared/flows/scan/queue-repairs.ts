import type { PlannedRepair } from '../../plan/plan.ts';
import type { Stored } from '../../ports/state.ts';
import type { RepairRow } from '../../state/repair-rows.ts';
import type { ClaimRow, RunRow } from '../../state/rows.ts';
import { claimPerson, insertOnce, namesOf } from '../claims.ts';
import { isUnsettled } from '../repair.ts';
import type { Tools } from '../tools.ts';
import { repairId } from './record.ts';

/** Keys of the people of whom a repair is open already, and is not one of this very run. */
export async function openRepairs(
  run: RunRow,
  repairs: readonly PlannedRepair[],
  tools: Tools,
): Promise<ReadonlySet<string>> {
  const open = new Set<string>();
  for (const repair of repairs) {
    for (const name of namesOf(repair)) {
      const held = await tools.state.claims.get(name, 'open');
      if (held === null || held.row.repair === repairId(run.id, repair.key)) continue;
      if (!(await isOpen(held, tools))) continue;
      open.add(repair.key);
      break;
    }
  }
  return open;
}

/**
 * Whether an earlier run's claim still stands. Its message may have been lost, so it is sent again: a repair that is at work ignores
 * it. A claim whose repair was never written down, or is over, was left by a call that died, and frees its person now.
 */
async function isOpen({ row, etag }: Stored<ClaimRow>, { state, repairs, log }: Tools): Promise<boolean> {
  const head = await state.repairs.get(row.repair, 'head');
  if (head?.row.kind === 'head' && isUnsettled(head.row)) {
    await repairs.send({ version: 1, repair: row.repair });
    return true;
  }
  log.warn('left claim removed', { repair: row.repair });
  await state.claims.remove(row.person, 'open', etag);
  return false;
}

/**
 * One message a repair. The claim comes first, for it is what keeps two repairs off one person; then the row, then the message. A
 * call that dies in between is carried on by the run's next call, which finds its own claims and rows and sends what may be lost.
 */
export async function queueRepairs(run: RunRow, repairs: readonly PlannedRepair[], tools: Tools): Promise<void> {
  const { state, clock, log } = tools;
  for (const repair of repairs) {
    const id = repairId(run.id, repair.key);
    const now = clock.now();
    if (!(await claimPerson(repair, id, tools))) continue;
    const row: RepairRow = {
      kind: 'head',
      id,
      run: run.id,
      sequence: 0,
      state: 'queued',
      members: [repair],
      course: null,
      touched: false,
      cursor: null,
      due: now,
      operator: null,
      lost: 0,
      rule: null,
      reason: null,
      created: now,
      changed: now,
      fence: 0,
      leaseOwner: null,
      leaseUntil: null,
    };
    await insertOnce(() => state.repairs.insert(row));
    await tools.repairs.send({ version: 1, repair: id });
    log.info('repair queued', { run: run.id, repair: id, user: repair.user, recipe: repair.recipe });
  }
}
