import { describe, expect, test } from 'vitest';
import { partRolls } from '../../shared/compare/crowd.ts';
import type { AdAccount, Assignment, EntraUser } from '../../shared/compare/rows.ts';
import { suspectAbsences } from '../../shared/rosters/absences.ts';
import { rollsOf } from './rolls.ts';
import { adAccount, anchorOf, assignment, DOMAINS, entraUser } from './tenant.ts';

interface Given {
  readonly ad?: readonly AdAccount[];
  readonly assignments?: readonly Assignment[];
  readonly entra?: readonly EntraUser[];
}

function suspects({ ad = [], assignments = [], entra = [] }: Given) {
  const rolls = rollsOf({ ad, assignments, entra, deleted: [], domains: DOMAINS });
  return suspectAbsences(rolls, partRolls(rolls, null));
}

/** In Okta the person has another name than in Entra, so that the anchor alone tells. */
const RENAMED = { ...assignment(1), userName: 'former@contoso.com' };
const OWNED = { missing: 'assignment', user: adAccount(1).user };
const NAMED = { missing: 'assignment-named', userName: entraUser(1).userName };
const twin = { ...adAccount(2), anchor: anchorOf(1) };

/** By a value of the organisation's own. */
function own(number: number): AdAccount {
  return { ...adAccount(number), anchor: `E000${number}` };
}

describe('whose assignment is missing', () => {
  test.each<[string, Given, readonly unknown[]]>([
    ['whoever has the anchor in AD, and a licensed account', { ad: [adAccount(1)], entra: [entraUser(1)] }, [OWNED]],
    ['somebody of that name, where no AD account has the anchor', { entra: [entraUser(1)] }, [NAMED]],
    [
      'nobody, with an assignment of the anchor under another name',
      { entra: [entraUser(1)], assignments: [RENAMED] },
      [],
    ],
    [
      'nobody, with an assignment of any who has the anchor',
      { ad: [adAccount(1), twin], entra: [entraUser(1)], assignments: [{ ...assignment(2), anchor: null }] },
      [],
    ],
    ['the first of two who have the anchor', { ad: [adAccount(1), twin], entra: [entraUser(1)] }, [OWNED]],
    ['nobody who cannot be read', { entra: [{ ...entraUser(1), anchor: { unreadable: 'a list' } }] }, []],
    ['nobody whose anchor is an Okta id', { entra: [{ ...entraUser(1), anchor: '00u11z6WHMYCGPCHCRFK' }] }, []],
  ])('%s', (_who, given, expected) => {
    expect(suspects(given).filter(({ missing }) => missing.startsWith('assignment'))).toEqual(expected);
  });

  test('by values of the organisation’s own where most AD accounts carry such, and not where half do', () => {
    const entra = [{ ...entraUser(1), anchor: 'E0001x' }];
    const named = (ad: readonly AdAccount[]) => suspects({ ad, entra }).length;
    expect(named([own(2), own(3), adAccount(4)])).toBe(1);
    expect(named([own(2), adAccount(4)])).toBe(0);
    expect(named([own(2), { ...adAccount(4), anchor: null }, adAccount(5)])).toBe(0);
    expect(suspects({ ad: [own(2), own(3)], entra: [{ ...entraUser(1), anchor: 'a@contoso.com' }] })).toEqual([]);
  });
});

test('an anchor that nobody has leads to nobody', () => {
  const none = { anchor: null };
  const ad = [{ ...adAccount(1), ...none }];
  const nameless = { ...assignment(2), ...none };
  const missing = { missing: 'entra-user', userName: nameless.userName };

  expect(suspects({ ad, entra: [{ ...entraUser(3), ...none }] })).toEqual([]);
  expect(suspects({ assignments: [nameless], entra: [{ ...entraUser(3), ...none }] })).toEqual([missing]);
  expect(suspects({ assignments: [{ ...nameless, userName: null }], entra: [entraUser(1)] })).toEqual([NAMED]);
});

test('an AD account is missing of whoever presents an anchor as AD’s are, whatever Entra holds', () => {
  const missing = { missing: 'directory', user: assignment(1).user };
  expect(suspects({ assignments: [assignment(1)], entra: [{ ...entraUser(1), anchor: null }] })).toEqual([missing]);
  expect(suspects({ assignments: [{ ...assignment(1), anchor: null }], entra: [entraUser(1)] })).toEqual([missing]);
});

test('an account is missing of nobody whose anchor any account holds, be it one or two of them', () => {
  const also = { ...entraUser(2), anchor: anchorOf(1) };
  const missed = (...entra: readonly EntraUser[]) =>
    suspects({ ad: [adAccount(1)], assignments: [RENAMED], entra }).filter(({ missing }) => missing === 'entra-user');
  expect(missed(entraUser(3))).toEqual([{ missing: 'entra-user', userName: RENAMED.userName }]);
  expect([missed(entraUser(1)), missed(entraUser(1), also)]).toEqual([[], []]);
});
