import { enclosing, type Population } from './causes.ts';
import { organisationalUnit } from './describe.ts';
import type { Crowd } from './part.ts';
import type { Person } from './pair.ts';
import { isLinked } from './standing.ts';

/** For each roster how many of its rows ended in which bucket. Every row is in exactly one, so the sums are the rosters. */
export interface Buckets {
  readonly directories: Map<string, number>;
  readonly assignments: Map<string, number>;
  readonly entra: Map<string, number>;
  readonly deleted: Map<string, number>;
}

export function emptyBuckets(): Buckets {
  return { directories: new Map(), assignments: new Map(), entra: new Map(), deleted: new Map() };
}

/** So many people who are matched, each with one row on every side. */
export function putMatched({ directories, assignments, entra }: Buckets, people: number): void {
  for (const rows of [directories, assignments, entra]) add(rows, 'matched', people);
}

export function putInto(buckets: Buckets, person: Person, bucket: string): void {
  add(buckets.directories, bucket, person.directory.length);
  add(buckets.assignments, bucket, person.assignment === null ? 0 : 1);
  // Judged is the assignment of the chosen app: the row of another app must not count as a second person of that bucket.
  add(buckets.assignments, 'outside: second-app', person.further.length);
  add(buckets.entra, bucket, person.entra === null ? 0 : 1);
}

export function sumOf(bucket: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const rows of bucket.values()) sum += rows;
  return sum;
}

/** How many linked people stand in each OU and each AD instance. */
export function populationOf(people: readonly Person[], plain: Pick<Crowd, 'standing'>): Population {
  const narrowest = new Map<string, number>();
  const directories = new Map<string, number>();
  let total = 0;
  const standIn = (ou: string | null, standing: number): void => {
    total += standing;
    if (ou !== null) add(narrowest, ou, standing);
  };
  for (const { app, ou, people: standing } of plain.standing()) {
    add(directories, app, standing);
    standIn(ou, standing);
  }
  for (const { directory } of people) {
    const linked = directory.filter(isLinked);
    if (linked.length === 0) continue;
    for (const instance of new Set(linked.map((account) => account.instance))) add(directories, instance, 1);
    standIn(linked.map(({ dn }) => organisationalUnit(dn)).find((ou) => ou !== null) ?? null, 1);
  }
  // An OU is taken apart once, however many stand in it.
  const ous = new Map<string, number>();
  for (const [ou, standing] of narrowest) for (const one of enclosing(ou)) add(ous, one, standing);
  return { total, ous, directories };
}

function add(counts: Map<string, number>, name: string, rows: number): void {
  if (rows > 0) counts.set(name, (counts.get(name) ?? 0) + rows);
}
