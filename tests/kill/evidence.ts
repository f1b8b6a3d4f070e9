import type { LedgerEntry } from '../../local/http/ledger.ts';
import type { Truth } from '../../local/world/truth.ts';
import { journalOf } from '../../shared/flows/find-repair.ts';
import { headOf } from '../../shared/repair/journal.ts';
import type { HoldRow } from '../../shared/state/hold-rows.ts';
import type { JournalRow, RepairRow } from '../../shared/state/repair-rows.ts';
import type { NoticeRow } from '../../shared/state/rows.ts';
import { DAY, type Instant, isoTime } from '../../shared/time.ts';
import type { Evening } from './evening.ts';

/** Everything that the promises are held against, once the night is over. */
export interface Evidence {
  readonly before: Truth;
  readonly after: Truth;
  readonly writes: readonly LedgerEntry[];
  readonly repairs: readonly Repaired[];
  /** Okta user of the one whose anchor Graph lets nobody write. */
  readonly denied: string;
  readonly hold: HoldRow | null;
  /** People whom a repair still holds. */
  readonly claimed: readonly string[];
  readonly notices: readonly NoticeRow[];
  readonly log: readonly string[];
}

export interface Repaired {
  readonly id: string;
  readonly head: RepairRow | null;
  readonly journal: readonly JournalRow[];
}

export async function evidenceOf(evening: Evening, began: Instant, log: readonly string[]): Promise<Evidence> {
  const { stack, state, before, denied } = evening;
  const repairs: Repaired[] = [];
  for (const id of evening.repairs) {
    const head = await headOf(id, { state });
    repairs.push({ id, head: head?.row ?? null, journal: await journalOf(id, { state }) });
  }
  const claimed: string[] = [];
  for (const { user, objectId } of repairs.flatMap(({ head }) => head?.members ?? [])) {
    for (const name of [user, objectId]) if ((await state.claims.get(name, 'open')) !== null) claimed.push(name);
  }
  let hold: HoldRow | null = null;
  for await (const { row } of state.holds.list('hold')) if (row.kind === 'hold') hold = row;
  const notices: NoticeRow[] = [];
  for (let day = began - DAY; day < evening.machine.now() + DAY; day += DAY) {
    for await (const { row } of state.outbox.list(isoTime(day).slice(0, 10))) notices.push(row);
  }
  const [after, writes] = await Promise.all([stack.desk.truth(), stack.desk.ledger()]);
  return { before, after, writes, repairs, denied, hold, claimed, notices, log };
}
