import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowsOf } from '../../shared/compare/roll.ts';
import type { Assignment } from '../../shared/compare/rows.ts';
import { collect } from '../../shared/rosters/certificate.ts';
import { ASSIGNMENTS, DELETED, directoryList, type List, USERS } from '../../shared/rosters/lists.ts';
import { loadRosters } from '../../shared/rosters/load.ts';
import { memoryPages, memoryPageStore } from '../../shared/rosters/memory.ts';
import { behind, start } from '../../shared/rosters/place.ts';
import { batchOf } from '../../shared/rosters/parcel.ts';
import type { KeptPage, PageStore, StoredPage } from '../../shared/rosters/pages.ts';
import { MINUTE } from '../../shared/time.ts';
import { page } from './pages.ts';
import { rostersOf } from './rolls.ts';
import { adAccount, assignment, DOMAINS, entraUser, NOW, PLAN } from './tenant.ts';

/** Behind the pages that the store has already. */
async function append<Row>(store: PageStore, list: List<Row>, one: StoredPage<Row>): Promise<void> {
  await store.append(list, one, behind((await store.place(list)) ?? start(1, 1), one));
}

async function certificateOf<Row>(list: List<Row>, pages: readonly StoredPage<Row>[]) {
  const store = memoryPageStore();
  for (const one of pages) await append(store, list, one);
  return (await collect(list, store.pages(list)))!.certificate;
}

test('a certificate counts what its pages show', async () => {
  const bare = { ...entraUser(4), anchor: null };
  const odd = { ...entraUser(5), anchor: { unreadable: 'a list' } };
  const certificate = await certificateOf(USERS, [
    page(0, [entraUser(1), entraUser(2), entraUser(3)], { countBefore: 7, mended: true }),
    page(1, [bare], { leftOut: 1 }),
    page(2, [odd, entraUser(1)], { leftOut: 1, slice: 2 }),
    page(3, [entraUser(6)], { next: null, countAfter: 8, slice: 3 }),
  ]);
  expect(certificate).toMatchObject({
    list: 'users',
    complete: true,
    pages: 4,
    largestPage: 3,
    rows: 7,
    distinct: 6,
    duplicates: 1,
    shortPages: 1,
    mended: 1,
    leftOut: 2,
    filled: 4,
    filledShare: 4 / 6,
    expected: { before: 7, after: 8 },
    cursors: { distinct: 3, repeated: 0, broken: 0 },
    began: NOW,
    ended: NOW + 4 * MINUTE,
    restarts: 0,
    slices: 3,
  });
  expect(JSON.stringify(certificate)).not.toContain('cursor 1');
});

test.each([
  ['none', [], 0, null],
  ['one with an anchor', [entraUser(1)], 1, 1],
  ['one without', [{ ...entraUser(1), anchor: null }], 1, 0],
])('the share of rows with an anchor is of those that there are: %s', async (_what, rows, largestPage, filledShare) => {
  const certificate = await certificateOf(USERS, [page(0, rows, { next: null })]);
  expect(certificate).toMatchObject({ largestPage, filledShare, complete: true });
});

test('a short page is one with a page behind it, the first as well as any', async () => {
  const full = [entraUser(1), entraUser(2)];
  const last = page(2, [], { next: null });
  expect((await certificateOf(USERS, [page(0, [entraUser(3)]), page(1, full), last])).shortPages).toBe(1);
  expect((await certificateOf(USERS, [page(0, full), page(1, [entraUser(3)]), last])).shortPages).toBe(1);
});

async function counted(countBefore: number | null, countAfter: number | null) {
  return (await certificateOf(USERS, [page(0, [], { next: null, countBefore, countAfter })])).expected;
}

async function filledOf<Row>(list: List<Row>, rows: readonly Row[]): Promise<number> {
  return (await certificateOf(list, [page(0, rows, { next: null })])).filled;
}

test('counts are given where the other side has given both', async () => {
  expect(await counted(7, 8)).toEqual({ before: 7, after: 8 });
  expect([await counted(null, 8), await counted(7, null), await counted(null, null)]).toEqual([null, null, null]);
});

