import { describe, expect, test } from 'vitest';
import type { Person } from '../../shared/compare/pair.ts';
import { crowdOf, type PlainlyMatched } from '../../shared/compare/part.ts';
import type { AdAccount, Assignment, EntraUser } from '../../shared/compare/rows.ts';
import { isGuest, outsideReason } from '../../shared/compare/standing.ts';
import { counterWitnessOf, type Evidence, measureEvidence, witnessOf } from '../../shared/compare/witness.ts';
import { DAY } from '../../shared/time.ts';
import { adAccount, anchor, assignment, entraUser } from './people.ts';

interface Sides {
  readonly ad?: Partial<AdAccount> | null;
  readonly okta?: Partial<Assignment> | null;
  readonly entra?: Partial<EntraUser> | null;
}

/** Somebody whose three values differ, so that only what a test says is evidence. */
function someone({ ad = {}, okta = {}, entra = {} }: Sides = {}): Person {
  return {
    user: ad === null && okta === null ? null : 'ada',
    directory: ad === null ? [] : [adAccount('ada', { anchor: anchor(1), ...ad })],
    assignment: okta === null ? null : assignment('ada', { anchor: anchor(2), ...okta }),
    further: [],
    entra: entra === null ? null : entraUser('ada', { anchor: anchor(3), ...entra }),
    pairedBy: 'name',
    nameDisputed: false,
  };
}

const NOTHING: Evidence = {
  externalIdIsObjectId: false,
  employeeIdsAgree: false,
  isShared: () => false,
  seenMatched: () => false,
};
const ALL: Evidence = { ...NOTHING, externalIdIsObjectId: true, employeeIdsAgree: true };

describe('a pair is witnessed', () => {
  test.each<[string | null, Person, Partial<Evidence>]>([
    ['seen-matched', someone(), { seenMatched: (user, id) => user === 'ada' && id === 'id-ada' }],
    ['okta-equals-entra', someone({ okta: { anchor: anchor(3) } }), {}],
    ['source-equals-entra', someone({ ad: { anchor: anchor(3) } }), {}],
    ['external-id', someone({ okta: { externalId: 'id-ada' } }), {}],
    ['sid', someone({ ad: { sid: 'S-1' }, entra: { sid: 'S-1' } }), {}],
    ['employee-id', someone({ ad: { employeeId: '7' }, entra: { employeeId: '7' } }), {}],
    [null, someone(), {}],
    [null, someone({ okta: { externalId: 'id-ada' } }), { externalIdIsObjectId: false }],
    [null, someone({ okta: { externalId: 'another' } }), {}],
    [null, someone({ ad: { sid: 'S-1' }, entra: { sid: 'S-2' } }), {}],
    [null, someone({ ad: { employeeId: '7' }, entra: { employeeId: '8' } }), {}],
    [null, someone({ ad: { employeeId: '7' }, entra: { employeeId: '7' } }), { employeeIdsAgree: false }],
    [null, someone({ ad: { employeeId: '7' }, entra: { employeeId: '7' } }), { isShared: (id) => id === '7' }],
    [null, someone({ ad: { anchor: null }, okta: { anchor: null }, entra: { anchor: null } }), {}],
    [null, someone({ entra: null }), { seenMatched: () => true }],
    [null, someone({ ad: null, okta: null }), { seenMatched: () => true }],
    [null, someone({ okta: null }), {}],
  ])('by %s', (witness, person, evidence) => {
    expect(witnessOf(person, { ...ALL, ...evidence })).toBe(witness);
  });

  test('by any of the accounts that a person has in several directories', () => {
    const other = adAccount('ada', { anchor: anchor(9), sid: 'S-9', instance: '0oaAD2' });
    const two = (over: Partial<EntraUser>): Person => {
      const one = someone({ entra: over });
      return { ...one, directory: [...one.directory, other] };
    };
    expect(witnessOf(two({ anchor: anchor(9) }), NOTHING)).toBe('source-equals-entra');
    expect(witnessOf(two({ sid: 'S-9' }), NOTHING)).toBe('sid');
    expect(witnessOf(two({}), NOTHING)).toBeNull();
  });
});

