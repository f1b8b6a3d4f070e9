import { AnchorwatchError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Page } from '../ports/okta.ts';
import type { ReadLimits } from './limits.ts';
import type { StoredPage } from './pages.ts';
import type { ListSource } from './sources.ts';

/** The page to be read: behind which pages it comes, and how large the largest of them was. */
interface NextPage {
  readonly attempt: number;
  readonly number: number;
  readonly slice: number;
  readonly cursor: string | null;
  readonly largest: number;
}

interface Tools {
  readonly clock: Clock;
  readonly limits: ReadLimits;
  readonly signal: AbortSignal;
}

export type PageOutcome<Row> =
  | { readonly state: 'read'; readonly page: StoredPage<Row> }
  /** The other side no longer takes the cursor it gave. */
  | { readonly state: 'cursor-refused'; readonly cause: unknown };

/**
 * Reads one page, with what is asked beside the first and the last: the other side's count, and how fresh it is. The count after
 * the list is asked before the last page is stored, so that no kill can part the two.
 */
export async function readPage<Row>(source: ListSource<Row>, at: NextPage, tools: Tools): Promise<PageOutcome<Row>> {
  const { clock, limits, signal } = tools;
  const isFirst = at.number === 0;
  const freshAsOf = isFirst ? await source.freshAsOf(clock.now() - limits.importLookback) : null;
  const countBefore = isFirst ? await source.count() : null;
  // Behind the count: whoever joined before it is in both counts, and counts as one who was there all the time.
  const began = clock.now();
  const fullPage = isFirst ? source.fullPage : at.largest;
  let answer: Answer<Row>;
  try {
    answer = await readTwiceIfShort(source, at.cursor, fullPage, signal);
  } catch (error) {
    if (at.cursor !== null && isRefusedCursor(error)) return { state: 'cursor-refused', cause: error };
    throw error;
  }
  const { attempt, number, slice, cursor } = at;
  const { rows, next, leftOut } = answer.page;
  const countAfter = next === null ? await source.count() : null;
  const beside = { countBefore, countAfter, freshAsOf, mended: answer.mended, began, ended: clock.now() };
  return { state: 'read', page: { attempt, number, slice, cursor, next, rows, leftOut, ...beside } };
}

/** A cursor that ran out: Graph answers 400 or 410, Okta 400 or 404. Readers put the status into the error's fields. */
function isRefusedCursor(error: unknown): boolean {
  if (!(error instanceof AnchorwatchError)) return false;
  const { status } = error.fields;
  const isNoLongerThere = status === 400 || status === 404 || status === 410;
  return isNoLongerThere && (error.kind === 'invalid' || error.kind === 'refused');
}

interface Answer<Row> {
  readonly page: Page<Row>;
  readonly mended: boolean;
}

/**
 * A page that is shorter than others, and one that calls itself the last, is believed when the same cursor gives it twice. Of
 * two different answers the one that has a page behind it is kept, then the fuller one. Okta gives short and even empty pages
 * with a next link in good health; those simply come twice.
 */
async function readTwiceIfShort<Row>(
  source: ListSource<Row>,
  cursor: string | null,
  fullPage: number,
  signal: AbortSignal,
): Promise<Answer<Row>> {
  const first = await source.page(cursor, signal);
  if (first.next !== null && sizeOf(first) >= fullPage) return { page: first, mended: false };
  const second = await source.page(cursor, signal);
  const page = isFuller(second, first) ? second : first;
  return { page, mended: !isSame(source, first, second) };
}

function isFuller<Row>(one: Page<Row>, other: Page<Row>): boolean {
  if ((one.next === null) !== (other.next === null)) return one.next !== null;
  return sizeOf(one) > sizeOf(other);
}

function isSame<Row>({ list }: ListSource<Row>, one: Page<Row>, other: Page<Row>): boolean {
  const ids = new Set(Array.from(one.rows, (row) => list.id(row)));
  const isSize = (one.next === null) === (other.next === null) && sizeOf(one) === sizeOf(other);
  return isSize && [...other.rows].every((row) => ids.has(list.id(row)));
}

function sizeOf<Row>(page: Page<Row>): number {
  return page.rows.length + page.leftOut;
}
