import { hash } from 'node:crypto';
import type { StoredPage } from './pages.ts';

/** Where a list stands behind its last stored page. Plain JSON. */
export interface Place {
  readonly attempt: number;
  /** Pages of this attempt, which is the number of the next one. */
  readonly number: number;
  readonly slice: number;
  /** The cursor of the next page; null before the first, and behind the last. */
  readonly cursor: string | null;
  readonly done: boolean;
  /** A page led back to one that was passed already. */
  readonly repeated: boolean;
  readonly rows: number;
  /** Rows of the largest page. */
  readonly largest: number;
  /** The other side's own count before the list; null where it gives none. */
  readonly count: number | null;
  /** What was passed, as short digests: cursors are long, and this is written with every page. */
  readonly passed: readonly string[];
}

/** Before the first page. */
export function start(attempt: number, slice: number): Place {
  const nothing = {
    number: 0,
    cursor: null,
    done: false,
    repeated: false,
    rows: 0,
    largest: 0,
    count: null,
    passed: [],
  };
  return { attempt, slice, ...nothing };
}

/** The place behind the page. */
export function behind<Row>(place: Place, page: StoredPage<Row>): Place {
  const { next } = page;
  const cursor = next === null ? [] : [hash('sha256', next, 'hex').slice(0, 12)];
  return {
    attempt: page.attempt,
    number: page.number + 1,
    slice: page.slice,
    cursor: next,
    done: next === null,
    repeated: place.repeated || cursor.some((one) => place.passed.includes(one)),
    rows: place.rows + page.rows.length,
    largest: Math.max(place.largest, page.rows.length + page.leftOut),
    count: page.countBefore ?? place.count,
    passed: [...place.passed, ...cursor],
  };
}