describe('against a pair speaks', () => {
  const old = { entra: { created: 0 } };
  test.each<[string | null, Person, Parameters<typeof counterWitnessOf>[1], Partial<Evidence>]>([
    ['employee-id-differs', someone({ ad: { employeeId: '7' }, entra: { employeeId: '8' } }), null, {}],
    ['employee-id-differs', someone({ ad: { employeeId: '7' }, entra: { employeeId: '8' } }), 'sid', {}],
    [null, someone({ ad: { employeeId: '7' }, entra: { employeeId: '8' } }), 'seen-matched', {}],
    [null, someone({ ad: { employeeId: '7' }, entra: { employeeId: '8' } }), null, { employeeIdsAgree: false }],
    [null, someone({ ad: { employeeId: '7' }, entra: { employeeId: '7' } }), null, {}],
    [null, someone({ ad: { employeeId: '7' } }), null, {}],
    [null, someone({ entra: { employeeId: '7' } }), null, {}],
    ['created-later', someone({ ad: { created: 31 * DAY }, okta: { created: 40 * DAY }, ...old }), null, {}],
    ['created-later', someone({ ad: null, okta: { created: 31 * DAY }, ...old }), null, {}],
    ['created-later', someone({ okta: null, ad: { created: 31 * DAY }, ...old }), null, {}],
    ['created-later', someone({ okta: { created: null }, ad: { created: 31 * DAY }, ...old }), null, {}],
    [null, someone({ ad: { created: 30 * DAY }, okta: { created: 40 * DAY }, ...old }), null, {}],
    [null, someone({ ad: { created: 40 * DAY }, okta: { created: 30 * DAY }, ...old }), null, {}],
    [null, someone({ ad: { created: 31 * DAY }, okta: { created: 40 * DAY }, ...old }), 'sid', {}],
    [null, someone({ ad: { created: 31 * DAY }, okta: { created: 31 * DAY }, entra: { created: null } }), null, {}],
    [null, someone({ ad: { created: null }, okta: { created: null }, entra: { created: -40 * DAY } }), null, {}],
    [null, someone({ entra: null }), null, {}],
  ])('%s', (counter, person, witness, evidence) => {
    expect(counterWitnessOf(person, witness, { ...ALL, ...evidence })).toBe(counter);
  });
});

const NOBODY = crowdOf([]);

/** So many people who match, of whom the last ones have other values in both fields. */
function measured(people: number, others: number, over: Sides = {}) {
  const all = Array.from({ length: people }, (_, at): Person => {
    const wrong = at >= people - others;
    return someone({
      ad: { employeeId: `n${at}`, ...over.ad },
      okta: { anchor: anchor(3), externalId: wrong ? 'another' : 'id-ada', ...over.okta },
      entra: { employeeId: wrong ? 'another' : `n${at}`, ...over.entra },
    });
  });
  const { externalIdIsObjectId, employeeIdsAgree } = measureEvidence(all, NOBODY, () => false);
  return [externalIdIsObjectId, employeeIdsAgree];
}

/** What is measured of these people together, each as often as is said. */
function believed(...groups: readonly (readonly [number, Sides])[]) {
  const agreeing = { ad: { employeeId: '7' }, okta: { anchor: anchor(3), externalId: 'id-ada' } };
  const people = groups.flatMap(([count, { ad, okta, entra }]) =>
    Array.from({ length: count }, () =>
      someone({
        ad: { ...agreeing.ad, ...ad },
        okta: { ...agreeing.okta, ...okta },
        entra: { employeeId: '7', ...entra },
      }),
    ),
  );
  const { externalIdIsObjectId, employeeIdsAgree } = measureEvidence(people, NOBODY, () => false);
  return [externalIdIsObjectId, employeeIdsAgree];
}

/** Every employee id that these tests use, as far as several have it on a side. */
function sharedAmong(people: readonly Person[], plain: readonly PlainlyMatched[]): readonly string[] {
  const { isShared } = measureEvidence(people, crowdOf(plain), () => false);
  return ['1', '2', '3', '4', '5', '6', '7', '8', '9'].filter(isShared);
}

function shared(...people: readonly Person[]): readonly string[] {
  return sharedAmong(people, []);
}

/** With these employee ids in their directories; Entra holds 4. */
function employed(ids: readonly (string | null)[]): Person {
  const one = someone({ entra: { employeeId: '4' } });
  return { ...one, directory: ids.map((employeeId) => adAccount('ada', { anchor: anchor(1), employeeId })) };
}

function plainly(inAd: string | null, inEntra: string | null): PlainlyMatched {
  return {
    account: adAccount('eva', { employeeId: inAd }),
    assignment: assignment('eva'),
    entra: entraUser('eva', { employeeId: inEntra }),
  };
}

test.each<[readonly string[], readonly PlainlyMatched[]]>([
  [['1'], [plainly('1', '2')]],
  [['4'], [plainly('2', '4')]],
  [['2'], [plainly('2', '3'), plainly('2', '5')]],
  [[], [plainly(null, null), plainly(null, null), plainly('5', null)]],
])('%j is shared with whoever is plainly matched as with everybody else', (expected, plain) => {
  expect(sharedAmong([employed(['1'])], plain)).toEqual(expected);
});

