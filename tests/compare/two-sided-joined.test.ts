import { describe, expect, test } from 'vitest';
import type { AdAccount, EntraUser } from '../../shared/compare/rows.ts';
import { compareTwoSides, type Gaps, type TwoSided } from '../../shared/compare/two-sided.ts';
import { adAccount, anchor, entraUser } from './people.ts';

function byName(ad: readonly AdAccount[], entra: readonly EntraUser[], gaps?: Gaps): TwoSided {
  return compareTwoSides(ad, entra, { ad: (row) => row.userName, entra: (row) => row.userName }, gaps);
}

function byEmployeeId(ad: readonly AdAccount[], entra: readonly EntraUser[]): TwoSided {
  return compareTwoSides(ad, entra, { ad: (row) => row.employeeId, entra: (row) => row.employeeId });
}

describe('joined by another key than the name', () => {
  test('nobody shares an anchor with themselves', () => {
    const twin = { userName: 'Ada.Byron@ad.local', employeeId: 'E7a' };
    expect(byEmployeeId([adAccount('ada', twin)], [entraUser('ada', { employeeId: 'e7A' })])).toMatchObject({
      rows: [],
      same: 1,
    });
  });

  test('others who share one are named by the key in AD and by the name in Entra, in order', () => {
    const ad = [
      adAccount('ada', { employeeId: 'E1' }),
      adAccount('zoe', { employeeId: 'z9' }),
      adAccount('eve', { employeeId: null }),
    ];
    const entra = [entraUser('ada', { employeeId: 'E1' }), entraUser('bob', { employeeId: 'E5' })];

    expect(byEmployeeId(ad, entra).rows.find(({ name }) => name === 'e1')).toMatchObject({
      word: 'same',
      shared: ['bob@contoso.com', 'eve@contoso.com', 'z9'],
      elsewhere: null,
      owner: null,
    });
  });

  test('accounts without it are named by what their owners know them by, those of AD first', () => {
    const without = { employeeId: null };
    const ad = [adAccount('zed', without), adAccount('eve', { ...without, userName: null })];
    const entra = [
      entraUser('bob', without),
      entraUser('ann', without),
      entraUser('room', { ...without, anchor: anchor(8), enabled: false }),
    ];
    expect(byEmployeeId(ad, entra).keyless).toEqual([
      { side: 'ad', name: 'eve' },
      { side: 'ad', name: 'zed@contoso.com' },
      { side: 'entra', name: 'ann@contoso.com' },
      { side: 'entra', name: 'bob@contoso.com' },
    ]);
  });
});

test('no attribute is named where Entra holds AD’s own anchor in another spelling', () => {
  const ad = adAccount('ada', { others: { guid: '000000015a5a5a5a5a5a5a5a5a5a5a5a' } });
  expect(byName([ad], [entraUser('ada', { anchor: '00000001-5a5a-5a5a-5a5a-5a5a5a5a5a5a' })]).rows).toMatchObject([
    { spelling: 'guid', instead: null },
  ]);
});

test('rows come by their names, and so do the names that are on several rows', () => {
  const { rows, ambiguous, buckets } = byName(
    [...['zoe', 'zoe', 'eve', 'eve'].map((who) => adAccount(who)), adAccount('bob', { anchor: anchor(5) })],
    [entraUser('zoe'), entraUser('eve'), entraUser('ann', { anchor: anchor(6) })],
  );
  expect(ambiguous.map(({ name }) => name)).toEqual(['eve@contoso.com', 'zoe@contoso.com']);
  expect(rows.map(({ name }) => name)).toEqual(['ann@contoso.com', 'bob@contoso.com']);
  expect(buckets).toEqual({ ad: { ambiguous: 4, missing: 1 }, entra: { ambiguous: 2, missing: 1 } });
});

test('three rows of one name are each missing where the other file has nobody of it', () => {
  const three = [1, 2, 3].map((at) => adAccount(`u${at}`, { userName: 'ada@contoso.com', anchor: anchor(at) }));
  expect(byName(three, []).rows).toHaveLength(3);
});

test('nobody is told of a pair without any anchor, and of what cannot be read somebody is', () => {
  const { rows, buckets } = byName([adAccount('ada', { anchor: null })], [entraUser('ada', { anchor: null })]);
  expect([rows, buckets.ad]).toEqual([[], { 'no anchor on either side': 1 }]);
  const unreadable = { unreadable: 'not text' };
  expect(byName([], [entraUser('ada', { anchor: unreadable })]).rows).toMatchObject([
    { missing: 'AD account', e: unreadable },
  ]);
});

test('a pair is judged whatever is left out of the files', () => {
  const all: Gaps = new Set(['ad', 'entra']);
  expect(byName([adAccount('ada')], [entraUser('ada', { anchor: anchor(2) })], all)).toMatchObject({
    rows: [{ word: 'differs' }],
    withheld: 0,
  });
});
