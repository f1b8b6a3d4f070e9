import { AnchorwatchError } from '../errors.ts';
import { headOf } from '../repair/journal.ts';
import type { JournalRow, RepairRow } from '../state/repair-rows.ts';
import type { PlannedRepair } from '../plan/plan.ts';
import { readSeen } from './scan/snapshot.ts';
import { openHeads } from './tasks.ts';
import type { Tools } from './tools.ts';

/** So far back a person's repair is looked for by the person's name. */
const RUNS = 30;

/**
 * The newest repair of a person, by user name, Okta user id or Entra object id; or a repair by its own id. Throws `invalid` when there
 * is none.
 */
export async function findRepair(name: string, { state }: Pick<Tools, 'state'>, runs = RUNS): Promise<RepairRow> {
  const direct = isId(name) ? await headOf(name, { state }) : null;
  if (direct !== null) return direct.row;
  const wanted = name.toLowerCase();
  const isOf = ({ userName, user, objectId }: PlannedRepair): boolean =>
    [userName, user, objectId].some((one) => one.toLowerCase() === wanted);
  const open = (await openHeads({ state })).findLast(({ members }) => members.some(isOf));
  if (open !== undefined) return open;
  for await (const { row: run } of state.runs.list('run', { limit: runs })) {
    const seen = run.state === 'good' ? await readSeen(run, { state }) : [];
    for (const { finding, repair } of seen) {
      const names = [finding.userName, finding.user, finding.objectId].map((one) => one?.toLowerCase());
      const head = repair !== null && names.includes(wanted) ? await headOf(repair, { state }) : null;
      if (head !== null) return head.row;
    }
  }
  throw new AnchorwatchError('invalid', `The last ${runs} runs know of no repair of "${name}".`);
}

/** What can be a key: an address may hold anything. */
export function isId(name: string): boolean {
  return /^[\w.~-]{1,64}$/.test(name);
}

/** Every step of a repair, in the order in which it was written down. */
export async function journalOf(id: string, { state }: Pick<Tools, 'state'>): Promise<readonly JournalRow[]> {
  const rows: JournalRow[] = [];
  for await (const { row } of state.repairs.list(id)) if (row.kind === 'step') rows.push(row);
  return rows;
}
