import { organisationalUnit } from './describe.ts';
import { type Digests, digestsOf } from './digest.ts';
import type { AdAccount, Assignment, DeletedUser, EntraUser } from './rows.ts';
import { isGuest, isLinked, isLive } from './standing.ts';

/** Where app users stand: an AD account in its instance and an OU, an assignment in its Office 365 app. */
export interface Unit {
  readonly app: string;
  readonly ou: string | null;
}

/** What the rows of a list are found, joined and compared by, without the rows. A column that a kind of row has no use for is empty. */
export interface Columns {
  /** Okta user id, or object id. */
  readonly id: Digests;
  /** The name that Okta pushes, or Entra's, in small letters. */
  readonly name: Digests;
  /** Anchors that are text. */
  readonly anchor: Digests;
  /** What may be evidence: the employee id, or the external id of an assignment. */
  readonly evidence: Digests;
  /** In which of the units an app user stands. */
  readonly unit: Uint32Array;
  readonly units: readonly Unit[];
  /** When an Entra user was made, in milliseconds since 1970 UTC; NaN where nobody knows. */
  readonly created: Float64Array;
  /** 1 where a row is as that of somebody who is plainly matched: linked, live, no guest. One number for each row. */
  readonly plain: Uint8Array;
}

const UNUSED = {
  name: new Uint32Array(),
  evidence: new Uint32Array(),
  unit: new Uint32Array(),
  units: [],
  created: new Float64Array(),
};

export function accountColumns(rows: readonly AdAccount[]): Columns {
  return {
    ...UNUSED,
    id: digestsOf(rows, ({ user }) => user),
    anchor: digestsOf(rows, anchorOf),
    evidence: digestsOf(rows, ({ employeeId }) => employeeId),
    ...standing(rows, ({ instance, dn }) => ({ app: instance, ou: organisationalUnit(dn) })),
    plain: marks(rows, (account) => isLinked(account) && account.status !== 'SUSPENDED'),
  };
}

export function assignmentColumns(rows: readonly Assignment[]): Columns {
  return {
    ...UNUSED,
    id: digestsOf(rows, ({ user }) => user),
    name: digestsOf(rows, nameOf),
    anchor: digestsOf(rows, anchorOf),
    ...standing(rows, ({ app }) => ({ app, ou: null })),
    evidence: digestsOf(rows, ({ externalId }) => externalId),
    plain: marks(rows, (assignment) => isLive(assignment) && assignment.status !== 'SUSPENDED'),
  };
}

export function userColumns(rows: readonly EntraUser[]): Columns {
  return {
    ...UNUSED,
    id: digestsOf(rows, ({ id }) => id),
    name: digestsOf(rows, nameOf),
    anchor: digestsOf(rows, anchorOf),
    evidence: digestsOf(rows, ({ employeeId }) => employeeId),
    created: Float64Array.from(rows, ({ created }) => created ?? Number.NaN),
    plain: marks(rows, (user) => !isGuest(user)),
  };
}

/** Of those who were deleted nobody asks for more than who they are, and whether they hold an anchor. */
export function deletedColumns(rows: readonly DeletedUser[]): Columns {
  return {
    ...UNUSED,
    id: digestsOf(rows, ({ id }) => id),
    anchor: digestsOf(rows, anchorOf),
    plain: new Uint8Array(rows.length),
  };
}

/** Of so many rows from that place on, in the memory of the whole. */
export function partOf(whole: Columns, from: number, length: number): Columns {
  const to = from + length;
  const part = (digests: Digests): Digests => digests.subarray(2 * from, 2 * to);
  return {
    id: part(whole.id),
    name: part(whole.name),
    anchor: part(whole.anchor),
    evidence: part(whole.evidence),
    unit: whole.unit.subarray(from, to),
    units: whole.units,
    created: whole.created.subarray(from, to),
    plain: whole.plain.subarray(from, to),
  };
}

/** The columns of all pages as those of one list. */
export function joined(pages: readonly Columns[]): Columns {
  return {
    id: joinedNumbers(pages.map(({ id }) => id)),
    name: joinedNumbers(pages.map(({ name }) => name)),
    anchor: joinedNumbers(pages.map(({ anchor }) => anchor)),
    evidence: joinedNumbers(pages.map(({ evidence }) => evidence)),
    ...joinedUnits(pages),
    created: new Float64Array(joinedBytes(pages.map(({ created }) => created))),
    plain: new Uint8Array(joinedBytes(pages.map(({ plain }) => plain))),
  };
}

/** Each unit once, whatever it was numbered in its page. */
function joinedUnits(pages: readonly Columns[]): Pick<Columns, 'unit' | 'units'> {
  const unit = joinedNumbers(pages.map((page) => page.unit));
  const numbering = numberUnits();
  const known = new Map<Columns['units'], readonly number[]>();
  let at = 0;
  for (const page of pages) {
    const numbers = known.get(page.units) ?? page.units.map(numbering.numberOf);
    known.set(page.units, numbers);
    for (const end = at + page.unit.length; at < end; at += 1) unit[at] = numbers[unit[at] ?? 0] ?? 0;
  }
  return { unit, units: numbering.units };
}

function joinedNumbers(parts: readonly Uint32Array[]): Uint32Array {
  return new Uint32Array(joinedBytes(parts));
}

function joinedBytes(parts: readonly NodeJS.TypedArray[]): ArrayBuffer {
  const all = new Uint8Array(parts.reduce((length, { byteLength }) => length + byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of parts) {
    all.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return all.buffer;
}

function nameOf({ userName }: Assignment | EntraUser): string | null {
  return userName === null ? null : userName.toLowerCase();
}

function anchorOf({ anchor }: AdAccount | Assignment | EntraUser | DeletedUser): string | null {
  return typeof anchor === 'string' ? anchor : null;
}

function standing<Row>(rows: readonly Row[], unitOf: (row: Row) => Unit): Pick<Columns, 'unit' | 'units'> {
  const unit = new Uint32Array(rows.length);
  const numbering = numberUnits();
  rows.forEach((row, at) => {
    unit[at] = numbering.numberOf(unitOf(row));
  });
  return { unit, units: numbering.units };
}

function numberUnits(): { readonly units: readonly Unit[]; readonly numberOf: (unit: Unit) => number } {
  const units: Unit[] = [];
  const numbers = new Map<string, number>();
  return {
    units,
    numberOf(unit) {
      const key = `${unit.app} ${unit.ou ?? ''}`;
      const number = numbers.get(key) ?? units.length;
      if (number === units.length) {
        numbers.set(key, number);
        units.push(unit);
      }
      return number;
    },
  };
}

function marks<Row>(rows: readonly Row[], is: (row: Row) => boolean): Uint8Array {
  const all = new Uint8Array(rows.length);
  rows.forEach((row, at) => {
    all[at] = is(row) ? 1 : 0;
  });
  return all;
}
