import { headOf } from '../../shared/repair/journal.ts';
import { isOpen } from '../../shared/repair/standing.ts';
import { type RepairRow, STEPS } from '../../shared/state/repair-rows.ts';
import type { Instant } from '../../shared/time.ts';
import type { Evening } from './evening.ts';

/** How far the night has come. */
export interface Standing {
  readonly heads: readonly RepairRow[];
  /** Those that a worker has, dead or alive. */
  readonly atWork: readonly RepairRow[];
  /** When the next one wants to be looked at; null when none does. */
  readonly soonest: Instant | null;
  /** Every repair is at its end, nobody is held by one any more, and *Deactivate Users* was given back. */
  readonly isOver: boolean;
  /** What is left of the work, in repairs. */
  readonly left: number;
}

export async function standingOf({ state, repairs, machine }: Evening): Promise<Standing> {
  const found = await Promise.all(repairs.map((id) => headOf(id, { state })));
  const heads = found.flatMap((head) => head?.row ?? []);
  // Whoever waits for a person waits for ever here: the verdict says so.
  const stuck = new Set(
    heads.filter(({ state: end }) => end === 'ready' || end === 'needs-a-person').map(({ id }) => id),
  );
  let isHeld = false;
  for await (const { row } of state.repairs.list('open'))
    isHeld ||= row.kind === 'open' && repairs.includes(row.repair) && !stuck.has(row.repair);
  for await (const { row } of state.holds.list('hold')) isHeld ||= row.kind === 'hold' && row.state !== 'closed';
  const now = machine.now();
  const dues = heads.flatMap(({ due }) => due ?? []);
  return {
    heads,
    atWork: heads.filter(({ leaseUntil }) => leaseUntil !== null && leaseUntil > now),
    soonest: dues.length === 0 ? null : Math.min(...dues),
    isOver: !isHeld && !heads.some((head) => isOpen(head) && !stuck.has(head.id)),
    left: heads.filter(isOpen).reduce((sum, head) => sum + leftOf(head), 0),
  };
}

function leftOf({ cursor }: RepairRow): number {
  return 1 - (cursor === null ? 0 : STEPS.indexOf(cursor.step) / STEPS.length);
}
