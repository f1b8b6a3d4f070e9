import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnchorwatchError } from '../../shared/errors.ts';
import { ASSIGNMENTS, DELETED, directoryList, type List, USERS } from '../../shared/rosters/lists.ts';
import { packPage, packPlace, unpackPage, unpackPlace } from '../../shared/rosters/pack.ts';
import type { StoredPage } from '../../shared/rosters/pages.ts';
import { packedBatch, parcelOf } from '../../shared/rosters/parcel.ts';
import { behind, type Place, start } from '../../shared/rosters/place.ts';
import { besideOf, flipped, linesIn, packedLines, storedAs } from './packed.ts';
import { page } from './pages.ts';
import { adAccount, assignment, entraUser, NOW, PLAN } from './tenant.ts';

/** The page again, with its rows at hand. */
function opened<Row>(list: List<Row>, bytes: Uint8Array): StoredPage<Row> {
  const kept = unpackPage(list, bytes);
  return { ...kept, rows: [...kept.rows] };
}

/** The list that the error names; null where there is none. Anything but the one error of the house fails the test. */
function refusalOf<Row>(list: List<Row>, bytes: Uint8Array): string | null {
  try {
    unpackPage(list, bytes);
    return null;
  } catch (error) {
    if (!(error instanceof AnchorwatchError)) throw new Error('not the error of the house', { cause: error });
    expect(error).toMatchObject({ kind: 'invalid', fields: { list: list.name } });
    return /A stored page of the list "(.*)" cannot be read back/.exec(error.message)?.[1] ?? null;
  }
}

test('a page survives packing, with every kind of anchor', () => {
  const rows = ['text', null, { unreadable: 'a number' }].map((anchor, at) => ({
    ...adAccount(at),
    anchor,
    others: { cid: 'x' },
  }));
  const list = directoryList(PLAN.directories[0]!);
  const whole = page(3, rows, { freshAsOf: NOW, countBefore: 3 });
  expect(opened(list, packPage(list, whole))).toEqual(whole);
});

test('packed users are small enough for a row', () => {
  const rows = Array.from({ length: 999 }, (_, number) => entraUser(number));
  expect(packPage(USERS, page(0, rows)).length).toBeLessThan(400_000);
});

const ONE = page(0, [assignment(1)]);
const ROWS = parcelOf([assignment(1)], ASSIGNMENTS).packed;
const BESIDE = besideOf(ASSIGNMENTS, ONE);
const COLUMNS = ASSIGNMENTS.columns([assignment(1)]);
const BOTH = page(0, [assignment(1), assignment(2)]);
const BOTH_PARCEL = parcelOf([...BOTH.rows], ASSIGNMENTS);
const BOTH_COLUMNS = BOTH_PARCEL.columns;
const PEOPLE = page(0, [entraUser(1), entraUser(2)]);
const entra = parcelOf([...PEOPLE.rows], USERS);
const EMPTY = packedLines([Object.keys(ASSIGNMENTS.row.shape), []]);

test('a page of these parts is one, as long as each of them is right', () => {
  expect(opened(ASSIGNMENTS, storedAs(BESIDE, ROWS))).toEqual(ONE);
});

test.each<[string, Uint8Array]>([
  ['rubbish', Buffer.from('rubbish')],
  ['nothing', Buffer.alloc(0)],
  ['a page of another list', packPage(USERS, page(0, [entraUser(1)]))],
  ['a page of an earlier version', gzipSync(JSON.stringify(page(0, [assignment(1)])))],
  ['a page without rows that are packed', storedAs(BESIDE, Buffer.alloc(0))],
  ['a page of one row that is none', storedAs(BESIDE, EMPTY)],
  ['a page of no attempt', storedAs({ ...BESIDE, attempt: 0 }, ROWS)],
  ['a page of a number below none', storedAs({ ...BESIDE, number: -1 }, ROWS)],
  ['a page of no slice', storedAs({ ...BESIDE, slice: 0 }, ROWS)],
  ['a page that leaves fewer than none out', storedAs({ ...BESIDE, leftOut: -1 }, ROWS)],
  ['a page of fewer than no rows', storedAs({ ...BESIDE, length: -1 }, ROWS)],
  ['a page whose columns are a list', storedAs({ ...BESIDE, columns: { ...COLUMNS, plain: [1] } }, ROWS)],
  ['nothing at all as what lies in front', storedAs(undefined, ROWS)],
  ['what lies in front as text', storedAs(JSON.stringify(BESIDE), ROWS)],
])('%s cannot be unpacked, and the error names the list', (_, bytes) => {
  expect(refusalOf(ASSIGNMENTS, bytes)).toBe('Office 365 assignments in Okta');
});

