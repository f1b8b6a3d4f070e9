import { describe, expect, test } from 'vitest';
import { compareRosters } from '../../shared/compare/compare.ts';
import type { Rosters } from '../../shared/compare/rows.ts';
import { DAY } from '../../shared/time.ts';
import { adAccount, anchor, assignment, BACKGROUND, entraUser, person, rosters, together } from './people.ts';

function matchedCrowd(count: number, employeeIds = true): Rosters {
  return together(
    ...Array.from({ length: count }, (_, at) => {
      const user = `crowd${at}`;
      const employeeId = employeeIds ? `E${at}` : null;
      return rosters({
        ad: [adAccount(user, { anchor: anchor(9_000 + at), employeeId })],
        assignments: [assignment(user, { anchor: anchor(9_000 + at), externalId: `id-${user}` })],
        entra: [entraUser(user, { anchor: anchor(9_000 + at), employeeId })],
      });
    }),
  );
}

function stale(over: { ad?: object; assignment?: object; entra?: object }): Rosters {
  return rosters({
    ad: [adAccount('ada', over.ad)],
    assignments: [assignment('ada', over.assignment)],
    entra: [entraUser('ada', { anchor: anchor(2), ...over.entra })],
  });
}

function ada(is: Rosters, background = BACKGROUND) {
  return compareRosters(is, background).findings.find((finding) => finding.userName.startsWith('ada'));
}

describe('pairing', () => {
  test('joins the pushed user name and the UPN without regard to case, and not AD’s own name', () => {
    const is = rosters({
      ad: [adAccount('ada', { userName: 'ada.lovelace@contoso.local' })],
      assignments: [assignment('ada', { userName: 'ADA@Contoso.com' })],
      entra: [entraUser('ada')],
    });

    expect([...compareRosters(is, BACKGROUND).matched]).toEqual([{ user: 'ada', objectId: 'id-ada' }]);
  });

  test('joins a UPN that Entra writes in mixed case, also by AD’s own name', () => {
    const entra = [entraUser('ada', { userName: 'Ada@Contoso.COM' })];
    const assigned = rosters({ ad: [adAccount('ada')], assignments: [assignment('ada')], entra });
    const loose = rosters({ ad: [adAccount('ada', { anchor: anchor(2) })], entra });

    expect([...compareRosters(assigned, BACKGROUND).matched]).toEqual([{ user: 'ada', objectId: 'id-ada' }]);
    expect(compareRosters(loose, BACKGROUND).findings).toMatchObject([{ user: 'ada', objectId: 'id-ada' }]);
  });

  test('gives a disputed name to whoever’s anchor the account holds, and calls the other one crossed', () => {
    const is = together(
      person('ada', anchor(1), anchor(1), anchor(1)),
      rosters({
        ad: [adAccount('adam', { anchor: anchor(3) })],
        assignments: [assignment('adam', { userName: 'ada@contoso.com', anchor: anchor(3) })],
      }),
    );

    const { matched, findings } = compareRosters(is, BACKGROUND);

    expect([...matched]).toEqual([{ user: 'ada', objectId: 'id-ada' }]);
    expect(findings).toMatchObject([{ user: 'adam', verdict: 'crossed', notes: ['name-disputed'] }]);
  });

  test('reports a person assigned in two Office 365 apps, by the chosen one', () => {
    const is = stale({});
    const twice = {
      ...is,
      assignments: [...is.assignments, assignment('ada', { app: '0oaOther', anchor: anchor(7) })],
    };

    const finding = ada(twice, { ...BACKGROUND, office365App: '0oaO365' });

    expect(finding).toMatchObject({ verdict: 'entra-stale', o: anchor(1) });
    expect(finding?.notes).toContain('assigned-twice');
  });

  test('counts the row of a second Office 365 app for itself, so that nobody seems to be matched twice', () => {
    const { assignments, ...others } = person('ada', anchor(1), anchor(1), anchor(1));
    const is = { ...others, assignments: [...assignments, assignment('ada', { app: '0oaOther', anchor: anchor(1) })] };

    const { matched, buckets } = compareRosters(is, { ...BACKGROUND, office365App: '0oaO365' });

    expect(matched).toHaveLength(1);
    expect([...buckets.assignments]).toEqual([
      ['matched', 1],
      ['outside: second-app', 1],
    ]);
  });

  test('keeps a rename one person: the key is made of ids', () => {
    const before = ada(stale({}));
    const after = compareRosters(
      rosters({
        ad: [adAccount('ada')],
        assignments: [assignment('ada', { userName: 'countess@contoso.com' })],
        entra: [{ ...entraUser('ada', { anchor: anchor(2) }), userName: 'countess@contoso.com' }],
      }),
      BACKGROUND,
    ).findings[0];

    expect(after?.key).toBe(before?.key);
  });

  test('calls two people with one source anchor by that, whatever else holds', () => {
    const is = together(person('ada', anchor(1), anchor(1), anchor(1)), person('bob', anchor(1), anchor(1), anchor(2)));

    const { findings } = compareRosters(is, BACKGROUND);

    expect(findings.map((finding) => [finding.verdict, finding.impact])).toEqual([
      ['duplicate-source', 'nobody'],
      ['duplicate-source', 'signs in as another'],
    ]);
  });

  test('notes a user name in a domain that is not the app’s', () => {
    expect(ada(stale({}), { ...BACKGROUND, appDomains: ['fabrikam.com'] })?.notes).toContain('outside-app-domains');
  });
});

