import type { State, Table, Write } from '../../shared/ports/state.ts';
import type { HoldMemberRow, HoldRow } from '../../shared/state/hold-rows.ts';
import type { JournalRow, RepairRow } from '../../shared/state/repair-rows.ts';
import type { NoticeRow } from '../../shared/state/rows.ts';

/** What stands in our tables, as it was last written: a look that costs nothing and is no effect. */
export interface Mirror {
  readonly heads: Map<string, RepairRow>;
  readonly journal: JournalRow[];
  readonly holds: Map<string, HoldRow>;
  readonly members: Map<string, HoldMemberRow>;
  /** Every version of a notice that was written. */
  readonly notices: NoticeRow[];
  /** The last of each. */
  readonly outbox: Map<string, NoticeRow>;
}

/** The queue gave its message up before anything was done to anybody. */
export function isGivenUp({ rule, state, touched }: RepairRow): boolean {
  return rule === 'poison' && (state === 'needs-a-person' || state === 'refused') && !touched;
}

/** What a scenario waits for was told; or its repair was given up before anything came of it, and there is nothing to tell. */
export function hasTold({ notices, heads }: Mirror, subject: string): boolean {
  return notices.some((notice) => notice.subject === subject) || [...heads.values()].some(isGivenUp);
}

/** The same state; whatever is written is noted. */
export function mirrored(state: State): { readonly state: State; readonly mirror: Mirror } {
  const mirror: Mirror = {
    heads: new Map(),
    journal: [],
    holds: new Map(),
    members: new Map(),
    notices: [],
    outbox: new Map(),
  };
  return {
    mirror,
    state: {
      ...state,
      repairs: noting(
        state.repairs,
        (row) => {
          if (row.kind === 'head') mirror.heads.set(row.id, row);
          if (row.kind === 'step') mirror.journal.push(row);
        },
        (partition, key) => key === 'head' && mirror.heads.delete(partition),
      ),
      holds: noting(state.holds, (row) => {
        if (row.kind === 'hold') mirror.holds.set(row.app, row);
        if (row.kind === 'member') mirror.members.set(row.user, row);
      }),
      outbox: noting(state.outbox, (row) => {
        mirror.notices.push(row);
        mirror.outbox.set(`${row.day} ${row.notice}`, row);
      }),
    },
  };
}

function noting<Row>(
  table: Table<Row>,
  note: (row: Row) => void,
  lose?: (partition: string, key: string) => void,
): Table<Row> {
  const noteAll = (writes: readonly Write<Row>[]): void => {
    for (const { row } of writes) note(row);
  };
  return {
    get: (partition, key) => table.get(partition, key),
    list: (partition, range) => table.list(partition, range),
    async remove(partition, key, etag) {
      await table.remove(partition, key, etag);
      lose?.(partition, key);
    },
    async insert(row) {
      const stored = await table.insert(row);
      note(stored.row);
      return stored;
    },
    async replace(row, etag) {
      const stored = await table.replace(row, etag);
      note(stored.row);
      return stored;
    },
    async put(row) {
      await table.put(row);
      note(row);
    },
    async putAll(rows) {
      await table.putAll(rows);
      for (const row of rows) note(row);
    },
    async transact(writes) {
      await table.transact(writes);
      noteAll(writes);
    },
  };
}