test('a page of any list survives packing, from the first attempt at its first page on', () => {
  const scopes = [null, 'USER', 'GROUP'] as const;
  const assignments = page(
    0,
    scopes.map((scope) => ({ ...assignment(1), scope })),
  );
  const users = page(1, [entraUser(1)], { attempt: 2, slice: 2, leftOut: 2, mended: true, countAfter: 7, next: null });
  const deleted = page(0, [{ id: 'd', userName: 'd', anchor: null, deleted: NOW }]);

  expect(opened(ASSIGNMENTS, packPage(ASSIGNMENTS, assignments))).toEqual(assignments);
  expect(opened(USERS, packPage(USERS, users))).toEqual(users);
  expect(opened(DELETED, packPage(DELETED, deleted))).toEqual(deleted);
});

const KEPT: readonly (readonly [string, List<unknown>, StoredPage<unknown>])[] = [
  [
    'AD accounts',
    directoryList(PLAN.directories[0]!),
    page(0, [{ ...adAccount(1), others: { cid: 'x' } }, adAccount(2)], { freshAsOf: NOW }),
  ],
  ['assignments', ASSIGNMENTS, page(7, [assignment(1), { ...assignment(2), anchor: null }], { leftOut: 2 })],
  ['Entra users', USERS, page(2, [entraUser(1), entraUser(2)], { attempt: 2, countAfter: 7, next: null })],
  [
    'the deleted',
    DELETED,
    page(0, [{ id: 'd', userName: 'ü\u2028\n', anchor: 'x', deleted: NOW }], { countBefore: 3 }),
  ],
  ['no rows', DELETED, page(1, [])],
];

describe.each(KEPT)('a stored page of %s', (_what, list, whole) => {
  const bytes = packPage(list, whole);
  const beside = besideOf(list, whole);
  const packed = bytes.slice(8 + Buffer.from(bytes).readUInt32LE(4));

  test('has what its rows are found and compared by at hand', () => {
    const { rows } = unpackPage(list, bytes);
    const wanted = [...whole.rows];
    expect(rows.length).toBe(wanted.length);
    expect(rows.columns()).toEqual(list.columns(wanted));
    expect(wanted.map((_, at) => rows.textAt(at))).toEqual(wanted.map((row) => list.text(row)));
    expect(rows.some([...wanted.keys()])).toEqual(wanted);
  });

  test('is a checksum, the length of what lies in front, that, and the rows as they lie packed', () => {
    expect(bytes).toEqual(storedAs(beside, packed));
    expect(linesIn(packed).rows.length).toBe(whole.rows.length);
  });

  test('keeps its rows as the very bytes they came in, whoever packed them', () => {
    const { fields, rows } = linesIn(packed);
    const turned = packedLines([fields.toReversed(), ...rows.map((values) => values.toReversed())]);
    const own = storedAs(besideOf(list, whole), turned);
    expect(packedBatch(unpackPage(list, own).rows, list).parcel().packed).toEqual(turned);
    expect(opened(list, own)).toEqual(whole);
    const again = packPage(list, unpackPage(list, own));
    expect(again.slice(-turned.length)).toEqual(turned);
    expect(opened(list, again)).toEqual(whole);
  });

  test('keeps nothing of its columns once they lie in those of the whole list', () => {
    const { rows } = unpackPage(list, bytes);
    rows.settle(list.columns([...whole.rows]));
    const { ends, packed: kept } = packedBatch(rows, list).parcel();
    expect(ends.buffer.byteLength).toBe(ends.byteLength);
    expect(kept.buffer.byteLength).toBe(kept.byteLength);
  });

  test('is not read from wherever it is cut', () => {
    for (let length = 0; length < bytes.length; length += 1)
      expect(refusalOf(list, bytes.slice(0, length))).toBe(list.label);
  });

  test('is not read whatever bit is flipped', () => {
    for (const spoilt of flipped(bytes)) expect(refusalOf(list, spoilt)).toBe(list.label);
  });

  test.each([-1_000, -2, -1, 1, 2, bytes.length, 1_000_000, 0xffff_ffff - bytes.length])(
    'is not read where its first part is said to be longer by %i',
    (lie) => {
      expect(refusalOf(list, storedAs(beside, packed, lie))).toBe(list.label);
    },
  );

  test('keeps nothing of the bytes it was read from', () => {
    const source = Uint8Array.from(bytes);
    const { rows } = unpackPage(list, source);
    source.fill(0);
    const wanted = [...whole.rows];
    expect([...rows]).toEqual(wanted);
    expect(rows.columns()).toEqual(list.columns(wanted));
    expect(wanted.map((_, at) => rows.textAt(at))).toEqual(wanted.map((row) => list.text(row)));
  });
});

