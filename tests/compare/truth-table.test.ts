import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareRosters } from '../../shared/compare/compare.ts';
import { judge, type Held, type Whereabouts } from '../../shared/compare/judge.ts';
import type { Rosters } from '../../shared/compare/rows.ts';
import { sumOf } from '../../shared/compare/tally.ts';
import { VERDICTS } from '../../shared/compare/verdicts.ts';
import { DAY } from '../../shared/time.ts';
import { adAccount, anchor, assignment, BACKGROUND, entraUser, person, rosters, together } from './people.ts';

const a = anchor(1);
const x = anchor(2);
const y = anchor(3);
const none = undefined;

interface Case {
  readonly row: number | string;
  readonly is: Rosters;
  readonly verdict: string;
  readonly impact: string;
  readonly onceFromAd?: boolean;
}

const CASES: readonly Case[] = [
  { row: 1, is: person('ada', a, a, a), verdict: 'matched', impact: '-' },
  { row: 2, is: person('ada', a, a, x), verdict: 'entra-stale', impact: 'cannot sign in' },
  { row: 3, is: person('ada', a, x, x), verdict: 'both-stale', impact: 'groups only' },
  { row: 4, is: person('ada', a, x, a), verdict: 'okta-stale', impact: 'cannot sign in' },
  { row: 5, is: person('ada', a, x, y), verdict: 'all-differ', impact: 'cannot sign in' },
  { row: 6, is: person('ada', a, a, null), verdict: 'entra-empty', impact: 'cannot sign in' },
  { row: 7, is: person('ada', a, x, null), verdict: 'entra-empty', impact: 'cannot sign in' },
  { row: 8, is: person('ada', a, null, a), verdict: 'okta-empty', impact: 'cannot sign in' },
  { row: 9, is: person('ada', a, null, x), verdict: 'all-differ', impact: 'cannot sign in' },
  { row: 10, is: person('ada', a, null, null), verdict: 'entra-empty', impact: 'cannot sign in' },
  { row: 11, is: person('ada', a, a, none), verdict: 'not-provisioned', impact: 'cannot sign in' },
  {
    row: '11, under way',
    is: rosters({ ad: [adAccount('ada')], assignments: [assignment('ada', { status: 'STAGED' })] }),
    verdict: 'not-provisioned',
    impact: 'none yet',
  },
  {
    row: 12,
    is: together(person('ada', a, a, none), rosters({ entra: [entraUser('ada.byron', { anchor: a })] })),
    verdict: 'renamed',
    impact: 'none yet',
  },
  {
    row: 13,
    is: together(person('ada', a, x, none), rosters({ entra: [entraUser('other', { anchor: x })] })),
    verdict: 'crossed',
    impact: 'signs in as another',
  },
  {
    row: '13, by the source',
    is: together(person('ada', a, x, none), rosters({ entra: [entraUser('other', { anchor: a })] })),
    verdict: 'crossed',
    impact: 'signs in as another',
  },
  { row: 14, is: person('ada', a, none, a), verdict: 'unassigned', impact: 'nobody' },
  { row: 15, is: person('ada', a, none, x), verdict: 'unassigned', impact: 'none yet' },
  { row: 16, is: person('ada', a, none, null), verdict: 'outside', impact: '-' },
  { row: '16, no account', is: person('ada', a, none, none), verdict: 'outside', impact: '-' },
  { row: 17, is: person('ada', null, x, x), verdict: 'matched', impact: '-' },
  { row: '17, no AD link', is: person('ada', none, x, x), verdict: 'matched', impact: '-' },
  { row: '17, once from AD', is: person('ada', none, x, x), verdict: 'unlinked', impact: 'nobody', onceFromAd: true },
  { row: 18, is: person('ada', null, x, y), verdict: 'unlinked', impact: 'cannot sign in' },
  { row: '18, Entra empty', is: person('ada', none, x, null), verdict: 'unlinked', impact: 'cannot sign in' },
  { row: 19, is: person('ada', null, null, x), verdict: 'unlinked', impact: 'cannot sign in' },
  { row: 20, is: rosters({ entra: [entraUser('ada', { anchor: x })] }), verdict: 'orphan', impact: 'nobody' },
  {
    row: '20, a room',
    is: rosters({ entra: [entraUser('ada', { anchor: x, licensed: false })] }),
    verdict: 'outside',
    impact: '-',
  },
  {
    row: 21,
    is: rosters({ entra: [entraUser('ada', { anchor: null, synced: null })] }),
    verdict: 'outside',
    impact: '-',
  },
  { row: 22, is: twoDirectories(a, x, x, x), verdict: 'matched', impact: '-' },
  { row: 23, is: twoDirectories(a, x, y, y), verdict: 'two-directories', impact: 'groups only' },
  { row: '23, only one side', is: twoDirectories(a, x, x, a), verdict: 'two-directories', impact: 'cannot sign in' },
  { row: 24, is: unreadableSource(x, x), verdict: 'matched', impact: '-' },
  { row: '24, differs', is: unreadableSource(x, y), verdict: 'unreadable', impact: 'cannot sign in' },
  {
    row: '25, now',
    is: together(person('ada', x, x, a), rosters({ entra: [entraUser('bob', { anchor: x })] })),
    verdict: 'entra-stale',
    impact: 'signs in as another',
  },
  {
    row: '25, after the next push',
    is: together(person('ada', x, a, a), rosters({ entra: [entraUser('bob', { anchor: x })] })),
    verdict: 'both-stale',
    impact: 'signs in as another',
  },
];

