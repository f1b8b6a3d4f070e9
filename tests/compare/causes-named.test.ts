import { describe, expect, test } from 'vitest';
import { bears, enclosing, massCauses } from '../../shared/compare/causes.ts';
import { compareRosters } from '../../shared/compare/compare.ts';
import type { Finding } from '../../shared/compare/finding.ts';
import { anchor, BACKGROUND, person } from './people.ts';

const ADA: Finding = compareRosters(person('ada', anchor(1), anchor(1), anchor(2)), BACKGROUND).findings[0]!;
const NOWHERE = { total: 0, ous: new Map(), directories: new Map() };

function found(count: number, over: Partial<Finding>): readonly Finding[] {
  return Array.from({ length: count }, () => ({ ...ADA, ou: null, directories: [], ...over }));
}

test('an OU stands in every OU around it, down to the domain', () => {
  expect(enclosing('OU=A,OU=x dc=y,DC=contoso,DC=com')).toEqual([
    'OU=A,OU=x dc=y,DC=contoso,DC=com',
    'OU=x dc=y,DC=contoso,DC=com',
  ]);
  expect(enclosing('OU=A,dc=com')).toEqual(['OU=A,dc=com']);
  expect(enclosing('OU=A,OU=B')).toEqual(['OU=A,OU=B', 'OU=B']);
  expect(enclosing('OU=A\\,B,DC=com')).toEqual(['OU=A\\,B,DC=com']);
});

test('a finding bears the mark of a cause, and not of another of its kind', () => {
  const cause = { people: 20, of: 20 };
  const one: Finding = {
    ...ADA,
    ou: 'OU=A,DC=com',
    directories: ['0oaAD1'],
    encoding: { okta: 'hex', entra: 'guid' },
    instead: 'objectSid',
  };
  for (const [kind, value, other] of [
    ['ou', 'OU=A,DC=com', 'DC=com'],
    ['directory', '0oaAD1', '0oaAD2'],
    ['encoding', 'guid', 'hex'],
    ['attribute', 'objectSid', 'mail'],
  ] as const) {
    expect(bears(one, { ...cause, kind, value })).toBe(true);
    expect(bears(one, { ...cause, kind, value: other })).toBe(false);
  }
  expect(bears({ ...one, encoding: { okta: 'hex', entra: null } }, { ...cause, kind: 'encoding', value: 'hex' })).toBe(
    true,
  );
  expect(bears({ ...one, ou: null }, { ...cause, kind: 'ou', value: 'OU=A,DC=com' })).toBe(false);
});

test('twenty people and sixty percent are enough, and no fewer', () => {
  const limits = { people: 20, percent: 60 };
  const named = (marked: number, others: number) =>
    massCauses([...found(marked, { instead: 'mail' }), ...found(others, {})], NOWHERE, limits).length;
  expect([named(20, 0), named(19, 0), named(30, 20), named(29, 20), named(600, 402)]).toEqual([1, 0, 1, 0, 0]);
});

test('what most people have in common comes first, and of two as common what comes first in the alphabet', () => {
  const limits = { people: 2, percent: 10 };
  const kinds = (fresh: readonly Finding[]) => massCauses(fresh, NOWHERE, limits).map(({ kind }) => kind);
  const spelled = { encoding: { okta: null, entra: 'guid' } } as const;
  expect(kinds([...found(2, { instead: 'mail' }), ...found(3, spelled)])).toEqual(['encoding', 'attribute']);
  expect(kinds([...found(3, { instead: 'mail' }), ...found(2, spelled)])).toEqual(['attribute', 'encoding']);
  expect(kinds([...found(2, spelled), ...found(2, { instead: 'mail' })])).toEqual(['attribute', 'encoding']);
});

test('drift three times as likely in a place as outside it makes it a cause, and where nobody is outside nothing does', () => {
  const limits = { people: 1, percent: 0 };
  const causes = (inside: number, total: number) =>
    massCauses(
      [...found(3, { directories: ['x'] }), ...found(1, {})],
      { ...NOWHERE, total, directories: new Map([['x', inside]]) },
      limits,
    );
  expect(causes(10, 20)).toHaveLength(1);
  expect(causes(11, 21)).toEqual([]);
  expect(causes(10, 10)).toEqual([]);
  expect(causes(1, 2)).toHaveLength(1);
});

function inOu(count: number, ou: string): readonly Finding[] {
  return found(count, { ou: `${ou},DC=com` });
}

describe('of places within each other', () => {
  const limits = { people: 20, percent: 40 };
  /** `inside` is how many people stand in each place. */
  const named = (fresh: readonly Finding[], total: number, inside: Readonly<Record<string, number>>) => {
    const places = new Map(Object.entries(inside));
    return massCauses(fresh, { total, ous: places, directories: places }, limits).map(({ value }) => value);
  };
  const SALES = 'OU=Sales,OU=All,DC=com';
  const ALL = 'OU=All,DC=com';

  test('an OU that holds nothing but another one repeats it', () => {
    expect(named(inOu(30, 'OU=Sales,OU=All'), 500, { [SALES]: 40, [ALL]: 40 })).toEqual([SALES]);
  });

  test('an OU around another one is a cause too when drift is three times as likely in the rest of it as outside', () => {
    const fresh = [...inOu(30, 'OU=Sales,OU=All'), ...inOu(30, 'OU=All')];
    expect(named(fresh, 3_330, { [SALES]: 30, [ALL]: 3_030 })).toEqual([ALL, SALES]);
    expect(named(fresh, 3_329, { [SALES]: 30, [ALL]: 3_030 })).toEqual([SALES]);
  });

  test('a place that only overlaps with a smaller one, or does not, is no repetition of it', () => {
    for (const both of [0, 1]) {
      const inBoth = found(both, { ou: ALL, directories: ['d'] });
      const fresh = [...found(30 - both, { ou: ALL }), ...inBoth, ...found(31 - both, { directories: ['d'] })];
      expect(named(fresh, 2_000, { [ALL]: 30, d: 300 })).toEqual(['d', ALL]);
    }
  });

  test('what all people of a place have in common stands beside it', () => {
    expect(named(found(30, { ou: ALL, instead: 'mail' }), 500, { [ALL]: 40 })).toEqual(['mail', ALL]);
  });
});
