import { AnchorwatchError } from '../errors.ts';
import { headOf } from '../repair/journal.ts';
import { isOpen } from '../repair/standing.ts';
import type { JournalRow, RepairRow } from '../state/repair-rows.ts';
import { stepKey } from '../state/repair-specs.ts';
import { MINUTE } from '../time.ts';
import { awaitsOperator, type Desk, type Task, taskOf } from './lead.ts';

/** A repair as somebody who looks on sees it. */
export interface Sight {
  readonly head: RepairRow;
  /** What was written down since the last look. */
  readonly fresh: readonly JournalRow[];
  readonly task: Task | null;
  /**
   * `long-wait`: behind the release, where hours may pass and nobody need look on; `unattended`: due for long, and no worker has it.
   */
  readonly phase: 'under-way' | 'long-wait' | 'unattended' | 'ended';
}

const LONG = 2 * MINUTE;
/** Longer than `tend` takes to send a lost message again. */
const UNATTENDED = 8 * MINUTE;
const HOURS: ReadonlySet<string> = new Set(['leave-groups', 'import-without', 'import-with', 'verify']);

/** What there is to see of a repair, `after` the last row that was shown. Throws `invalid` for one that is not there. */
export async function follow(
  id: string,
  after: number,
  desk: Pick<Desk, 'state' | 'settings' | 'clock'>,
): Promise<Sight> {
  const head = await headOf(id, desk);
  if (head === null) throw new AnchorwatchError('invalid', `There is no repair ${id}.`);
  const fresh: JournalRow[] = [];
  for await (const { row } of desk.state.repairs.list(id, { from: stepKey(after + 1) })) {
    if (row.kind === 'step') fresh.push(row);
  }
  const task = await taskOf(head.row, desk);
  return { head: head.row, fresh, task, phase: phaseOf(head.row, task !== null, desk.clock.now()) };
}

function phaseOf(row: RepairRow, isAsked: boolean, now: number): Sight['phase'] {
  if (!isOpen(row) || row.state === 'ready') return 'ended';
  const { due, leaseUntil, cursor } = row;
  const isLeased = leaseUntil !== null && leaseUntil > now;
  if (!isLeased && due !== null && now - due > UNATTENDED) return 'unattended';
  if (isAsked || isLeased || due === null) return 'under-way';
  const mayLeave = HOURS.has(cursor?.step ?? '') && due - now > LONG;
  return mayLeave || awaitsOperator(row, now) !== null ? 'long-wait' : 'under-way';
}
