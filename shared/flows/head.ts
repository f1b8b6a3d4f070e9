import { kindOf } from '../errors.ts';
import type { Stored } from '../ports/state.ts';
import type { JournalRow, RepairRow } from '../state/repair-rows.ts';
import { MINUTE } from '../time.ts';
import type { Tools } from './tools.ts';

/** Shorter than the ten minutes for which a queue message is locked: when a dead worker's message comes back, the lease is free. */
export const LEASE = 5 * MINUTE;

export async function headOf(id: string, { state }: Tools): Promise<Stored<RepairRow> | null> {
  const found = await state.repairs.get(id, 'head');
  return found === null || found.row.kind !== 'head' ? null : { row: found.row, etag: found.etag };
}

/** The lease is in the head itself, so that no journal row can be written without it. Null while another worker has it. */
export async function takeHead({ row, etag }: Stored<RepairRow>, tools: Tools): Promise<Stored<RepairRow> | null> {
  const now = tools.clock.now();
  if (row.leaseUntil !== null && row.leaseUntil > now) return null;
  const taken: RepairRow = { ...row, fence: row.fence + 1, leaseOwner: tools.owner, leaseUntil: now + LEASE };
  try {
    const held = await tools.state.repairs.replace(taken, etag);
    return { row: taken, etag: held.etag };
  } catch (error) {
    if (kindOf(error) === 'conflict') return null;
    throw error;
  }
}

/** Gives the lease back without an outcome. */
export async function letGo(head: Stored<RepairRow>, { state }: Tools): Promise<void> {
  try {
    await state.repairs.replace({ ...head.row, leaseOwner: null, leaseUntil: null }, head.etag);
  } catch (error) {
    if (kindOf(error) !== 'conflict') throw error;
  }
}

/** Head and journal row in one transaction that carries the head's ETag: whoever lost the lease cannot journal. */
export async function journal(
  head: Stored<RepairRow>,
  settled: RepairRow,
  { outcome, facts }: Pick<JournalRow, 'outcome' | 'facts'>,
  { state, clock }: Tools,
): Promise<void> {
  const sequence = head.row.sequence + 1;
  const at = clock.now();
  const entry: JournalRow = {
    kind: 'step',
    repair: head.row.id,
    sequence,
    fence: head.row.fence,
    at,
    step: 'preflight',
    member: 0,
    outcome,
    facts,
  };
  await state.repairs.transact([
    {
      kind: 'replace',
      row: { ...settled, sequence, changed: at, leaseOwner: null, leaseUntil: null },
      etag: head.etag,
    },
    { kind: 'insert', row: entry },
  ]);
}
