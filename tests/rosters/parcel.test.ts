import { zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { held, rollOf } from '../../shared/compare/roll.ts';
import type { AdAccount, Assignment, DeletedUser, EntraUser } from '../../shared/compare/rows.ts';
import { ASSIGNMENTS, DELETED, directoryList, type List, USERS } from '../../shared/rosters/lists.ts';
import type { Rows } from '../../shared/ports/okta.ts';
import { batchOf, opened, packedBatch, type PackedBatch, parcelOf } from '../../shared/rosters/parcel.ts';
import { flipped, lengthIn, linesIn, packedLines, packedText } from './packed.ts';
import { adAccount, assignment, entraUser, NOW, PLAN } from './tenant.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('', '\n', '\r\n', 'a\nb', '\u2028', '\u2029', '\uD800', '\uDC00', '\0', '"', '\\n', '[]', 'ß', '🂡'),
);
const maybe = fc.option(text);
const anchor = fc.oneof(text, fc.constant(null), fc.record({ unreadable: text }, { noNullPrototype: true }));
const instant = fc.option(fc.nat({ max: 4_000_000_000_000 }));
const others = fc.dictionary(fc.oneof(fc.constantFrom('constructor', 'toString', 'hasOwnProperty', ''), text), text, {
  maxKeys: 3,
  noNullPrototype: true,
});

const anyAccount: fc.Arbitrary<AdAccount> = fc.record(
  {
    user: text,
    instance: text,
    anchor,
    userName: maybe,
    samAccountName: maybe,
    mail: maybe,
    dn: maybe,
    sid: maybe,
    employeeId: maybe,
    others,
    status: text,
    created: instant,
  },
  { noNullPrototype: true },
);
const anyAssignment: fc.Arbitrary<Assignment> = fc.record(
  {
    user: text,
    app: text,
    userName: maybe,
    anchor,
    externalId: maybe,
    scope: fc.constantFrom('USER', 'GROUP', null),
    status: text,
    syncState: maybe,
    created: instant,
  },
  { noNullPrototype: true },
);
const anyUser: fc.Arbitrary<EntraUser> = fc.record(
  {
    id: text,
    userName: text,
    anchor,
    displayName: maybe,
    mail: maybe,
    enabled: fc.boolean(),
    licensed: fc.boolean(),
    userType: maybe,
    creationType: maybe,
    externalUserState: maybe,
    employeeId: maybe,
    sid: maybe,
    synced: fc.option(fc.boolean()),
    lastSync: instant,
    created: instant,
  },
  { noNullPrototype: true },
);
const anyDeleted: fc.Arbitrary<DeletedUser> = fc.record(
  { id: text, userName: text, anchor, deleted: instant },
  { noNullPrototype: true },
);

const ACCOUNTS = directoryList(PLAN.directories[0]!);
const KINDS: readonly (readonly [string, List<unknown>, fc.Arbitrary<unknown>, readonly unknown[]])[] = [
  ['AD accounts', ACCOUNTS, anyAccount, [{ ...adAccount(1), others: { cid: 'x' } }, adAccount(2)]],
  ['assignments', ASSIGNMENTS, anyAssignment, [assignment(1), { ...assignment(2), anchor: null }]],
  ['Entra users', USERS, anyUser, [entraUser(1), { ...entraUser(2), anchor: { unreadable: 'a list' } }]],
  ['the deleted', DELETED, anyDeleted, [{ id: 'd1', userName: 'gone', anchor: 'x', deleted: NOW }]],
];

function packedOf(rows: Rows<unknown>, list: List<unknown>): Uint8Array {
  return packedBatch(rows, list).parcel().packed;
}

/** Rows that lie packed in these bytes, as many as they have. */
function lyingIn(packed: Uint8Array, list: List<unknown>): PackedBatch<unknown> {
  return opened({ ...parcelOf([], list), length: lengthIn(packed), packed }, list);
}

function unpackRows(packed: Uint8Array, list: List<unknown>): readonly unknown[] {
  return [...lyingIn(packed, list)];
}

function refuses(read: () => unknown): boolean {
  try {
    read();
    return false;
  } catch {
    return true;
  }
}

