import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AdAccount, EntraUser } from '../../shared/compare/rows.ts';
import { compareTwoSides, type TwoSided } from '../../shared/compare/two-sided.ts';
import { adAccount, anchor, entraUser } from './people.ts';

function compare(ad: readonly AdAccount[], entra: readonly EntraUser[]): TwoSided {
  return compareTwoSides(ad, entra, { ad: (row) => row.userName, entra: (row) => row.userName });
}

const GUID = '00000001-5a5a-5a5a-5a5a-5a5a5a5a5a5a';

test.each([
  ['same', {}, {}, null],
  ['differs', {}, { anchor: anchor(2) }, null],
  ['missing', {}, { anchor: null }, 'Entra anchor'],
  ['missing', { anchor: null }, {}, 'AD anchor'],
  ['same', { anchor: null }, { anchor: null }, null],
  ['differs', { anchor: { unreadable: 'not text' } }, {}, null],
] as const)('%s (%#)', (word, ad, entra, missing) => {
  const { rows, same } = compare([adAccount('ada', ad)], [entraUser('ada', entra)]);

  if (word === 'same') expect([rows, same]).toEqual([[], 1]);
  else expect(rows).toMatchObject([{ word, missing }]);
});

test('an account that is on one side alone is missing on the other', () => {
  expect(compare([adAccount('ada')], []).rows).toMatchObject([{ word: 'missing', missing: 'Entra account' }]);
  expect(compare([], [entraUser('ada')]).rows).toMatchObject([{ word: 'missing', missing: 'AD account' }]);
});

test('the same GUID in another spelling differs, and the spelling is named', () => {
  expect(compare([adAccount('ada')], [entraUser('ada', { anchor: GUID })]).rows).toMatchObject([
    { word: 'differs', spelling: 'guid', instead: null },
  ]);
});

test('another attribute in the anchor’s place is named, and where AD’s own anchor is', () => {
  const ad = adAccount('ada', { others: { 'mS-DS-ConsistencyGuid': anchor(7) } });

  const { rows } = compare([ad], [entraUser('ada', { anchor: anchor(7) }), entraUser('bob', { anchor: anchor(1) })]);

  expect(rows.find(({ name }) => name.startsWith('ada'))).toMatchObject({
    instead: 'mS-DS-ConsistencyGuid',
    elsewhere: 'bob@contoso.com',
  });
});

test('nobody is told of guests, of cloud accounts, or of disabled accounts in AD', () => {
  const { rows, counted } = compare(
    [adAccount('old', { status: 'DEPROVISIONED' })],
    [entraUser('guest', { userType: 'Guest' }), entraUser('admin', { anchor: null })],
  );

  expect(rows).toEqual([]);
  expect(Object.values(counted)).toEqual([1, 1, 1]);
});

test('every row of both files is accounted for once, whatever the order', () => {
  const name = fc.constantFrom('ada', 'bob', 'ADA', 'eve', 'zoe', null);
  const held = fc.constantFrom(anchor(1), anchor(2), GUID, null);
  const ad = fc.array(fc.tuple(name, held), { maxLength: 8 });
  const entra = fc.array(fc.tuple(name, held, fc.boolean()), { maxLength: 8 });

  fc.assert(
    fc.property(ad, entra, (left, right) => {
      const accounts = left.map(([user, value], at) => adAccount(`u${at}`, { userName: user, anchor: value }));
      const users = right.map(([user, value, guest], at) =>
        entraUser(`u${at}`, { userName: user ?? '', anchor: value, userType: guest ? 'Guest' : 'Member' }),
      );
      const result = compare(accounts, users);
      const { rows, same, ambiguous, counted } = result;
      const inBoth = same + rows.filter(({ missing }) => !missing?.endsWith('account')).length;
      const inOne = rows.length - rows.filter(({ missing }) => !missing?.endsWith('account')).length;
      const unclear = ambiguous.reduce((sum, one) => sum + one.ad + one.entra, 0);
      const quiet = Object.values(counted).reduce((sum, one) => sum + one, 0);
      expect(2 * inBoth + inOne + unclear + quiet).toBe(left.length + right.length);
      expect(compare(accounts.toReversed(), users.toReversed()).same).toBe(same);
    }),
  );
});
