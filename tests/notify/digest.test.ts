import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { immutableIdOf } from '../../shared/anchor/write.ts';
import { closedPeople, findingOf, NIGHT, repairOf, seenOf } from '../../cli/mail/sample-people.ts';
import { inputOf, lettersByKind, newsInput, sampleLetters } from '../../cli/mail/sample.ts';
import { sampleNotices } from '../../cli/mail/sample-notices.ts';
import { couldNotTellRun, runOf } from '../../cli/mail/sample-run.ts';
import { cardOf } from '../../shared/notify/card.ts';
import { type DigestInput, digestOf } from '../../shared/notify/digest.ts';
import { letterOfDigest } from '../../shared/notify/digest-letter.ts';
import { findingsCsv } from '../../shared/notify/csv.ts';
import { htmlOf } from '../../shared/notify/html.ts';
import { letterOfNotice } from '../../shared/notify/notice-letter.ts';
import { textOf } from '../../shared/notify/text.ts';
import { REPAIR_STATES } from '../../shared/state/repair-rows.ts';
import { NOTICE_KINDS, type SeenFinding } from '../../shared/state/rows.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { hostileText } from './letters.ts';

const person = seenOf(findingOf(1, 'ada@contoso.com'));

function nightOf(seen: readonly SeenFinding[], given: Partial<DigestInput> = {}): DigestInput {
  return inputOf({ run: runOf(seen), seen, ...given });
}

function decided(decision: 'approved' | 'rejected', number: number) {
  return Array.from({ length: number }, (_, at) => ({
    decision,
    by: decision === 'approved' ? 'ada' : 'bob',
    at: NIGHT + (at + 1) * MINUTE,
    keys: [`${decision} ${at}`],
    withdrawn: null,
  }));
}

/** A plan over a limit, and how many of its repairs were approved and rejected since. */
function frozenNight(repairs: number, approved: number, rejected: number): DigestInput {
  const freeze = { rule: 'over-limit', reason: 'too many' } as const;
  const decisions = [...decided('approved', approved), ...decided('rejected', rejected)];
  return inputOf({
    run: runOf([person], { freeze, held: { 'over-limit': repairs } }),
    seen: [person],
    plan: { repairs, decisions, expires: NIGHT + HOUR },
  });
}

