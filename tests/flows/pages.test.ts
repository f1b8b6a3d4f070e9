import { expect, test } from 'vitest';
import { pagesOf } from '../../shared/flows/scan/pages.ts';
import type { Lease } from '../../shared/flows/lease.ts';
import { USERS } from '../../shared/rosters/lists.ts';
import { memoryPages } from '../../shared/rosters/memory.ts';
import type { PageStore, StoredPage } from '../../shared/rosters/pages.ts';
import { behind, type Place, start } from '../../shared/rosters/place.ts';
import type { EntraUser } from '../../shared/compare/rows.ts';
import { parcelOf } from '../../shared/rosters/parcel.ts';
import { besideOf, storedAs } from '../rosters/packed.ts';
import { emptyTenant, entraUser, NOW } from '../rosters/tenant.ts';
import { nightOf } from './night.ts';

const HELD: Lease = { keep: async () => undefined, release: async () => undefined };

function page(attempt: number, number: number, isLast = false): StoredPage<EntraUser> {
  const cursors = { cursor: number === 0 ? null : `to ${number}`, next: isLast ? null : `to ${number + 1}` };
  const beside = { leftOut: 0, mended: false, countBefore: null, countAfter: null, freshAsOf: null };
  return { attempt, number, slice: 1, ...cursors, rows: [entraUser(number)], ...beside, began: NOW, ended: NOW };
}

async function append(store: PageStore, pages: readonly StoredPage<EntraUser>[]): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (const one of pages) {
    const last = await store.place(USERS);
    const place = behind(last?.attempt === one.attempt ? last : start(one.attempt, 1), one);
    await store.append(USERS, one, place);
    places.push(place);
  }
  return places;
}

async function stored(store: PageStore): Promise<(readonly [number, number])[]> {
  const pages: (readonly [number, number])[] = [];
  for await (const { attempt, number } of store.pages(USERS)) pages.push([attempt, number]);
  return pages;
}

function tables() {
  const { tools } = nightOf(emptyTenant());
  return { tools, call: () => pagesOf('run', HELD, tools) };
}

test('another call finds the pages of the last attempt alone, and the place behind them', async () => {
  const { call } = tables();
  await append(call(), [page(1, 0), page(1, 1), page(1, 2)]);
  const places = await append(call(), [page(2, 0), page(2, 1)]);

  expect(await stored(call())).toEqual([
    [2, 0],
    [2, 1],
  ]);
  expect(await call().place(USERS)).toEqual(places[1]);
  expect(places[1]).toMatchObject({ attempt: 2, number: 2, cursor: 'to 2', done: false, rows: 2 });
});

test('what a worker writes too late, when another has gone on, is behind the place again and counts for nothing', async () => {
  const { call } = tables();
  const late = call();
  const [place] = await append(late, [page(1, 0)]);
  await append(call(), [page(1, 1), page(1, 2), page(1, 3, true)]);
  await late.append(USERS, page(1, 1), behind(place!, page(1, 1)));

  expect(await stored(call())).toEqual([
    [1, 0],
    [1, 1],
  ]);
  await append(call(), [page(1, 2, true)]);
  expect(await stored(call())).toEqual([
    [1, 0],
    [1, 1],
    [1, 2],
  ]);
});

test('pages without a place, as an earlier version left them, are read anew and never mixed with the new ones', async () => {
  const { tools, call } = tables();
  await append(call(), [page(1, 0), page(1, 1), page(1, 2)]);
  const place = await tools.state.pages.get('run~users', '000000~000000');
  await tools.state.pages.remove('run~users', '000000~000000', place!.etag);

  expect(await call().place(USERS)).toBeNull();
  expect(await stored(call())).toEqual([]);
  await append(call(), [page(1, 0), page(1, 1, true)]);
  expect(await stored(call())).toEqual([
    [1, 0],
    [1, 1],
  ]);
});

test('a call keeps the rows it reads packed, however they came', async () => {
  const { call } = tables();
  const store = call();
  await append(store, [page(1, 0, true)]);
  for await (const { rows } of store.pages(USERS)) {
    expect(rows).toHaveProperty('parcel');
    expect([...rows]).toEqual([entraUser(0)]);
  }
});

/** Of these slices, page by page; those of `strange` have columns that this version does not make. An empty one has no rows. */
async function storedBy(slices: readonly (number | 'empty')[], strange: number) {
  const { tools, call } = tables();
  const pages = slices.map((slice, number) => {
    const whole = page(1, number, number === slices.length - 1);
    return slice === 'empty' ? { ...whole, slice: strange, rows: [] } : { ...whole, slice };
  });
  await append(call(), pages);
  for (const one of pages.filter(({ slice, rows }) => slice === strange && rows.length > 0)) {
    const { packed } = parcelOf([...one.rows], USERS);
    const columns = { ...USERS.columns([...one.rows]), anchor: Uint32Array.of(7, 7) };
    const { attempt, number } = one;
    const strangely = storedAs({ ...besideOf(USERS, one), columns }, packed);
    await tools.state.pages.put({ run: 'run', list: USERS.name, attempt, number, packed: strangely });
  }
  return call();
}

test.each([
  ['first', [1, 1, 2, 2], 1],
  ['second', [1, 1, 2, 2], 2],
  ['second, which begins with an empty page,', [1, 'empty', 2, 2], 2],
  ['last', [1, 2, 3], 3],
] as const)(
  'columns that another version made in the %s call are not taken for those of this one',
  async (_, slices, strange) => {
    await expect(stored(await storedBy(slices, 99))).resolves.toHaveLength(slices.length);
    await expect(stored(await storedBy(slices, strange))).rejects.toMatchObject({
      kind: 'invalid',
      fields: { list: 'users' },
    });
  },
);

test('in memory, too, the pages of one run are not those of another', async () => {
  const pages = memoryPages();
  await append(pages('first'), [page(1, 0, true)]);
  expect(await stored(pages('first'))).toEqual([[1, 0]]);
  expect(await stored(pages('second'))).toEqual([]);
});
