import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Columns } from '../../shared/compare/columns.ts';
import { NONE, SEVERAL } from '../../shared/compare/digest.ts';
import { type Batch, changed, found, held, type Roll, rollOf, rowsOf, type Wanted } from '../../shared/compare/roll.ts';
import type { Assignment, EntraUser } from '../../shared/compare/rows.ts';
import { ACCOUNTS, ASSIGNMENTS, USERS } from '../../shared/rosters/lists.ts';
import { opened, type Packing, parcelOf } from '../../shared/rosters/parcel.ts';
import { batchesOf, type Cut, cuts } from './batches.ts';
import { adAccount, assignment, entraUser } from './people.ts';

/** So few ids, names and anchors that several rows share them, and that some have nobody. */
const IDS = ['u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7', 'u8', 'u9'];
const NAMES = ['ann@contoso.com', 'bob@contoso.com', 'cid@contoso.com', 'dan@contoso.com', 'eva@contoso.com'];
const ANCHORS = ['', 'k1', 'k2', 'k3', 'k4', 'k5', 'k6'];

const shared = {
  anchor: fc.option(fc.oneof(fc.constantFrom(...ANCHORS.slice(0, -1)), fc.constant({ unreadable: 'a list' }))),
  created: fc.constantFrom(null, 0, 1_000_000),
};
const name = fc.constantFrom(...NAMES.slice(0, -1), 'Ann@Contoso.com', 'BOB@contoso.com');
const id = fc.constantFrom(...IDS.slice(0, -1));
const assigned: fc.Arbitrary<Assignment> = fc
  .record({
    ...shared,
    user: id,
    userName: fc.option(name),
    app: fc.constantFrom('0oaO365', '0oaOther'),
    externalId: fc.constantFrom(null, 'one', 'two'),
    status: fc.constantFrom('ACTIVE', 'SUSPENDED'),
  })
  .map((over) => assignment('', over));
const someAssigned = fc.array(assigned, { maxLength: 14 });
const users: fc.Arbitrary<EntraUser> = fc
  .record({ ...shared, id, userName: name, userType: fc.constantFrom('Member', 'Guest') })
  .map((over) => entraUser('', over));

/** Units come in any order: what counts is where each row stands. */
function told(columns: Columns) {
  const { unit, units, ...others } = columns;
  return { ...others, standing: Array.from(unit, (number) => units[number]) };
}

type Sought = 'id' | 'name' | 'anchor';

function textIn(row: Assignment | EntraUser, column: Sought): string | null {
  if (column === 'name') return row.userName?.toLowerCase() ?? null;
  if (column === 'anchor') return typeof row.anchor === 'string' ? row.anchor : null;
  return 'user' in row ? row.user : row.id;
}

/** By the rows alone: slow, and as simple as it can be. */
function placeIn(rows: readonly (Assignment | EntraUser)[], column: Sought, row: Assignment | EntraUser): number {
  const text = textIn(row, column);
  const places = rows.flatMap((one, at) => (text !== null && textIn(one, column) === text ? [at] : []));
  return places.length > 1 ? SEVERAL : (places[0] ?? NONE);
}

const SOUGHT = ['id', 'name', 'anchor'] as const;

/** What a roll answers, whose rows should be these. */
function asked<Row extends Assignment | EntraUser>(roll: Roll<Row>, rows: readonly Row[], list: Packing<Row>) {
  const sought = list.columns(rows);
  return {
    length: roll.length,
    rows: [...rowsOf(roll)],
    texts: rows.map((_, place) => roll.textAt(place)),
    columns: told(roll.columns()),
    places: SOUGHT.map((column) => rows.map((_, at) => roll.places(column).find(sought[column], at))),
    batches: roll.batches.map((batch) => {
      const all = [...batch];
      return {
        length: batch.length,
        all,
        texts: all.map((_, at) => batch.textAt(at)),
        columns: told(batch.columns()),
        some: batch.some([...all.keys()].filter((at) => at % 2 === 0)),
      };
    }),
  };
}

