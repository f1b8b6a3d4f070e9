import type { AnchorValue } from '../anchor/value.ts';
import { once } from '../once.ts';
import type { Unit } from './columns.ts';
import { organisationalUnit } from './describe.ts';
import type { Person } from './pair.ts';
import type { AdAccount, Assignment, EntraUser, Rosters } from './rows.ts';
import { isGuest, isLinked, isLive } from './standing.ts';

/** One of nearly everybody, of whom nothing is to be said: one row on each side, and one anchor in all three. */
export interface PlainlyMatched {
  readonly account: AdAccount;
  readonly assignment: Assignment;
  readonly entra: EntraUser;
}

/** An Okta user and the Entra user of the same person. */
export interface MatchedPair {
  readonly user: string;
  readonly objectId: string;
}

/** How often two fields of a person are both filled, and how often they agree. */
export interface Agreement {
  readonly externalIds: number;
  readonly externalIdHits: number;
  readonly employees: number;
  readonly employeeHits: number;
}

/** All who are plainly matched, as far as anything is asked of them: their rows need not be in memory. In no order. */
export interface Crowd {
  readonly size: number;
  pairs(): Iterable<MatchedPair>;
  /** Where they stand in AD, and how many in each place; a place may come more than once. */
  standing(): Iterable<Unit & { readonly people: number }>;
  agreement(): Agreement;
  /** How many have the employee id in AD, and how many in Entra; 2 stands for more. */
  employees(employeeId: string): { readonly ad: number; readonly entra: number };
}

/** The rosters, parted into the plain and everybody else. */
export interface Parted {
  readonly plain: Crowd;
  /** Every row of all others, in the order of the rosters. */
  readonly rest: Rosters;
  /** The object id of whoever of the plain holds the anchor; of an anchor that somebody in the rest has, of anybody or nobody. */
  readonly holder: (anchor: string) => string | undefined;
}

/** The same, with the rows of the plain at hand. */
export interface PartedRows extends Parted {
  readonly people: readonly PlainlyMatched[];
}

/**
 * Sets those aside who are plainly matched: by row 1 of the truth table, whatever becomes of all others. They have one AD account, linked;
 * one assignment, live; the only account of its name, which no other assignment names; and one anchor, which no other AD account and no
 * other Entra user has. Whoever is doubtful in any of this stays with the rest, so that these are judged without the plain ones as they would
 * be among them. Nearly everybody in a tenant is plain, which is why a comparison is fast. No two Entra users share an object id.
 */
export function part(rosters: Rosters, office365App: string | null): PartedRows {
  const { ad, assignments, entra } = rosters;
  const [ofAd, ofEntra] = [meet(ad, userOf, assignments, userOf), meet(entra, nameOf, assignments, nameOf)];
  const taken = { ad: marks(ad), assignments: marks(assignments), entra: marks(entra) };
  const mark = (at: number, is: 0 | 1): void => {
    taken.ad[ofAd[at] ?? NONE] = is;
    taken.assignments[at] = is;
    taken.entra[ofEntra[at] ?? NONE] = is;
  };
  const holders = new Map<AnchorValue, EntraUser>();
  const shared = new Set<AnchorValue>();
  const met: PlainlyMatched[] = [];
  for (let at = 0; at < assignments.length; at += 1) {
    const [account, assignment, user] = [ad[ofAd[at] ?? NONE], assignments[at], entra[ofEntra[at] ?? NONE]];
    if (account === undefined || assignment === undefined || user === undefined) continue;
    if (!isPlain(account, assignment, user, office365App)) continue;
    mark(at, 1);
    met.push({ account, assignment, entra: user });
    const before = holders.size;
    holders.set(user.anchor, user);
    if (holders.size === before) shared.add(user.anchor);
  }
  for (const { anchor } of left(ad, taken.ad)) if (holders.has(anchor)) shared.add(anchor);
  for (const { anchor } of left(entra, taken.entra)) if (holders.has(anchor)) shared.add(anchor);
  if (shared.size > 0) for (const [at, { anchor }] of assignments.entries()) if (shared.has(anchor)) mark(at, 0);
  const people = shared.size === 0 ? met : met.filter(({ entra: { anchor } }) => !shared.has(anchor));
  return {
    people,
    plain: crowdOf(people),
    rest: {
      ...rosters,
      ad: left(ad, taken.ad),
      assignments: left(assignments, taken.assignments),
      entra: left(entra, taken.entra),
    },
    holder: (anchor) => holders.get(anchor)?.id,
  };
}

