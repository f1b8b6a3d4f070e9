import { describe, expect, test } from 'vitest';
import { type Certificate, certificateSchema } from '../../shared/state/certificate.ts';
import { certify } from '../../shared/rosters/certify.ts';
import { CERTIFICATE_LIMITS, type CertificateLimits } from '../../shared/rosters/limits.ts';
import type { ListName } from '../../shared/state/read-plan.ts';
import type { PastRun } from '../../shared/rosters/past.ts';
import { toleranceOf } from '../../shared/rosters/tolerance.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { factsOf } from './run.ts';
import { LISTS, NOW } from './tenant.ts';

function certificate(list: ListName, rows: number, change: Partial<Certificate> = {}): Certificate {
  const { distinct = rows, filled = distinct } = change;
  return {
    list,
    label: `the list ${list}`,
    complete: true,
    pages: 3,
    largestPage: 500,
    rows,
    duplicates: rows - distinct,
    shortPages: 0,
    mended: 0,
    leftOut: 0,
    filledShare: distinct === 0 ? null : filled / distinct,
    expected: list === 'users' ? { before: rows, after: rows } : null,
    churn: list === 'users' ? { arrived: 0, arrivedBefore: 0, departed: 0, departedRead: 0 } : null,
    cursors: { distinct: 2, repeated: 0, broken: 0, digest: 'd1' },
    began: NOW,
    ended: NOW + MINUTE,
    restarts: 0,
    slices: 1,
    freshAsOf: list.startsWith('directory:') ? NOW - HOUR : null,
    ...change,
    distinct,
    filled,
  };
}

/** Certificates of all lists, one of them changed. */
function read(list: ListName = 'deleted', rows = 1_000, change: Partial<Certificate> = {}): Certificate[] {
  return LISTS.map((name) => (name === list ? certificate(name, rows, change) : certificate(name, 1_000)));
}

function past(list: ListName, rows: number, change: Partial<Certificate> = {}): PastRun {
  return { certificates: read(list, rows, change) };
}

function rules(
  certificates: readonly Certificate[],
  history: readonly PastRun[] = [],
  limits: Partial<CertificateLimits> = {},
) {
  return certify(factsOf(certificates), history, { ...CERTIFICATE_LIMITS, ...limits }).doubts.map(
    ({ rule, list }) => `${rule} ${list}`,
  );
}

test('a sound read gives no doubt, and a certificate survives JSON', () => {
  const certificates = read();
  expect(rules(certificates)).toEqual([]);
  expect(certificateSchema.array().parse(JSON.parse(JSON.stringify(certificates)))).toEqual(certificates);
});

test('the first run says that it is the first', () => {
  expect(certify(factsOf(read()), [], CERTIFICATE_LIMITS).first).toBe(true);
  expect(certify(factsOf(read()), [past('users', 1_000)], CERTIFICATE_LIMITS).first).toBe(false);
});

describe('tolerance', () => {
  test.each([
    ['five rows', 1_000, 500, 5],
    ['0.1 percent where that is more', 20_000, 500, 20],
    ['less than half an even page', 1_000, 10, 4],
    ['less than half an odd page', 1_000, 9, 4],
    ['nothing for pages of two', 1_000, 2, 0],
    ['nothing for an empty list', 0, 0, 0],
  ])('is %s', (_, rows, largestPage, tolerance) => {
    expect(toleranceOf(certificate('users', rows, { largestPage }), CERTIFICATE_LIMITS)).toBe(tolerance);
  });

  test('of 0 is 0', () => {
    const exact = { rows: 0, share: 0 };
    expect(rules(read('users', 1_000), [], exact)).toEqual([]);
    expect(rules(read('users', 999, { expected: { before: 1_000, after: 1_000 } }), [], exact)).toEqual([
      'count users',
    ]);
    expect(rules(read('assignments', 1_000, { distinct: 999 }), [], exact)).toEqual(['duplicates assignments']);
  });
});

const none = { arrived: 0, arrivedBefore: 0, departed: 0, departedRead: 0 };

/** Of the soft-deleted; thirty of the rows were deleted shortly before. */
function rulesOfThirtyLate(rows: number, before: number, after: number): string[] {
  return rules(read('deleted', rows, { expected: { before, after }, churn: { ...none, arrivedBefore: 30 } }));
}