const MISMADE: readonly (readonly [string, object])[] = [
  ['more rows than columns', { length: 3 }],
  ['too few ids', { columns: { ...BOTH_COLUMNS, id: new Uint32Array() } }],
  ['too few names', { columns: { ...BOTH_COLUMNS, name: Uint32Array.of(1, 2) } }],
  ['too many anchors', { columns: { ...BOTH_COLUMNS, anchor: new Uint32Array(6) } }],
  ['evidence of half a row', { columns: { ...BOTH_COLUMNS, evidence: Uint32Array.of(1) } }],
  ['times of one row alone', { columns: { ...BOTH_COLUMNS, created: Float64Array.of(1) } }],
  ['nobody to be plain', { columns: { ...BOTH_COLUMNS, plain: new Uint8Array() } }],
  ['a row in no unit', { columns: { ...BOTH_COLUMNS, unit: Uint32Array.of(0) } }],
  ['a row in a unit that is none', { columns: { ...BOTH_COLUMNS, unit: Uint32Array.of(0, 1) } }],
  ['texts that go on behind the last', { texts: `${BOTH_PARCEL.texts}x` }],
  ['a text too many', { ends: Uint32Array.of(1, 2, BOTH_PARCEL.texts.length) }],
  [
    'a text that ends before it begins',
    { ends: Uint32Array.of(BOTH_PARCEL.texts.length + 1, BOTH_PARCEL.texts.length) },
  ],
];

test.each(MISMADE)('a page with %s is refused, whatever was tried before', (_what, change) => {
  const bytes = storedAs({ ...besideOf(ASSIGNMENTS, BOTH), ...change }, BOTH_PARCEL.packed);
  for (const tried of [0, BOTH.slice])
    expect(() => unpackPage(ASSIGNMENTS, bytes, tried)).toThrow('cannot be read back');
});

describe('what another version has made of the rows', () => {
  const strange = { ...BOTH_COLUMNS, plain: Uint8Array.of(1, 0) };
  const bytes = storedAs({ ...besideOf(ASSIGNMENTS, BOTH), columns: strange }, BOTH_PARCEL.packed);

  test('is found out, be it a single number', () => {
    const numbers = ['id', 'name', 'anchor', 'evidence', 'created', 'plain'] as const;
    const places = numbers.flatMap((name) => [...entra.columns[name].keys()].map((at) => [name, at] as const));
    for (const [name, at] of places) {
      const column = entra.columns[name].slice();
      column[at] = (column[at] ?? 0) + 1;
      const beside = { ...besideOf(USERS, PEOPLE), columns: { ...entra.columns, [name]: column } };
      expect(refusalOf(USERS, storedAs(beside, entra.packed))).toBe('Entra users');
    }
  });

  test.each<[string, object]>([
    ['a unit', { columns: { ...BOTH_COLUMNS, units: [{ app: 'another', ou: null }] } }],
    ['no names', { columns: { ...BOTH_COLUMNS, name: new Uint32Array() } }],
    ['a text', { texts: BOTH_PARCEL.texts.replace(/.$/, 'x') }],
    ['where a text ends', { ends: Uint32Array.of(1, BOTH_PARCEL.texts.length) }],
  ])('is found out by %s', (_what, change) => {
    const beside = { ...besideOf(ASSIGNMENTS, BOTH), ...change };
    expect(refusalOf(ASSIGNMENTS, storedAs(beside, BOTH_PARCEL.packed))).toBe('Office 365 assignments in Okta');
  });

  test('is looked for among the first twenty of many, who stand in units that the others may not', () => {
    const list = directoryList(PLAN.directories[0]!);
    const many = Array.from({ length: 25 }, (_, at) => ({ ...adAccount(at), dn: `CN=x,OU=${at},DC=contoso,DC=com` }));
    const whole = page(0, many);
    const { columns, packed } = parcelOf(many, list);
    const changedAt = (at: number) =>
      storedAs({ ...besideOf(list, whole), columns: { ...columns, plain: columns.plain.with(at, 2) } }, packed);

    expect(opened(list, packPage(list, whole))).toEqual(whole);
    expect(refusalOf(list, changedAt(19))).toBe(list.label);
    expect(refusalOf(list, changedAt(20))).toBe(null);
  });

  test('is not looked for again in a slice of which a page was tried', () => {
    expect(unpackPage(ASSIGNMENTS, bytes, BOTH.slice).rows.columns()).toEqual(strange);
    expect(() => unpackPage(ASSIGNMENTS, bytes, BOTH.slice + 1)).toThrow('cannot be read back');
  });
});

