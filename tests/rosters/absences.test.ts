import { describe, expect, test } from 'vitest';
import type { AdAccount, Assignment, EntraUser, Rosters } from '../../shared/compare/rows.ts';
import { type Suspect, suspectAbsences } from '../../shared/rosters/absences.ts';
import { ABSENCE_LIMITS } from '../../shared/rosters/limits.ts';
import { memoryPageStore } from '../../shared/rosters/memory.ts';
import { refuteAbsences } from '../../shared/rosters/refute.ts';
import { DAY, type Instant, MINUTE } from '../../shared/time.ts';
import { readersOf } from './readers.ts';
import { load, readSlice } from './run.ts';
import {
  adAccount,
  anchorOf,
  assignment,
  DOMAINS,
  entraUser,
  instanceOf,
  join,
  nameOf,
  NOW,
  objectId,
  oktaId,
  PLAN,
  type Tenant,
  tenantOf,
} from './tenant.ts';

interface Rows {
  readonly ad?: Partial<AdAccount> | null;
  readonly assignment?: Partial<Assignment> | null;
  readonly entra?: Partial<EntraUser> | null;
}

/** Nine sound people, and a tenth as described; null leaves a row out. */
function rostersWith(rows: Rows): Rosters {
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  return {
    ad: [...numbers.map((number) => adAccount(number)), ...tenth(rows.ad, adAccount(10))],
    assignments: [...numbers.map((number) => assignment(number)), ...tenth(rows.assignment, assignment(10))],
    entra: [...numbers.map((number) => entraUser(number)), ...tenth(rows.entra, entraUser(10))],
    deleted: [],
    domains: DOMAINS,
  };
}

function tenth<Row extends object>(change: Partial<Row> | null | undefined, row: Row): Row[] {
  return change === null ? [] : [{ ...row, ...change }];
}

describe('the suspects', () => {
  test.each<[string, Rows, Suspect[]]>([
    ['nobody, where all is there', {}, []],
    ['an AD account that the assignment speaks of', { ad: null }, [{ missing: 'directory', user: oktaId(10) }]],
    [
      'an AD account that the Entra account speaks of',
      { ad: null, assignment: { anchor: null } },
      [{ missing: 'directory', user: oktaId(10) }],
    ],
    [
      'not that of a contractor anchored by Okta id',
      { ad: null, assignment: { anchor: '00u1a2b3c4d5e6f7g8h9' }, entra: { anchor: '00u1a2b3c4d5e6f7g8h9' } },
      [],
    ],
    [
      'not that of somebody without any anchor',
      { ad: null, assignment: { anchor: null }, entra: { anchor: null } },
      [],
    ],
    ['not that of a staged assignment', { ad: null, assignment: { status: 'STAGED' } }, []],
    ['an assignment whose AD anchor is in Entra', { assignment: null }, [{ missing: 'assignment', user: oktaId(10) }]],
    [
      'an assignment of which Okta has nothing at all',
      { ad: null, assignment: null },
      [{ missing: 'assignment-named', userName: nameOf(10) }],
    ],
    ['not that of a disabled account', { assignment: null, entra: { enabled: false } }, []],
    ['not that of an unlicensed account', { assignment: null, entra: { licensed: false } }, []],
    ['not that of a guest', { assignment: null, entra: { userType: 'Guest' } }, []],
    ['not that of a managed domain', { assignment: null, entra: { userName: 'a@contoso.onmicrosoft.com' } }, []],
    [
      'not that of an account anchored otherwise',
      { ad: null, assignment: null, entra: { anchor: 'a@contoso.com' } },
      [],
    ],
    ['not that of a renamed person', { entra: { userName: 'before@contoso.com' } }, []],
    [
      'a federated domain in any case of letters',
      { assignment: null, entra: { userName: 'a@CONTOSO.com' } },
      [{ missing: 'assignment', user: oktaId(10) }],
    ],
    ['an Entra account that is provisioned', { entra: null }, [{ missing: 'entra-user', userName: nameOf(10) }]],
    ['not one with its name in other letters', { entra: { userName: nameOf(10).toUpperCase() } }, []],
    ['not that of an assignment without a name', { assignment: { userName: null }, entra: { anchor: null } }, []],
  ])('are %s', (_, rows, suspects) => {
    expect(suspectAbsences(rostersWith(rows))).toEqual(suspects);
  });

  test('follow the anchors of the organisation where these hold no GUID', () => {
    const { ad, ...others } = rostersWith({ ad: null, assignment: { anchor: 'E-4711' }, entra: { anchor: 'E-4711' } });
    expect(suspectAbsences({ ad, ...others })).toEqual([]);
    const own = ad.map((account, at) => ({ ...account, anchor: `E-${at}` }));
    expect(suspectAbsences({ ad: own, ...others })).toContainEqual({ missing: 'directory', user: oktaId(10) });
  });

  test('are each named once, however many apps they are assigned in', () => {
    const { assignments, ...others } = rostersWith({ ad: null });
    const twice = [...assignments, { ...assignment(10), app: '0oaOther' }];
    expect(suspectAbsences({ ...others, assignments: twice })).toEqual([{ missing: 'directory', user: oktaId(10) }]);
  });

  test('are the same in any order of the rows', () => {
    const { ad, assignments, entra, ...others } = rostersWith({ ad: null, assignment: null });
    const turned = { ...others, ad: ad.toReversed(), assignments: assignments.toReversed(), entra: entra.toReversed() };
    expect(suspectAbsences(turned)).toEqual(suspectAbsences({ ...others, ad, assignments, entra }));
  });
});

