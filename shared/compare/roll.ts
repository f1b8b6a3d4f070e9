import { once } from '../once.ts';
import { type Columns, joined, partOf } from './columns.ts';
import { digestsOf, lookFor, NONE, type Places, placesOf, SEVERAL } from './digest.ts';
import type { AdAccount, Assignment, DeletedUser, Domain, EntraUser } from './rows.ts';

/** Some rows of a roster: what they are compared by is at hand, and the rows themselves perhaps packed. */
export interface Batch<Row> extends Iterable<Row> {
  readonly length: number;
  columns(): Columns;
  /** From now on its columns are these, the same as a part of larger ones: nothing lies in memory twice. */
  settle(columns: Columns): void;
  /** The text of one of them that is asked of everybody: an AD account's anchor, an assignment's Okta id, an Entra user's object id. */
  textAt(at: number): string;
  /** Those at these places of the batch. */
  some(places: readonly number[]): readonly Row[];
}

/** A roster as it is kept while a tenant is read and compared. Every row has a place, from 0, through all batches. */
export interface Roll<Row> {
  readonly batches: readonly Batch<Row>[];
  readonly length: number;
  columns(): Columns;
  /** Where each id, name or anchor stands. */
  places(column: Sought): Places;
  textAt(place: number): string;
  /** The rows at these places, which ascend. Whoever was asked for once stays at hand. */
  at(places: readonly number[]): readonly Row[];
}

/** Everything that one run has read, complete by its certificates: `Rosters` whose rows need not all be in memory. */
export interface Rolls {
  readonly ad: Roll<AdAccount>;
  readonly assignments: Roll<Assignment>;
  readonly entra: Roll<EntraUser>;
  readonly deleted: readonly DeletedUser[];
  readonly domains: readonly Domain[];
}

type Sought = 'id' | 'name' | 'anchor';

/** What must be known of a kind of row to keep it. */
export interface Kind<Row> {
  columns(rows: readonly Row[]): Columns;
  /** What makes two rows the same row: Okta user id, or object id. */
  id(row: Row): string;
  /** See `Batch.textAt`; empty where there is none. */
  text(row: Row): string;
}

/** Columns that may be moved. */
export function settled(made: Columns): Pick<Batch<unknown>, 'columns' | 'settle'> {
  let columns = made;
  return {
    columns: () => columns,
    settle(others) {
      columns = others;
    },
  };
}

/** Rows as they are. */
export function held<Row>(rows: readonly Row[], kind: Kind<Row>): Batch<Row> {
  return {
    length: rows.length,
    ...settled(kind.columns(rows)),
    textAt(at) {
      const row = rows[at];
      return row === undefined ? '' : kind.text(row);
    },
    some: (places) => places.flatMap((at) => rows[at] ?? []),
    [Symbol.iterator]: () => rows[Symbol.iterator](),
  };
}

export function rollOf<Row>(batches: readonly Batch<Row>[]): Roll<Row> {
  const starts: number[] = [];
  let length = 0;
  for (const batch of batches) {
    starts.push(length);
    length += batch.length;
  }
  const columns = once(() => {
    const whole = joined(batches.map((batch) => batch.columns()));
    batches.forEach((batch, number) => batch.settle(partOf(whole, starts[number] ?? 0, batch.length)));
    return whole;
  });
  const tables = {
    id: once(() => placesOf(columns().id)),
    name: once(() => placesOf(columns().name)),
    anchor: once(() => placesOf(columns().anchor)),
  };
  const asked = new Map<number, Row>();

  function unpack(places: readonly number[]): void {
    let first = 0;
    for (const [number, batch] of batches.entries()) {
      const start = starts[number] ?? 0;
      let end = first;
      while (end < places.length && (places[end] ?? 0) < start + batch.length) end += 1;
      const some = places.slice(first, end);
      if (some.length > 0)
        batch.some(some.map((place) => place - start)).forEach((row, at) => asked.set(some[at] ?? NONE, row));
      first = end;
    }
  }

  return {
    batches,
    length,
    columns,
    places: (column) => tables[column](),
    textAt(place) {
      const number = lastBefore(place, starts);
      return batches[number]?.textAt(place - (starts[number] ?? 0)) ?? '';
    },
    at(places) {
      unpack(places.filter((place) => !asked.has(place)));
      return places.flatMap((place) => asked.get(place) ?? []);
    },
  };
}

/** The number of the last of the starts, which ascend, that is not behind the place. */
function lastBefore(place: number, starts: readonly number[]): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= place) low = middle;
    else high = middle;
  }
  return low;
}

/** Texts to look for: ids, names in small letters, anchors. */
export type Wanted = Partial<Readonly<Record<Sought, Iterable<string>>>>;

/** The rows that have any of the texts, in their order. */
export function found<Row>(roll: Roll<Row>, { id = [], name = [], anchor = [] }: Wanted): readonly Row[] {
  const places = new Set([
    ...standing(roll, 'id', id),
    ...standing(roll, 'name', name),
    ...standing(roll, 'anchor', anchor),
  ]);
  return roll.at([...places].sort((one, other) => one - other));
}

function standing(roll: Roll<unknown>, column: Sought, texts: Iterable<string>): readonly number[] {
  const wanted = digestsOf([...texts], (text) => text);
  const places: number[] = [];
  let isShared = false;
  for (let at = 0; at < wanted.length / 2; at += 1) {
    const place = roll.places(column).find(wanted, at);
    if (place >= 0) places.push(place);
    else if (place === SEVERAL) isShared = true;
  }
  if (!isShared) return places;
  // Hardly anybody shares an id, a name or an anchor: only then is everybody looked at.
  const sought = placesOf(wanted);
  const digests = roll.columns()[column];
  for (let place = 0; place < roll.length; place += 1) if (sought.find(digests, place) !== NONE) places.push(place);
  return places;
}

/** The roll without those of these ids for whom `isGone`, and with more rows behind. */
export function changed<Row>(
  roll: Roll<Row>,
  ids: Iterable<string>,
  isGone: (row: Row) => boolean,
  more: readonly Row[],
  kind: Kind<Row>,
): Roll<Row> {
  const gone = new Set(ids);
  const wanted = lookFor(gone);
  const batches = roll.batches.map((batch) => {
    const { id } = batch.columns();
    for (let at = 0; at < batch.length; at += 1)
      if (wanted.find(id, at) !== NONE)
        return held(
          [...batch].filter((row) => !gone.has(kind.id(row)) || !isGone(row)),
          kind,
        );
    return batch;
  });
  return rollOf([...batches, held(more, kind)]);
}

export function* rowsOf<Row>({ batches }: Roll<Row>): Generator<Row> {
  for (const batch of batches) yield* batch;
}