test('anchors are counted in every kind of list', async () => {
  const deleted = { id: 'e', userName: 'e', anchor: 'E1', deleted: NOW };
  const bare = { anchor: null };
  expect(await filledOf(directoryList({ id: 'x', label: 'x' }), [adAccount(1), { ...adAccount(2), ...bare }])).toBe(1);
  expect(await filledOf(ASSIGNMENTS, [assignment(1), { ...assignment(2), ...bare }])).toBe(1);
  expect(await filledOf(DELETED, [deleted, { ...deleted, id: 'f', ...bare }])).toBe(1);
});

test('the digest is a SHA-256 in hexadecimal', async () => {
  expect((await certificateOf(USERS, [page(0, [], { next: null })])).cursors.digest).toMatch(/^[0-9a-f]{64}$/);
});

test('the digest changes with any cursor', async () => {
  const one = await certificateOf(ASSIGNMENTS, [page(0, []), page(1, [], { next: null })]);
  const other = await certificateOf(ASSIGNMENTS, [
    page(0, [], { next: 'else' }),
    page(1, [], { cursor: 'else', next: null }),
  ]);
  expect(one.cursors.digest).not.toBe(other.cursors.digest);
});

test('a page out of the chain, and a cursor seen before, are counted', async () => {
  const foreign = page(1, [assignment(2)], { cursor: 'of another reading' });
  const back = page(2, [assignment(3)], { next: 'cursor 1' });
  expect((await certificateOf(ASSIGNMENTS, [page(0, [assignment(1)]), foreign, back])).cursors).toMatchObject({
    broken: 1,
    repeated: 1,
  });
  const gap = [page(1, [assignment(2)], { cursor: null, next: null })];
  expect((await collect(ASSIGNMENTS, kept(ASSIGNMENTS, gap)))!.certificate.cursors.broken).toBe(1);
});

/** Pages as a store that mixed them up would give them. */
async function* kept<Row>(list: List<Row>, pages: readonly StoredPage<Row>[]): AsyncGenerator<KeptPage<Row>> {
  for (const one of pages) yield { ...one, rows: batchOf(one.rows, list) };
}

test('a list of which no page is stored has no certificate', async () => {
  const { certificates, rolls } = await loadRosters(memoryPageStore(), PLAN, DOMAINS);
  expect(certificates).toEqual([]);
  expect(rostersOf(rolls)).toEqual({ ad: [], assignments: [], entra: [], deleted: [], domains: DOMAINS });
});

test('of two rows with one id the later wins', async () => {
  const store = memoryPageStore();
  await append(store, ASSIGNMENTS, page(0, [assignment(1), assignment(2)]));
  await append(store, ASSIGNMENTS, page(1, [{ ...assignment(1), status: 'DEPROVISIONED' }], { next: null }));
  const { rolls } = await loadRosters(store, PLAN, DOMAINS);
  expect([...rowsOf(rolls.assignments)]).toEqual([assignment(2), { ...assignment(1), status: 'DEPROVISIONED' }]);
});

const DELETION = { id: 'd1', userName: 'd1', anchor: null, deleted: NOW };

test.each<[string, List<unknown>, readonly unknown[]]>([
  ['AD accounts', directoryList({ id: 'x', label: 'x' }), [adAccount(1), adAccount(2), adAccount(3)]],
  ['assignments', ASSIGNMENTS, [assignment(1), assignment(2), assignment(3)]],
  ['Entra users', USERS, [entraUser(1), entraUser(2), entraUser(3)]],
  ['the deleted', DELETED, [DELETION, { ...DELETION, id: 'd2' }, { ...DELETION, id: 'd3' }]],
])('a row that comes again is told by its id, and is there once: %s', async (_what, list, rows) => {
  const pages = [page(0, rows), page(1, rows.slice(1), { next: null })];
  const { roll } = (await collect(list, kept(list, pages)))!;
  expect([...rowsOf(roll)]).toEqual(rows);
});

test('every row is there once, as it came last, wherever it came before', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(fc.nat({ max: 5 }), { maxLength: 3 }), { maxLength: 4 }), async (numbers) => {
      const rows = numbers.map((some, at) =>
        some.map((number, of) => ({ ...assignment(number), externalId: `${at} ${of}` })),
      );
      const pages = [...rows, []].map((some, at) => page(at, some));
      const { roll } = (await collect(ASSIGNMENTS, kept(ASSIGNMENTS, pages)))!;
      const all = rows.flat();
      const wanted = all.filter(({ user }, at) => !all.slice(at + 1).some((later) => later.user === user));
      expect([...rowsOf(roll)]).toEqual(wanted);
    }),
  );
});