describe.each(KINDS)('%s that lie packed', (_kind, list, anyRow, sound) => {
  const anyRows = fc.array(anyRow, { maxLength: 6 });
  const someRows = fc.array(anyRow, { minLength: 1, maxLength: 4 });
  const pack = (rows: readonly unknown[]) => opened(parcelOf(rows, list), list);
  const packed = packedOf(sound, list);
  const fields = Object.keys(list.row.shape);

  test('are the same rows again, as often as one goes through them', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const batch = pack(rows);
        expect([...batch]).toStrictEqual(rows);
        expect([...batch]).toStrictEqual(rows);
        expect(batch.length).toBe(rows.length);
        expect(unpackRows(batch.parcel().packed, list)).toStrictEqual(rows);
      }),
    );
  });

  test('are made anew each time, so that nobody changes those of another', () => {
    const batch = pack(sound);
    const [[first], [second]] = [batch.some([0]), batch.some([0])];
    expect(first).toStrictEqual(second);
    expect(first).not.toBe(second);
  });

  test('are the same one at a time, in whatever order', () => {
    fc.assert(
      fc.property(someRows, fc.array(fc.nat(), { maxLength: 5 }), (rows, numbers) => {
        const places = numbers.map((number) => number % rows.length);
        const batch = pack(rows);
        expect(batch.some(places)).toStrictEqual(places.map((at) => rows[at]));
        expect([...rows.keys()].flatMap((at) => batch.some([at]))).toStrictEqual(rows);
      }),
    );
  });

  test('are found by the same texts and columns as rows at hand', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const [batch, atHand] = [pack(rows), held(rows, list)];
        expect(batch.columns()).toEqual(atHand.columns());
        expect(rows.map((_, at) => batch.textAt(at))).toEqual(rows.map((row) => list.text(row)));
        expect(rows.map((_, at) => batch.textAt(at))).toEqual(rows.map((_, at) => atHand.textAt(at)));
      }),
    );
  });

  test('are the same in a roll of several batches, some of them empty, beside rows at hand', () => {
    fc.assert(
      fc.property(fc.array(anyRows, { maxLength: 4 }), (pages) => {
        const rows = pages.flat();
        const roll = rollOf(pages.map((page, number) => (number % 2 === 0 ? pack(page) : held(page, list))));
        const { unit, units, ...columns } = list.columns(rows);
        expect(roll.columns()).toMatchObject(columns);
        expect(roll.columns().unit.length).toBe(unit.length);
        expect(roll.columns().units.length).toBeGreaterThanOrEqual(units.length);
        expect([...roll.at([...rows.keys()])]).toStrictEqual(rows);
        expect(rows.map((_, place) => roll.textAt(place))).toEqual(rows.map((row) => list.text(row)));
        // The columns of a batch are from now on a part of the whole.
        const parts = roll.batches.map((batch) => [...batch.columns().id]);
        expect(parts).toEqual(pages.map((page) => [...list.columns(page).id]));
      }),
    );
  });

  test('are the same when another thread has packed them', () => {
    const sent = structuredClone(parcelOf(sound, list));
    expect([...opened(sent, list)]).toStrictEqual(sound);
    expect(opened(sent, list).columns()).toEqual(list.columns(sound));
  });

  test('lie as lines of JSON, of which the first names the fields', () => {
    const lines = linesIn(packed);
    expect(lines.fields).toEqual(fields);
    expect(lines.rows.map((values) => values.length)).toEqual(sound.map(() => fields.length));
    expect(linesIn(packedOf([], list))).toEqual({ fields, rows: [] });
  });

  test('are the same where their fields come in another order, beside more than are known', () => {
    const more = fc.uniqueArray(fc.constantFrom('constructor', '__proto__', 'then', 'of a later version'));
    const order = fc.array(fc.nat(), { minLength: fields.length + 4, maxLength: fields.length + 4 });
    fc.assert(
      fc.property(anyRows, more, fc.jsonValue(), order, (rows, names, value, ranks) => {
        const lines = linesIn(packedOf(rows, list));
        const columns = [...fields, ...names].map((_, at) => at).sort((a, b) => ranks[a]! - ranks[b]! || a - b);
        const turned = [
          columns.map((at) => [...fields, ...names][at]),
          ...lines.rows.map((values) => columns.map((at) => [...values, ...names.map(() => value)][at])),
        ];
        expect(unpackRows(packedLines(turned), list)).toStrictEqual(rows);
        const batch = opened({ ...parcelOf(rows, list), packed: packedLines(turned) }, list);
        expect(batch.some([...rows.keys()])).toStrictEqual(rows);
        expect([...batch]).toStrictEqual(rows);
        expect(Reflect.get({}, 'of a later version')).toBeUndefined();
      }),
    );
  });

  /** Who gets rows of these bytes: whoever goes through them, or asks for some. */
  function takenBy(bytes: Uint8Array): readonly string[] {
    const batch = lyingIn(bytes, list);
    const readers = {
      through: () => [...batch],
      some: () => batch.some(Array.from({ length: batch.length }, (_, at) => at)),
    };
    return Object.entries(readers).flatMap(([name, read]) => (refuses(read) ? [] : [name]));
  }

  test.each(fields)('are refused without the field %s, and where it has another name', (field) => {
    const at = fields.indexOf(field);
    const { rows } = linesIn(packed);
    expect(takenBy(packedLines([fields.toSpliced(at, 1), ...rows.map((values) => values.toSpliced(at, 1))]))).toEqual(
      [],
    );
    expect(takenBy(packedLines([fields.toSpliced(at, 1), ...rows]))).toEqual([]);
    expect(takenBy(packedLines([fields.with(at, `${field}2`), ...rows]))).toEqual([]);
  });

  test('are refused where any of them has too few values', () => {
    const { rows } = linesIn(packed);
    for (const [number, values] of rows.entries())
      for (let length = 0; length < fields.length; length += 1)
        expect(takenBy(packedLines([fields, ...rows.with(number, values.slice(0, length))]))).toEqual([]);
  });

  test('are refused where any of them has more values than there are fields', () => {
    const { rows } = linesIn(packed);
    for (const [number, values] of rows.entries())
      expect(takenBy(packedLines([fields, ...rows.with(number, [...values, null])]))).toEqual([]);
  });

  test.each(['', 'null', '7', '"id"', '{}', '{"id":"x"}', '[', '[[]]', '\u2028'])(
    'are refused where a line is %j',
    (line) => {
      const names = JSON.stringify(fields);
      expect(takenBy(packedText(`${names}\n${line}`))).toEqual([]);
      expect(takenBy(packedText(line))).toEqual([]);
      expect(takenBy(packedText(`${line}\n${names}`))).toEqual([]);
    },
  );

  test('are refused where a row is no list of values, though it has each of them by its number', () => {
    const [values = []] = linesIn(packed).rows;
    expect(takenBy(packedLines([fields, Object.fromEntries(values.entries())]))).toEqual([]);
    expect(takenBy(packedLines([Object.fromEntries(fields.entries()), values]))).toEqual([]);
  });

  test('are refused where a value is none of its field, and are else what the bytes say', () => {
    fc.assert(
      fc.property(anyRow, fc.nat(fields.length - 1), fc.jsonValue(), (row, at, instead) => {
        const values = linesIn(packedOf([row], list)).rows[0]!.with(at, instead);
        const bytes = packedLines([fields, values]);
        const said: unknown[] = JSON.parse(JSON.stringify(values));
        const wanted = list.row.safeParse(Object.fromEntries(fields.map((field, number) => [field, said[number]])));
        if (wanted.success) expect(unpackRows(bytes, list)).toStrictEqual([wanted.data]);
        else expect(refuses(() => unpackRows(bytes, list))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('are refused wherever their bytes are cut', () => {
    for (let length = 0; length < packed.length; length += 1) expect(takenBy(packed.slice(0, length))).toEqual([]);
  });

  test('are refused, or still the same, whatever bit of their bytes is flipped', () => {
    const taken = [...flipped(packed)].filter((bytes) => !refuses(() => unpackRows(bytes, list)));
    expect(taken.map((bytes) => unpackRows(bytes, list))).toStrictEqual(taken.map(() => sound));
    // Of what is compressed a few bits mean nothing.
    expect(taken.length).toBeLessThan(packed.length / 4);
  });

  test('have nobody at a place behind the last', () => {
    expect(refuses(() => pack(sound).some([sound.length]))).toBe(true);
    expect(refuses(() => pack([]).some([0]))).toBe(true);
    expect(pack([]).some([])).toEqual([]);
  });

  test('are stored as the very bytes they came in', () => {
    const { rows } = linesIn(packed);
    const own = packedLines([fields.toReversed(), ...rows.map((values) => values.toReversed())]);
    const parcel = parcelOf(sound, list, own);
    expect(parcel.packed).toBe(own);
    expect(packedOf(opened(parcel, list), list)).toBe(own);
    expect(packedOf(batchOf(opened(parcel, list), list), list)).toBe(own);
  });

  test('are packed where they lie at hand, in whatever they are iterable', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const iterable = { length: rows.length, [Symbol.iterator]: () => rows[Symbol.iterator]() };
        for (const one of [rows, iterable, held(rows, list)])
          expect(unpackRows(packedOf(one, list), list)).toStrictEqual(rows);
      }),
    );
  });

  test('are kept as they are, and rows at hand by what they are found by', () => {
    const lying = pack(sound);
    const iterable = { length: sound.length, [Symbol.iterator]: () => sound[Symbol.iterator]() };
    expect(batchOf(lying, list)).toBe(lying);
    for (const rows of [sound, iterable]) {
      const batch = batchOf(rows, list);
      expect([...batch]).toStrictEqual(sound);
      expect(batch.length).toBe(sound.length);
      expect(batch.columns()).toEqual(list.columns(sound));
      expect(batch.some([0])).toStrictEqual([sound[0]]);
    }
  });
});

