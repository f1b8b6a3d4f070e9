import { expect, test } from 'vitest';
import { found, rowsOf } from '../../shared/compare/roll.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import type { EntraReader } from '../../shared/ports/entra.ts';
import { memoryPageStore } from '../../shared/rosters/memory.ts';
import { certify } from '../../shared/rosters/certify.ts';
import { CERTIFICATE_LIMITS, READ_LIMITS } from '../../shared/rosters/limits.ts';
import { USERS } from '../../shared/rosters/lists.ts';
import { loadRosters } from '../../shared/rosters/load.ts';
import { readLists } from '../../shared/rosters/read-lists.ts';
import { SECOND } from '../../shared/time.ts';
import { readersOf } from './readers.ts';
import { factsOf, FOREVER, load, readSlice } from './run.ts';
import { entraUser, APP, assignment, DOMAINS, LISTS, NOW, oktaId, PLAN, tenantOf } from './tenant.ts';

const SETTINGS = { pageSize: 4 };

test('a read in one call stores every row of every list', async () => {
  const tenant = tenantOf(23);
  const store = memoryPageStore();
  expect(await readSlice(readersOf(tenant, SETTINGS), store)).toEqual({ state: 'complete' });
  const { rolls, certificates } = await load(store);
  expect(rolls.ad.length).toBe(23);
  expect(new Set(Array.from(rowsOf(rolls.ad), (row) => row.instance))).toEqual(new Set(['0oaNorth', '0oaSouth']));
  expect(new Set(rowsOf(rolls.assignments))).toEqual(new Set(tenant.assignments.values()));
  expect(new Set(rowsOf(rolls.entra))).toEqual(new Set(tenant.users.values()));
  expect(certificates.map(({ list, complete }) => [list, complete])).toEqual(LISTS.map((list) => [list, true]));
});

test('directories, assignments and Entra are read at the same time, and each one page after the other', async () => {
  const readers = readersOf(tenantOf(12), SETTINGS);
  const running = { directories: 0, assignments: 0, entra: 0 };
  const most = { ...running, all: 0 };
  async function during<Answer>(lane: keyof typeof running, ask: () => Promise<Answer>): Promise<Answer> {
    running[lane] += 1;
    most[lane] = Math.max(most[lane], running[lane]);
    most.all = Math.max(most.all, running.directories + running.assignments + running.entra);
    await new Promise(setImmediate);
    running[lane] -= 1;
    return ask();
  }
  const { okta, entra } = readers;
  const watched = {
    clock: readers.clock,
    okta: {
      ...okta,
      directoryPage: (...asked: Parameters<typeof okta.directoryPage>) =>
        during('directories', () => okta.directoryPage(...asked)),
      assignmentPage: (...asked: Parameters<typeof okta.assignmentPage>) =>
        during('assignments', () => okta.assignmentPage(...asked)),
    },
    entra: {
      ...entra,
      usersPage: (...asked: Parameters<typeof entra.usersPage>) => during('entra', () => entra.usersPage(...asked)),
      deletedPage: (...asked: Parameters<typeof entra.deletedPage>) =>
        during('entra', () => entra.deletedPage(...asked)),
    },
  };
  await readSlice(watched, memoryPageStore());
  expect(most).toEqual({ directories: 1, assignments: 1, entra: 1, all: 3 });
});

test('a spent budget still reads one page of directories, assignments and Entra each, says "more", and the calls together read everything', async () => {
  const tenant = tenantOf(23);
  const readers = readersOf(tenant, SETTINGS);
  const store = memoryPageStore();
  let calls = 0;
  for (let state = 'more'; state === 'more'; calls += 1) {
    state = (await readSlice(readers, store, { until: NOW - 1 })).state;
    expect(calls).toBeLessThan(40);
  }
  const { rolls, certificates } = await load(store);
  const pages = certificates.map((certificate) => certificate.pages);
  expect(certificates.map((certificate) => certificate.slices)).toEqual(pages);
  const [north, south, assignments, users, deleted] = [pages[0]!, pages[1]!, pages[2]!, pages[3]!, pages[4]!];
  expect(calls).toBe(Math.max(north + south, assignments, users + deleted));
  const slices: number[] = [];
  for await (const { slice } of store.pages(USERS)) slices.push(slice);
  expect(slices).toEqual([1, 2, 3, 4, 5, 6]);
  expect([rolls.ad.length, rolls.assignments.length, rolls.entra.length]).toEqual([23, 23, 23]);
});