test('a page of which no row comes again is kept as it is', async () => {
  const pages = [[assignment(1), assignment(2)], [assignment(3)], [assignment(3), assignment(4)]].map((rows, at) => {
    const batch = batchOf(rows, ASSIGNMENTS);
    return { ...page(at, rows), rows: batch };
  });
  const { roll } = (await collect(ASSIGNMENTS, kept(ASSIGNMENTS, pages)))!;
  expect(roll.batches[0]).toBe(pages[0]!.rows);
  expect(roll.batches[2]).toBe(pages[2]!.rows);
  expect([...rowsOf(roll)]).toEqual([1, 2, 3, 4].map((number) => assignment(number)));
});

test('one person in two AD instances stays two accounts', async () => {
  const store = memoryPageStore();
  for (const directory of PLAN.directories) {
    await append(
      store,
      directoryList(directory),
      page(0, [{ ...adAccount(1), instance: directory.id }], { next: null }),
    );
  }
  const { rolls } = await loadRosters(store, PLAN, DOMAINS);
  expect(Array.from(rowsOf(rolls.ad), (row) => row.instance)).toEqual(['0oaNorth', '0oaSouth']);
});

test('who came and went during the read of the users is told from those who stayed', async () => {
  const store = memoryPageStore();
  const long = [entraUser(1), entraUser(4), entraUser(20), { ...entraUser(21), created: null }];
  const users = [...long, entraUser(2, NOW), entraUser(3, NOW + MINUTE)];
  await append(store, USERS, page(0, users, { next: null }));
  const departures = [NOW - 1, NOW, NOW + MINUTE, NOW + MINUTE + 1, null];
  const deleted = departures.map((at, index) => ({
    id: entraUser(index + 4).id,
    userName: 'x',
    anchor: null,
    deleted: at,
  }));
  deleted[1]!.id = entraUser(1).id;
  await append(store, DELETED, page(0, deleted, { next: null }));
  const { certificates } = await loadRosters(store, PLAN, DOMAINS);
  expect(certificates[0]!.churn).toEqual({ arrived: 2, arrivedBefore: 0, departed: 2, departedRead: 1 });
});

test('whoever was deleted just before the recycle bin was read may be in its count or not', async () => {
  const store = memoryPageStore();
  const times = [NOW - 6 * MINUTE, NOW - 5 * MINUTE, NOW, NOW + MINUTE, null];
  const deleted = times.map((at, index) => ({ id: `d${index}`, userName: 'x', anchor: null, deleted: at }));
  await append(store, DELETED, page(0, deleted, { next: null }));
  const { certificates } = await loadRosters(store, PLAN, DOMAINS);
  expect(certificates[0]!.churn).toEqual({ arrived: 2, arrivedBefore: 1, departed: 0, departedRead: 0 });
});

test('a store keeps the highest attempt alone, and takes a page twice', async () => {
  const store = memoryPageStore();
  await append(store, ASSIGNMENTS, page(0, [assignment(1)]));
  await append(store, ASSIGNMENTS, page(1, [assignment(2)]));
  await append(store, ASSIGNMENTS, page(0, [assignment(3)], { attempt: 2 }));
  await append(store, ASSIGNMENTS, page(0, [assignment(4)], { attempt: 2 }));
  await append(store, ASSIGNMENTS, page(2, [assignment(5)]));
  const left: StoredPage<Assignment>[] = [];
  for await (const one of store.pages(ASSIGNMENTS)) left.push(one);
  expect(left.map(({ attempt, number, rows }) => [attempt, number, [...rows]])).toEqual([[2, 0, [assignment(4)]]]);
  expect(await store.place(ASSIGNMENTS)).toMatchObject({ attempt: 2, number: 1, cursor: left[0]!.next });
  expect(await store.place(USERS)).toBeNull();
});

test('each run has pages of its own, and the same ones whenever it asks for them', async () => {
  const pagesOf = memoryPages();
  await append(pagesOf('one'), ASSIGNMENTS, page(0, [assignment(1)]));

  expect(await pagesOf('one').place(ASSIGNMENTS)).toMatchObject({ number: 1 });
  expect(await pagesOf('other').place(ASSIGNMENTS)).toBeNull();
});
