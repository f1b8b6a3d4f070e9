import { describe, expect, test } from 'vitest';
import { certify } from '../../shared/rosters/certify.ts';
import { CERTIFICATE_LIMITS } from '../../shared/rosters/limits.ts';
import { comparedWithHistory, uncounted } from '../../shared/rosters/past.ts';
import { countDoubts, duplicateDoubts, toleranceOf } from '../../shared/rosters/tolerance.ts';
import type { Certificate } from '../../shared/state/certificate.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { factsOf } from './run.ts';
import { NOW } from './tenant.ts';

function certificate(change: Partial<Certificate>): Certificate {
  return {
    list: 'users',
    label: 'Entra users',
    complete: true,
    pages: 3,
    largestPage: 500,
    rows: 1_000,
    distinct: 1_000,
    duplicates: 0,
    shortPages: 0,
    mended: 0,
    leftOut: 0,
    filled: 1_000,
    filledShare: 1,
    expected: { before: 1_000, after: 1_000 },
    churn: null,
    cursors: { distinct: 2, repeated: 0, broken: 0, digest: 'd1' },
    began: NOW,
    ended: NOW + MINUTE,
    restarts: 0,
    slices: 1,
    freshAsOf: null,
    ...change,
  };
}

const DIRECTORY = { list: 'directory:0oaNorth', label: 'north.contoso.com', expected: null } as const;

/** What is said of one list, of which nothing is amiss but what is given. */
function said(change: Partial<Certificate>, past: readonly Partial<Certificate>[] = []): readonly string[] {
  const one = certificate(change);
  const history = past.map((last) => ({ certificates: [certificate({ ...change, ...last })] }));
  const all = [
    ...countDoubts(one, CERTIFICATE_LIMITS),
    ...duplicateDoubts(one, CERTIFICATE_LIMITS),
    ...uncounted(one, history),
    ...comparedWithHistory(one, history, CERTIFICATE_LIMITS),
  ];
  return all.map(({ message }) => message);
}

describe('a doubt is told with its numbers', () => {
  test.each<[string, Partial<Certificate>, readonly Partial<Certificate>[]]>([
    ['1,006 rows were read where the other side counted 1,000 before and 1,000 after', { distinct: 1_006 }, []],
    ['(0 arrived and 0 left meanwhile): 6 are too many, and 5 are allowed', { distinct: 1_006 }, []],
    ['(0 arrived and 0 left meanwhile): 6 are missing, and 5 are allowed', { distinct: 994 }, []],
    ['1,006 rows were read', { distinct: 906, leftOut: 100 }, []],
    ['7 of 1,000 rows came twice, and 5 are allowed', { duplicates: 7 }, []],
    ['in the last good run it said 1,234.', { expected: null }, [{ expected: { before: 1_230, after: 1_234 } }]],
    ['the list is empty. An empty answer', { distinct: 0 }, []],
    ['the list is empty, and the last good run had 40 rows. An empty', { distinct: 0 }, [{ distinct: 40 }]],
    [
      '899 rows were read, 1,000 in the last good run and 1,000 usually: 10.1 percent less, and 10.0 percent are',
      { distinct: 899, expected: null },
      [{ distinct: 1_000 }],
    ],
    [
      '500 rows were read, 700 in the last good run and 850 usually: 41.2 percent less',
      { distinct: 500, expected: null },
      [{ distinct: 700 }, { distinct: 1_000 }],
    ],
    [
      '500 rows were read, 700 in the last good run and 800 usually: 37.5 percent less',
      { distinct: 500, expected: null },
      [{ distinct: 700 }, { distinct: 1_100 }, { distinct: 800 }],
    ],
    [
      '300 of 1,000 rows (30.0 percent) hold an anchor, and 80.0 percent did in the last good run. Check',
      { filled: 300, filledShare: 0.3 },
      [{ filled: 800, filledShare: 0.8 }],
    ],
    ['0 of 1,000 rows (0.0 percent) hold an anchor. Check', { filled: 0, filledShare: 0 }, []],
  ])('%s', (sentence, change, past) => {
    expect(said(change, past).join('\n')).toContain(sentence);
  });
});

