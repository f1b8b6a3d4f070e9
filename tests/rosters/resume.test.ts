import { describe, expect, test } from 'vitest';
import { AnchorwatchError, type ErrorKind } from '../../shared/errors.ts';
import type { EntraReader } from '../../shared/ports/entra.ts';
import { CERTIFICATE_LIMITS } from '../../shared/rosters/limits.ts';
import { certify } from '../../shared/rosters/certify.ts';
import { memoryPageStore } from '../../shared/rosters/memory.ts';
import type { PageStore } from '../../shared/rosters/pages.ts';
import type { Progress } from '../../shared/rosters/progress.ts';
import { readersOf } from './readers.ts';
import { rostersOf } from './rolls.ts';
import { factsOf, FOREVER, load, readSlice } from './run.ts';
import { NOW, tenantOf } from './tenant.ts';

const SETTINGS = { pageSize: 3 };
const PEOPLE = 20;

class Killed extends Error {}

/** Dies at the k-th page, before or after it is stored. */
function dyingStore(inner: PageStore, at: number, when: 'before' | 'after'): PageStore {
  let appended = 0;
  return {
    ...inner,
    append: async (list, page, behind) => {
      appended += 1;
      if (appended === at && when === 'before') throw new Killed();
      await inner.append(list, page, behind);
      if (appended >= at) throw new Killed();
    },
  };
}

async function soundRead() {
  const store = memoryPageStore();
  await readSlice(readersOf(tenantOf(PEOPLE), SETTINGS), store);
  const { rolls, certificates } = await load(store);
  return { rosters: rostersOf(rolls), certificates, pages: certificates.reduce((sum, { pages }) => sum + pages, 0) };
}

describe.each(['before', 'after'] as const)('a read killed %s a page is stored', (when) => {
  test('gives the same rows and the same certificates as one that lived, at every page', async () => {
    const sound = await soundRead();
    expect(sound.pages).toBeGreaterThan(20);
    for (let page = 1; page <= sound.pages; page += 1) {
      const store = memoryPageStore();
      const tenant = tenantOf(PEOPLE);
      await expect(readSlice(readersOf(tenant, SETTINGS), dyingStore(store, page, when))).rejects.toThrow(Killed);
      expect(await readSlice(readersOf(tenant, SETTINGS), store)).toEqual({ state: 'complete' });
      const { rolls, certificates } = await load(store);
      expect(rostersOf(rolls)).toEqual(sound.rosters);
      expect(certificates.map((one) => ({ ...one, slices: 1 }))).toEqual(sound.certificates);
      expect(certificates.every((one) => one.slices === 1 || one.slices === 2)).toBe(true);
    }
  });
});

test('a read killed after every single page goes on all the same', async () => {
  const sound = await soundRead();
  const store = memoryPageStore();
  const readers = readersOf(tenantOf(PEOPLE), SETTINGS);
  let kills = 0;
  for (let isDone = false; !isDone; ) {
    isDone = await readSlice(readers, dyingStore(store, 1, 'after')).then(
      (outcome) => outcome.state === 'complete',
      (error) => {
        expect(error).toBeInstanceOf(Killed);
        kills += 1;
        return false;
      },
    );
    expect(kills).toBeLessThanOrEqual(sound.pages);
  }
  const { rolls, certificates } = await load(store);
  expect(rostersOf(rolls)).toEqual(sound.rosters);
  expect(certificates.map((one) => ({ ...one, slices: 1 }))).toEqual(sound.certificates);
});

test('the count before the list survives, however long the list takes', async () => {
  const tenant = tenantOf(PEOPLE);
  const readers = readersOf(tenant, SETTINGS);
  const store = memoryPageStore();
  await readSlice(readers, store, { until: NOW });
  tenant.users.delete([...tenant.users.keys()].sort()[0]!);
  await readSlice(readers, store);
  const { certificates } = await load(store);
  expect(certificates.find((one) => one.list === 'users')!.expected).toEqual({ before: 20, after: 19 });
});

function refusing(entra: EntraReader, times: number, status: number, kind: ErrorKind = 'invalid'): EntraReader {
  let left = times;
  return {
    ...entra,
    usersPage: (cursor, signal) => {
      if (cursor === null || left === 0) return entra.usersPage(cursor, signal);
      left -= 1;
      return Promise.reject(new AnchorwatchError(kind, `Graph said ${status}`, { fields: { status } }));
    },
  };
}

