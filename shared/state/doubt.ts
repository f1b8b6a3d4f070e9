import * as z from 'zod';
import { type ListName, listNameSchema } from './read-plan.ts';

/** Why one list could not be read to its end. */
export const FAILURES = ['read-failed', 'cursor-repeated', 'too-many-pages', 'restarted-too-often'] as const;

/** The reasons for which a run ends as "could not tell". The last two are the flow's own: a newer run has begun, or this one took too long. */
export const DOUBTS = [
  ...FAILURES,
  'incomplete',
  'pages-missing',
  'count',
  'uncounted',
  'duplicates',
  'empty',
  'shrunk',
  'vanished',
  'anchors-missing',
  'stale-source',
  'foreign-tenant',
  'absence-refuted',
  'superseded',
  'too-old',
] as const;
export type DoubtRule = (typeof DOUBTS)[number];

/** One reason not to believe a read. Plain JSON; the message has the numbers and the way out. */
export interface Doubt {
  readonly rule: DoubtRule;
  /** Null when it is about the run as a whole. */
  readonly list: ListName | null;
  readonly message: string;
}

/** For doubts that come back from a run's row. */
export const doubtSchema = z.object({
  rule: z.enum(DOUBTS),
  list: listNameSchema.nullable(),
  message: z.string(),
}) satisfies z.ZodType<Doubt>;
