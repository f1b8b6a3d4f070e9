import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnchorwatchError } from '../../shared/errors.ts';
import { ASSIGNMENTS, DELETED, directoryList, USERS } from '../../shared/rosters/lists.ts';
import { packPage, packPlace, unpackPage, unpackPlace } from '../../shared/rosters/pack.ts';
import type { StoredPage } from '../../shared/rosters/pages.ts';
import { behind, type Place, start } from '../../shared/rosters/place.ts';
import { page } from './pages.ts';
import { adAccount, assignment, entraUser, NOW, PLAN } from './tenant.ts';

test('a page survives packing, with every kind of anchor', () => {
  const rows = ['text', null, { unreadable: 'a number' }].map((anchor, at) => ({
    ...adAccount(at),
    anchor,
    others: { cid: 'x' },
  }));
  const list = directoryList(PLAN.directories[0]!);
  const whole = page(3, rows, { freshAsOf: NOW, countBefore: 3 });
  expect(unpackPage(list, packPage(whole))).toEqual(whole);
});

test('packed users are small enough for a row', () => {
  const rows = Array.from({ length: 999 }, (_, number) => entraUser(number));
  expect(packPage(page(0, rows)).length).toBeLessThan(400_000);
});

test.each([
  ['rubbish', Buffer.from('rubbish')],
  ['a page of another list', packPage(page(0, [entraUser(1)]))],
])('%s cannot be unpacked, and the error names the list', (_, bytes) => {
  expect(() => unpackPage(ASSIGNMENTS, bytes)).toThrow(AnchorwatchError);
  expect(() => unpackPage(ASSIGNMENTS, bytes)).toThrow('Office 365 assignments in Okta');
});

test('a page of any list survives packing, from the first attempt at its first page on', () => {
  const scopes = [null, 'USER', 'GROUP'] as const;
  const assignments = page(
    0,
    scopes.map((scope) => ({ ...assignment(1), scope })),
  );
  const users = page(1, [entraUser(1)], { attempt: 2, slice: 2, leftOut: 2, mended: true, countAfter: 7, next: null });
  const deleted = page(0, [{ id: 'd', userName: 'd', anchor: null, deleted: NOW }]);

  expect(unpackPage(ASSIGNMENTS, packPage(assignments))).toEqual(assignments);
  expect(unpackPage(USERS, packPage(users))).toEqual(users);
  expect(unpackPage(DELETED, packPage(deleted))).toEqual(deleted);
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
    ['a page', packPage(page(0, [assignment(1)]))],
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