function twoDirectories(one: string, other: string, o: string, e: string): Rosters {
  return rosters({
    ad: [adAccount('ada', { anchor: one }), adAccount('ada', { anchor: other, instance: '0oaAD2' })],
    assignments: [assignment('ada', { anchor: o })],
    entra: [entraUser('ada', { anchor: e })],
  });
}

function unreadableSource(o: string, e: string): Rosters {
  return rosters({
    ad: [adAccount('ada', { anchor: { unreadable: 'not text but number' } })],
    assignments: [assignment('ada', { anchor: o })],
    entra: [entraUser('ada', { anchor: e })],
  });
}

describe('every row of the truth table', () => {
  test.each(CASES)('row $row is $verdict, and hurts: $impact', ({ is, verdict, impact, onceFromAd }) => {
    const comparison = compareRosters(is, { ...BACKGROUND, onceFromAd: () => onceFromAd === true });

    const finding = comparison.findings.find((one) => one.userName.startsWith('ada'));
    const quiet = comparison.matched.length > 0 ? 'matched' : 'outside';
    expect(finding?.verdict ?? quiet).toBe(verdict);
    expect(finding?.impact ?? '-').toBe(impact);
    expect(sumOf(comparison.buckets.directories)).toBe(is.ad.length);
    expect(sumOf(comparison.buckets.assignments)).toBe(is.assignments.length);
    expect(sumOf(comparison.buckets.entra)).toBe(is.entra.length);
  });
});

const NOW = 500 * DAY;

test.each([
  ['just under a day ago', { created: NOW - DAY + 1 }, NOW, ['pending'], 'none yet'],
  ['a day ago', { created: NOW - DAY }, NOW, [], 'cannot sign in'],
  ['while the lists were read', { created: NOW + 1 }, NOW, ['pending'], 'none yet'],
  ['nobody knows when', { created: null }, NOW, ['pending'], 'none yet'],
  ['long ago, as a file says', { created: 0 }, null, ['pending'], 'none yet'],
  ['just now, and Okta is done with it', { created: NOW, syncState: 'SYNCHRONIZED' }, NOW, [], 'cannot sign in'],
  ['just now, and it failed', { created: NOW, syncState: 'ERROR' }, NOW, ['provisioning-failed'], 'cannot sign in'],
])('an account that is not there is under way or not: assigned %s', (_when, over, now, notes, impact) => {
  const is = rosters({ ad: [adAccount('ada')], assignments: [assignment('ada', { syncState: 'SYNCING', ...over })] });

  expect(compareRosters(is, { ...BACKGROUND, now }).findings).toMatchObject([
    { verdict: 'not-provisioned', notes, impact },
  ]);
});

test('the verdict is total: every combination of equal, respelled, different, empty, unreadable and absent has exactly one', () => {
  const respelled = a.replace(/=+$/, '');
  const held = fc.constantFrom<Held>(a, respelled, x, y, null, { unreadable: 'not text but list' }, undefined);
  const where = fc.constantFrom<Whereabouts>('nowhere', 'free', 'claimed');
  const holding = fc.record({
    a: held,
    o: held,
    e: held,
    elsewhere: fc.record({ a: where, o: where }),
    onceFromAd: fc.boolean(),
  });

  fc.assert(
    fc.property(holding, (one) => {
      const ruling = judge(one);
      expect(VERDICTS).toContain(ruling.verdict);
      expect(ruling.row).toBeGreaterThan(0);
      const equal = typeof one.o === 'string' && one.o === one.e && (one.a === one.o || typeof one.a !== 'string');
      if (ruling.verdict === 'matched') expect(equal).toBe(true);
      if (one.o === one.e && one.o === one.a && typeof one.o === 'string') expect(ruling.verdict).toBe('matched');
    }),
    { numRuns: 5_000 },
  );
});

test('an anchor in another spelling is another anchor to Entra, and the spelling is named', () => {
  const guid = '00000001-5a5a-5a5a-5a5a-5a5a5a5a5a5a';

  const comparison = compareRosters(person('ada', a, a, guid), BACKGROUND);

  expect(comparison.findings).toMatchObject([{ verdict: 'entra-stale', encoding: { okta: null, entra: 'guid' } }]);
});
