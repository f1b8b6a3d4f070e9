import { createHash } from 'node:crypto';
import { z } from 'zod';
import { isUnreadable } from '../anchor/value.ts';
import type { Instant } from '../time.ts';
import { type List, type ListName, listNameSchema } from './lists.ts';
import type { StoredPage } from './pages.ts';

/** Who came and went while the users were read: a list is measured by those who stayed. */
export interface Churn {
  /** Rows read whose user was created since the list began. */
  readonly arrived: number;
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
  churn: z.object({ arrived: count, departed: count, departedRead: count }).nullable(),
  cursors: z.object({ distinct: count, repeated: count, broken: count, digest: z.string() }),
  began: z.number(),
  ended: z.number(),
  restarts: count,
  slices: count,
  freshAsOf: z.number().nullable(),
}) satisfies z.ZodType<Certificate>;

/** A list as it was stored: its rows, each once, and what its pages say of the reading. */
export interface Collected<Row> {
  readonly rows: ReadonlyMap<string, Row>;
  readonly certificate: Certificate;
}

/** Goes through the stored pages once. Of two rows with one id the later wins. Null when no page is stored. */
export async function collect<Row>(
  list: List<Row>,
  pages: AsyncIterable<StoredPage<Row>>,
): Promise<Collected<Row> | null> {
  const rows = new Map<string, Row>();
  const cursors = new Set<string>();
  const slices = new Set<number>();
  const sizes: number[] = [];
  const digest = createHash('sha256');
  let [read, leftOut, mended, repeated, broken] = [0, 0, 0, 0, 0];
  let first: StoredPage<Row> | null = null;
  let last: StoredPage<Row> | null = null;
  for await (const page of pages) {
    if (page.number !== sizes.length || page.cursor !== (last?.next ?? null)) broken += 1;
    if (page.next !== null && cursors.has(page.next)) repeated += 1;
    if (page.next !== null) cursors.add(page.next);
    digest.update(`${page.next ?? ''}\n`);
    for (const row of page.rows) rows.set(list.id(row), row);
    read += page.rows.length;
    leftOut += page.leftOut;
    mended += page.mended ? 1 : 0;
    sizes.push(page.rows.length + page.leftOut);
    slices.add(page.slice);
    first ??= page;
    last = page;
  }
  if (first === null || last === null) return null;
  const largestPage = sizes.reduce((largest, size) => Math.max(largest, size), 0);
  const filled = countFilled(list, rows);
  const certificate: Certificate = {
    list: list.name,
    label: list.label,
    complete: last.next === null,
    pages: sizes.length,
    largestPage,
    rows: read,
    distinct: rows.size,
    duplicates: read - rows.size,
    shortPages: sizes.slice(0, -1).filter((size) => size < largestPage).length,
    mended,
    leftOut,
    filled,
    filledShare: rows.size === 0 ? null : filled / rows.size,
    expected: expectedOf(first, last),
    churn: null,
    cursors: { distinct: cursors.size, repeated, broken, digest: digest.digest('hex') },
    began: first.began,
    ended: last.ended,
    restarts: last.attempt - 1,
    slices: slices.size,
    freshAsOf: first.freshAsOf,
  };
  return { rows, certificate };
}

function countFilled<Row>(list: List<Row>, rows: ReadonlyMap<string, Row>): number {
  let filled = 0;
  for (const row of rows.values()) {
    const anchor = list.anchor(row);
    if (anchor !== null && !isUnreadable(anchor)) filled += 1;
  }
  return filled;
}

function expectedOf<Row>(first: StoredPage<Row>, last: StoredPage<Row>): Certificate['expected'] {
  if (first.countBefore === null || last.countAfter === null) return null;
  return { before: first.countBefore, after: last.countAfter };
}
