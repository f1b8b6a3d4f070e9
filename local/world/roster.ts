import type { Instant } from '../../shared/time.ts';

/** What a row was until an instant; undefined where there was none. */
interface Version<Row> {
  readonly until: Instant;
  readonly row: Row | undefined;
}

/** Texts under which a row is found quickly, by the name of the index. */
export type Indexes<Row> = Readonly<Record<string, (row: Row) => readonly string[]>>;

/** How long a replaced row can still be seen: no replica may lag longer. */
export const MEMORY = 3_600_000;

/**
 * Rows by key, listed in the order of their keys, so that a cursor is the last key seen and stays good while rows come and go.
 * Every read names the instant up to which its replica has heard of changes; rows written without an instant were always there.
 */
export class Roster<Row> {
  readonly #key: (row: Row) => string;
  readonly #indexes: Indexes<Row>;
  readonly #rows = new Map<string, Row>();
  readonly #past = new Map<string, readonly Version<Row>[]>();
  readonly #built = new Map<string, Map<string, readonly string[]>>();
  #sizes: readonly { readonly at: Instant; readonly change: number }[] = [];
  /** Sorted on the first list: most rosters of a large tenant are filled once and listed once. */
  #keys: string[] | null = null;

  constructor(key: (row: Row) => string, indexes: Indexes<Row> = {}) {
    this.#key = key;
    this.#indexes = indexes;
  }

  put(row: Row, at: Instant | null = null): void {
    const key = this.#key(row);
    this.#remember(key, at, this.#rows.has(key) ? 0 : 1);
    if (!this.#rows.has(key)) this.#insert(key);
    this.#rows.set(key, row);
    for (const [name, built] of this.#built) this.#enter(built, name, key, row);
  }

  remove(key: string, at: Instant): void {
    if (!this.#rows.has(key)) return;
    this.#remember(key, at, -1);
    this.#rows.delete(key);
  }

  get(key: string, asOf: Instant): Row | undefined {
    const older = this.#past.get(key)?.find((version) => version.until > asOf);
    return older === undefined ? this.#rows.get(key) : older.row;
  }

  /** Rows whose key is greater than `after`, in the order of keys. */
  *list(after: string | null, asOf: Instant): Generator<Row> {
    const keys = this.#sorted();
    for (let at = after === null ? 0 : firstAfter(keys, after); at < keys.length; at++) {
      const row = this.get(keys[at] ?? '', asOf);
      if (row !== undefined) yield row;
    }
  }

  size(asOf: Instant): number {
    let size = this.#rows.size;
    for (const { at, change } of this.#sizes) if (at > asOf) size -= change;
    return size;
  }

  /** Rows that have, or lately had, this text in the index: the caller checks the row it gets. */
  *lookup(name: string, text: string, asOf: Instant): Generator<Row> {
    for (const key of this.#index(name).get(text) ?? []) {
      const row = this.get(key, asOf);
      if (row !== undefined) yield row;
    }
  }

  #remember(key: string, at: Instant | null, change: number): void {
    if (at === null) return;
    const kept = (this.#past.get(key) ?? []).filter((version) => version.until > at - MEMORY);
    this.#past.set(key, [...kept, { until: at, row: this.#rows.get(key) }]);
    this.#sizes = [...this.#sizes.filter((entry) => entry.at > at - MEMORY), { at, change }];
  }

  /** A removed row keeps its place among the keys: a replica may still show it, and it may come back. */
  #insert(key: string): void {
    if (this.#keys === null) return;
    const place = firstAfter(this.#keys, key);
    if (this.#keys[place - 1] !== key) this.#keys.splice(place, 0, key);
  }

  #sorted(): readonly string[] {
    this.#keys ??= [...new Set([...this.#rows.keys(), ...this.#past.keys()])].sort();
    return this.#keys;
  }

  #index(name: string): Map<string, readonly string[]> {
    const built = this.#built.get(name) ?? new Map<string, readonly string[]>();
    if (!this.#built.has(name)) {
      this.#built.set(name, built);
      for (const [key, row] of this.#rows) this.#enter(built, name, key, row);
      for (const [key, versions] of this.#past)
        for (const { row } of versions) if (row !== undefined) this.#enter(built, name, key, row);
    }
    return built;
  }

  #enter(built: Map<string, readonly string[]>, name: string, key: string, row: Row): void {
    for (const text of this.#indexes[name]?.(row) ?? []) {
      const keys = built.get(text) ?? [];
      if (!keys.includes(key)) built.set(text, [...keys, key]);
    }
  }
}

/** Place of the first key greater than this one. */
function firstAfter(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}
