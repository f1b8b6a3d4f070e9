import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { AnchorwatchError, kindOf } from '../errors.ts';
import type { Stored } from '../ports/state.ts';
import type { BeforeRow, JournalRow, RepairRow } from '../state/repair-rows.ts';
import type { RepairTools } from './tools.ts';

type Entry = Pick<JournalRow, 'step' | 'member' | 'outcome' | 'facts'>;

export type Head = Stored<RepairRow>;

export async function headOf(id: string, { state }: Pick<RepairTools, 'state'>): Promise<Head | null> {
  const found = await state.repairs.get(id, 'head');
  return found === null || found.row.kind !== 'head' ? null : { row: found.row, etag: found.etag };
}

/**
 * The lease is in the head itself, so that no journal row can be written without it. Null while another worker has it. Whoever takes
 * it from a worker that never gave it back first waits as long as that one's last request may still be under way, by a clock of its
 * own: no two clocks agree, and only a duration is the same for both.
 */
export async function takeHead(head: Head, tools: RepairTools): Promise<Head | null> {
  const { clock, repair, owner } = tools;
  const { row } = head;
  const now = clock.now();
  if (row.leaseUntil !== null && row.leaseUntil > now && row.leaseOwner !== owner) return null;
  const taken = { ...row, fence: row.fence + 1, leaseOwner: owner, leaseUntil: now + repair.times.lease };
  try {
    const held = await write(head, taken, null, tools);
    if (row.leaseOwner === null) return held;
    await clock.wait(repair.times.request);
    return await keep(held, tools);
  } catch (error) {
    if (kindOf(error) === 'conflict') return null;
    throw error;
  }
}

/** Makes the lease last as long as from new. Throws `conflict` when somebody else has it by now. */
export async function keep(head: Head, tools: RepairTools): Promise<Head> {
  return write(head, leased(head.row, tools), null, tools);
}

/** Head and journal row in one transaction that carries the head's ETag: whoever lost the lease cannot journal, and so cannot act. */
export async function journal(head: Head, next: RepairRow, entry: Entry, tools: RepairTools): Promise<Head> {
  const sequence = head.row.sequence + 1;
  const at = tools.clock.now();
  const row: JournalRow = { kind: 'step', repair: next.id, sequence, fence: head.row.fence, at, ...entry };
  return write(head, leased({ ...next, sequence, changed: at, lost: 0 }, tools), row, tools);
}

/** What there was before is written with the head's ETag as well: two workers never write two of it. */
export async function keepBefore(head: Head, row: BeforeRow, tools: RepairTools): Promise<Head> {
  return write(head, leased(head.row, tools), row, tools);
}

/** Gives the lease back. Nothing is wrong when somebody else has it by now. */
export async function letGo(head: Head, next: RepairRow, tools: RepairTools): Promise<void> {
  try {
    await write(head, { ...next, leaseOwner: null, leaseUntil: null }, null, tools);
  } catch (error) {
    if (kindOf(error) !== 'conflict') throw error;
  }
}

function leased(row: RepairRow, { clock, owner, repair }: RepairTools): RepairRow {
  return { ...row, leaseOwner: owner, leaseUntil: clock.now() + repair.times.lease };
}

/**
 * A write whose answer was lost is refused when its own author repeats it. So whatever the answer was, the head is read, and says by
 * itself whether this is what stands there. Throws `conflict` when it is somebody else's.
 */
async function write(
  head: Head,
  next: RepairRow,
  beside: JournalRow | BeforeRow | null,
  { state }: RepairTools,
): Promise<Head> {
  let failure: unknown = null;
  try {
    const replace = { kind: 'replace', row: next, etag: head.etag } as const;
    const kind = beside?.kind === 'before' ? 'put' : 'insert';
    await state.repairs.transact(beside === null ? [replace] : [replace, { kind, row: beside }]);
  } catch (error) {
    failure = error;
  }
  const found = await headOf(next.id, { state });
  if (found !== null && isDeepStrictEqual(found.row, next)) return found;
  if (failure !== null && kindOf(failure) !== 'conflict') throw failure;
  throw new AnchorwatchError(
    'conflict',
    `The repair ${next.id} was taken over by another worker. This call ends here.`,
    {
      cause: failure,
      fields: { repair: next.id, fence: head.row.fence },
    },
  );
}

/** A GUID that follows from what the intent is of, so that it stands in the journal before the request goes out. */
export function correlationOf({ id, sequence }: RepairRow): string {
  return guidOf(`${id} ${sequence}`);
}

export function guidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  // Version 8 of RFC 9562: bits of our own choosing.
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