describe('the count', () => {
  test.each([
    ['equal', 1_000, 1_000, 1_000, none, true],
    ['between the two counts', 1_005, 1_000, 1_010, none, true],
    ['within five below', 995, 1_000, 1_000, none, true],
    ['six below', 994, 1_000, 1_000, none, false],
    ['five below the lower count', 985, 1_000, 990, none, true],
    ['six above', 1_006, 1_000, 1_000, none, false],
    ['five above the higher count', 1_015, 1_000, 1_010, none, true],
    ['twenty gone unread and twenty come unread', 980, 1_000, 1_000, { ...none, departed: 20 }, true],
    [
      'twenty gone read and twenty come read',
      1_020,
      1_000,
      1_000,
      { arrived: 20, arrivedBefore: 0, departed: 20, departedRead: 20 },
      true,
    ],
    ['twenty gone and six rows lost', 974, 1_000, 1_000, { ...none, departed: 20 }, false],
    ['twenty come and six rows lost', 1_014, 1_000, 1_020, { ...none, arrived: 20 }, false],
    ['twenty come and five rows too many', 1_025, 1_000, 1_020, { ...none, arrived: 20 }, true],
    ['twenty come and six rows too many', 1_026, 1_000, 1_020, { ...none, arrived: 20 }, false],
    ['twenty gone unread and nobody knows of it', 980, 1_000, 1_000, none, false],
    ['a count before that lagged by thirty', 1_000, 970, 1_000, none, true],
  ])('%s: %i rows between %i and %i', (_, rows, before, after, churn, isGood) => {
    const doubts = rules(read('users', rows, { expected: { before, after }, churn }));
    expect(doubts).toEqual(isGood ? [] : ['count users']);
  });

  test('of the soft-deleted is measured by those who were deleted long enough before', () => {
    expect(rulesOfThirtyLate(1_030, 1_000, 1_010)).toEqual([]);
    expect(rulesOfThirtyLate(1_030, 1_030, 1_036)).toEqual([]);
    expect(rulesOfThirtyLate(994, 1_000, 1_000)).toEqual(['count deleted']);
    expect(rulesOfThirtyLate(994, 1_030, 1_030)).toEqual(['count deleted']);
  });

  test('may not be given by a tenant; one that gave it and gives it no more is not believed', () => {
    const given = past('deleted', 1_000, { expected: { before: 1_000, after: 1_000 } });
    expect(rules(read(), [past('deleted', 1_000)])).toEqual([]);
    expect(rules(read(), [given])).toEqual(['uncounted deleted']);
  });

  test('includes rows that are no people', () => {
    expect(rules(read('users', 900, { leftOut: 100, expected: { before: 1_000, after: 1_000 } }))).toEqual([]);
  });

  test('is of distinct rows: a page given twice does not make up for a lost one', () => {
    expect(rules(read('users', 1_000, { distinct: 990, expected: { before: 1_000, after: 1_000 } }))).toEqual([
      'count users',
      'duplicates users',
    ]);
  });

  test('is explained with its numbers', () => {
    const churn = { arrived: 3, arrivedBefore: 0, departed: 2, departedRead: 0 };
    const certificates = read('users', 9_703, { expected: { before: 10_003, after: 10_004 }, churn });
    const [doubt] = certify(factsOf(certificates), [], CERTIFICATE_LIMITS).doubts;
    expect(doubt!.message).toContain('9,703 rows were read');
    expect(doubt!.message).toContain(
      '10,003 before and 10,004 after (3 arrived and 2 left meanwhile): 301 are missing, and 10 are',
    );
  });
});