describe('a field is believed', () => {
  test('where it agrees on twenty people, and on 98 of a hundred', () => {
    expect(measured(20, 0)).toEqual([true, true]);
    expect(measured(19, 0)).toEqual([false, false]);
    expect(measured(100, 2)).toEqual([true, true]);
    expect(measured(100, 3)).toEqual([false, false]);
  });

  test('by people alone whose Okta copy is what Entra holds, and who have the field', () => {
    expect(measured(40, 0, { okta: { anchor: anchor(4) } })).toEqual([false, false]);
    expect(measured(40, 0, { okta: { anchor: null }, entra: { anchor: null } })).toEqual([false, false]);
    expect(measured(40, 0, { okta: { externalId: null } })).toEqual([false, true]);
    expect(measured(40, 0, { ad: { employeeId: null } })).toEqual([true, false]);
    expect(measured(40, 0, { entra: { employeeId: null } })).toEqual([true, false]);
  });

  test('and nobody who has it on one side alone, or on none, counts for it or against it', () => {
    const without = { ad: { employeeId: null }, okta: { externalId: null } };
    expect(believed([20, {}])).toEqual([true, true]);
    expect(believed([20, {}], [20, without], [20, { entra: { employeeId: null } }])).toEqual([true, true]);
    expect(believed([19, {}], [20, { ...without, entra: { employeeId: null } }])).toEqual([false, false]);
  });

  test('by the first in order of the employee ids of a person who has several', () => {
    for (const ids of [
      ['4', '5'],
      ['5', '4'],
      ['5', '4', '6'],
      [null, '4'],
      ['4', null],
      ['5', null, '4'],
    ])
      expect(witnessOf(employed(ids), ALL)).toBe('employee-id');
    for (const ids of [
      ['4', '3'],
      ['3', '4'],
      [null, null],
    ])
      expect(witnessOf(employed(ids), ALL)).toBeNull();
  });

  test('with what two people of a side share left out', () => {
    const both = someone({ ad: { employeeId: '7' }, entra: { employeeId: '7' } });
    expect(shared(both)).toEqual([]);
    expect(shared(someone({ ad: { employeeId: '7' } }), someone({ ad: { employeeId: '7' } }))).toEqual(['7']);
    expect(shared(someone({ entra: { employeeId: '7' } }), someone({ entra: { employeeId: '7' } }))).toEqual(['7']);
    expect(shared(someone({ ad: { employeeId: '7' } }), someone({ entra: { employeeId: '7' } }))).toEqual([]);
    expect(shared(someone(), someone(), someone({ entra: null }))).toEqual([]);
  });
});

/** In a second directory too. */
function withAnother(status: string, sides: Sides): Person {
  const one = someone(sides);
  return { ...one, directory: [...one.directory, adAccount('ada', { status, instance: '0oaAD2' })] };
}

function outsideOf(person: Person): string | null {
  return outsideReason(person, () => true);
}

describe('nobody is told of', () => {
  const synced = { anchor: null, synced: true };
  test.each<[string | null, Sides]>([
    ['guest', { entra: { userType: 'Guest' } }],
    ['guest', { entra: { creationType: 'Invitation' } }],
    ['guest', { entra: { externalUserState: 'PendingAcceptance' } }],
    ['deprovisioned', { okta: { status: 'DEPROVISIONED' } }],
    ['suspended', { okta: { status: 'SUSPENDED' } }],
    ['suspended', { ad: { status: 'SUSPENDED' } }],
    ['suspended', { okta: null, ad: { status: 'SUSPENDED' } }],
    ['staged', { ad: { status: 'STAGED' } }],
    [null, { okta: { status: 'STAGED' } }],
    [null, { ad: null, okta: { status: 'STAGED' } }],
    [null, {}],
    ['no-assignment', { okta: null, entra: null }],
    ['staged', { okta: null, entra: null, ad: { status: 'STAGED' } }],
    ['deprovisioned', { okta: null, entra: null, ad: { status: 'DEPROVISIONED' } }],
    ['room-or-shared', { okta: null, entra: synced }],
    ['cloud-only', { okta: null, entra: { ...synced, synced: null } }],
    ['cloud-only', { okta: null, entra: { ...synced, synced: false } }],
    [null, { okta: null }],
    [null, { okta: null, entra: { licensed: false } }],
    [null, { okta: null, entra: { userName: 'ada@contoso.onmicrosoft.com' } }],
    [null, { okta: null, ad: null }],
    ['managed-domain', { okta: null, ad: null, entra: { userName: 'ada@contoso.onmicrosoft.com' } }],
    ['room-or-shared', { okta: null, ad: null, entra: { enabled: false } }],
    ['room-or-shared', { okta: null, ad: null, entra: { licensed: false } }],
    ['room-or-shared', { okta: null, ad: { status: 'STAGED' }, entra: { licensed: false } }],
  ])('%s: %j', (reason, sides) => {
    expect(outsideReason(someone(sides), (name) => name.endsWith('@contoso.com'))).toBe(reason);
  });

  test('an account of a company is no guest', () => {
    expect(isGuest(entraUser('ada'))).toBe(false);
  });

  test('one of two directories says that somebody is suspended, or linked, or staged', () => {
    expect(outsideOf(withAnother('SUSPENDED', {}))).toBe('suspended');
    expect(outsideOf(withAnother('SUSPENDED', { okta: null }))).toBe('suspended');
    expect(outsideOf(withAnother('STAGED', {}))).toBeNull();
    expect(outsideOf(withAnother('STAGED', { okta: null, entra: null, ad: { status: 'DEPROVISIONED' } }))).toBe(
      'staged',
    );
    expect(outsideOf(withAnother('ACTIVE', { okta: null, entra: null, ad: { status: 'STAGED' } }))).toBe(
      'no-assignment',
    );
  });
});