/** The same by the rows alone: only how they are cut is the roll's own. */
function byRows<Row extends Assignment | EntraUser>(
  { batches }: Roll<Row>,
  rows: readonly Row[],
  list: Packing<Row>,
): ReturnType<typeof asked<Row>> {
  let from = 0;
  return {
    length: rows.length,
    rows: [...rows],
    texts: rows.map((row) => list.text(row)),
    columns: told(list.columns(rows)),
    places: SOUGHT.map((column) => rows.map((row) => placeIn(rows, column, row))),
    batches: batches.map(({ length }) => {
      const all = rows.slice(from, (from += length));
      const texts = all.map((row) => list.text(row));
      return { length, all, texts, columns: told(list.columns(all)), some: all.filter((_, at) => at % 2 === 0) };
    }),
  };
}

/** As they come, or as an earlier roll has settled them. */
function rollOfRows<Row>(rows: readonly Row[], cut: Cut, list: Packing<Row>, isSettled: boolean): Roll<Row> {
  const batches = batchesOf(rows, cut, list);
  if (isSettled) rollOf(batches).columns();
  return rollOf(batches);
}

function those<Row>(rows: readonly Row[], places: ReadonlySet<number>): readonly Row[] {
  return rows.filter((_, at) => places.has(at));
}

describe('a roll answers as its rows do', () => {
  test('of assignments, however they come in pages', () => {
    fc.assert(
      fc.property(someAssigned, cuts, fc.boolean(), (rows, cut, isSettled) => {
        const roll = rollOfRows(rows, cut, ASSIGNMENTS, isSettled);
        expect(asked(roll, rows, ASSIGNMENTS)).toEqual(byRows(roll, rows, ASSIGNMENTS));
      }),
      { numRuns: 300 },
    );
  });

  test('of Entra users, however they come in pages', () => {
    fc.assert(
      fc.property(fc.array(users, { maxLength: 14 }), cuts, fc.boolean(), (rows, cut, isSettled) => {
        const roll = rollOfRows(rows, cut, USERS, isSettled);
        expect(asked(roll, rows, USERS)).toEqual(byRows(roll, rows, USERS));
      }),
      { numRuns: 200 },
    );
  });

  test('when what several rolls hold is joined, and joined again', () => {
    fc.assert(
      fc.property(someAssigned, someAssigned, someAssigned, cuts, cuts, cuts, (one, other, last, ...[a, b, c]) => {
        const rolls = [rollOfRows(one, a, ASSIGNMENTS, true), rollOfRows(other, b, ASSIGNMENTS, true)];
        const both = rollOf(rolls.flatMap(({ batches }) => batches));
        expect(asked(both, [...one, ...other], ASSIGNMENTS)).toEqual(byRows(both, [...one, ...other], ASSIGNMENTS));
        const more = rollOfRows(last, c, ASSIGNMENTS, false);
        const all = rollOf([...more.batches, ...both.batches]);
        expect(asked(all, [...last, ...one, ...other], ASSIGNMENTS)).toEqual(
          byRows(all, [...last, ...one, ...other], ASSIGNMENTS),
        );
        expect(asked(both, [...one, ...other], ASSIGNMENTS)).toEqual(byRows(both, [...one, ...other], ASSIGNMENTS));
      }),
      { numRuns: 200 },
    );
  });
});

test('the rows at any places that ascend are those at these places', () => {
  fc.assert(
    fc.property(someAssigned, cuts, fc.boolean(), fc.array(fc.nat({ max: 16 })), (rows, cut, isSettled, some) => {
      const roll = rollOfRows(rows, cut, ASSIGNMENTS, isSettled);
      const places = [...new Set(some)].filter((place) => place < rows.length).sort((one, other) => one - other);
      expect([...roll.at(places)]).toEqual(those(rows, new Set(places)));
    }),
    { numRuns: 300 },
  );
});

