import type { Certificate } from '../state/certificate.ts';
import { createHash } from 'node:crypto';
import { isText, NONE, SEVERAL } from '../compare/digest.ts';
import { held, type Roll, rollOf } from '../compare/roll.ts';
import { type List } from './lists.ts';
import type { KeptPage } from './pages.ts';

/** A list as it was stored: its rows, each once, and what its pages say of the reading. */
export interface Collected<Row> {
  readonly roll: Roll<Row>;
  readonly certificate: Certificate;
}

/** Goes through the stored pages once. Of two rows with one id the later wins. Null when no page is stored. */
export async function collect<Row>(
  list: List<Row>,
  pages: AsyncIterable<KeptPage<Row>>,
): Promise<Collected<Row> | null> {
  const kept: KeptPage<Row>[] = [];
  const cursors = new Set<string>();
  const slices = new Set<number>();
  const sizes: number[] = [];
  const digest = createHash('sha256');
  let [read, leftOut, mended, repeated, broken] = [0, 0, 0, 0, 0];
  let first: KeptPage<Row> | null = null;
  let last: KeptPage<Row> | null = null;
  for await (const page of pages) {
    if (page.number !== sizes.length || page.cursor !== (last?.next ?? null)) broken += 1;
    if (page.next !== null) {
      if (cursors.has(page.next)) repeated += 1;
      cursors.add(page.next);
    }
    digest.update(`${page.next ?? ''}\n`);
    kept.push(page);
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
  const roll = eachOnce(list, kept);
  const filled = countFilled(roll);
  const certificate: Certificate = {
    list: list.name,
    label: list.label,
    complete: last.next === null,
    pages: sizes.length,
    largestPage,
    rows: read,
    distinct: roll.length,
    duplicates: read - roll.length,
    shortPages: sizes.slice(0, -1).filter((size) => size < largestPage).length,
    mended,
    leftOut,
    filled,
    filledShare: roll.length === 0 ? null : filled / roll.length,
    expected: expectedOf(first, last),
    churn: null,
    cursors: { distinct: cursors.size, repeated, broken, digest: digest.digest('hex') },
    began: first.began,
    ended: last.ended,
    restarts: last.attempt - 1,
    slices: slices.size,
    freshAsOf: first.freshAsOf,
  };
  return { roll, certificate };
}

/** The rows of all pages but those that a later one has again. */
function eachOnce<Row>(list: List<Row>, pages: readonly KeptPage<Row>[]): Roll<Row> {
  const whole = rollOf(pages.map(({ rows }) => rows));
  const { id } = whole.columns();
  const places = whole.places('id');
  const several: number[] = [];
  for (let place = 0; place < whole.length; place += 1) if (places.find(id, place) === SEVERAL) several.push(place);
  if (several.length === 0) return whole;
  const last = new Map<string, number>();
  const gone = new Set<number>();
  whole.at(several).forEach((row, at) => {
    const before = last.get(list.id(row));
    if (before !== undefined) gone.add(before);
    last.set(list.id(row), several[at] ?? NONE);
  });
  let began = 0;
  const batches = whole.batches.map((batch) => {
    const before = began;
    began += batch.length;
    return isAnyOf(gone, before, began)
      ? held(
          [...batch].filter((_, at) => !gone.has(before + at)),
          list,
        )
      : batch;
  });
  return rollOf(batches);
}

function isAnyOf(places: ReadonlySet<number>, from: number, to: number): boolean {
  for (let place = from; place < to; place += 1) if (places.has(place)) return true;
  return false;
}

function countFilled(roll: Roll<unknown>): number {
  const { anchor } = roll.columns();
  let filled = 0;
  for (let place = 0; place < roll.length; place += 1) if (isText(anchor, place)) filled += 1;
  return filled;
}

function expectedOf<Row>(first: KeptPage<Row>, last: KeptPage<Row>): Certificate['expected'] {
  if (first.countBefore === null || last.countAfter === null) return null;
  return { before: first.countBefore, after: last.countAfter };
}