describe('what a digest is about', () => {
  const blind = couldNotTellRun();
  const old = { ...person, change: 'open' as const, firstSeen: NIGHT - 5 * DAY };
  const frozen = { rule: 'over-limit', reason: 'too many' } as const;

  test.each<[string, DigestInput, string, string, string]>([
    ['nobody who has drifted', nightOf([]), 'quiet', 'quiet', 'all quiet, still watching'],
    ['drift that was told of', nightOf([old]), 'quiet', 'quiet', 'nothing new, 1 still open'],
    ['somebody new who is queued', nightOf([person]), 'news', 'news', '1 new, 1 cannot sign in'],
    [
      'somebody new whom a person decides on',
      nightOf([{ ...person, hold: { rule: 'taken', reason: '' } }]),
      'news',
      'decision',
      '1 new, 1 cannot sign in',
    ],
    [
      'somebody new who signs in as another',
      nightOf([{ ...person, finding: { ...person.finding, impact: 'signs in as another' } }]),
      'news',
      'alarm',
      '1 new, 1 may sign in as another',
    ],
    ['cases that are over', nightOf([], { closed: closedPeople() }), 'news', 'news', '2 over'],
    ['a repair that is done', nightOf([], { repairs: [repairOf(1, 'a')] }), 'news', 'news', '1 repaired'],
    [
      'a repair that waits for a person',
      nightOf([], { repairs: [repairOf(1, 'a', { state: 'ready' })] }),
      'quiet',
      'decision',
      'all quiet, still watching',
    ],
    [
      'somebody who left while the switch was off',
      nightOf([], { unassigned: [{ userName: 'a', at: NIGHT, fate: 'left' }] }),
      'news',
      'decision',
      '1 unassigned meanwhile',
    ],
    [
      'a plan over a limit',
      inputOf({ run: runOf([person], { freeze: frozen }), seen: [person] }),
      'frozen',
      'decision',
      'plan frozen, 1 new, 1 cannot sign in',
    ],
    [
      'a plan that was approved in part',
      frozenNight(3, 2, 0),
      'frozen',
      'decision',
      'plan frozen, 2 of 3 approved since, 1 new, 1 cannot sign in',
    ],
    [
      'a plan that was decided on',
      frozenNight(3, 2, 1),
      'frozen',
      'news',
      'plan frozen, 2 of 3 approved and 1 rejected since, 1 new, 1 cannot sign in',
    ],
    [
      'a plan that was rejected',
      frozenNight(3, 0, 3),
      'frozen',
      'news',
      'plan frozen, 3 of 3 rejected since, 1 new, 1 cannot sign in',
    ],
    [
      'a first run',
      inputOf({ run: runOf([person], { baseline: true }), seen: [person], baseline: null, lastDigest: null }),
      'first',
      'decision',
      'first look, 1 have drifted, 1 cannot sign in',
    ],
    [
      'a run that could not tell',
      inputOf({ run: blind, seen: [old] }),
      'could-not-tell',
      'decision',
      'could not tell, nothing was changed',
    ],
  ])('of %s', (_, input, kind, severity, headline) => {
    expect(digestOf(input)).toMatchObject({ kind, severity, headline });
  });

  test('a plan that was decided on names who decided, and when, and nobody where a mailbox shows it', () => {
    const digest = digestOf(frozenNight(12, 3, 1));

    expect(digest.next.slice(0, 4)).toEqual([
      'The plan froze: too many.',
      '3 of its 12 repairs were approved by ada, last at 2026-11-23 02:03 UTC.',
      '1 of its 12 repairs was rejected by bob, at 2026-11-23 02:01 UTC.',
      'Nothing runs of the other 8 before somebody decides; that can be done until 2026-11-23 03:00 UTC.',
    ]);
    expect(digest.verdict).toContain('the whole plan froze, with 3 of 12 approved and 1 rejected since');
    expect(`${digest.headline} ${digest.verdict}`).not.toMatch(/ada|bob/);
    expect(digest.held).toEqual([{ rule: 'over-limit', people: 9 }]);
  });

  test('a rejection that was withdrawn since is counted nowhere, and decides nothing by itself', () => {
    const night = frozenNight(3, 1, 2);
    const withdrawn = { by: 'cy', at: NIGHT + 9 * MINUTE };
    const [approved, first, ...others] = night.plan?.decisions ?? [];
    if (night.plan === null || approved === undefined || first === undefined) throw new Error('nobody decided');
    const digest = digestOf({
      ...night,
      plan: { ...night.plan, decisions: [approved, { ...first, withdrawn }, ...others] },
    });

    expect(digest.next.slice(0, 4)).toEqual([
      'The plan froze: too many.',
      '1 of its 3 repairs was approved by ada, at 2026-11-23 02:01 UTC.',
      '1 of its 3 repairs was rejected by bob, at 2026-11-23 02:02 UTC.',
      'One rejection was withdrawn; the next scan proposes anew what is still so.',
    ]);
    expect(digest.headline).toContain('1 of 3 approved and 1 rejected since');
  });

  test('a plan that lapsed says that nobody decided on the rest of it', () => {
    const late = { ...frozenNight(2, 1, 0), now: NIGHT + 2 * HOUR };

    expect(digestOf(late).next).toContain(
      'Of the other one nobody decided until 2026-11-23 03:00 UTC; the next scan proposes anew what is still so.',
    );
  });

  test('a run that could not tell calls nobody new and shows no figures of another night', () => {
    const digest = digestOf(inputOf({ run: blind, seen: [person], checked: { id: 'r1' } }));

    expect(digest.fresh.shown).toEqual([]);
    expect(digest.figures).toEqual([]);
    expect(digest.notLookedAt).toContain('1 person who had drifted then: not checked since.');
  });

  test('somebody whom no digest has named is new, though an earlier run saw them', () => {
    const seen = [{ ...person, change: 'open' as const, firstSeen: NIGHT - HOUR }];

    expect(digestOf(nightOf(seen, { lastDigest: NIGHT - 2 * HOUR })).fresh.shown).toHaveLength(1);
    expect(digestOf(nightOf(seen, { lastDigest: NIGHT })).fresh.shown).toHaveLength(0);
  });
});