/** A crowd whose rows are at hand. */
export function crowdOf(people: readonly PlainlyMatched[]): Crowd {
  const employees = once(() => ({
    ad: counted(people.map(({ account }) => account.employeeId)),
    entra: counted(people.map(({ entra }) => entra.employeeId)),
  }));
  return {
    size: people.length,
    pairs: () => people.map(({ assignment: { user }, entra: { id } }) => ({ user, objectId: id })),
    *standing() {
      const apps = new Map<string, Map<string | null, number>>();
      for (const { account } of people) {
        const ous = apps.get(account.instance) ?? new Map<string | null, number>();
        apps.set(account.instance, ous);
        const ou = organisationalUnit(account.dn);
        ous.set(ou, (ous.get(ou) ?? 0) + 1);
      }
      for (const [app, ous] of apps) for (const [ou, standing] of ous) yield { app, ou, people: standing };
    },
    agreement() {
      const sum = { externalIds: 0, externalIdHits: 0, employees: 0, employeeHits: 0 };
      for (const { account, assignment, entra } of people) {
        if (assignment.externalId !== null) sum.externalIds += 1;
        if (assignment.externalId === entra.id) sum.externalIdHits += 1;
        if (account.employeeId === null || entra.employeeId === null) continue;
        sum.employees += 1;
        if (account.employeeId === entra.employeeId) sum.employeeHits += 1;
      }
      return sum;
    },
    employees: (id) => ({ ad: employees().ad.get(id) ?? 0, entra: employees().entra.get(id) ?? 0 }),
  };
}

export function personOf({ account, assignment, entra }: PlainlyMatched): Person {
  const { user } = assignment;
  const beside = { further: [], nameDisputed: false, pairedBy: 'name' } as const;
  return { user, directory: [account], assignment, entra, ...beside };
}

function counted(texts: readonly (string | null)[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== null) counts.set(text, counts.has(text) ? 2 : 1);
  return counts;
}

/** One account, one assignment and one user, by the Okta id and the name: whether row 1 says of them that they are matched. */
function isPlain(account: AdAccount, assignment: Assignment, entra: EntraUser, office365App: string | null): boolean {
  const { anchor } = assignment;
  if (typeof anchor !== 'string' || account.anchor !== anchor || entra.anchor !== anchor) return false;
  if (office365App !== null && assignment.app !== office365App) return false;
  if (account.status === 'SUSPENDED' || assignment.status === 'SUSPENDED') return false;
  return isLinked(account) && isLive(assignment) && !isGuest(entra);
}

/** The place of a row that is not there, or not the only one. */
const NONE = -1;

/** For each assignment the place of the row with its key, if that is the only row of that key, and wanted by no other assignment. */
function meet<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string | null,
  assignments: readonly Assignment[],
  wantedBy: (assignment: Assignment) => string | null,
): Int32Array {
  const places = new Map<string | null, number>();
  const several = new Set<string | null>();
  rows.forEach((row, at) => {
    const key = keyOf(row);
    const before = places.size;
    places.set(key, at);
    if (places.size === before) several.add(key);
  });
  for (const key of several) places.delete(key);
  const found = new Int32Array(assignments.length);
  const wanted = new Uint8Array(rows.length);
  assignments.forEach((assignment, at) => {
    const place = places.get(wantedBy(assignment)) ?? NONE;
    found[at] = place;
    if (place !== NONE) wanted[place] = wanted[place] === 0 ? 1 : 2;
  });
  return found.map((place) => (wanted[place] === 1 ? place : NONE));
}

function marks(rows: readonly unknown[]): Uint8Array {
  return new Uint8Array(rows.length);
}

function left<Row>(rows: readonly Row[], taken: Uint8Array): readonly Row[] {
  return rows.filter((_, at) => taken[at] === 0);
}

function userOf({ user }: AdAccount | Assignment): string {
  return user;
}

function nameOf({ userName }: Assignment | EntraUser): string | null {
  return userName === null ? null : userName.toLowerCase();
}