test('rows of which there are fewer or more than was said are refused as soon as one is asked for', () => {
  const [line = '', ...lines] = linesIn(BOTH_PARCEL.packed).rows;
  const fields = Object.keys(ASSIGNMENTS.row.shape);
  for (const rows of [[line], [line, ...lines, line]]) {
    const bytes = storedAs(besideOf(ASSIGNMENTS, BOTH), packedLines([fields, ...rows]));
    expect(refusalOf(ASSIGNMENTS, bytes)).toBe('Office 365 assignments in Okta');
    const batch = unpackPage(ASSIGNMENTS, bytes, BOTH.slice).rows;
    for (const read of [() => batch.some([0]), () => [...batch]])
      expect(read).toThrow('Rows of the list "Office 365 assignments in Okta" are not as they were packed');
  }
});

/** Page after page, by all that came before: slow, and as simple as it can be. */
function placeAfter(pages: readonly StoredPage<unknown>[]): Omit<Place, 'passed'> {
  const last = pages.at(-1)!;
  const nexts = pages.flatMap(({ next }) => next ?? []);
  return {
    attempt: last.attempt,
    number: pages.length,
    slice: last.slice,
    cursor: last.next,
    done: last.next === null,
    repeated: nexts.length > new Set(nexts).size,
    rows: pages.flatMap(({ rows }) => rows).length,
    largest: Math.max(...pages.map(({ rows, leftOut }) => rows.length + leftOut)),
    count: pages.findLast(({ countBefore }) => countBefore !== null)?.countBefore ?? null,
  };
}

describe('the place in a list', () => {
  test('survives packing, behind an empty page as behind a full one of a later attempt', () => {
    const first = behind(start(1, 1), page(0, []));
    const later = behind(start(2, 3), page(4, [assignment(1)], { attempt: 2, slice: 3, countBefore: 3, next: null }));

    for (const place of [first, later]) expect(unpackPlace(ASSIGNMENTS, packPlace(place))).toEqual(place);
  });

  test.each<[string, Buffer | Uint8Array]>([
    ['rubbish', Buffer.from('rubbish')],
    ['a page', packPage(ASSIGNMENTS, page(0, [assignment(1)]))],
  ])('is not read from %s, and the error names the list', (_what, bytes) => {
    expect(() => unpackPlace(ASSIGNMENTS, bytes)).toThrow('Office 365 assignments in Okta');
  });

  test('is what all its pages together say, whatever they are', () => {
    const any = fc.record({
      slice: fc.integer({ min: 1, max: 3 }),
      next: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', null),
      rows: fc.array(fc.constant('row'), { maxLength: 3 }),
      leftOut: fc.integer({ min: 0, max: 3 }),
      countBefore: fc.constantFrom(null, null, 0, 7),
    });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 3 }), (changes, attempt) => {
        const pages = changes.map(({ rows, ...change }, number) => page(number, rows, { attempt, ...change }));
        const { passed, ...place } = pages.reduce((before, one) => behind(before, one), start(attempt, 1));
        expect(place).toEqual(placeAfter(pages));
        expect(passed.length).toBe(pages.filter(({ next }) => next !== null).length);
        // With every page the store writes all of them again.
        expect(passed.every((one) => /^[0-9a-f]{12}$/.test(one))).toBe(true);
      }),
    );
  });
});
