import type { Certificate } from '../state/certificate.ts';
import { createHash } from 'node:crypto';
import { isUnreadable } from '../anchor/value.ts';
import { type List } from './lists.ts';
import type { StoredPage } from './pages.ts';

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
    if (page.next !== null) {
      if (cursors.has(page.next)) repeated += 1;
      cursors.add(page.next);
    }
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
