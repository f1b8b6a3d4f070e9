import * as z from 'zod';
import { findingSchema } from '../compare/finding.ts';
import { FREEZES, MODES } from '../plan/policy.ts';
import { RULES } from '../plan/rules.ts';
import type { RunRow, RunSummary, SeenFinding } from './rows.ts';
import { certificateSchema } from './certificate.ts';
import { doubtSchema } from './doubt.ts';
import { readPlanSchema } from './read-plan.ts';
import { instantSchema } from '../instant.ts';

const counts = z.record(z.string(), z.number());

const summary = z.object({
  baseline: z.boolean(),
  paired: z.number(),
  matched: z.number(),
  verdicts: counts,
  impacts: counts,
  changes: counts,
  unconfirmed: z.number(),
  buckets: z.object({ directories: counts, assignments: counts, entra: counts, deleted: counts }),
  causes: z.array(
    z.object({
      kind: z.enum(['ou', 'directory', 'encoding', 'attribute']),
      value: z.string(),
      people: z.number(),
      of: z.number(),
    }),
  ),
  checksum: z.string(),
  queued: z.number(),
  // Rows of before there were proposals.
  proposed: z.number().default(0),
  held: counts,
  refused: counts,
  freeze: z.object({ rule: z.enum(FREEZES), reason: z.string() }).nullable(),
  // Rows of before it was kept.
  setup: z
    .object({ mapping: z.string().nullable(), deactivateUsers: z.enum(['ENABLED', 'DISABLED']).nullable() })
    .nullable()
    .default(null),
  warnings: z.array(z.string()),
}) satisfies z.ZodType<RunSummary>;

export const runSchema = z.object({
  id: z.string(),
  scheduled: instantSchema,
  trigger: z.enum(['timer', 'manual']),
  mode: z.enum(MODES),
  state: z.enum(['reading', 'good', 'could-not-tell']),
  began: instantSchema,
  ended: instantSchema.nullable(),
  slices: z.int(),
  plan: readPlanSchema.nullable(),
  certificates: z.array(certificateSchema),
  doubts: z.array(doubtSchema),
  summary: summary.nullable(),
}) satisfies z.ZodType<RunRow>;

/** For what a snapshot holds of one finding. */
export const seenFindingSchema = z.object({
  finding: findingSchema,
  change: z.enum(['new', 'open', 'worse', 'returned', 'resolved', 'gone']),
  firstSeen: instantSchema,
  confirmed: z.boolean(),
  hold: z.object({ rule: z.enum(RULES), reason: z.string() }).nullable(),
  repair: z.string().nullable(),
  // Rows of before they were kept have none.
  failed: z.array(z.string()).default([]),
}) satisfies z.ZodType<SeenFinding>;
