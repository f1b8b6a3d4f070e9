import type { Batch } from '../compare/roll.ts';
import type { Rows } from '../ports/okta.ts';
import type { Instant } from '../time.ts';
import type { List } from './lists.ts';
import type { Place } from './place.ts';

/** One page of one list of one run, as it is kept until the run is done. */
export interface StoredPage<Row> {
  /** 1 for the first reading of the list; one more each time the list was begun again. */
  readonly attempt: number;
  /** From 0, without gaps, within the attempt. */
  readonly number: number;
  /** Which of the calls that shared the list read this page, from 1. */
  readonly slice: number;
  /** The cursor it was asked with; null for the first page. */
  readonly cursor: string | null;
  /** The cursor of the page after it; null when the other side says that this is the end. */
  readonly next: string | null;
  readonly rows: Rows<Row>;
  /** Rows that are no people, left out by the reader. */
  readonly leftOut: number;
  readonly began: Instant;
  readonly ended: Instant;
  /** The page was read twice, and the two answers were not the same. */
  readonly mended: boolean;
  /** On the first page: the other side's own count before the list; null where it gives none. */
  readonly countBefore: number | null;
  /** On the last page: the same count after the list. */
  readonly countAfter: number | null;
  /** On the first page of an AD instance: when its newest successful import ended, as known before the list. */
  readonly freshAsOf: Instant | null;
}

/** A page as it is kept for the comparison. */
export interface KeptPage<Row> extends StoredPage<Row> {
  readonly rows: Batch<Row>;
}

/**
 * Where the pages of one run are kept. A store belongs to one run. What `append` has resolved for survives the process: the next page is asked for only
 * then, so that a run killed anywhere goes on behind its last stored page.
 */
export interface PageStore {
  /** The page, and the place behind it, at once or neither. Idempotent by list, attempt and number: the same page again takes the place of the earlier one. */
  append<Row>(list: List<Row>, page: StoredPage<Row>, behind: Place): Promise<void>;
  /** Behind the last page that was appended; null where none was. */
  place<Row>(list: List<Row>): Promise<Place | null>;
  /** The pages of the highest attempt alone, by ascending number. */
  pages<Row>(list: List<Row>): AsyncIterable<KeptPage<Row>>;
}
