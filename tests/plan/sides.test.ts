import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareRosters } from '../../shared/compare/compare.ts';
import type { Rosters } from '../../shared/compare/rows.ts';
import {
  accountIndex,
  type Beside,
  besidesOf,
  type Evidence,
  type Looked,
  sidesOf,
  wantsComparing,
} from '../../shared/plan/sides.ts';
import { adAccount, anchor, assignment, BACKGROUND, entraUser, person, rosters, together } from '../compare/people.ts';

const NOTHING: Evidence = { logins: new Map(), signIns: new Map(), holdings: new Map(), licenseNames: new Map() };
const AT = Date.parse('2026-11-20T08:00:00Z');
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

  test('nobody whose values say what is right', () => {
    expect(beside(person('ada', anchor(1), anchor(1), anchor(9)), 'ada')).toEqual([]);
  });
});

function of<Value>(id: string, looked: Looked<Value>): ReadonlyMap<string, Looked<Value>> {
  return new Map([[id, looked]]);
}

describe('what was looked up', () => {
  const is = person('ada', anchor(1), anchor(2), anchor(3));

  function cells(evidence: Partial<Evidence>, who: Beside = OWN) {
    const sides = sidesOf([who], accountIndex(is), { ...NOTHING, ...evidence });
    const cell = (name: string) => sides.find(({ what }) => what === name);
    return [
      cell('last sign-in')?.directory,
      cell('last sign-in')?.entra,
      cell('licences')?.entra,
      cell('mailbox')?.entra,
    ];
  }
  const unread = { unread: 'not readable: AuditLog.Read.All is not granted' };
  const holds = (licenses: readonly string[], mailbox: boolean) => of('id-ada', { found: { licenses, mailbox } });

  test.each<[Partial<Evidence>, number, string]>([
    [{ logins: of('ada', { found: AT }) }, 0, 'to Okta: 2026-11-20'],
    [{ logins: of('ada', { found: null }) }, 0, 'to Okta: never'],
    [{ logins: of('ada', unread) }, 0, unread.unread],
    [{ signIns: of('id-ada', { found: { at: AT, attempt: false } }) }, 1, '2026-11-20'],
    [{ signIns: of('id-ada', { found: { at: AT, attempt: true } }) }, 1, '2026-11-20, or an attempt'],
    [{ signIns: of('id-ada', { found: null }) }, 1, 'never'],
    [{ signIns: of('id-ada', unread) }, 1, unread.unread],
    [{ holdings: holds(['a', 'b'], true), licenseNames: new Map([['a', 'SPE_E3']]) }, 2, 'SPE_E3, b'],
    [{ holdings: holds([], false) }, 2, 'none'],
    [{ holdings: holds(['a'], true) }, 3, 'yes, by an Exchange plan'],
    [{ holdings: holds([], false) }, 3, 'no: no Exchange plan gives one'],
    [{ holdings: of('id-ada', unread) }, 3, unread.unread],
  ])('%j is in cell %i as: %s', (evidence, at, text) => {
    expect(cells(evidence)[at]).toBe(text);
  });

  test('is said not to have been where it was not, and nothing is said of what is not there', () => {
    expect(cells({})).toEqual(Array(4).fill('not looked up'));
    expect(cells({}, { userName: 'x', user: null, objectId: null })).toEqual(['', '', '', '']);
  });
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
