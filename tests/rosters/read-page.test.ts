import { expect, test } from 'vitest';
import type { EntraUser } from '../../shared/compare/rows.ts';
import type { Page } from '../../shared/ports/okta.ts';
import { READ_LIMITS, readLimits } from '../../shared/rosters/limits.ts';
import { ASSIGNMENTS, USERS } from '../../shared/rosters/lists.ts';
import { readPage } from '../../shared/rosters/read-page.ts';
import {
  assignmentSource,
  deletedSource,
  directorySource,
  type ListSource,
  userSource,
} from '../../shared/rosters/sources.ts';
import { DAY, MINUTE } from '../../shared/time.ts';
import { readersOf, testClock } from './readers.ts';
import { APP, entraUser, NOW, PLAN, tenantOf } from './tenant.ts';

function page(people: readonly number[], next: string | null, leftOut = 0): Page<EntraUser> {
  return { rows: people.map((number) => entraUser(number)), next, leftOut };
}

/** Reads the second page, of a list whose pages have three rows, from a source that gives these answers one after the other. */
async function read(answers: readonly Page<EntraUser>[], number = 1) {
  let asked = 0;
  const since: number[] = [];
  const source: ListSource<EntraUser> = {
    list: USERS,
    fullPage: 3,
    page: async () => answers[(asked += 1) - 1]!,
    count: async () => 7,
    freshAsOf: async (from) => {
      since.push(from);
      return NOW - MINUTE;
    },
  };
  const at = { attempt: 1, number, slice: 1, cursor: number === 0 ? null : 'c1', largest: number === 0 ? 0 : 3 };
  const tools = { clock: testClock(), limits: READ_LIMITS, signal: new AbortController().signal };
  const outcome = await readPage(source, at, tools);
  if (outcome.state !== 'read') throw new Error('the cursor was refused');
  return { asked, since, stored: outcome.page };
}

const FULL = page([1, 2, 3], 'c2');
const SHORT = page([1, 2], 'c2');
const LAST = page([1, 2, 3], null);

test.each<[string, Page<EntraUser>[], number, Page<EntraUser>, boolean]>([
  ['full is believed at once', [FULL], 1, FULL, false],
  ['larger than the others is believed at once', [page([1, 2, 3, 4], 'c2')], 1, page([1, 2, 3, 4], 'c2'), false],
  ['full with rows that are no people is believed at once', [page([1, 2], 'c2', 1)], 1, page([1, 2], 'c2', 1), false],
  ['short is believed when it comes twice', [SHORT, SHORT], 2, SHORT, false],
  ['short that comes twice in another order is the same', [SHORT, page([2, 1], 'c2')], 2, SHORT, false],
  ['short gives way to a fuller one', [SHORT, FULL], 2, FULL, true],
  ['short gives way to one with more that is left out', [SHORT, page([1, 2], 'c2', 1)], 2, page([1, 2], 'c2', 1), true],
  ['short is kept before one that is shorter still', [SHORT, page([1], 'c2')], 2, SHORT, true],
  ['short is kept before another as short, and the difference is told', [SHORT, page([1, 3], 'c2')], 2, SHORT, true],
  ['said to be the last is believed when it comes twice', [LAST, LAST], 2, LAST, false],
  ['said to be the last gives way to one with a page behind it, even a shorter one', [LAST, SHORT], 2, SHORT, true],
  ['said to be the last gives way to the same with a page behind it', [LAST, FULL], 2, FULL, true],
  ['short with a page behind it is kept before a longer last one', [SHORT, LAST], 2, SHORT, true],
])('a page %s', async (_what, answers, requests, kept, mended) => {
  const { asked, stored } = await read(answers);

  expect(asked).toBe(requests);
  expect(stored).toMatchObject({ rows: kept.rows, next: kept.next, leftOut: kept.leftOut, mended });
});

test('the count is asked before the first page and after the last, and how fresh the list is before the first', async () => {
  const middle = await read([FULL]);
  const first = await read([FULL], 0);
  const last = await read([LAST, LAST]);

  expect(middle.stored).toMatchObject({ countBefore: null, countAfter: null, freshAsOf: null });
  expect(first.stored).toMatchObject({ countBefore: 7, countAfter: null, freshAsOf: NOW - MINUTE });
  expect(last.stored).toMatchObject({ countBefore: null, countAfter: 7, freshAsOf: null });
  expect([middle.since, first.since]).toEqual([[], [NOW - 7 * DAY]]);
});

test('the first page is short where it has fewer rows than the API gives at once', async () => {
  expect((await read([FULL], 0)).asked).toBe(1);
  expect((await read([SHORT, FULL], 0)).stored).toMatchObject({ rows: FULL.rows, mended: true });
});

test('a first page of each API is full with as many rows as it gives at once, and no import is no freshness', async () => {
  const { okta, entra } = readersOf(tenantOf(1), { pageSize: 4 });
  const directory = PLAN.directories[0]!;
  const sources = [
    directorySource(okta, directory),
    assignmentSource(okta, APP, ASSIGNMENTS),
    userSource(entra),
    deletedSource(entra),
  ];

  expect(sources.map(({ fullPage }) => fullPage)).toEqual([500, 500, 999, 999]);
  expect(await directorySource({ ...okta, lastImport: async () => null }, directory).freshAsOf(NOW)).toBeNull();
});

test('the newest import is looked for as far back as it may be old, and a day further, but never less than a week', () => {
  expect(readLimits(DAY)).toEqual(READ_LIMITS);
  expect(readLimits(10 * DAY)).toEqual({ ...READ_LIMITS, importLookback: 11 * DAY });
});
