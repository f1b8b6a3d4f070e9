import * as z from 'zod';
import { FREEZES } from '../plan/policy.ts';
import { instantSchema as instant } from '../instant.ts';
import { isoTime } from '../time.ts';
import type { AuditRow, DecisionRow, IgnoreRow, ProposalRow } from './decision-rows.ts';
import { invertedTime, joinKey, timeKey } from './keys.ts';
import type { TableSpec } from './spec.ts';

const text = z.string().nullable();

const proposal = z.object({
  kind: z.literal('proposal'),
  run: z.string(),
  scheduled: instant,
  checksum: z.string(),
  rule: z.enum([...FREEZES, 'wants-approval']),
  reason: z.string(),
  repairs: z.int(),
  more: z.int(),
  created: instant,
  expires: instant,
  packed: z.instanceof(Uint8Array),
}) satisfies z.ZodType<ProposalRow>;

const decision = z.object({
  kind: z.literal('decision'),
  run: z.string(),
  scheduled: instant,
  checksum: z.string(),
  key: z.string(),
  keys: z.array(z.string()),
  decision: z.enum(['approved', 'rejected']),
  of: z.string(),
  by: z.string(),
  at: instant,
  // Rows of before it was kept have none.
  withdrawn: z.object({ by: z.string(), at: instant }).nullable().default(null),
}) satisfies z.ZodType<DecisionRow>;

const ignore = z.object({
  kind: z.literal('ignore'),
  person: z.string(),
  userName: z.string(),
  reason: z.string(),
  until: instant,
  by: z.string(),
  at: instant,
}) satisfies z.ZodType<IgnoreRow>;

const PARTITIONS = { proposal: 'plan', decision: 'decision', ignore: 'ignore' } as const;

/**
 * Proposals and what was decided on them sort by run, the newest first: what is still open is one short list. They are partitions of
 * their own, for a proposal is large, and decisions are looked through before each repair.
 */
export const DECISIONS: TableSpec<ProposalRow | DecisionRow | IgnoreRow> = {
  name: 'AnchorwatchDecisions',
  version: 1,
  schema: z.discriminatedUnion('kind', [proposal, decision, ignore]),
  partition: ({ kind }) => PARTITIONS[kind],
  key(row) {
    if (row.kind === 'ignore') return row.person;
    const run = invertedTime(row.scheduled);
    return row.kind === 'proposal' ? run : joinKey(run, row.key);
  },
};

/** A month is a partition, read upwards in the order in which things happened. */
export const AUDIT: TableSpec<AuditRow> = {
  name: 'AnchorwatchAudit',
  version: 1,
  schema: z.object({
    at: instant,
    id: z.string(),
    run: text,
    repair: text,
    person: text,
    actor: z.string(),
    what: z.string(),
    before: z.string(),
    after: z.string(),
    requests: z.record(z.string(), z.string()),
  }),
  partition: ({ at }) => monthOf(at),
  key: ({ at, id }) => joinKey(timeKey(at), id),
};

/** `2026-11` */
export function monthOf(at: number): string {
  return isoTime(at).slice(0, 7);
}
