import * as z from 'zod';
import { instantSchema } from '../instant.ts';
import type { Instant } from '../time.ts';
import { type ListName, listNameSchema } from './read-plan.ts';

/** Who came and went while users or soft-deleted users were read: a list is measured by those who stayed. */
export interface Churn {
  /** Rows read whose user was created, or deleted, since the list began: no count before can hold them. */
  readonly arrived: number;
  /** Soft-deleted so shortly before the list began that the count before may hold them or not. */
  readonly arrivedBefore: number;
  /** Users soft-deleted between the list's begin and its end. */
  readonly departed: number;
  /** How many of the departed the list still showed. */
  readonly departedRead: number;
}

/** What is known of one complete or broken-off reading of one list. Plain JSON; it follows from the stored pages alone. */
export interface Certificate {
  readonly list: ListName;
  readonly label: string;
  /** The last page was reached: the other side gave no further cursor. */
  readonly complete: boolean;
  readonly pages: number;
  /** Rows of the largest page, those left out included. */
  readonly largestPage: number;
  /** Rows as they came. */
  readonly rows: number;
  readonly distinct: number;
  readonly duplicates: number;
  /** Pages with a page behind them that were smaller than the largest, in both of two readings. */
  readonly shortPages: number;
  /** Pages whose two readings differed; the fuller was kept. */
  readonly mended: number;
  /** Rows that are no people (`agentUser`). */
  readonly leftOut: number;
  /** Distinct rows with an anchor that can be read. */
  readonly filled: number;
  /** `filled` as a share of the distinct rows; null for an empty list. */
  readonly filledShare: number | null;
  /** The other side's own counts; null where it gives none. */
  readonly expected: { readonly before: number; readonly after: number } | null;
  readonly churn: Churn | null;
  readonly cursors: {
    readonly distinct: number;
    /** Pages that named a cursor which had been named before. */
    readonly repeated: number;
    /** Pages that were not asked for with the cursor of the page before them. */
    readonly broken: number;
    /** SHA-256 over all cursors in order, hexadecimal. */
    readonly digest: string;
  };
  readonly began: Instant;
  readonly ended: Instant;
  /** How often the list was begun again because a cursor was no longer taken. */
  readonly restarts: number;
  /** Calls that shared the list. */
  readonly slices: number;
  /** When the AD instance's newest successful import had ended; null for other lists, and where none is known. */
  readonly freshAsOf: Instant | null;
}

const count = z.int().min(0);

/** For certificates that come back from a run's row. */
export const certificateSchema = z.object({
  list: listNameSchema,
  label: z.string(),
  complete: z.boolean(),
  pages: count,
  largestPage: count,
  rows: count,
  distinct: count,
  duplicates: count,
  shortPages: count,
  mended: count,
  leftOut: count,
  filled: count,
  filledShare: z.number().nullable(),
  expected: z.object({ before: count, after: count }).nullable(),
  churn: z.object({ arrived: count, arrivedBefore: count, departed: count, departedRead: count }).nullable(),
  cursors: z.object({ distinct: count, repeated: count, broken: count, digest: z.string() }),
  began: instantSchema,
  ended: instantSchema,
  restarts: count,
  slices: count,
  freshAsOf: instantSchema.nullable(),
}) satisfies z.ZodType<Certificate>;
