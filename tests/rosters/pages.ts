import type { StoredPage } from '../../shared/rosters/pages.ts';
import { MINUTE } from '../../shared/time.ts';
import { NOW } from './tenant.ts';

/** One page of a list that is read without anything amiss, but for the change. */
export function page<Row>(
  number: number,
  rows: readonly Row[],
  change: Partial<StoredPage<Row>> = {},
): StoredPage<Row> {
  return {
    attempt: 1,
    number,
    slice: 1,
    cursor: number === 0 ? null : `cursor ${number}`,
    next: `cursor ${number + 1}`,
    rows,
    leftOut: 0,
    began: NOW + number * MINUTE,
    ended: NOW + (number + 1) * MINUTE,
    mended: false,
    countBefore: null,
    countAfter: null,
    freshAsOf: null,
    ...change,
  };
}