/** Reads a tenant, then changes it (as if the read had missed what is added), then asks. */
async function refuteAfter(change: (tenant: Tenant) => void, before: (tenant: Tenant) => void = () => undefined) {
  const tenant = tenantOf(30);
  before(tenant);
  const asked: string[] = [];
  const named: string[] = [];
  const readers = readersOf(tenant, { pageSize: 10 });
  const store = memoryPageStore();
  await readSlice(readers, store);
  change(tenant);
  const { rosters, certificates } = await load(store);
  const okta = {
    ...readers.okta,
    directoryAccount: (instance: string, user: string) => {
      asked.push(user);
      return readers.okta.directoryAccount(instance, user);
    },
  };
  const entra = {
    ...readers.entra,
    usersByAddress: (address: string) => {
      named.push(address);
      return readers.entra.usersByAddress(address);
    },
  };
  function refute(salt = 'run-1', sample = ABSENCE_LIMITS.sample, keep = async () => undefined) {
    const limits = { ...ABSENCE_LIMITS, sample };
    return refuteAbsences(PLAN, rosters, certificates, { okta, entra }, { salt, limits, keep });
  }
  return { outcome: await refute(), refute, asked, named };
}

const LONG_AGO = NOW - 300 * DAY;

function addAd(tenant: Tenant, number: number, created: Instant | null, change: Partial<AdAccount> = {}): void {
  tenant.directories.get(instanceOf(number))!.set(oktaId(number), { ...adAccount(number), created, ...change });
}

function removeAd(tenant: Tenant, number: number): void {
  tenant.directories.get(instanceOf(number))!.delete(oktaId(number));
}

