import { expect, test } from 'vitest';
import { impactOf } from '../../shared/compare/impact.ts';
import { type Held, type Holding, judge, type Whereabouts } from '../../shared/compare/judge.ts';
import type { Impact } from '../../shared/compare/verdicts.ts';

const A = 'a';
const X = 'x';
const Y = 'y';
const BAD = { unreadable: 'a list' };
const NONE = undefined;

function holding(a: Held, o: Held, e: Held, over: Partial<Holding> = {}): Holding {
  return { a, o, e, elsewhere: { a: 'nowhere', o: 'nowhere' }, onceFromAd: false, ...over };
}

test.each<[number, string, Held, Held, Held]>([
  [1, 'matched', A, A, A],
  [2, 'entra-stale', A, A, X],
  [3, 'both-stale', A, X, X],
  [4, 'okta-stale', A, X, A],
  [5, 'all-differ', A, X, Y],
  [6, 'entra-empty', A, A, null],
  [7, 'entra-empty', A, X, null],
  [8, 'okta-empty', A, null, A],
  [9, 'all-differ', A, null, X],
  [10, 'entra-empty', A, null, null],
  [14, 'unassigned', A, NONE, A],
  [15, 'unassigned', A, NONE, X],
  [16, 'outside', A, NONE, NONE],
  [16, 'outside', A, NONE, null],
  [17, 'matched', null, X, X],
  [17, 'matched', NONE, X, X],
  [18, 'unlinked', NONE, X, Y],
  [18, 'unlinked', null, X, null],
  [19, 'unlinked', null, null, X],
  [19, 'unlinked', NONE, null, null],
  [20, 'orphan', NONE, NONE, X],
  [20, 'orphan', null, NONE, X],
  [21, 'outside', NONE, NONE, null],
  [21, 'outside', null, NONE, NONE],
  [24, 'unreadable', A, BAD, A],
  [24, 'unreadable', A, A, BAD],
  [24, 'unreadable', A, BAD, NONE],
  [24, 'unreadable', A, NONE, BAD],
  [24, 'unreadable', BAD, NONE, X],
  [24, 'unreadable', BAD, X, Y],
  [24, 'unreadable', BAD, null, null],
  [24, 'matched', BAD, X, X],
])('row %i is %s: %j, %j, %j', (row, verdict, a, o, e) => {
  expect(judge(holding(a, o, e))).toEqual({ verdict, row });
});

test('a link to Active Directory that was lost is no match', () => {
  expect(judge(holding(NONE, X, X, { onceFromAd: true }))).toEqual({ verdict: 'unlinked', row: 17 });
});

test.each<[number, string, Held, Held, Whereabouts, Whereabouts]>([
  [11, 'not-provisioned', A, A, 'nowhere', 'nowhere'],
  [11, 'not-provisioned', A, null, 'nowhere', 'nowhere'],
  [12, 'renamed', A, A, 'nowhere', 'free'],
  [12, 'renamed', null, X, 'nowhere', 'free'],
  [12, 'renamed', NONE, X, 'nowhere', 'free'],
  [13, 'crossed', A, X, 'nowhere', 'free'],
  [13, 'crossed', A, A, 'nowhere', 'claimed'],
  [13, 'crossed', A, X, 'free', 'nowhere'],
  [13, 'crossed', NONE, null, 'nowhere', 'free'],
  [13, 'crossed', BAD, X, 'nowhere', 'free'],
  [24, 'unreadable', BAD, X, 'nowhere', 'nowhere'],
])('where nobody has the name, row %i is %s: %j, %j, with A %s and O %s', (row, verdict, a, o, atA, atO) => {
  expect(judge(holding(a, o, NONE, { elsewhere: { a: atA, o: atO } }))).toEqual({ verdict, row });
});

test.each<[Impact, Impact, Held, Held, Held]>([
  ['nobody', 'nobody', A, A, A],
  ['groups only', 'groups only', A, X, X],
  ['nobody', 'nobody', NONE, X, X],
  ['cannot sign in', 'groups only', A, A, X],
  ['cannot sign in', 'groups only', A, null, null],
  ['cannot sign in', 'none yet', A, null, A],
  ['cannot sign in', 'none yet', null, X, Y],
  ['none yet', 'none yet', A, BAD, X],
  ['none yet', 'none yet', A, X, BAD],
])('hurts %s in a federated domain and %s in a managed one: %j, %j, %j', (federated, managed, a, o, e) => {
  const harm = { holding: holding(a, o, e), another: false, pending: false };
  const ruling = { verdict: 'all-differ', row: 5 } as const;
  expect(impactOf({ ...harm, ruling, federated: true })).toBe(federated);
  expect(impactOf({ ...harm, ruling, federated: false })).toBe(managed);
  expect(impactOf({ ...harm, ruling, federated: false, another: true })).toBe('signs in as another');
  for (const verdict of ['matched', 'outside', 'orphan'] as const)
    expect(impactOf({ ...harm, ruling: { verdict, row: 1 }, federated: true })).toBe('nobody');
});

test.each<[Impact, Parameters<typeof impactOf>[0]['ruling'], boolean]>([
  ['nobody', { verdict: 'unassigned', row: 14 }, false],
  ['none yet', { verdict: 'unassigned', row: 15 }, false],
  ['none yet', { verdict: 'renamed', row: 12 }, false],
  ['none yet', { verdict: 'not-provisioned', row: 11 }, true],
  ['cannot sign in', { verdict: 'not-provisioned', row: 11 }, false],
])('hurts %s: %j', (impact, ruling, pending) => {
  expect(impactOf({ ruling, holding: holding(A, A, NONE), another: false, federated: true, pending })).toBe(impact);
});
