import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rowsOf } from '../../shared/compare/roll.ts';
import { CERTIFICATE_LIMITS } from '../../shared/rosters/limits.ts';
import type { ListName } from '../../shared/state/read-plan.ts';
import { toleranceOf } from '../../shared/rosters/tolerance.ts';
import { SECOND } from '../../shared/time.ts';
import { type Fault, readersOf } from './readers.ts';
import { judge, type Judged } from './run.ts';
import {
  adAccount,
  assignment,
  emptyTenant,
  FURTHER,
  entraUser,
  instanceOf,
  join,
  leave,
  objectId,
  oktaId,
  PLAN_OF_TWO,
  surround,
  type Tenant,
  tenantOf,
} from './tenant.ts';

const KINDS = ['drop', 'repeat-page', 'repeat-rows', 'swap-pages', 'swap-rows', 'shorten', 'empty', 'cut'] as const;
const OKTA: readonly ListName[] = ['directory:0oaNorth', 'directory:0oaSouth', 'assignments'];
const FURTHER_LIST = `further:${FURTHER}` as const;
const ALL: readonly ListName[] = [...OKTA, FURTHER_LIST, 'users', 'deleted'];

function fault(lists: readonly ListName[], once: fc.Arbitrary<boolean> = fc.boolean()): fc.Arbitrary<Fault> {
  return fc.record({
    list: fc.constantFrom(...lists),
    page: fc.nat(8),
    kind: fc.constantFrom(...KINDS),
    lose: fc.integer({ min: 1, max: 12 }),
    once,
  });
}

/** People as tenants have them; all but the whole ones are without one of the three rows, in good order. */
const PEOPLE = [
  'whole',
  'whole',
  'whole',
  'service',
  'guest',
  'contractor',
  'unlinked',
  'unassigned',
  'not-provisioned',
] as const;
type Kind = (typeof PEOPLE)[number];

function settle(tenant: Tenant, number: number, kind: Kind): void {
  join(tenant, number);
  if (['service', 'unassigned', 'guest'].includes(kind)) tenant.assignments.delete(oktaId(number));
  if (['service', 'not-provisioned'].includes(kind)) tenant.users.delete(objectId(number));
  if (['guest', 'contractor', 'unlinked'].includes(kind))
    tenant.directories.get(instanceOf(number))!.delete(oktaId(number));
  if (kind === 'guest') tenant.users.set(objectId(number), { ...entraUser(number), anchor: null, userType: 'Guest' });
  if (kind !== 'contractor') return;
  const anchor = `00u${String(number).padStart(17, '0')}`;
  tenant.assignments.set(oktaId(number), { ...assignment(number), anchor });
  tenant.users.set(objectId(number), { ...entraUser(number), anchor });
}

/** Fewer people of each kind than the sample, so that every suspect among them is asked for. */
const mixedTenant: fc.Arbitrary<{ kinds: readonly Kind[]; tenant: Tenant }> = fc
  .tuple(fc.array(fc.constantFrom(...PEOPLE), { maxLength: 18 }), fc.nat(60), fc.nat(30), fc.nat(30))
  .map(([some, whole, deleted, further]) => {
    const kinds: Kind[] = [...some, ...Array.from({ length: whole }, () => 'whole' as const)];
    const tenant = emptyTenant();
    kinds.forEach((kind, at) => settle(tenant, at + 1, kind));
    surround(tenant, deleted, further);
    return { kinds, tenant };
  });

function certificateOf({ certificates }: Judged, list: ListName) {
  return certificates.find((certificate) => certificate.list === list)!;
}

const pageSize = fc.integer({ min: 2, max: 14 });

