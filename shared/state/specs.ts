import * as z from 'zod';
import {
  type ChannelRow,
  CHANNELS,
  type ClaimRow,
  type Delivery,
  DELIVERY_STATES,
  type FindingRow,
  type HistoryRow,
  type LeaseRow,
  type MarkRow,
  NOTICE_KINDS,
  type NoticeRow,
  type PageRow,
  type ParkedRow,
  type RunRow,
  type SnapshotRow,
  type UnsentRow,
} from './rows.ts';
import { invertedTime, joinKey, pageKey, personPartition, unsentKey } from './keys.ts';
import { runSchema, seenFindingSchema } from './run-schema.ts';
import type { TableSpec } from './spec.ts';
import { instantSchema as instant } from '../instant.ts';

const text = z.string().nullable();
const bytes = z.instanceof(Uint8Array);

/** All runs in one partition, the newest first, so that the last good one is among the first rows. */
export const RUNS: TableSpec<RunRow> = {
  name: 'AnchorwatchRuns',
  version: 1,
  schema: runSchema,
  partition: () => 'run',
  key: (row) => invertedTime(row.scheduled),
};

/** A list is read back whole, so it is a partition of its own; an abandoned attempt sorts before the one that replaced it. */
export const PAGES: TableSpec<PageRow> = {
  name: 'AnchorwatchPages',
  version: 1,
  schema: z.object({ run: z.string(), list: z.string(), attempt: z.int(), number: z.int(), packed: bytes }),
  partition: (row) => joinKey(row.run, row.list),
  key: (row) => joinKey(pageKey(row.attempt), pageKey(row.number)),
};

export const FINDINGS: TableSpec<FindingRow> = {
  name: 'AnchorwatchFindings',
  version: 1,
  schema: seenFindingSchema.extend({ run: z.string(), lastSeen: instant }),
  partition: (row) => personPartition(row.finding.key),
  key: (row) => row.finding.key,
};

/** A person's past is a range of keys, the latest change first; the partition is shared, so that a large night is few transactions. */
export const HISTORY: TableSpec<HistoryRow> = {
  name: 'AnchorwatchHistory',
  version: 1,
  schema: z.object({
    person: z.string(),
    at: instant,
    run: z.string(),
    change: z.enum(['new', 'open', 'worse', 'returned', 'resolved', 'gone']),
    verdict: z.string(),
    impact: z.string(),
  }),
  partition: (row) => personPartition(row.person),
  key: (row) => joinKey(row.person, invertedTime(row.at)),
};

export const SNAPSHOTS: TableSpec<SnapshotRow> = {
  name: 'AnchorwatchSnapshots',
  version: 1,
  schema: z.object({
    run: z.string(),
    part: z.enum(['findings', 'matched', 'sources', 'sides']),
    chunk: z.int(),
    chunks: z.int(),
    packed: bytes,
  }),
  partition: (row) => row.run,
  key: (row) => joinKey(row.part, pageKey(row.chunk)),
};

export const CLAIMS: TableSpec<ClaimRow> = {
  name: 'AnchorwatchClaims',
  version: 1,
  schema: z.object({ person: z.string(), repair: z.string(), at: instant }),
  partition: (row) => row.person,
  key: () => 'open',
};

const delivery = z.object({
  state: z.enum(DELIVERY_STATES),
  attempts: z.int(),
  at: instant,
  id: text,
  why: text,
  due: instant.nullable(),
  gone: instant.nullable(),
}) satisfies z.ZodType<Delivery>;

export const OUTBOX: TableSpec<NoticeRow> = {
  name: 'AnchorwatchOutbox',
  version: 3,
  schema: z.object({
    day: z.string(),
    notice: z.string(),
    kind: z.enum(NOTICE_KINDS),
    run: text,
    subject: z.string(),
    body: z.string(),
    next: text,
    letter: bytes.nullable(),
    created: instant,
    sent: instant.nullable(),
    deliveries: z.partialRecord(z.enum(CHANNELS), delivery),
  }),
  partition: (row) => row.day,
  key: (row) => row.notice,
  // Version 1 knew no letters, and nothing that sent them; version 2 had the same next for all of a kind.
  upgrade: (fields, version) => ({ ...fields, ...(version === 1 ? { letter: null, deliveries: {} } : {}), next: null }),
};

/** Beside the days, in a partition of its own: what is sent leaves it, so that it stays short however long the outbox is kept. */
export const UNSENT: TableSpec<UnsentRow> = {
  name: 'AnchorwatchOutbox',
  version: 1,
  schema: z.object({ day: z.string(), notice: z.string(), kind: z.enum(NOTICE_KINDS), since: instant }),
  partition: () => 'unsent',
  key: unsentKey,
};

/** One row a channel; beside the runs, where an operator looks first. */
export const CHANNEL_ROWS: TableSpec<ChannelRow> = {
  name: 'AnchorwatchRuns',
  version: 1,
  schema: z.object({
    channel: z.enum(CHANNELS),
    failing: instant.nullable(),
    why: text,
    resumes: instant.nullable(),
    lost: z.int(),
    lastLost: instant.nullable(),
  }),
  partition: () => 'channel',
  key: (row) => row.channel,
};

/** Leases and marks are single rows; they live beside the runs, which is where an operator looks first. */
export const LEASES: TableSpec<LeaseRow> = {
  name: 'AnchorwatchRuns',
  version: 1,
  schema: z.object({ name: z.string(), owner: text, until: instant, fence: z.int() }),
  partition: () => 'lease',
  key: (row) => row.name,
};

export const MARKS: TableSpec<MarkRow> = {
  name: 'AnchorwatchRuns',
  version: 1,
  schema: z.object({
    name: z.enum(['heartbeat', 'tended', 'swept', 'baseline', 'stop', 'digest', 'change']),
    at: instant,
    run: text,
    by: z.string(),
    note: z.string(),
  }),
  partition: () => 'mark',
  key: (row) => row.name,
};

/** Few at any time, and none where all is well. */
export const PARKED: TableSpec<ParkedRow> = {
  name: 'AnchorwatchRuns',
  version: 1,
  schema: z.object({ objectId: z.string(), userName: z.string(), wanted: z.string(), since: instant }),
  partition: () => 'parked',
  key: (row) => row.objectId,
};