describe('shrinking', () => {
  test.each([
    ['ten percent', 900, [1_000], true],
    ['more than ten percent', 899, [1_000], false],
    ['growing', 3_000, [1_000], true],
    ['slowly for days, against the median of seven', 890, [920, 960, 1_000, 1_000, 1_000, 1_000, 1_000], false],
    [
      'what the eighth night had does not matter',
      900,
      [950, 950, 950, 950, 1_100, 1_100, 1_100, ...Array<number>(8).fill(2_000)],
      true,
    ],
    ['an even number of nights', 900, [950, 1_050], true],
    ['five of eight in a small office', 3, [8], true],
    ['six of nine in a small office', 3, [9], false],
  ])('%s: %i rows after %j', (_, rows, nights, isGood) => {
    const history = nights.map((night) => past('directory:0oaSouth', night));
    expect(rules(read('directory:0oaSouth', rows), history)).toEqual(isGood ? [] : ['shrunk directory:0oaSouth']);
  });

  test('is measured for each AD instance, however many rows the others gained', () => {
    const history = [past('directory:0oaSouth', 1_000)];
    const certificates = [...read('directory:0oaSouth', 500).slice(1), certificate('directory:0oaNorth', 9_000)];
    expect(rules(certificates, history)).toEqual(['shrunk directory:0oaSouth']);
  });

  test('does not matter for the soft-deleted, who leave after thirty days', () => {
    expect(rules(read('deleted', 0), [past('deleted', 1_000)])).toEqual([]);
  });

  test('at a limit of 0 is any loss', () => {
    expect(rules(read('users', 999), [past('users', 1_000)], { shrink: 0 })).toEqual(['shrunk users']);
    const history = [past('users', 1_000)];
    expect(rules(read('users', 1_000, { filled: 999 }), history, { fill: 0 })).toEqual(['anchors-missing users']);
  });

  test.each(['directory:0oaSouth', 'assignments'] as const)(
    'of %s, or of its anchors, is not excused by the rows that a count may miss',
    (list) => {
      const history = [past(list, 400)];
      expect(rules(read(list, 1), history, { rows: 500 })).toEqual([`shrunk ${list}`]);
      expect(rules(read(list, 400, { filled: 4 }), history, { rows: 500 })).toEqual([`anchors-missing ${list}`]);
    },
  );

  test('is measured by the last run that had the list', () => {
    const history = [{ certificates: read().slice(1) }, past('directory:0oaNorth', 1_000)];
    expect(rules(read('directory:0oaNorth', 899), history)).toEqual(['shrunk directory:0oaNorth']);
    expect(rules(read('directory:0oaNorth', 900), history)).toEqual([]);
  });

  test('an instance that Okta no longer names is a doubt', () => {
    const history = [{ certificates: [...read(), certificate('directory:0oaEast', 40)] }];
    expect(rules(read(), history)).toEqual(['vanished directory:0oaEast']);
  });

  test('an instance that is new is none', () => {
    expect(rules(read(), [{ certificates: read().slice(1) }])).toEqual([]);
  });
});

describe('a further Office 365 app', () => {
  const LIST = 'further:0oaOther';
  const had = (rows: number): PastRun => ({ certificates: [...read(), certificate(LIST, rows)] });

  function doubtsAbout(rows: number, history: readonly PastRun[], change: Partial<Certificate> = {}) {
    const facts = factsOf([...read(), certificate(LIST, rows, change)]);
    const plan = { ...facts.plan, furtherOffice365: [{ id: '0oaOther', label: 'Office 365 of a company bought' }] };
    return certify({ ...facts, plan }, history, CERTIFICATE_LIMITS).doubts.map(({ rule, list }) => `${rule} ${list}`);
  }

  test('may come, with people or none, with anchors or without, and be retired', () => {
    expect(doubtsAbout(900, [past('users', 1_000)])).toEqual([]);
    expect(doubtsAbout(0, [past('users', 1_000)])).toEqual([]);
    expect(doubtsAbout(900, [past('users', 1_000)], { filled: 0 })).toEqual([]);
    expect(rules(read(), [had(900)])).toEqual([]);
  });

  test('that was read before may not lose its people or their anchors unseen', () => {
    expect(doubtsAbout(850, [had(900)])).toEqual([]);
    expect(doubtsAbout(800, [had(900)])).toEqual([`shrunk ${LIST}`]);
    expect(doubtsAbout(0, [had(900)])).toEqual([`empty ${LIST}`]);
    expect(doubtsAbout(900, [had(900)], { filled: 0 })).toEqual([`anchors-missing ${LIST}`]);
    expect(doubtsAbout(0, [had(0)])).toEqual([]);
    expect(doubtsAbout(0, [past('users', 1_000), had(900)])).toEqual([`empty ${LIST}`]);
  });
});

describe('an empty list', () => {
  test.each(['directory:0oaNorth', 'assignments', 'users'] as const)(
    '%s is a doubt, with and without history',
    (list) => {
      expect(rules(read(list, 0))).toEqual([`empty ${list}`]);
      expect(rules(read(list, 0), [past(list, 4)])).toEqual([`empty ${list}`]);
    },
  );

  test('is believed when the last good run had it empty too, and only then', () => {
    expect(rules(read('directory:0oaNorth', 0), [past('directory:0oaNorth', 0)])).toEqual([]);
    const history = [past('directory:0oaNorth', 3), past('directory:0oaNorth', 0)];
    expect(rules(read('directory:0oaNorth', 0), history)).toEqual(['empty directory:0oaNorth']);
  });

  test('of soft-deleted users is ordinary', () => {
    expect(rules(read('deleted', 0))).toEqual([]);
  });
});

