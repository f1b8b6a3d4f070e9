import type {
  ChannelRow,
  ClaimRow,
  FindingRow,
  HistoryRow,
  LeaseRow,
  MarkRow,
  NoticeRow,
  PageRow,
  ParkedRow,
  RunRow,
  SnapshotRow,
  UnsentRow,
} from '../state/rows.ts';
import type { AuditRow, DecisionRow, IgnoreRow, ProposalRow } from '../state/decision-rows.ts';
import type { HoldMemberRow, HoldRow, LeaverRow } from '../state/hold-rows.ts';
import type { BeforeRow, CapabilityRow, EndedRow, JournalRow, OpenRow, RepairRow } from '../state/repair-rows.ts';

/** A row as read: with the ETag that a later write must carry. */
export interface Stored<Row> {
  readonly row: Row;
  readonly etag: string;
}

export type Write<Row> =
  | { readonly kind: 'insert'; readonly row: Row }
  | { readonly kind: 'replace'; readonly row: Row; readonly etag: string }
  | { readonly kind: 'put'; readonly row: Row };

/** A range of keys inside one partition, ordinal order, both ends optional. */
export interface Range {
  /** First key, inclusive. */
  readonly from?: string;
  /** Last key, exclusive. */
  readonly to?: string;
  readonly limit?: number;
}

/**
 * One table of typed rows. The keys of a row follow from the row itself. Every write of an existing row carries the ETag it was
 * read with; a lost race is an AnchorwatchError of kind `conflict`, after which the caller reads again.
 */
export interface Table<Row> {
  get(partition: string, key: string): Promise<Stored<Row> | null>;
  /** Throws `conflict` when the row is there already. */
  insert(row: Row): Promise<Stored<Row>>;
  /** Throws `conflict` when the row changed since, or is gone. */
  replace(row: Row, etag: string): Promise<Stored<Row>>;
  /** Writes whatever stands there: only for rows that nobody contends for (pages, snapshots, history). */
  put(row: Row): Promise<void>;
  /** `put` for any number of rows of any partitions, in transactions, several at a time. After an error the caller writes again. */
  putAll(rows: readonly Row[]): Promise<void>;
  /** Throws `conflict` when the row changed since; a row that is gone already is fine. */
  remove(partition: string, key: string, etag: string): Promise<void>;
  list(partition: string, range?: Range): AsyncIterable<Stored<Row>>;
  /** All or nothing, one partition, at most 100 writes and 4 MiB. */
  transact(writes: readonly Write<Row>[]): Promise<void>;
}

/** Everything that outlives a call. Keys follow from the rows; shared/storage/specs.ts has them with their reasons. */
export interface State {
  readonly runs: Table<RunRow>;
  readonly pages: Table<PageRow>;
  readonly findings: Table<FindingRow>;
  readonly history: Table<HistoryRow>;
  readonly snapshots: Table<SnapshotRow>;
  readonly repairs: Table<RepairRow | JournalRow | BeforeRow | OpenRow | EndedRow>;
  readonly claims: Table<ClaimRow>;
  readonly outbox: Table<NoticeRow>;
  readonly unsent: Table<UnsentRow>;
  readonly channels: Table<ChannelRow>;
  readonly leases: Table<LeaseRow>;
  readonly marks: Table<MarkRow>;
  readonly parked: Table<ParkedRow>;
  readonly holds: Table<HoldRow | HoldMemberRow | LeaverRow>;
  readonly capabilities: Table<CapabilityRow>;
  readonly decisions: Table<ProposalRow | DecisionRow | IgnoreRow>;
  readonly audit: Table<AuditRow>;
}