describe('a cursor that is no longer taken', () => {
  test.each<[number, ErrorKind]>([
    [400, 'invalid'],
    [404, 'invalid'],
    [410, 'invalid'],
    [400, 'refused'],
  ])('starts that list again after a %i of kind %s, and the certificate says so', async (status, kind) => {
    const tenant = tenantOf(PEOPLE);
    const readers = readersOf(tenant, SETTINGS);
    const store = memoryPageStore();
    await readSlice(readers, store, { until: NOW });
    tenant.users.delete([...tenant.users.keys()].sort()[0]!);
    const entra = refusing(readers.entra, 1, status, kind);
    const told: number[] = [];
    const onPage = ({ list, rows }: Progress): void => {
      if (list === 'users') told.push(rows);
    };
    expect(await readSlice({ ...readers, entra }, store, { ...FOREVER, onPage })).toEqual({ state: 'complete' });
    expect(told).toEqual([3, 6, 9, 12, 15, 18, 19]);
    const { rolls, certificates } = await load(store);
    expect(certificates.map(({ list, restarts }) => [list, restarts])).toContainEqual(['users', 1]);
    expect(certificates.filter(({ restarts }) => restarts > 0).length).toBe(1);
    expect(certificates.find(({ list }) => list === 'users')).toMatchObject({
      rows: 19,
      expected: { before: 19, after: 19 },
    });
    expect(rolls.entra.length).toBe(19);
    expect(certify(factsOf(certificates), [], CERTIFICATE_LIMITS).doubts).toEqual([]);
  });

  test('is borne twice, and fails the read when it happens more often', async () => {
    const readers = readersOf(tenantOf(PEOPLE), SETTINGS);
    const twice = { ...readers, entra: refusing(readers.entra, 2, 400) };
    expect(await readSlice(twice, memoryPageStore())).toEqual({ state: 'complete' });
    const entra = refusing(readers.entra, 3, 400);
    const outcome = await readSlice({ ...readers, entra }, memoryPageStore());
    const message = expect.stringMatching(/was begun 3 times.*cursor of its own\. A larger time budget/);
    expect(outcome).toMatchObject({ failures: [{ rule: 'restarted-too-often', list: 'users', message }] });
  });

  test('is not what an error means that is none of the other side', async () => {
    const readers = readersOf(tenantOf(PEOPLE), SETTINGS);
    const foreign = Object.assign(new Error('the socket was closed'), { kind: 'invalid', fields: { status: 400 } });
    const usersPage: EntraReader['usersPage'] = (cursor, signal) =>
      cursor === null ? readers.entra.usersPage(cursor, signal) : Promise.reject(foreign);
    const outcome = await readSlice({ ...readers, entra: { ...readers.entra, usersPage } }, memoryPageStore());
    expect(outcome).toMatchObject({ failures: [{ rule: 'read-failed', list: 'users' }] });
  });

  test.each([
    [403, 'denied'],
    [422, 'invalid'],
    [503, 'transient'],
    [400, 'transient'],
  ] as const)('is not what a %i of kind %s means', async (status, kind) => {
    const readers = readersOf(tenantOf(PEOPLE), SETTINGS);
    const entra = refusing(readers.entra, 1, status, kind);
    const outcome = await readSlice({ ...readers, entra }, memoryPageStore());
    expect(outcome).toMatchObject({ failures: [{ rule: 'read-failed', list: 'users', kind }] });
  });

  test('is not what a 400 to the first page or to the count means', async () => {
    const readers = readersOf(tenantOf(PEOPLE), SETTINGS);
    const refused = new AnchorwatchError('invalid', 'Graph said 400', { fields: { status: 400 } });
    let counted = 0;
    const first = { ...readers.entra, usersPage: () => Promise.reject(refused) };
    const count = {
      ...readers.entra,
      userCount: () => ((counted += 1) === 1 ? Promise.resolve(PEOPLE) : Promise.reject(refused)),
    };
    for (const entra of [first, count]) {
      const outcome = await readSlice({ ...readers, entra }, memoryPageStore());
      expect(outcome).toMatchObject({ failures: [{ rule: 'read-failed', list: 'users' }] });
    }
    expect(counted).toBe(2);
  });
});