describe('anchors', () => {
  test.each([
    ['five points less', 930, 980, true],
    ['five points less than all', 950, 1_000, true],
    ['more than five points less', 929, 980, false],
    ['more', 1_000, 700, true],
    ['none, as ever', 0, 0, true],
  ])('%s: %i filled after %i', (_, filled, before, isGood) => {
    const history = [past('users', 1_000, { filled: before })];
    expect(rules(read('users', 1_000, { filled }), history)).toEqual(isGood ? [] : ['anchors-missing users']);
  });

  test('none at all are a doubt in the first run too', () => {
    expect(rules(read('assignments', 1_000, { filled: 0 }))).toEqual(['anchors-missing assignments']);
    expect(rules(read('assignments', 1_000, { filled: 100 }))).toEqual([]);
  });

  test('of a handful of people prove nothing', () => {
    expect(rules(read('directory:0oaSouth', 5, { filled: 0 }))).toEqual([]);
    const history = [past('directory:0oaSouth', 8, { filled: 8 })];
    expect(rules(read('directory:0oaSouth', 8, { filled: 3 }), history)).toEqual([]);
    expect(rules(read('directory:0oaSouth', 8, { filled: 2 }), history)).toEqual([
      'anchors-missing directory:0oaSouth',
    ]);
  });
});

describe('the age of an AD instance', () => {
  test.each([
    ['26 hours', NOW - 26 * HOUR, true],
    ['more than 26 hours', NOW - 26 * HOUR - 1, false],
    ['unknown', null, false],
  ])('of %s', (_, freshAsOf, isGood) => {
    expect(rules(read('directory:0oaSouth', 1_000, { freshAsOf }))).toEqual(
      isGood ? [] : ['stale-source directory:0oaSouth'],
    );
  });
});

function tenantRules(appDomains: string[], verified = true) {
  const tenantDomains = [{ name: 'Contoso.com', federated: true, initial: false, verified }];
  const facts = { ...factsOf(read()), appDomains, tenantDomains };
  return certify(facts, [], CERTIFICATE_LIMITS).doubts.map(({ rule }) => rule);
}

describe('the domains', () => {
  test('of the app are those of the tenant, in any case of letters', () => {
    expect(tenantRules(['contoso.COM'])).toEqual([]);
  });

  test.each([
    ['one is foreign', ['contoso.com', 'fabrikam.com'], true],
    ['the tenant has not verified it', ['contoso.com'], false],
    ['the app names none', [], true],
  ])('prove nothing when %s', (_, appDomains, verified) => {
    expect(tenantRules(appDomains, verified)).toEqual(['foreign-tenant']);
  });
});

describe('a read that broke off', () => {
  test('has its own reason, and says nothing of the lists that were stopped', () => {
    const failure = { rule: 'read-failed', list: 'assignments', message: 'Okta said 403' } as const;
    const stopped = read('users', 10, { complete: false, expected: null }).filter(({ list }) => list !== 'assignments');
    const { doubts } = certify(factsOf(stopped, [failure]), [past('users', 1_000)], CERTIFICATE_LIMITS);
    expect(doubts).toEqual([failure]);
  });

  test('without a reason is incomplete', () => {
    const stopped = read('users', 10, { complete: false }).filter(({ list }) => list !== 'deleted');
    expect(rules(stopped)).toEqual(['incomplete users', 'incomplete deleted']);
  });

  test('shows in the cursors, even where nothing else does', () => {
    const cursors = { distinct: 2, repeated: 0, broken: 0, digest: 'd1' };
    expect(rules(read('deleted', 10, { cursors: { ...cursors, repeated: 1 } }))).toEqual(['cursor-repeated deleted']);
    expect(rules(read('users', 1_000, { cursors: { ...cursors, broken: 1 } }))).toEqual(['pages-missing users']);
  });
});

test('all doubts are named at once', () => {
  const certificates = read('directory:0oaSouth', 100, { freshAsOf: null, distinct: 90, filled: 10 });
  expect(rules(certificates, [past('directory:0oaSouth', 1_000)])).toEqual([
    'duplicates directory:0oaSouth',
    'shrunk directory:0oaSouth',
    'anchors-missing directory:0oaSouth',
    'stale-source directory:0oaSouth',
  ]);
});
