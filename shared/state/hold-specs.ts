import * as z from 'zod';
import type { HoldMemberRow, HoldRow, LeaverRow } from './hold-rows.ts';
import { joinKey } from './keys.ts';
import type { TableSpec } from './spec.ts';
import { instantSchema as instant } from '../instant.ts';

const hold = z.object({
  kind: z.literal('hold'),
  app: z.string(),
  state: z.enum(['open', 'closing', 'closed']),
  since: instant,
  opened: instant,
  prior: z.enum(['ENABLED', 'DISABLED']),
  rest: z.string(),
  byHand: z.boolean(),
  off: instant.nullable(),
  lastUnassigned: instant.nullable(),
  first: z.string().nullable(),
  firstIntact: instant.nullable(),
  broken: z.string().nullable(),
  alarmed: instant.nullable(),
  // Rows of before these were kept have none.
  named: instant.nullable().default(null),
  jobs: z.object({ next: instant.nullable(), asked: instant }).nullable().default(null),
}) satisfies z.ZodType<HoldRow>;

const member = z.object({
  kind: z.literal('member'),
  app: z.string(),
  opened: instant,
  user: z.string(),
  objectId: z.string(),
  repair: z.string(),
  entered: instant,
  // Rows of before it was kept have none.
  turn: instant.nullable().default(null),
  unassigned: instant.nullable(),
  gone: instant.nullable(),
  settled: instant.nullable(),
  licenses: z.string(),
}) satisfies z.ZodType<HoldMemberRow>;

const leaver = z.object({
  kind: z.literal('leaver'),
  app: z.string(),
  opened: instant,
  user: z.string(),
  userName: z.string(),
  at: instant,
  found: instant,
}) satisfies z.ZodType<LeaverRow>;

/**
 * The switch and everybody for whom it is off share a partition: nobody can join while it is being given back. Those of all apps do,
 * so that whoever tends them finds all by one list.
 */
export const HOLDS: TableSpec<HoldRow | HoldMemberRow | LeaverRow> = {
  name: 'AnchorwatchHold',
  version: 1,
  schema: z.discriminatedUnion('kind', [hold, member, leaver]),
  partition: () => 'hold',
  key: (row) => (row.kind === 'hold' ? joinKey(row.app, 'state') : joinKey(row.app, row.kind, row.user)),
};