describe('a read without doubts', () => {
  test('lacks no more users, living or deleted, than the tolerance, and of whole people who are not among these no row at all', async () => {
    let good = 0;
    await fc.assert(
      fc.asyncProperty(mixedTenant, pageSize, fc.array(fault(ALL), { maxLength: 3 }), async (world, size, faults) => {
        const { kinds, tenant } = world;
        const judged = await judge(readersOf(tenant, { pageSize: size, faults, cost: SECOND }), PLAN_OF_TWO);
        if (judged.doubts.length > 0) return;
        good += 1;
        const users = new Set(Array.from(rowsOf(judged.rolls.entra), (row) => row.id));
        const tolerance = toleranceOf(certificateOf(judged, 'users'), CERTIFICATE_LIMITS);
        expect(tenant.users.size - users.size).toBeLessThanOrEqual(tolerance);
        const deleted = toleranceOf(certificateOf(judged, 'deleted'), CERTIFICATE_LIMITS);
        expect(tenant.deleted.size - judged.rolls.deleted.length).toBeLessThanOrEqual(deleted);
        const linked = new Set(Array.from(rowsOf(judged.rolls.ad), (row) => row.user));
        const assigned = new Set(Array.from(rowsOf(judged.rolls.assignments), (row) => row.user));
        const lost = kinds
          .map((kind, at) => ({ kind, number: at + 1 }))
          .filter(({ kind, number }) => kind === 'whole' && users.has(objectId(number)))
          .filter(({ number }) => !linked.has(oktaId(number)) || !assigned.has(oktaId(number)));
        expect(lost).toEqual([]);
      }),
      { numRuns: 800 },
    );
    expect(good).toBeGreaterThan(100);
  });

  test('and without faults is given to every tenant that has people on all sides', async () => {
    await fc.assert(
      fc.asyncProperty(mixedTenant, pageSize, async ({ tenant }, size) => {
        for (let number = 500; number < 506; number += 1) join(tenant, number);
        const { doubts, rolls } = await judge(readersOf(tenant, { pageSize: size, cost: SECOND }), PLAN_OF_TWO);
        expect(doubts).toEqual([]);
        expect(rolls.entra.length).toBe(tenant.users.size);
        expect(rolls.deleted.length).toBe(tenant.deleted.size);
        expect(rolls.assignments.length).toBe(tenant.assignments.size + tenant.further.size);
      }),
      { numRuns: 200 },
    );
  });
});

/** Rows that a lasting fault takes from a list of `rows`. */
function lostBy({ kind, page, lose }: Fault, rows: number, size: number): number {
  const here = Math.max(0, Math.min(size, rows - page * size));
  const behind = Math.max(0, rows - (page + 1) * size);
  if (kind === 'cut') return behind;
  if (kind === 'shorten') return Math.min(lose, here);
  if (kind === 'swap-rows') return 0;
  if (kind === 'swap-pages') return behind > 0 ? here : 0;
  return kind.startsWith('repeat') && page === 0 ? 0 : here;
}

describe('one lasting fault', () => {
  test.each(OKTA)('that takes any row from %s is always found out', async (list) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 8, max: 70 }),
        pageSize,
        fault([list], fc.constant(false)),
        async (people, size, wrong) => {
          const tenant = tenantOf(people);
          const rows = list === 'assignments' ? people : tenant.directories.get(list.slice('directory:'.length))!.size;
          fc.pre(lostBy(wrong, rows, size) > 0);
          const { doubts } = await judge(readersOf(tenant, { pageSize: size, faults: [wrong], cost: SECOND }));
          expect(doubts.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 200 },
    );
  });

  test.each(['users', 'deleted'] as const)(
    'that takes more %s than the tolerance is always found out',
    async (list) => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 8, max: 70 }),
          pageSize,
          fault([list], fc.constant(false)),
          async (people, size, wrong) => {
            const tenant = tenantOf(people);
            surround(tenant, people, 0);
            const tolerance = Math.min(5, Math.ceil(Math.min(size, people) / 2) - 1);
            fc.pre(lostBy(wrong, people, size) > tolerance);
            const { doubts } = await judge(readersOf(tenant, { pageSize: size, faults: [wrong], cost: SECOND }));
            expect(doubts.length).toBeGreaterThan(0);
          },
        ),
        { numRuns: 200 },
      );
    },
  );

  test('that takes more than five rows, and a tenth, from a further app that was read before is always found out', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 8, max: 70 }),
        pageSize,
        fault([FURTHER_LIST], fc.constant(false)),
        async (people, size, wrong) => {
          const tenant = tenantOf(10);
          surround(tenant, 0, people);
          const lost = lostBy(wrong, people, size);
          fc.pre(lost > 5 && lost > people / 10);
          const before = await judge(readersOf(tenant, { pageSize: size, cost: SECOND }), PLAN_OF_TWO);
          const readers = readersOf(tenant, { pageSize: size, faults: [wrong], cost: SECOND });
          const { doubts } = await judge(readers, PLAN_OF_TWO, [before]);
          expect(before.doubts).toEqual([]);
          expect(doubts.map(({ list }) => list)).toContain(FURTHER_LIST);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('that only exchanges the rows of two pages does no harm', async () => {
    await fc.assert(
      fc.asyncProperty(pageSize, fc.nat(8), fc.constantFrom(...OKTA, 'users' as const), async (size, page, list) => {
        const tenant = tenantOf(60);
        const faults: Fault[] = [{ list, page, kind: 'swap-rows', lose: 0, once: false }];
        const { doubts, rolls } = await judge(readersOf(tenant, { pageSize: size, faults, cost: SECOND }));
        expect(doubts).toEqual([]);
        expect([rolls.ad.length, rolls.assignments.length, rolls.entra.length]).toEqual([60, 60, 60]);
      }),
      { numRuns: 100 },
    );
  });
});

