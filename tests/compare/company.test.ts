import { expect, test } from 'vitest';
import { type Background, compareParted, compareRosters, type Comparison } from '../../shared/compare/compare.ts';
import { partRolls } from '../../shared/compare/crowd.ts';
import { type Cut, rollsIn } from './batches.ts';
import { CAUSED, COMPANY, wrongIn } from './company.ts';
import { anchor, BACKGROUND, entraUser, person, rosters, together } from './people.ts';

const KNOWN: Background = { ...BACKGROUND, office365App: COMPANY.office365, now: COMPANY.began };
const FOUND = compareRosters(COMPANY.rosters, KNOWN);

test('a company is judged as the answer key of whoever planted it says', () => {
  expect(wrongIn(COMPANY, FOUND)).toEqual([]);
  expect(FOUND.findings.length).toBeGreaterThan(60);
});

test('the order of the rows changes nothing', () => {
  const { ad, assignments, entra, deleted, domains } = COMPANY.rosters;
  const turned = {
    ad: ad.toReversed(),
    assignments: assignments.toReversed(),
    entra: entra.toReversed(),
    deleted: deleted.toReversed(),
    domains: domains.toReversed(),
  };
  const other = compareRosters(turned, KNOWN);
  expect(other.findings).toEqual(FOUND.findings);
  expect([other.paired, other.causes, other.evidence]).toEqual([FOUND.paired, FOUND.causes, FOUND.evidence]);
  expect(other.buckets).toEqual(FOUND.buckets);
});

const PAGES: Cut = {
  pages: Array.from({ length: 9 }, (_, number) => ({ rows: 50, isPacked: number % 3 > 0 })),
  earlier: 3,
};

function told({ matched, ...others }: Comparison) {
  return { ...others, matched: [...matched].map(({ user, objectId }) => `${user} ${objectId}`).sort() };
}

test.each([['everything', COMPANY] as const, ...CAUSED])(
  'by pages a company is judged as by its rows: %s',
  (_kind, { rosters: is, office365, began }) => {
    const background = { ...BACKGROUND, office365App: office365, now: began };
    const rolls = rollsIn(is, { ad: PAGES, assignments: PAGES, entra: PAGES });
    const paged = compareParted(partRolls(rolls, office365), background);
    expect(told(paged)).toEqual(told(compareRosters(is, background)));
    expect(paged.evidence).toEqual({ externalIdIsObjectId: true, employeeIdsAgree: true });
  },
);

test('every row of every roster is in one bucket', () => {
  const { ad, assignments, entra, deleted } = COMPANY.rosters;
  const { buckets } = FOUND;
  expect(rowsIn(buckets.directories)).toBe(ad.length);
  expect(rowsIn(buckets.assignments)).toBe(assignments.length);
  expect(rowsIn(buckets.entra)).toBe(entra.length);
  expect(rowsIn(buckets.deleted)).toBe(deleted.length);
});

test.each(CAUSED)(
  'what forty people have in common is named first, and nothing beside it: %s',
  (kind, { rosters: is, office365, began, key }) => {
    const { causes, findings } = compareRosters(is, { ...BACKGROUND, office365App: office365, now: began });
    const value = key.causes[0]?.value;
    expect(causes[0]).toMatchObject({ kind, value, people: 40, of: findings.length });
    // Units of the directory are as likely.
    expect(causes.slice(1).filter((other) => kind !== 'directory' || other.kind !== 'ou')).toEqual([]);
  },
);

test('only people with an account on both sides are paired or matched', () => {
  const is = together(
    person('ada', anchor(1), anchor(1), anchor(1)),
    person('bob', anchor(2), anchor(2), anchor(3)),
    person('cid', anchor(4), anchor(4), undefined),
    rosters({ entra: [entraUser('eve', { anchor: anchor(5) })] }),
  );
  const { paired, matched, buckets } = compareRosters(is, BACKGROUND);
  expect(paired).toBe(2);
  expect([...matched]).toEqual([{ user: 'ada', objectId: 'id-ada' }]);
  expect(matched).toHaveLength(1);
  expect(buckets.deleted).toEqual(new Map());
});

function rowsIn(bucket: ReadonlyMap<string, number>): number {
  return [...bucket.values()].reduce((sum, rows) => sum + rows, 0);
}