test('the budget is looked at before each page', async () => {
  const readers = readersOf(tenantOf(40), { ...SETTINGS, cost: SECOND });
  const store = memoryPageStore();
  expect(await readSlice(readers, store, { until: NOW + 6 * SECOND })).toEqual({ state: 'more' });
  expect(readers.clock.at - NOW).toBeLessThan(12 * SECOND);
  const { certificates } = await load(store);
  expect(certificates.every((certificate) => !certificate.complete)).toBe(true);
});

test('a list that is complete is not asked for again', async () => {
  const tenant = tenantOf(9);
  const store = memoryPageStore();
  await readSlice(readersOf(tenant, SETTINGS), store);
  const asked: string[] = [];
  const again = readersOf(tenant, { ...SETTINGS, onRequest: (_, list) => asked.push(list) });
  expect(await readSlice(again, store)).toEqual({ state: 'complete' });
  expect(asked).toEqual([]);
});

test('each page is stored before the next is asked for', async () => {
  const readers = readersOf(tenantOf(23), SETTINGS);
  const inner = memoryPageStore();
  const stored = new Set<string | null>([null]);
  const { okta } = readers;
  const unstored: unknown[] = [];
  const store: typeof inner = {
    ...inner,
    append: async (list, page, behind) => {
      await new Promise(setImmediate);
      await inner.append(list, page, behind);
      stored.add(page.next);
    },
  };
  const watched: typeof okta = {
    ...okta,
    directoryPage: (instance, cursor, signal) => {
      if (!stored.has(cursor)) unstored.push(cursor);
      return okta.directoryPage(instance, cursor, signal);
    },
  };
  await readSlice({ ...readers, okta: watched }, store);
  expect(stored.size).toBeGreaterThan(5);
  expect(unstored).toEqual([]);
});

/** Users that never come, until the request is broken off. */
function never(_cursor: string | null, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('the request was broken off')));
  });
}

test('a side that cannot be read stops the other, and its cause is kept', async () => {
  const readers = readersOf(tenantOf(23), SETTINGS);
  const denied = new AnchorwatchError('denied', 'Okta said 403: okta.apps.read is missing');
  const okta = { ...readers.okta, assignmentPage: () => Promise.reject(denied) };
  const outcome = await readSlice(
    { ...readers, okta, entra: { ...readers.entra, usersPage: never } },
    memoryPageStore(),
  );
  if (outcome.state !== 'failed') throw new Error(`the read was ${outcome.state}`);
  expect(outcome.failures).toMatchObject([{ rule: 'read-failed', list: 'assignments', kind: 'denied' }]);
  expect(outcome.failures[0]!.message).toContain('okta.apps.read is missing');
  expect(outcome.cause).toHaveProperty('cause', denied);
});

test('a failure keeps what the other side asked us to wait', async () => {
  const readers = readersOf(tenantOf(23), SETTINGS);
  const throttled = new AnchorwatchError('throttled', 'later', { retryAfter: 9 * SECOND });
  const entra = { ...readers.entra, userCount: () => Promise.reject(throttled) };
  const outcome = await readSlice({ ...readers, entra }, memoryPageStore());
  expect(outcome).toMatchObject({ failures: [{ list: 'users', kind: 'throttled', retryAfter: 9 * SECOND }] });
});

test('how long to wait is not read from what is no answer of the other side', async () => {
  const readers = readersOf(tenantOf(23), SETTINGS);
  const foreign = Object.assign(new Error('the socket was closed'), { retryAfter: 'soon' });
  const entra = { ...readers.entra, userCount: () => Promise.reject(foreign) };
  const outcome = await readSlice({ ...readers, entra }, memoryPageStore());
  expect(outcome).toMatchObject({ failures: [{ list: 'users', kind: 'invalid', retryAfter: null }] });
});

test('a store that breaks while the other side fails is thrown, not taken for the stop', async () => {
  const readers = readersOf(tenantOf(23), SETTINGS);
  const broken = new AnchorwatchError('transient', 'the table did not answer');
  const inner = memoryPageStore();
  const store: typeof inner = {
    ...inner,
    append: async (list, page, behind) => {
      if (list.name === 'users') await new Promise(setImmediate).then(() => Promise.reject(broken));
      await inner.append(list, page, behind);
    },
  };
  const okta = { ...readers.okta, directoryPage: () => Promise.reject(new AnchorwatchError('denied', 'no')) };
  await expect(readSlice({ ...readers, okta }, store)).rejects.toBe(broken);
});

test('what the store throws is thrown, for it says nothing about the sides', async () => {
  const broken = new AnchorwatchError('transient', 'the table did not answer');
  const store = { ...memoryPageStore(), append: () => Promise.reject(broken) };
  await expect(readSlice(readersOf(tenantOf(5), SETTINGS), store)).rejects.toBe(broken);
});