describe('an absence', () => {
  test('that is true gives no doubt', async () => {
    const { outcome } = await refuteAfter(
      () => undefined,
      (tenant) => {
        removeAd(tenant, 7);
        tenant.assignments.delete(oktaId(8));
        tenant.users.delete(objectId(9));
      },
    );
    expect(outcome.doubts).toEqual([]);
    expect(outcome.checks).toEqual([
      { missing: 'directory', suspects: 1, asked: 1, refuted: 0 },
      { missing: 'assignment', suspects: 1, asked: 1, refuted: 0 },
      { missing: 'assignment-named', suspects: 0, asked: 0, refuted: 0 },
      { missing: 'entra-user', suspects: 1, asked: 1, refuted: 0 },
    ]);
  });

  test.each<[string, number, (tenant: Tenant) => void, (tenant: Tenant) => void, string]>([
    ['an AD account', 7, (tenant) => removeAd(tenant, 7), (tenant) => addAd(tenant, 7, LONG_AGO), 'directory:0oaNorth'],
    [
      'an AD account of the second directory',
      9,
      (tenant) => removeAd(tenant, 9),
      (tenant) => addAd(tenant, 9, LONG_AGO),
      'directory:0oaSouth',
    ],
    [
      'an AD account without a date',
      7,
      (tenant) => removeAd(tenant, 7),
      (tenant) => addAd(tenant, 7, null),
      'directory:0oaNorth',
    ],
    [
      'an assignment',
      8,
      (tenant) => tenant.assignments.delete(oktaId(8)),
      (tenant) => tenant.assignments.set(oktaId(8), assignment(8)),
      'assignments',
    ],
    [
      'an assignment of a person Okta had nothing of',
      8,
      (tenant) => {
        tenant.assignments.delete(oktaId(8));
        removeAd(tenant, 8);
      },
      (tenant) => tenant.assignments.set(oktaId(8), assignment(8)),
      'assignments',
    ],
    [
      'an Entra user',
      9,
      (tenant) => tenant.users.delete(objectId(9)),
      (tenant) => tenant.users.set(objectId(9), entraUser(9)),
      'users',
    ],
  ])('of %s that is there after all makes its list incomplete', async (_, number, before, change, list) => {
    const { outcome } = await refuteAfter(change, before);
    expect(outcome.doubts.map((doubt) => [doubt.rule, doubt.list])).toEqual([['absence-refuted', list]]);
    expect(outcome.doubts[0]!.message).toMatch(
      new RegExp(`1 people.*${list === 'users' ? objectId(number) : oktaId(number)}`),
    );
  });

  test.each<[string, (tenant: Tenant) => void, (tenant: Tenant) => void]>([
    ['made since the read began', (tenant) => removeAd(tenant, 7), (tenant) => addAd(tenant, 7, NOW)],
    [
      'made so shortly before that replicas may lag',
      (tenant) => removeAd(tenant, 7),
      (tenant) => addAd(tenant, 7, NOW - 5 * MINUTE),
    ],
    [
      'no longer linked',
      (tenant) => removeAd(tenant, 7),
      (tenant) => addAd(tenant, 7, LONG_AGO, { status: 'DEPROVISIONED' }),
    ],
    [
      'an assignment made since',
      (tenant) => tenant.assignments.delete(oktaId(8)),
      (tenant) => tenant.assignments.set(oktaId(8), assignment(8, NOW)),
    ],
    [
      'an assignment that was taken away',
      (tenant) => tenant.assignments.delete(oktaId(8)),
      (tenant) => tenant.assignments.set(oktaId(8), { ...assignment(8), status: 'DEPROVISIONED' }),
    ],
    [
      'an assignment read under another name',
      (tenant) => {
        removeAd(tenant, 8);
        tenant.assignments.set(oktaId(8), { ...assignment(8), userName: 'before@contoso.com', anchor: null });
      },
      (tenant) => tenant.assignments.set(oktaId(8), assignment(8)),
    ],
    [
      'an Entra user made since',
      (tenant) => tenant.users.delete(objectId(9)),
      (tenant) => tenant.users.set(objectId(9), entraUser(9, NOW)),
    ],
    [
      'an Entra user read under another name',
      (tenant) =>
        tenant.users.set(objectId(9), { ...entraUser(9), userName: 'before@contoso.com', anchor: anchorOf(900) }),
      (tenant) => tenant.users.set(objectId(9), entraUser(9)),
    ],
    [
      'an Entra user who only has the address beside the name',
      (tenant) => tenant.users.delete(objectId(9)),
      (tenant) => tenant.users.set('e-other', { ...entraUser(9), id: 'e-other', userName: 'other@contoso.com' }),
    ],
  ])('is not refuted by a row that was %s', async (_, before, change) => {
    const { outcome } = await refuteAfter(change, before);
    expect(outcome.checks.some((check) => check.suspects > 0)).toBe(true);
    expect(outcome.doubts).toEqual([]);
  });

  test('is asked of a sample that a run always repeats and the next run does not', async () => {
    const { refute, asked } = await refuteAfter(
      () => undefined,
      (tenant) => tenant.directories.forEach((accounts) => accounts.clear()),
    );
    asked.length = 0;
    const people: string[][] = [];
    for (const salt of ['run-2', 'run-2', 'run-3']) {
      const { checks } = await refute(salt, 6);
      expect(checks[0]).toEqual({ missing: 'directory', suspects: 30, asked: 6, refuted: 0 });
      people.push([...new Set(asked.splice(0))]);
    }
    expect(people[0]!.length).toBe(6);
    expect(people[1]).toEqual(people[0]);
    expect(people[2]).not.toEqual(people[0]);
  });

  test('of a name is asked of another sample in another run as well', async () => {
    const { refute, named } = await refuteAfter(
      () => undefined,
      (tenant) => tenant.users.clear(),
    );
    const asked: string[][] = [];
    for (const salt of ['run-2', 'run-2', 'run-3']) {
      named.length = 0;
      await refute(salt, 6);
      asked.push([...named]);
    }
    expect(new Set(asked[0]).size).toBe(6);
    expect(asked[1]).toEqual(asked[0]);
    expect(asked[2]).not.toEqual(asked[0]);
  });

  test('of each kind is counted by itself', async () => {
    const { outcome } = await refuteAfter(
      (tenant) => {
        addAd(tenant, 7, LONG_AGO);
        tenant.users.set(objectId(9), entraUser(9));
      },
      (tenant) => {
        removeAd(tenant, 7);
        tenant.users.delete(objectId(9));
      },
    );
    expect(outcome.checks.map(({ missing, refuted }) => [missing, refuted])).toEqual([
      ['directory', 1],
      ['assignment', 0],
      ['assignment-named', 0],
      ['entra-user', 1],
    ]);
  });

  test('of more people than the sample is found out where one of the sample is there', async () => {
    const { outcome } = await refuteAfter(
      (tenant) => {
        for (let number = 1; number <= 30; number += 1) addAd(tenant, number, LONG_AGO);
      },
      (tenant) => tenant.directories.forEach((accounts) => accounts.clear()),
    );
    expect(outcome.checks[0]).toEqual({ missing: 'directory', suspects: 30, asked: 20, refuted: 20 });
    expect(outcome.doubts.map(({ list }) => list)).toEqual(['directory:0oaNorth', 'directory:0oaSouth']);
  });

  test('is asked for only while the caller may go on', async () => {
    const { refute, asked } = await refuteAfter(
      () => undefined,
      (tenant) => tenant.directories.forEach((accounts) => accounts.clear()),
    );
    asked.length = 0;
    let kept = 0;
    const lost = new Error('the lease is lost');
    const refuted = refute('run-1', 10, async () => {
      kept += 1;
      if (kept === 4) throw lost;
      return undefined;
    });
    await expect(refuted).rejects.toBe(lost);
    expect(new Set(asked).size).toBe(3);
  });

  test('is not looked for with a sample of 0', async () => {
    const { refute } = await refuteAfter(
      (tenant) => join(tenant, 7),
      (tenant) => removeAd(tenant, 7),
    );
    expect((await refute('run-1', 0)).doubts).toEqual([]);
    expect((await refute('run-1', 1)).doubts.length).toBe(1);
  });
});