const wanted: fc.Arbitrary<Wanted> = fc.record(
  {
    id: fc.array(fc.constantFrom(...IDS), { maxLength: 3 }),
    name: fc.array(fc.constantFrom(...NAMES), { maxLength: 2 }),
    anchor: fc.array(fc.constantFrom(...ANCHORS), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

test('whoever has any of the texts is found, in the order of the rows, and nobody twice', () => {
  const numbers = new Set<number>();
  fc.assert(
    fc.property(someAssigned, cuts, fc.boolean(), wanted, (rows, cut, isSettled, texts) => {
      const columns = ['id', 'name', 'anchor'] as const;
      const isWanted = (row: Assignment): boolean =>
        columns.some((column) => [...(texts[column] ?? [])].some((text) => text === textIn(row, column)));
      const all = found(rollOfRows(rows, cut, ASSIGNMENTS, isSettled), texts);
      expect(all).toEqual(rows.filter(isWanted));
      numbers.add(all.length);
    }),
    { numRuns: 1_000 },
  );
  expect(numbers.size).toBeGreaterThan(4);
});

test('a changed roll is without those who are gone and with more behind, and the roll itself stays as it was', () => {
  const app = fc.constantFrom('0oaO365', '0oaOther', null);
  const some = fc.array(fc.constantFrom(...IDS.slice(-4)), { maxLength: 4 });
  const more = fc.array(assigned, { maxLength: 3 });
  fc.assert(
    fc.property(someAssigned, cuts, fc.boolean(), some, app, more, (rows, cut, isSettled, ids, ofApp, added) => {
      const roll = rollOfRows(rows, cut, ASSIGNMENTS, isSettled);
      const isGone = (row: Assignment): boolean => ids.includes(row.user) && row.app !== ofApp;
      const other = changed(roll, ids, isGone, added, ASSIGNMENTS);
      const left = [...rows.filter((row) => !isGone(row)), ...added];
      expect(asked(other, left, ASSIGNMENTS)).toEqual(byRows(other, left, ASSIGNMENTS));
      expect(asked(roll, rows, ASSIGNMENTS)).toEqual(byRows(roll, rows, ASSIGNMENTS));
      const again = changed(other, ['u1'], ({ user }) => user === 'u1', [], ASSIGNMENTS);
      const others = left.filter(({ user }) => user !== 'u1');
      expect(asked(again, others, ASSIGNMENTS)).toEqual(byRows(again, others, ASSIGNMENTS));
    }),
    { numRuns: 300 },
  );
});

test('a batch of which nobody is changed stays packed as it is', () => {
  const pages = [['u1', 'u2'], ['u3'], ['u4']].map((some) => some.map((user) => assignment(user)));
  const batches = pages.map((rows) => opened(parcelOf(rows, ASSIGNMENTS), ASSIGNMENTS));
  const roll = changed(rollOf<Assignment>(batches), ['u3', 'u9'], () => true, [], ASSIGNMENTS);
  expect(roll.batches[0]).toBe(batches[0]);
  expect(roll.batches[2]).toBe(batches[2]);
  expect([...rowsOf(roll)].map(({ user }) => user)).toEqual(['u1', 'u2', 'u4']);
});

test('of a batch that somebody leaves, all others stay, whoever else would be gone', () => {
  const rows = ['u1', 'u2', 'u3'].map((user) => assignment(user));
  const roll = changed(rollOf<Assignment>([held(rows, ASSIGNMENTS)]), ['u2'], () => true, [], ASSIGNMENTS);
  expect([...rowsOf(roll)].map(({ user }) => user)).toEqual(['u1', 'u3']);
});

test('only batches that are asked for rows are unpacked', () => {
  const unpacked: number[] = [];
  const batches = [['u1', 'u2'], ['u3'], ['u4', 'u4']].map((some, number): Batch<Assignment> => {
    const rows = some.map((user) => assignment(user));
    const batch = held(rows, ASSIGNMENTS);
    const unpack = (): void => {
      unpacked.push(number);
    };
    return {
      length: batch.length,
      columns: () => batch.columns(),
      settle: (columns) => batch.settle(columns),
      textAt: (at) => batch.textAt(at),
      some(places) {
        unpack();
        return batch.some(places);
      },
      [Symbol.iterator]() {
        unpack();
        return rows[Symbol.iterator]();
      },
    };
  });
  const roll = rollOf(batches);
  roll.columns();
  expect([roll.textAt(2), roll.places('id').find(roll.columns().id, 3)]).toEqual(['u3', SEVERAL]);
  expect(unpacked).toEqual([]);
  expect(found(roll, { id: ['u2', 'u4'] }).map(({ user }) => user)).toEqual(['u2', 'u4', 'u4']);
  expect(unpacked).toEqual([0, 2]);
});

test('whoever was asked for once stays at hand, and is not unpacked again', () => {
  const rows = [assignment('u1'), assignment('u2'), assignment('u3')];
  const roll = rollOf<Assignment>([opened(parcelOf(rows, ASSIGNMENTS), ASSIGNMENTS)]);
  const [second] = roll.at([1]);
  const [first, again, third] = roll.at([0, 1, 2]);
  expect(again).toBe(second);
  expect([first, again, third]).toEqual(rows);
});

test('what a batch is compared by lies in the memory of the last roll that joined it', () => {
  const rows = [assignment('u1'), assignment('u2'), assignment('u3')];
  const batches = batchesOf(
    rows,
    { pages: [1, 1, 1].map((size, at) => ({ rows: size, isPacked: at > 0 })), earlier: 0 },
    ASSIGNMENTS,
  );
  for (const roll of [rollOf(batches), rollOf(batches.slice(1)), rollOf(batches.toReversed())]) {
    const whole = roll.columns();
    expect(roll.columns()).toBe(whole);
    for (const batch of roll.batches)
      for (const column of ['id', 'name', 'anchor', 'evidence', 'unit', 'plain'] as const)
        expect(batch.columns()[column].buffer).toBe(whole[column].buffer);
  }
});

describe('nobody at all', () => {
  test.each<[string, readonly (readonly Assignment[])[]]>([
    ['no batch', []],
    ['an empty batch', [[]]],
    ['three empty batches', [[], [], []]],
  ])('in %s', (_what, pages) => {
    const packed = pages.map((rows) => opened(parcelOf(rows, ASSIGNMENTS), ASSIGNMENTS));
    const asTheyAre = pages.map((rows) => held(rows, ASSIGNMENTS));
    for (const batches of [packed, asTheyAre]) {
      const roll = rollOf<Assignment>(batches);
      expect(asked(roll, [], ASSIGNMENTS)).toEqual(byRows(roll, [], ASSIGNMENTS));
      expect([...roll.at([])]).toEqual([]);
      expect(found(roll, { id: ['u1'], name: ['ann@contoso.com'], anchor: ['k1'] })).toEqual([]);
      expect(roll.textAt(0)).toBe('');
      const one = assignment('u1');
      const more = changed(roll, ['u1'], () => true, [one], ASSIGNMENTS);
      expect(asked(more, [one], ASSIGNMENTS)).toEqual(byRows(more, [one], ASSIGNMENTS));
    }
  });
});

test('the text that is asked of everybody is the anchor of an AD account, and empty where there is none', () => {
  const anchors = ['k1', null, 'größer', { unreadable: 'a list' }, 'k2'];
  const rows = anchors.map((anchor) => adAccount('u1', { anchor }));
  for (const batch of [held(rows, ACCOUNTS), opened(parcelOf(rows, ACCOUNTS), ACCOUNTS)])
    expect(rows.map((_, at) => rollOf([batch]).textAt(at))).toEqual(['k1', '', 'größer', '', 'k2']);
});
