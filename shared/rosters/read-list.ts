import { AnchorwatchError, type ErrorKind, explain, kindOf } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { FAILURES } from '../state/doubt.ts';
import type { List } from './lists.ts';
import type { ListName } from '../state/read-plan.ts';
import type { ReadLimits } from './limits.ts';
import type { PageStore } from './pages.ts';
import { behind, type Place, start } from './place.ts';
import type { Progress } from './progress.ts';
import { type PageOutcome, readPage } from './read-page.ts';
import type { ListSource } from './sources.ts';

/** Why a list could not be read to its end. Plain JSON, for the run's row. */
export interface ReadFailure {
  readonly rule: (typeof FAILURES)[number];
  readonly list: ListName;
  readonly kind: ErrorKind;
  readonly message: string;
  /** Milliseconds the other side asked us to wait; null when it asked for nothing. */
  readonly retryAfter: number | null;
}

export type ListOutcome =
  | { readonly state: 'complete' }
  | { readonly state: 'more' }
  | { readonly state: 'failed'; readonly failure: ReadFailure; readonly cause: unknown };

/** The time a call has for its pages. */
export interface Budget {
  isSpent(): boolean;
  /** One page was read and stored. */
  spend(): void;
}

/** What lists that follow each other are read with. */
export interface Reading {
  readonly store: PageStore;
  readonly clock: Clock;
  readonly limits: ReadLimits;
  readonly signal: AbortSignal;
  readonly budget: Budget;
  readonly onPage?: ((progress: Progress) => void) | undefined;
  /** Rows an earlier run had, by list. */
  readonly expected?: Readonly<Partial<Record<ListName, number>>> | undefined;
}

/**
 * Reads one list from behind its last stored page until it is complete or the budget is spent. What the other side does wrong is
 * an outcome; what the store throws, and the signal's reason, is thrown.
 */
export async function readList<Row>(source: ListSource<Row>, reading: Reading): Promise<ListOutcome> {
  const { store, budget, limits, signal } = reading;
  const { list } = source;
  const last = await store.place(list);
  let place = last === null ? start(1, 1) : { ...last, slice: last.slice + 1 };
  for (;;) {
    if (place.repeated) return failed(list, 'cursor-repeated', repeatedCursor(list, place));
    if (place.done) return { state: 'complete' };
    signal.throwIfAborted();
    if (budget.isSpent()) return { state: 'more' };
    if (place.number >= limits.maxPages || place.rows >= limits.maxRows)
      return failed(list, 'too-many-pages', endless(list, place));
    let outcome: PageOutcome<Row>;
    try {
      outcome = await readPage(source, place, reading);
    } catch (error) {
      signal.throwIfAborted();
      return failed(list, 'read-failed', unread(list, place, error));
    }
    if (outcome.state === 'cursor-refused') {
      if (place.attempt > limits.maxRestarts)
        return failed(list, 'restarted-too-often', worn(list, place, outcome.cause));
      place = start(place.attempt + 1, place.slice);
      continue;
    }
    const next = behind(place, outcome.page);
    await store.append(list, outcome.page, next);
    budget.spend();
    place = next;
    reading.onPage?.(progressOf(list, place, reading));
  }
}

function progressOf<Row>(list: List<Row>, place: Place, reading: Reading): Progress {
  const expected = place.count ?? reading.expected?.[list.name] ?? null;
  return { list: list.name, label: list.label, pages: place.number, rows: place.rows, expected, done: place.done };
}

function failed<Row>(list: List<Row>, rule: ReadFailure['rule'], error: AnchorwatchError): ListOutcome {
  const failure: ReadFailure = {
    rule,
    list: list.name,
    kind: error.kind,
    message: explain(error),
    retryAfter: error.retryAfter ?? null,
  };
  return { state: 'failed', failure, cause: error };
}

function unread<Row>(list: List<Row>, place: Place, error: unknown): AnchorwatchError {
  const retryAfter = error instanceof AnchorwatchError ? error.retryAfter : undefined;
  const message = `The list "${list.label}" could not be read further than ${place.number} pages`;
  return new AnchorwatchError(kindOf(error), message, { cause: error, retryAfter, fields: { list: list.name } });
}

function repeatedCursor<Row>(list: List<Row>, place: Place): AnchorwatchError {
  return new AnchorwatchError(
    'invalid',
    `The list "${list.label}" led back to a page it had passed already, after ${place.number} pages and ${place.rows} rows. ` +
      'Reading on would never end. The next run reads it afresh',
    { fields: { list: list.name } },
  );
}

function endless<Row>(list: List<Row>, place: Place): AnchorwatchError {
  return new AnchorwatchError(
    'invalid',
    `The list "${list.label}" had not ended after ${place.number} pages and ${place.rows} rows, the most that are read. ` +
      'If it really is so long, raise the limits of pages and rows',
    { fields: { list: list.name } },
  );
}

function worn<Row>(list: List<Row>, place: Place, error: unknown): AnchorwatchError {
  return new AnchorwatchError(
    kindOf(error),
    `The list "${list.label}" was begun ${place.attempt} times, and each time the other side refused a cursor of its own. ` +
      'A larger time budget reads the list in fewer calls',
    { cause: error, fields: { list: list.name } },
  );
}
