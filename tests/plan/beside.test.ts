import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareRosters } from '../../shared/compare/compare.ts';
import type { Finding } from '../../shared/compare/finding.ts';
import type { Rosters } from '../../shared/compare/rows.ts';
import {
  accountIndex,
  type Beside,
  besidesOf,
  type Evidence,
  sidesOf,
  wantsComparing,
} from '../../shared/plan/sides.ts';
import { adAccount, anchor, assignment, BACKGROUND, entraUser, person, rosters, together } from '../compare/people.ts';

const NOTHING: Evidence = { logins: new Map(), signIns: new Map(), holdings: new Map(), licenseNames: new Map() };
const OWN: Beside = { userName: 'ada@contoso.com', user: 'ada', objectId: 'id-ada' };

function findingsOf(is: Rosters) {
  return compareRosters(is, { ...BACKGROUND, seenMatched: () => true }).findings;
}

/** Who stands beside the finding of this person. */
function beside(is: Rosters, user: string): readonly Beside[] {
  const finding = findingsOf(is).find((one) => one.user === user);
  if (finding === undefined || !wantsComparing(finding)) return [];
  return besidesOf(finding, accountIndex(is));
}

describe('beside somebody stands', () => {
  test('the account that keeps the anchor, with the person of its name', () => {
    const is = together(
      person('ada', anchor(1), anchor(1), anchor(9)),
      rosters({
        assignments: [assignment('eve', { anchor: anchor(3) })],
        entra: [entraUser('eve', { anchor: anchor(1) })],
      }),
    );

    expect(beside(is, 'ada')).toEqual([
      OWN,
      { userName: 'eve@contoso.com (holds AD’s anchor)', user: 'eve', objectId: 'id-eve' },
    ]);
  });

  test('the account to which an anchor leads, where nobody has the name', () => {
    const is = together(
      rosters({ ad: [adAccount('ada')], assignments: [assignment('ada', { anchor: anchor(2) })] }),
      person('bob', anchor(2), anchor(2), anchor(2)),
    );

    expect(beside(is, 'ada')).toEqual([
      { ...OWN, objectId: null },
      { userName: 'bob@contoso.com (holds Okta’s copy)', user: 'bob', objectId: 'id-bob' },
    ]);
  });

  test('whoever holds the one anchor and whoever holds the other', () => {
    const is = together(
      person('ada', anchor(1), anchor(2), anchor(9)),
      rosters({ entra: [entraUser('eve', { anchor: anchor(1) }), entraUser('bob', { anchor: anchor(2) })] }),
    );

    expect(beside(is, 'ada').map(({ userName }) => userName)).toEqual([
      'ada@contoso.com',
      'eve@contoso.com (holds AD’s anchor)',
      'bob@contoso.com (holds Okta’s copy)',
    ]);
  });

  test('everybody else who is assigned under the same name', () => {
    const is = together(
      person('ada', anchor(1), anchor(1), anchor(1)),
      rosters({
        ad: [adAccount('zoe', { anchor: anchor(5) })],
        assignments: [assignment('zoe', { userName: 'ADA@contoso.com', anchor: anchor(5) })],
      }),
    );

    expect(beside(is, 'zoe')).toEqual([
      { userName: 'ADA@contoso.com', user: 'zoe', objectId: 'id-ada' },
      { userName: 'ada@contoso.com (assigned to ada)', user: 'ada', objectId: null },
    ]);
  });

  test.each([
    [5, 'ada@contoso.com (assigned to n5)'],
    [6, 'ada@contoso.com (assigned to n5, and 1 more)'],
    [400, 'ada@contoso.com (assigned to n5, and 395 more)'],
  ])('a few of %i who are assigned under one name, and the number of the others', (amount, last) => {
    const others = Array.from({ length: amount }, (_, at) =>
      assignment(`n${at + 1}`, { userName: 'ada@contoso.com', anchor: anchor(100 + at) }),
    );
    const is = together(person('ada', anchor(1), anchor(2), anchor(3)), rosters({ assignments: others }));
    const [finding] = findingsOf(person('ada', anchor(1), anchor(2), anchor(3)));

    const besides = besidesOf(finding!, accountIndex(is));

    expect(besides).toHaveLength(6);
    expect(besides.at(-1)?.userName).toBe(last);
    expect(besides.filter(({ userName }) => userName.endsWith('more)')).length).toBe(amount > 5 ? 1 : 0);
  });

  test('whoever is assigned under the name of the account to which the anchor leads', () => {
    const is = together(
      rosters({
        ad: [adAccount('ada')],
        assignments: [assignment('ada'), assignment('bob', { userName: 'old@contoso.com', anchor: anchor(7) })],
      }),
      rosters({ entra: [entraUser('old')] }),
    );
    const [finding] = findingsOf(is);

    expect(
      besidesOf({ ...finding!, objectId: 'id-old', user: 'ada', userName: 'ada@contoso.com' }, accountIndex(is)),
    ).toEqual([
      { ...OWN, objectId: 'id-old' },
      { userName: 'old@contoso.com (assigned to bob)', user: 'bob', objectId: null },
    ]);
  });

  test('nobody for an anchor that is not there, nor for one that cannot be read', () => {
    const nobody = rosters({ entra: [entraUser('eve', { anchor: null })], assignments: [assignment('bob')] });
    const is = together(nobody, rosters({ assignments: [assignment('zoe', { userName: null })] }));

    for (const value of [null, { unreadable: 'a list' }]) {
      const [finding] = findingsOf(person('ada', anchor(1), anchor(2), anchor(3)));
      const besides = besidesOf({ ...finding!, a: value, o: value, objectId: null }, accountIndex(is));
      expect(besides).toEqual([{ ...OWN, objectId: null }]);
    }
  });

  test('nobody whose values say what is right', () => {
    expect(beside(person('ada', anchor(1), anchor(1), anchor(9)), 'ada')).toEqual([]);
  });
});

test.each<[string, boolean, Partial<Finding>]>([
  ['a ring', true, { relation: 'ring' }],
  ['an anchor that a live account holds', true, { relation: 'taken' }],
  ['a chain', false, { relation: 'chain' }],
  ['three values', true, { verdict: 'all-differ' }],
  ['an old value in Entra alone', false, {}],
])('somebody has to see both accounts of %s: %s', (_what, wants, over) => {
  const [stale] = findingsOf(person('ada', anchor(1), anchor(1), anchor(9)));

  expect(wantsComparing({ ...stale!, ...over })).toBe(wants);
});

test('whoever wants comparing has both accounts in view, each of them once, and no full anchor', () => {
  const value = fc.option(fc.integer({ min: 1, max: 4 }).map(anchor), { nil: undefined });
  const people = fc.tuple(
    ...['ada', 'bob', 'eve'].map((user) => fc.tuple(value, value, value).map((held) => person(user, ...held))),
  );
  fc.assert(
    fc.property(people, (parts) => {
      const is = together(...parts);
      const index = accountIndex(is);
      for (const finding of findingsOf(is).filter(wantsComparing)) {
        const besides = besidesOf(finding, index);
        const accounts = besides.flatMap(({ objectId }) => objectId ?? []);
        expect(besides[0]?.user).toBe(finding.user);
        expect(new Set(accounts).size).toBe(accounts.length);
        if (finding.relation === 'taken') expect(accounts).toContain(finding.holder);
        if (finding.objectId !== null) expect(accounts[0]).toBe(finding.objectId);
        const sides = JSON.stringify(sidesOf(besides, index, NOTHING));
        for (let number = 1; number <= 4; number += 1) expect(sides).not.toContain(anchor(number));
      }
    }),
  );
});
