import { kindOf } from '../../errors.ts';
import type { PlannedRepair } from '../../plan/plan.ts';
import type { RepairRow, RunRow } from '../../state/rows.ts';
import type { Tools } from '../tools.ts';
import { repairId } from './record.ts';

/** Keys of the people of whom a repair is open already, and is not one of this very run. */
export async function openRepairs(
  run: RunRow,
  repairs: readonly PlannedRepair[],
  { state }: Tools,
): Promise<ReadonlySet<string>> {
  const open = new Set<string>();
  for (const { key } of repairs) {
    const held = await state.claims.get(key, 'open');
    if (held !== null && held.row.repair !== repairId(run.id, key)) open.add(key);
  }
  return open;
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
    if (!(await claim(repair.key, id, tools))) continue;
    const row: RepairRow = {
      kind: 'head',
      id,
      run: run.id,
      sequence: 0,
      state: 'queued',
      actor: null,
      repair,
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

/** True when the person is ours: claimed now, or by this run before it was interrupted. */
async function claim(person: string, repair: string, { state, clock }: Tools): Promise<boolean> {
  if (await insertOnce(() => state.claims.insert({ person, repair, at: clock.now() }))) return true;
  const held = await state.claims.get(person, 'open');
  return held?.row.repair === repair;
}

/** False when the row was there already. */
async function insertOnce(insert: () => Promise<unknown>): Promise<boolean> {
  try {
    await insert();
    return true;
  } catch (error) {
    if (kindOf(error) === 'conflict') return false;
    throw error;
  }
}