test('the text of an AD account is its anchor, of an assignment the Okta id, of an Entra user the object id, of the deleted none', () => {
  const nobody = { ...adAccount(3), anchor: { unreadable: 'a list' } };
  const [accounts, assigned, users, deleted] = [
    opened(parcelOf([{ ...adAccount(1), anchor: null }, adAccount(2), nobody, adAccount(4)], ACCOUNTS), ACCOUNTS),
    opened(parcelOf([assignment(1), assignment(2)], ASSIGNMENTS), ASSIGNMENTS),
    opened(parcelOf([entraUser(1), entraUser(2)], USERS), USERS),
    opened(parcelOf([{ id: 'd', userName: 'd', anchor: 'x', deleted: null }], DELETED), DELETED),
  ];
  expect([0, 1, 2, 3].map((at) => accounts.textAt(at))).toEqual(['', adAccount(2).anchor, '', adAccount(4).anchor]);
  expect([0, 1].map((at) => assigned.textAt(at))).toEqual([assignment(1).user, assignment(2).user]);
  expect([0, 1].map((at) => users.textAt(at))).toEqual([entraUser(1).id, entraUser(2).id]);
  expect(deleted.textAt(0)).toBe('');
});

test('an attribute of the name __proto__, which no directory has, is left out and does no harm to the others', () => {
  const strange: Record<string, string> = JSON.parse('{"a":"1","__proto__":"x","b":"2"}');
  const [row] = opened(parcelOf([{ ...adAccount(1), others: strange }], ACCOUNTS), ACCOUNTS);
  expect(row).toStrictEqual({ ...adAccount(1), others: { a: '1', b: '2' } });
});