describe('equal names are not identity', () => {
  test('without any evidence a pair has no witness', () => {
    expect(ada(stale({}))).toMatchObject({ verdict: 'entra-stale', witness: null, counterWitness: null });
  });

  test.each([
    ['okta-equals-entra', stale({ assignment: { anchor: anchor(2) } })],
    ['source-equals-entra', stale({ ad: { anchor: anchor(2) } })],
    ['sid', stale({ ad: { sid: 'S-1-5-21-7' }, entra: { sid: 'S-1-5-21-7' } })],
    ['external-id', together(stale({ assignment: { externalId: 'id-ada' } }), matchedCrowd(30))],
    ['employee-id', together(stale({ ad: { employeeId: '77' }, entra: { employeeId: '77' } }), matchedCrowd(30))],
  ])('%s is a witness', (witness, is) => {
    expect(ada(is)?.witness).toBe(witness);
  });

  test('a pair once seen matched keeps that witness', () => {
    expect(ada(stale({}), { ...BACKGROUND, seenMatched: () => true })?.witness).toBe('seen-matched');
  });

  test('the assignment’s external id is no witness before the run has measured that it is the object id', () => {
    expect(ada(together(stale({ assignment: { externalId: 'id-ada' } }), matchedCrowd(5)))?.witness).toBeNull();
  });

  test('employee ids are no evidence where they do not agree on matched people', () => {
    const crowd = matchedCrowd(30);
    const scrambled = { ...crowd, entra: crowd.entra.map((user) => ({ ...user, employeeId: `other-${user.id}` })) };
    const is = together(stale({ ad: { employeeId: '77' }, entra: { employeeId: '78' } }), scrambled);

    expect(ada(is)).toMatchObject({ verdict: 'entra-stale', witness: null, counterWitness: null });
  });

  test('a new hire with a leaver’s name is maybe another person: different employee ids', () => {
    const is = together(stale({ ad: { employeeId: '77' }, entra: { employeeId: '12' } }), matchedCrowd(30));

    expect(ada(is)).toMatchObject({ verdict: 'maybe-another-person', counterWitness: 'employee-id-differs' });
  });

  test.each([
    [30 * DAY, null],
    [30 * DAY + 1, 'created-later'],
  ])('an Okta account made %i ms after the Entra account counts as %s', (after, counterWitness) => {
    const born = { created: 400 * DAY + after };

    expect(ada(stale({ ad: born, assignment: born, entra: { created: 400 * DAY } }))).toMatchObject({ counterWitness });
  });

  test('and so is an Okta account made long after the Entra account, when nothing else binds them', () => {
    const late = { created: 400 * DAY };
    const is = stale({ ad: late, assignment: late, entra: { created: DAY } });

    expect(ada(is)).toMatchObject({ verdict: 'maybe-another-person', counterWitness: 'created-later' });
    expect(ada(is, { ...BACKGROUND, seenMatched: () => true })?.verdict).toBe('entra-stale');
  });
});

describe('nobody is told of', () => {
  const cases: readonly (readonly [string, Rosters, string])[] = [
    ['a guest', rosters({ entra: [entraUser('ada', { userType: 'Guest' })] }), 'guest'],
    ['a member who was invited', rosters({ entra: [entraUser('ada', { creationType: 'Invitation' })] }), 'guest'],
    ['a cloud-only admin', rosters({ entra: [entraUser('ada', { anchor: null, synced: null })] }), 'cloud-only'],
    ['a shared mailbox', rosters({ entra: [entraUser('ada', { licensed: false })] }), 'room-or-shared'],
    ['a leaver kept as a mailbox', rosters({ entra: [entraUser('ada', { enabled: false })] }), 'room-or-shared'],
    ['an AD service account', rosters({ ad: [adAccount('ada')] }), 'no-assignment'],
    ['somebody not started yet', rosters({ ad: [adAccount('ada', { status: 'STAGED', anchor: null })] }), 'staged'],
    [
      'somebody suspended',
      rosters({ ad: [adAccount('ada')], assignments: [assignment('ada', { status: 'SUSPENDED', anchor: anchor(4) })] }),
      'suspended',
    ],
    [
      'an account on the managed domain',
      rosters({ entra: [entraUser('ada', { userName: 'ada@contoso.onmicrosoft.com' })] }),
      'managed-domain',
    ],
  ];

  test.each(cases)('%s', (_who, is, reason) => {
    const { findings, buckets } = compareRosters(is, BACKGROUND);

    expect(findings).toEqual([]);
    const used = [...buckets.directories, ...buckets.assignments, ...buckets.entra];
    expect(new Set(used.map(([bucket]) => bucket))).toEqual(new Set([`outside: ${reason}`]));
  });

  test('a contractor whose anchor is the Okta id on both sides: the mapping made it so', () => {
    const is = person('ada', undefined, '00u1a2b3c4d5e6f7g8h9', '00u1a2b3c4d5e6f7g8h9');

    expect(compareRosters(is, BACKGROUND).findings).toEqual([]);
  });
});
