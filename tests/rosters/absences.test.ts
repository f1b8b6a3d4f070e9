import { describe, expect, test } from 'vitest';
import { partRolls } from '../../shared/compare/crowd.ts';
import type { AdAccount, Assignment, EntraUser, Rosters } from '../../shared/compare/rows.ts';
import { type Suspect, suspectAbsences } from '../../shared/rosters/absences.ts';
import { packedRollsOf, rollsOf } from './rolls.ts';
import { adAccount, assignment, DOMAINS, entraUser, nameOf, oktaId } from './tenant.ts';

interface Rows {
  readonly ad?: Partial<AdAccount> | null;
  readonly assignment?: Partial<Assignment> | null;
  readonly entra?: Partial<EntraUser> | null;
}

function suspectsOf(rosters: Rosters): readonly Suspect[] {
  const [suspects, ofPacked] = [rollsOf(rosters), packedRollsOf(rosters)].map((rolls) =>
    suspectAbsences(rolls, partRolls(rolls, null)),
  );
  expect(ofPacked).toEqual(suspects);
  return suspects ?? [];
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
    expect(suspectsOf(rostersWith(rows))).toEqual(suspects);
  });

  test('follow the anchors of the organisation where these hold no GUID', () => {
    const { ad, ...others } = rostersWith({ ad: null, assignment: { anchor: 'E-4711' }, entra: { anchor: 'E-4711' } });
    expect(suspectsOf({ ad, ...others })).toEqual([]);
    const own = ad.map((account, at) => ({ ...account, anchor: `E-${at}` }));
    expect(suspectsOf({ ad: own, ...others })).toContainEqual({ missing: 'directory', user: oktaId(10) });
  });

  test('are not whoever lost their name while somebody who is simply matched has the anchor', () => {
    const { assignments, ...others } = rostersWith({});
    const lost = { ...assignment(11), userName: 'nobody@contoso.com', anchor: assignment(1).anchor };
    expect(suspectsOf({ ...others, assignments: [...assignments, lost] })).toEqual([
      { missing: 'directory', user: oktaId(11) },
    ]);
  });

  test('are each named once, however many apps they are assigned in', () => {
    const { assignments, ...others } = rostersWith({ ad: null });
    const twice = [...assignments, { ...assignment(10), app: '0oaOther' }];
    expect(suspectsOf({ ...others, assignments: twice })).toEqual([{ missing: 'directory', user: oktaId(10) }]);
  });

  test('are the same in any order of the rows', () => {
    const { ad, assignments, entra, ...others } = rostersWith({ ad: null, assignment: null });
    const turned = { ...others, ad: ad.toReversed(), assignments: assignments.toReversed(), entra: entra.toReversed() };
    expect(suspectsOf(turned)).toEqual(suspectsOf({ ...others, ad, assignments, entra }));
  });
});