test('a few bytes that would unpack to more than 64 MiB are refused, and up to there they are read', () => {
  const row = { id: 'd', userName: 'd', anchor: null, deleted: null };
  const lines = [Object.keys(DELETED.row.shape), Object.values(row)].map((line) => JSON.stringify(line)).join('\n');
  const most = 64 * 1024 * 1024;
  // Spaces behind a row are JSON still.
  const [full, flood] = [packedText(lines.padEnd(most, ' ')), packedText(lines.padEnd(most + 1, ' '))];

  expect(flood.length).toBeLessThan(20_000);
  const batchOfOne = (packed: Uint8Array) => opened({ ...parcelOf([row], DELETED), packed }, DELETED);
  expect([...batchOfOne(full)]).toEqual([row]);
  for (const read of [() => [...batchOfOne(flood)], () => batchOfOne(flood).some([0])])
    expect(read).toThrow(
      expect.objectContaining({ kind: 'invalid', cause: expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' }) }),
    );
});

function deletedNamed(userName: string): DeletedUser {
  return { id: 'd', userName, anchor: null, deleted: null };
}

test('a page of 64 MiB is packed, and no larger one, as nobody would read it back', () => {
  const least = zstdDecompressSync(packedOf([deletedNamed('')], DELETED)).length;
  const most = 'x'.repeat(64 * 1024 * 1024 - least);

  expect([...opened(parcelOf([deletedNamed(most)], DELETED), DELETED)]).toEqual([deletedNamed(most)]);
  expect(() => parcelOf([deletedNamed(`${most}x`)], DELETED)).toThrow(
    expect.objectContaining({
      kind: 'invalid',
      message: 'A page of the list "soft-deleted Entra users" has 67108865 bytes to pack; 67108864 are the most.',
    }),
  );
});
