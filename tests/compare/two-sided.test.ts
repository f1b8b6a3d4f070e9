import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AdAccount, EntraUser } from '../../shared/compare/rows.ts';
import { compareTwoSides, type Gaps, type TwoSided } from '../../shared/compare/two-sided.ts';
import { adAccount, anchor, entraUser } from './people.ts';

function compare(ad: readonly AdAccount[], entra: readonly EntraUser[], gaps?: Gaps): TwoSided {
  return compareTwoSides(ad, entra, { ad: (row) => row.userName, entra: (row) => row.userName }, gaps);
}

const GUID = '00000001-5a5a-5a5a-5a5a-5a5a5a5a5a5a';

test.each([
  ['same', {}, {}, null],
  ['differs', {}, { anchor: anchor(2) }, null],
  ['missing', {}, { anchor: null }, 'Entra anchor'],
  ['missing', { anchor: null }, {}, 'AD anchor'],
  ['unreadable', { anchor: { unreadable: 'not text' } }, {}, null],
  ['unreadable', {}, { anchor: { unreadable: 'not text' } }, null],
] as const)('%s (%#)', (word, ad, entra, missing) => {
  const { rows, same } = compare([adAccount('ada', ad)], [entraUser('ada', entra)]);

  if (word === 'same') expect([rows, same]).toEqual([[], 1]);
  else expect(rows).toMatchObject([{ word, missing }]);
});

test('an account that is on one side alone is missing on the other', () => {
  expect(compare([adAccount('ada')], []).rows).toMatchObject([{ word: 'missing', missing: 'Entra account' }]);
  expect(compare([], [entraUser('ada')]).rows).toMatchObject([{ word: 'missing', missing: 'AD account' }]);
});

