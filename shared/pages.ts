import { AnchorwatchError } from './errors.ts';

/** One page of somebody's list, before its rows are looked at. An empty page with a next one is a page like any other. */
export interface RawPage {
  readonly rows: readonly unknown[];
  /** The cursor of the next page: path and query, without the host. Null at the end. */
  readonly next: string | null;
}

/** Longer than any list that is walked whole (apps, groups of a person, a day of imports); what goes on beyond goes in circles. */
const MOST_PAGES = 1_000;
/** Such a list is held in memory: with three kB a row this is what the smallest instance has to spare. */
const MOST_ROWS = 200_000;

/** All rows of a short list. Throws `refused` for one that never ends. */
export async function readWhole(
  page: (cursor: string | null) => Promise<RawPage>,
  what: string,
): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  const seen = new Set<string>();
  for (let cursor: string | null = null; seen.size < MOST_PAGES && rows.length <= MOST_ROWS; ) {
    const { rows: more, next }: RawPage = await page(cursor);
    for (const row of more) rows.push(row);
    if (next === null) return rows;
    if (seen.has(next)) break;
    seen.add(next);
    cursor = next;
  }
  throw new AnchorwatchError('refused', `The list behind ${what} goes in circles, or never ends.`);
}
