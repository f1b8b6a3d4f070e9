import { describe, expect, test } from 'vitest';
import type { Rosters } from '../../shared/compare/rows.ts';
import { type Fresh, patched } from '../../shared/flows/scan/confirm.ts';
import { packedRollsOf, rollsOf, rostersOf } from '../rosters/rolls.ts';
import { adAccount, assignment, DOMAINS, entraUser, objectId, oktaId } from '../rosters/tenant.ts';

const NUMBERS = [1, 2, 3];
const BIN = { id: 'bin-1', userName: 'gone@contoso.com', anchor: 'x', deleted: null };
const ROSTERS: Rosters = {
  ad: NUMBERS.map((number) => adAccount(number)),
  assignments: NUMBERS.map((number) => assignment(number)),
  entra: NUMBERS.map((number) => entraUser(number)),
  deleted: [BIN],
  domains: DOMAINS,
};

/** The person as the lists have them, with what the single reads found otherwise. */
function readSingly(number: number, over: Partial<Fresh> = {}): Fresh {
  return {
    key: `${oktaId(number)}.${objectId(number)}`,
    user: oktaId(number),
    objectId: objectId(number),
    directory: [adAccount(number)],
    assignments: [assignment(number)],
    entra: [entraUser(number)],
    deleted: [],
    ...over,
  };
}

describe.each([
  ['at hand', rollsOf],
  ['packed', packedRollsOf],
])('of rows that are %s', (_how, keep) => {
  test('single reads that say what the lists said leave the very same rosters, so that nobody is compared twice', () => {
    const elsewhere = { ...assignment(3), app: '0oaOther' };
    const rolls = keep({
      ...ROSTERS,
      assignments: [...ROSTERS.assignments, elsewhere],
      deleted: [BIN, { ...BIN, id: 'bin-2' }],
    });
    expect(patched(rolls, [])).toBe(rolls);
    expect(patched(rolls, [readSingly(2), readSingly(1, { deleted: [BIN] })])).toBe(rolls);
    // Of somebody else one assignment was read, and not the other.
    expect(patched(rolls, [readSingly(2, { assignments: [assignment(2), assignment(3)] })])).toBe(rolls);
  });

  test.each<[string, Partial<Fresh>, Partial<Rosters>]>([
    [
      'another anchor in AD',
      { directory: [{ ...adAccount(2), anchor: 'new' }] },
      { ad: [adAccount(1), adAccount(3), { ...adAccount(2), anchor: 'new' }] },
    ],
    ['an AD account less', { directory: [] }, { ad: [adAccount(1), adAccount(3)] }],
    ['an assignment less', { assignments: [] }, { assignments: [assignment(1), assignment(3)] }],
    [
      'an assignment more',
      { assignments: [assignment(2), assignment(9)] },
      { assignments: [assignment(1), assignment(3), assignment(2), assignment(9)] },
    ],
    [
      'an assignment of somebody else otherwise',
      { assignments: [assignment(2), { ...assignment(3), anchor: 'new' }] },
      { assignments: [assignment(1), assignment(2), { ...assignment(3), anchor: 'new' }] },
    ],
    ['an Entra account less', { entra: [] }, { entra: [entraUser(1), entraUser(3)] }],
    [
      'another name in Entra',
      { entra: [{ ...entraUser(2), userName: 'new@contoso.com' }] },
      { entra: [entraUser(1), entraUser(3), { ...entraUser(2), userName: 'new@contoso.com' }] },
    ],
    ['a deleted holder more', { deleted: [{ ...BIN, id: 'bin-2' }] }, { deleted: [BIN, { ...BIN, id: 'bin-2' }] }],
    ['a deleted holder otherwise', { deleted: [{ ...BIN, anchor: 'y' }] }, { deleted: [{ ...BIN, anchor: 'y' }] }],
  ])('single reads that found %s take the place of what the lists had', (_, over, expected) => {
    expect(rostersOf(patched(keep(ROSTERS), [readSingly(2, over)]))).toEqual({ ...ROSTERS, ...expected });
  });
});