test('one row that is missing is said to be missing, where none may be', () => {
  const [doubt] = countDoubts(certificate({ distinct: 999 }), { ...CERTIFICATE_LIMITS, rows: 0, share: 0 });
  expect(doubt?.message).toContain('1 are missing, and 0 are allowed');
});

test('a list that broke off says how far it came, one that was not begun that it was not, and a lost one what it had', () => {
  const users = certificate({ complete: false, pages: 7 });
  const lost = certificate({ ...DIRECTORY, list: 'directory:0oaEast', distinct: 1_234 });
  const { doubts } = certify(factsOf([users]), [{ certificates: [lost] }], CERTIFICATE_LIMITS);
  const messageOf = (list: string) => doubts.find((doubt) => doubt.list === list)?.message;

  expect(messageOf('users')).toContain('the list ends after 7 pages with more to come');
  expect(messageOf('deleted')).toContain('the list was not read');
  expect(messageOf('directory:0oaEast')).toMatch(/read 1,234 rows of it, and Okta no longer names it\. Check that/);
});

test('a count that lags behind those who arrived before it is in the range, and nobody is missing or too many', () => {
  expect(said({})).toEqual([]);
  expect(said({ distinct: 1_005 })).toEqual([]);
  expect(said({ distinct: 995 })).toEqual([]);
});

test('rows that are no people are in the list of which a tolerance is a share', () => {
  const change = { rows: 5_000, leftOut: 3_000, expected: null } as const;
  expect(toleranceOf(certificate(change), CERTIFICATE_LIMITS)).toBe(8);
  const counted = { expected: { before: 9_000, after: 7_000 } };
  expect(toleranceOf(certificate({ ...change, ...counted }), CERTIFICATE_LIMITS)).toBe(9);
});

test.each([
  ['the newest successful import ended', NOW - 27.5 * HOUR, '27 hours before the read, and 26 hours are allowed'],
  ['no successful import is known', null, 'no successful import is known, and 26 hours are allowed'],
])('an old source says how old it is: %s', (found, freshAsOf, words) => {
  const plan = { directories: [{ id: '0oaNorth', label: 'north.contoso.com' }], office365: 'x', furtherOffice365: [] };
  const facts = { ...factsOf([certificate({ ...DIRECTORY, freshAsOf })]), plan };
  const { doubts } = certify(facts, [], CERTIFICATE_LIMITS);
  const [message] = doubts.filter(({ rule }) => rule === 'stale-source').map((doubt) => doubt.message);
  expect(message).toContain(found);
  expect(message).toContain(words);
});

test.each([
  [[], 'No domain of the Office 365 app in Okta is known'],
  [['fabrikam.com', 'contoso.com'], 'fabrikam.com is no verified domain of the Entra tenant'],
  [['fabrikam.com', 'tailspin.com'], 'fabrikam.com, tailspin.com are no verified domains of the Entra tenant'],
])('foreign domains are named: %j', (appDomains, words) => {
  const { doubts } = certify({ ...factsOf([]), appDomains }, [], CERTIFICATE_LIMITS);
  expect(doubts.find(({ rule }) => rule === 'foreign-tenant')?.message).toContain(words);
});

test('a list that broke off because its pages repeat is told once, and another that repeats beside it too', () => {
  const cursors = { distinct: 2, repeated: 1, broken: 0, digest: 'd1' };
  const failure = { rule: 'cursor-repeated', list: 'users', message: 'a page came again' } as const;
  const both = [certificate({ complete: false, cursors }), certificate({ ...DIRECTORY, complete: false, cursors })];
  const rulesOf = (failures: Parameters<typeof factsOf>[1]) =>
    certify(factsOf(both, failures), [], CERTIFICATE_LIMITS).doubts.map(({ rule, list }) => `${rule} ${list}`);

  expect(rulesOf([failure])).toEqual(['cursor-repeated users', 'cursor-repeated directory:0oaNorth']);
  const other = { ...failure, rule: 'read-failed' } as const;
  const expected = ['read-failed users', 'cursor-repeated directory:0oaNorth', 'cursor-repeated users'];
  expect(rulesOf([other])).toEqual(expected);
});