test('a page that comes short, empty or as the last only once is mended', async () => {
  await fc.assert(
    fc.asyncProperty(
      pageSize,
      fc.nat(8),
      fc.constantFrom(...OKTA, 'users' as const),
      fc.constantFrom('shorten' as const, 'empty' as const, 'cut' as const),
      async (size, page, list, kind) => {
        const faults: Fault[] = [{ list, page, kind, lose: 1, once: true }];
        const judged = await judge(readersOf(tenantOf(60), { pageSize: size, faults, cost: SECOND }));
        expect(judged.doubts).toEqual([]);
        expect([judged.rolls.ad.length, judged.rolls.assignments.length, judged.rolls.entra.length]).toEqual([
          60, 60, 60,
        ]);
        const { pages, mended } = certificateOf(judged, list);
        const isCutAtTheEnd = kind === 'cut' && page === pages - 1;
        expect(mended).toBe(page < pages && !isCutAtTheEnd ? 1 : 0);
      },
    ),
    { numRuns: 200 },
  );
});

/** Twenty people join and twenty leave, each at some request of the read. */
function churn(tenant: Tenant, moments: readonly number[]) {
  return {
    moments,
    happen(requests: number, now: number): void {
      moments.forEach((moment, at) => {
        if (moment !== requests) return;
        if (at < 20) join(tenant, 1_000 + at, now);
        else leave(tenant, at * 3, now);
      });
    },
  };
}

async function judgeChurning(size: number, when: readonly number[], faults: readonly Fault[]) {
  const tenant = tenantOf(300);
  const change = churn(tenant, when);
  const readers = readersOf(tenant, {
    pageSize: size,
    faults,
    cost: SECOND,
    onRequest: (requests) => change.happen(requests, readers.clock.at),
  });
  return judge(readers);
}

describe('while twenty people join and twenty leave', () => {
  const moments = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 40, maxLength: 40 });

  test('a read is believed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 10, max: 60 }), moments, async (size, when) => {
        expect((await judgeChurning(size, when, [])).doubts).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('a read that loses a page of users is not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 30, max: 60 }),
        moments,
        fc.nat(3),
        fc.constantFrom('drop' as const, 'swap-pages' as const, 'cut' as const, 'empty' as const),
        async (size, when, page, kind) => {
          const { doubts } = await judgeChurning(size, when, [{ list: 'users', page, kind, lose: 0, once: false }]);
          expect(doubts.some(({ rule }) => rule === 'count' || rule === 'cursor-repeated')).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });
});

test('somebody who joined during the read is told from somebody who was lost', async () => {
  const tenant = tenantOf(60);
  const readers = readersOf(tenant, {
    pageSize: 20,
    cost: SECOND,
    onRequest: (requests) => {
      if (requests !== 6) return;
      tenant.assignments.set(oktaId(900), assignment(900, readers.clock.at));
      const account = adAccount(900, readers.clock.at);
      tenant.directories.get(account.instance)!.set(account.user, account);
    },
  });
  expect((await judge(readers)).doubts).toEqual([]);
});