test('names are joined without regard to case', () => {
  const { same } = compare([adAccount('ada', { userName: 'ADA@Contoso.com' })], [entraUser('ada')]);

  expect(same).toBe(1);
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

test('two people who hold each other’s anchors are each told whose it is', () => {
  const ad = [adAccount('ada', { anchor: anchor(1) }), adAccount('bob', { anchor: anchor(2) })];

  const { rows } = compare(ad, [entraUser('ada', { anchor: anchor(2) }), entraUser('bob', { anchor: anchor(1) })]);

  expect(rows).toMatchObject([
    { name: 'ada@contoso.com', elsewhere: 'bob@contoso.com', owner: 'bob@contoso.com' },
    { name: 'bob@contoso.com', elsewhere: 'ada@contoso.com', owner: 'ada@contoso.com' },
  ]);
});

test('a renamed person is missing on both sides, and each row names the other', () => {
  const { rows } = compare([adAccount('ada.new')], [entraUser('ada.old')]);

  expect(rows).toMatchObject([
    { name: 'ada.new@contoso.com', missing: 'Entra account', elsewhere: 'ada.old@contoso.com' },
    { name: 'ada.old@contoso.com', missing: 'AD account', owner: 'ada.new@contoso.com' },
  ]);
});

describe('an anchor that two people carry', () => {
  test('is reported of both, also of the one whom Entra agrees with', () => {
    const ad = [adAccount('ada'), adAccount('bob')];

    const { rows, same } = compare(ad, [entraUser('ada'), entraUser('bob', { anchor: anchor(2) })]);

    expect(rows).toMatchObject([
      { name: 'ada@contoso.com', word: 'same', shared: ['bob@contoso.com'] },
      { name: 'bob@contoso.com', word: 'differs', shared: ['ada@contoso.com'] },
    ]);
    expect(same).toBe(1);
  });

  test('is nothing when one of the two accounts is disabled', () => {
    const old = adAccount('old', { status: 'DEPROVISIONED' });

    expect(compare([adAccount('ada'), old], [entraUser('ada')])).toMatchObject({ rows: [], same: 1 });
  });
});

test('nobody is told of accounts that are no people’s, or of people whom the other side need not know', () => {
  const { rows, buckets } = compare(
    [adAccount('old', { status: 'DEPROVISIONED' }), adAccount('fresh', { anchor: null })],
    [
      entraUser('guest', { userType: 'Guest' }),
      entraUser('admin', { anchor: null }),
      entraUser('room', { anchor: anchor(8), enabled: false }),
      entraUser('contractor', { anchor: '00u1a2b3c4d5E6f7G8h9' }),
    ],
  );

  expect(rows).toEqual([]);
  expect(buckets).toEqual({
    ad: { 'disabled in AD': 1, 'no anchor on either side': 1 },
    entra: { guest: 1, 'cloud-only': 1, 'disabled in Entra ID': 1, 'anchored by an Okta id': 1 },
  });
});

test('accounts without the key are named, but for those nobody needs to know of', () => {
  const named = { userName: null, samAccountName: null };
  const ad = [
    adAccount('eve', { ...named, samAccountName: 'eve' }),
    adAccount('bob', { ...named, dn: 'CN=bob' }),
    adAccount('old', { ...named, status: 'DEPROVISIONED' }),
    adAccount('new', { ...named, anchor: null }),
  ];

  const { keyless, buckets } = compare(ad, []);

  expect(keyless).toEqual([
    { side: 'ad', name: 'CN=bob' },
    { side: 'ad', name: 'eve' },
  ]);
  expect(buckets.ad).toEqual({ 'without the join key': 4 });
});

test('Entra’s names are joined in any case, and two that differ in case alone are one name', () => {
  expect(compare([adAccount('ada')], [entraUser('ada', { userName: 'ADA@contoso.COM' })]).same).toBe(1);
  const twins = [entraUser('ada'), entraUser('twin', { userName: 'Ada@Contoso.com' })];
  expect(compare([adAccount('ada')], twins).ambiguous).toEqual([{ name: 'ada@contoso.com', ad: 1, entra: 2 }]);
});

describe('two rows with one name', () => {
  test('are listed, and nobody behind them is judged', () => {
    const twin = adAccount('twin', { userName: 'ada@contoso.com', anchor: anchor(2) });

    const { rows, ambiguous, same } = compare([adAccount('ada'), twin], [entraUser('ada')]);

    expect([rows, same]).toEqual([[], 0]);
    expect(ambiguous).toEqual([{ name: 'ada@contoso.com', ad: 2, entra: 1 }]);
  });

  test('are each missing where the other file has nobody of that name', () => {
    const twin = adAccount('twin', { userName: 'ada@contoso.com', anchor: anchor(2) });

    const { rows, ambiguous } = compare([adAccount('ada'), twin], []);

    expect(ambiguous).toEqual([]);
    expect(rows.map(({ missing }) => missing)).toEqual(['Entra account', 'Entra account']);
  });
});

test.each([
  ['entra', ['bob@contoso.com']],
  ['ad', ['ada@contoso.com']],
] as const)(
  'what rests on somebody’s absence from the file of %s is withheld while rows of it are left out',
  (gap, left) => {
    const { rows, withheld, buckets } = compare(
      [adAccount('ada', { anchor: anchor(1) })],
      [entraUser('bob', { anchor: anchor(2) })],
      new Set([gap]),
    );

    expect(rows.map(({ name }) => name)).toEqual(left);
    expect(withheld).toBe(1);
    expect(buckets[gap === 'ad' ? 'entra' : 'ad']).toEqual({ withheld: 1 });
  },
);

test('a quiet row is withheld as well where the other file may hold its other half', () => {
  const ad = [adAccount('fresh', { anchor: null }), adAccount('old', { status: 'DEPROVISIONED' })];
  const entra = [
    entraUser('room', { anchor: anchor(8), enabled: false }),
    entraUser('contractor', { anchor: '00u1a2b3c4d5E6f7G8h9' }),
    entraUser('admin', { anchor: null }),
  ];

  const { rows, withheld, buckets } = compare(ad, entra, new Set(['ad', 'entra']));

  expect([rows, withheld]).toEqual([[], 3]);
  expect(buckets).toEqual({ ad: { withheld: 1, 'disabled in AD': 1 }, entra: { withheld: 2, 'cloud-only': 1 } });
});

const name = fc.constantFrom('ada', 'bob', 'ADA', 'eve', 'zoe', null);
const held = fc.constantFrom(anchor(1), anchor(2), GUID, null, { unreadable: 'not text' });
const files = fc
  .tuple(
    fc.array(fc.tuple(name, held, fc.constantFrom('ACTIVE', 'DEPROVISIONED')), { maxLength: 8 }),
    fc.array(fc.tuple(name, held, fc.constantFrom('Member', 'Guest'), fc.boolean()), { maxLength: 8 }),
  )
  .map(([left, right]) => ({
    ad: left.map(([userName, value, status], at) => adAccount(`u${at}`, { userName, anchor: value, status })),
    entra: right.map(([userName, value, userType, enabled], at) =>
      entraUser(`u${at}`, { userName: userName ?? '', anchor: value, userType, enabled }),
    ),
  }));
function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, rows) => sum + rows, 0);
}

const gaps = fc.subarray<'ad' | 'entra'>(['ad', 'entra']).map((sides) => new Set(sides));

test('every row of both files is in one bucket', () => {
  fc.assert(
    fc.property(files, gaps, ({ ad, entra }, missing) => {
      const { buckets } = compare(ad, entra, missing);

      expect([sumOf(buckets.ad), sumOf(buckets.entra)]).toEqual([ad.length, entra.length]);
    }),
  );
});

test('the order of the rows changes nothing', () => {
  const shuffled = files.chain(({ ad, entra }) =>
    fc.record({
      files: fc.constant({ ad, entra }),
      ad: fc.shuffledSubarray(ad, { minLength: ad.length }),
      entra: fc.shuffledSubarray(entra, { minLength: entra.length }),
    }),
  );

  fc.assert(
    fc.property(shuffled, gaps, ({ files: before, ad, entra }, missing) => {
      expect(compare(ad, entra, missing)).toEqual(compare(before.ad, before.entra, missing));
    }),
  );
});