describe('a digest', () => {
  test('names who fights a repair, as long as that lasts, and of many the first', () => {
    const hold = { rule: 'fight', reason: 'repaired on 2026-11-20 by r-1, and changed again since, by eve' } as const;
    const seen = Array.from({ length: 6 }, (_, at) => seenOf(findingOf(at, `p${at}`), { change: 'open', hold }));
    const fought = (some: typeof seen) =>
      digestOf(nightOf(some)).next.filter((line) => line.startsWith('A repair is fought'));

    expect(fought(seen.slice(0, 1))).toEqual([
      'A repair is fought: p0 was repaired on 2026-11-20 by r-1, and changed again since, by eve.',
    ]);
    expect(fought(seen)).toHaveLength(4);
    expect(digestOf(nightOf(seen)).next).toContain(
      'Repairs of 2 people more are fought: anchorwatch explain <person> says by whom.',
    );
  });

  test('has the five numbers, in their order', () => {
    expect(digestOf(newsInput()).figures.map(({ label }) => label)).toEqual([
      'people paired',
      'matched',
      'cannot sign in',
      'out of groups only',
      'need a person',
    ]);
  });

  test.each(REPAIR_STATES)('always says whether anything was changed; with a repair that is %s', (state) => {
    for (const touched of [true, false]) {
      const { verdict } = digestOf(nightOf([person], { repairs: [repairOf(1, 'a', { state, touched })] }));
      const isNothing = state !== 'done' && (!touched || state === 'queued' || state === 'refused');
      expect(verdict.endsWith('; nothing was changed.')).toBe(isNothing);
      expect(verdict).toMatch(/; (?:nothing was changed|1 was .*)\.$/);
    }
  });

  test('shows the twenty worst of the new cases, and how many more there are', () => {
    const people = Array.from({ length: 50 }, (_, at) =>
      seenOf(findingOf(at, `p${at}`, { impact: at === 49 ? 'signs in as another' : 'groups only' })),
    );
    const { fresh } = digestOf(nightOf(people));

    expect(fresh.shown).toHaveLength(20);
    expect(fresh.shown[0]).toMatchObject({ userName: 'p49', impact: 'signs in as another' });
    expect(fresh.more).toBe(30);
  });

  test('counts open cases by their age, and loses nobody', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2 * DAY, max: 90 * DAY }), { maxLength: 30 }), (ages) => {
        const seen = ages.map((age, at) => seenOf(findingOf(at, `p${at}`), { change: 'open', firstSeen: NIGHT - age }));
        const { open, fresh } = digestOf(nightOf(seen, { lastDigest: NIGHT + 3 * DAY, now: NIGHT }));
        expect(open.reduce((sum, { people }) => sum + people, 0) + fresh.shown.length).toBe(ages.length);
      }),
    );
  });

  test('says what it did not look at', () => {
    const { notLookedAt } = digestOf(nightOf([], { run: runOf([], { unconfirmed: 3, warnings: ['two apps'] }) }));

    expect(notLookedAt).toContain('AD accounts not judged: 14 people who have not started, 37 service accounts.');
    expect(notLookedAt).toContain('3 new findings were not read again singly; they are not queued.');
    expect(notLookedAt).toContain('two apps');
  });

  test('says when the next scan is, and that none is planned where none is', () => {
    expect(digestOf(nightOf([])).next).toContain('The next scan begins at 2026-11-24 02:00 UTC.');
    expect(digestOf(nightOf([], { nextRun: null })).next).toContain('No further scan is planned.');
  });

  test('holds no full anchor in any form', () => {
    const input = newsInput();
    const letter = letterOfDigest(digestOf(input));
    const all = [
      htmlOf(letter),
      textOf(letter),
      JSON.stringify(cardOf(letter)),
      JSON.stringify(letter),
      findingsCsv(input.seen).csv,
    ];
    const anchors = input.seen
      .flatMap(({ finding: { a, o, e } }) => [a, o, e])
      .filter((one) => typeof one === 'string');

    expect(anchors.length).toBeGreaterThan(20);
    for (const text of all) {
      // Escaped in HTML or not: neither of their signs is.
      for (const anchor of anchors) expect(text).not.toContain(anchor.slice(0, -2));
    }
  });

  test('masks an anchor in what a tenant answered', () => {
    const reason = `Entra says that ${immutableIdOf('67d8ac54-be50-4422-99c4-85a5ad6e484e')} is taken`;
    const { refused } = digestOf(
      nightOf([], { repairs: [repairOf(1, 'x', { state: 'refused', rule: 'taken', reason })] }),
    );

    expect(refused.shown[0]?.what).toBe('taken: Entra says that (anchor) is taken');
  });
});