test('a store that breaks on one side stops the other', async () => {
  const broken = new AnchorwatchError('transient', 'the table did not answer');
  const readers = readersOf(tenantOf(23), SETTINGS);
  const store = { ...memoryPageStore(), append: () => Promise.reject(broken) };
  await expect(readSlice({ ...readers, entra: { ...readers.entra, usersPage: never } }, store)).rejects.toBe(broken);
});

test("the caller's signal ends the call with its reason", async () => {
  const caller = new AbortController();
  const reason = new Error('the host is shutting down');
  const readers = readersOf(tenantOf(23), {
    ...SETTINGS,
    onRequest: (requests) => requests === 5 && caller.abort(reason),
  });
  const read = readSlice(readers, memoryPageStore(), { until: Infinity, signal: caller.signal });
  await expect(read).rejects.toBe(reason);
});

test.each([
  ['pages', 0, { maxPages: 30 }, /after 30 pages and 0 rows.*raise the limits of pages and rows/],
  ['rows, none of which comes twice', 3, { maxRows: 90 }, /after 30 pages and 90 rows.*raise the limits/],
] as const)('a list without an end is given up at the limit of %s', async (_what, rows, limit, words) => {
  const readers = readersOf(tenantOf(5), SETTINGS);
  let page = 0;
  const entra: EntraReader = {
    ...readers.entra,
    async usersPage() {
      page += 1;
      const people = Array.from({ length: rows }, (_, at) => entraUser(1_000 + rows * page + at));
      return { rows: people, next: `page ${page}`, leftOut: 0 };
    },
  };
  const store = memoryPageStore();
  const limits = { ...READ_LIMITS, ...limit };
  const outcome = await readLists(PLAN, { ...readers, entra, store }, { until: Infinity, limits });
  const message = expect.stringMatching(words);
  expect(outcome).toMatchObject({ state: 'failed', failures: [{ rule: 'too-many-pages', list: 'users', message }] });
});

test.each([1, 2, 5])('a list whose cursors go in a circle of %i is given up, and stays given up', async (length) => {
  const readers = readersOf(tenantOf(8), SETTINGS);
  const sound = await readers.entra.usersPage(null, new AbortController().signal);
  let asked = 0;
  const entra: EntraReader = {
    ...readers.entra,
    usersPage: async () => ({ ...sound, next: `page ${(asked += 1) % length}` }),
  };
  const store = memoryPageStore();
  const message = expect.stringContaining('Reading on would never end. The next run reads it afresh');
  const failed = { state: 'failed', failures: [{ rule: 'cursor-repeated', list: 'users', message }] };
  expect(await readSlice({ ...readers, entra }, store)).toMatchObject(failed);
  expect(asked).toBeLessThan(length + 4);
  const before = asked;
  expect(await readSlice({ ...readers, entra }, store)).toMatchObject(failed);
  expect(asked).toBe(before);
});

test('further Office 365 apps are read too, each as a list of its own', async () => {
  const tenant = tenantOf(9);
  const readers = readersOf(tenant, SETTINGS);
  const plan = { ...PLAN, furtherOffice365: [{ id: '0oaOther', label: 'Office 365 of a company bought' }] };
  const asked: string[] = [];
  const okta: typeof readers.okta = {
    ...readers.okta,
    assignmentPage: async (app, cursor, signal) => {
      asked.push(app);
      if (app === APP) return readers.okta.assignmentPage(app, cursor, signal);
      return { rows: [{ ...assignment(3), app }], next: null, leftOut: 0 };
    },
  };
  const store = memoryPageStore();
  expect(await readLists(plan, { ...readers, okta, store }, FOREVER)).toEqual({ state: 'complete' });
  expect(new Set(asked)).toEqual(new Set([APP, '0oaOther']));
  const { rolls, certificates } = await loadRosters(store, plan, DOMAINS);
  const apps = found(rolls.assignments, { id: [oktaId(3)] }).map(({ app }) => app);
  expect(apps).toEqual([APP, '0oaOther']);
  expect(certificates.map(({ list, rows }) => [list, rows])).toContainEqual(['further:0oaOther', 1]);
  const facts = { ...factsOf(certificates), plan };
  expect(certify(facts, [], CERTIFICATE_LIMITS).doubts).toEqual([]);
  const unread = { ...facts, certificates: certificates.filter(({ list }) => list !== 'further:0oaOther') };
  expect(certify(unread, [], CERTIFICATE_LIMITS).doubts).toMatchObject([
    { rule: 'incomplete', list: 'further:0oaOther' },
  ]);
});