describe('a subject', () => {
  test('names nobody, whatever people are called, and begins with the tenant', () => {
    fc.assert(
      fc.property(hostileText, (name) => {
        const seen = [seenOf(findingOf(1, `Zebedee${name}`))];
        const repairs = [repairOf(2, `Zebedee${name}`), repairOf(3, `Zebedee${name}`, { state: 'needs-a-person' })];
        const unassigned = [{ userName: `Zebedee${name}`, at: NIGHT, fate: 'left' as const }];
        const { subject, verdict } = letterOfDigest(digestOf(nightOf(seen, { repairs, unassigned })));
        expect(subject).toMatch(/^\[Anchorwatch\] contoso: 1 new, [\w ,]+$/);
        expect(verdict).not.toContain('Zebedee');
      }),
    );
  });

  test('has one line, whatever the tenant is called', () => {
    const letter = letterOfNotice(
      { kind: 'alarm', run: null, subject: 'a\r\nb', body: '', next: null, created: NIGHT },
      { tenant: 'x\r\nBcc: y', pageUrl: null, recipients: '' },
    );

    expect(letter.subject).toBe('[Anchorwatch] x\\r\\nBcc: y: a\\r\\nb');
  });
});

describe('a notice', () => {
  test.each([
    ['alarm', 'alarm'],
    ['could-not-tell', 'decision'],
    ['baseline', 'decision'],
    ['freeze', 'decision'],
    ['needs-a-person', 'decision'],
    ['digest', 'news'],
  ] as const)('of the kind %s has the severity %s, its lines, and says what was changed', (kind, severity) => {
    const notice = { kind, run: 'r1', subject: 'Something happened', body: 'one\ntwo', next: null, created: NIGHT };
    const letter = letterOfNotice(notice, { tenant: 'contoso', pageUrl: null, recipients: 'You asked.' });

    expect(letter).toMatchObject({ severity, action: null });
    expect(letter.parts[0]?.lines).toEqual(['one', 'two']);
    expect(letter.verdict).toMatch(/changed/);
    expect(letter.footer.at(-1)).toBe('You asked.');
  });

  test('that says itself what comes next says nothing else of it, and no anchor', () => {
    const anchor = immutableIdOf('67d8ac54-be50-4422-99c4-85a5ad6e484e');
    const notice = { kind: 'needs-a-person', run: null, subject: 's', body: 'one', created: NIGHT } as const;
    const context = { tenant: 'contoso', pageUrl: null, recipients: '' };

    expect(letterOfNotice({ ...notice, next: `It goes on by itself: ${anchor}.` }, context).next).toEqual([
      'It goes on by itself: (anchor).',
    ]);
    expect(letterOfNotice({ ...notice, next: null }, context).next[0]).toContain('when a person has acted');
  });

  test('of any length is a mail all the same', () => {
    const body = Array.from({ length: 900 }, () => 'x'.repeat(9_000)).join('\n');
    const notice = { kind: 'alarm', run: null, subject: 's', body, next: null, created: NIGHT } as const;
    const letter = letterOfNotice(notice, { tenant: 'contoso', pageUrl: null, recipients: '' });

    expect(Buffer.byteLength(htmlOf(letter))).toBeLessThan(60_000);
    expect(letter.parts[0]?.lines.at(-1)).toBe('…');
  });
});

test.each(NOTICE_KINDS)('the kind %s has a sample', (kind) => {
  const names = Object.keys(lettersByKind()[kind]);

  expect(names).not.toEqual([]);
  expect(names.every((name) => name.startsWith(kind))).toBe(true);
  expect(Object.keys(sampleLetters())).toEqual(expect.arrayContaining(names));
  if (kind !== 'digest') expect(sampleNotices()[kind].kind).toBe(kind);
});
