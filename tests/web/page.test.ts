import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { h } from 'preact';
import { HtmlValidate } from 'html-validate';
import { describe, expect, test } from 'vitest';
import { findingOf, HOSTILE_NAMES, NIGHT, seenOf } from '../../cli/mail/sample-people.ts';
import { sampleLetters } from '../../cli/mail/sample.ts';
import { auditPage } from '../../shared/web/audit.ts';
import { findingsPage } from '../../shared/web/findings.ts';
import { type Page, plainly, shown } from '../../shared/web/page.ts';
import { personPage } from '../../shared/web/person.ts';
import { proposalsPage } from '../../shared/web/proposals.ts';
import { repairPage, repairsPage } from '../../shared/web/repairs.ts';
import { tonightPage } from '../../shared/web/tonight.ts';
import { headOf, journalOf, openOf } from './rows.ts';

const VISITOR = { name: 'ada@contoso.com', mayDecide: true };

/** Every page, with this text wherever somebody else may have written it. */
function pagesWith(text: string): Readonly<Record<string, Page>> {
  const seen = seenOf(findingOf(1, text, { ou: text, directories: [text] }));
  const head = headOf(text, { state: 'working', reason: text, rule: 'refused' });
  const standing = { head, awaits: null, task: { step: text, userName: text, lines: [text], asked: NIGHT } };
  const stop = { name: 'stop', at: NIGHT, run: null, by: text, note: '' } as const;
  const proposal = openOf(text);
  const letter = sampleLetters()['digest-news'] ?? null;
  const ignored = {
    kind: 'ignore',
    person: '00u1',
    userName: text,
    reason: text,
    until: NIGHT,
    by: text,
    at: NIGHT,
  } as const;
  const sides = [{ userName: text, what: 'shown as', directory: text, entra: text }];
  const person = {
    finding: findingOf(1, text, { a: { unreadable: text }, o: text }),
    userName: text,
    explanation: { lines: [text], past: [[text, text, text, text]], sides },
    wasChecked: true,
    isRejected: false,
    repair: { id: 'r-1', standing: text },
    ignored,
    item: null,
  };
  const ended = headOf(text, { state: 'done', due: null, reason: text });
  const audit = {
    at: NIGHT,
    id: 'x',
    run: null,
    repair: null,
    person: text,
    actor: text,
    what: text,
    before: text,
    after: text,
    requests: {},
  };
  return {
    tonight: tonightPage(
      { reds: [text], night: { letter, stop, unconfirmed: null, undecided: 1, waiting: 1 } },
      VISITOR,
    ),
    findings: findingsPage([seen], 'run', { find: text.slice(0, 3), page: 1 }),
    proposals: proposalsPage([proposal], [ignored], VISITOR),
    person: personPage(person, VISITOR),
    'person who is not ignored': personPage(
      { ...person, ignored: null, isRejected: true, item: { row: proposal.row, item: proposal.items[1]! } },
      VISITOR,
    ),
    'page of one of whom nothing was found': personPage(
      { ...person, finding: null, explanation: null, repair: null, ignored: null },
      VISITOR,
    ),
    repairs: repairsPage([standing, { head, awaits: 'to-leave-groups', task: null }], [ended], stop, VISITOR),
    repair: repairPage(standing, [journalOf(text)], true, VISITOR),
    audit: auditPage([audit], '2026-11-23', true),
  };
}

function htmlOf(page: Page): string {
  return shown(page, { tenant: 'contoso', visitor: VISITOR, moment: '2026-11-23 02:00 UTC' }).body;
}

const WHOLE = /<[a-z0-9]+(?:\s+[a-z-]+(?:="[^"]*")?)*\s*\/?>/g;
const OURS = new Set(
  (
    'body header nav strong a main footer div h1 h2 h3 p ul li b span wbr table thead tbody tr th td form fieldset legend ' +
    'label input button @aria-label @aria-current @class @href @scope @data-label @method @action @type @name @value ' +
    '@required @maxlength @placeholder @role'
  ).split(' '),
);

/** Elements, and the names of their attributes. */
function elements(body: string): string[] {
  return [...body.matchAll(WHOLE)].flatMap(([whole]) => {
    const attributes = [...whole.matchAll(/\s([a-z-]+)(?:="[^"]*")?/g)].map(([, name]) => `@${name}`);
    return [/^<([a-z0-9]+)/.exec(whole)?.[1] ?? '', ...attributes.filter((name) => !OURS.has(name))];
  });
}

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:a11y'],
  rules: { 'void-style': ['error', { style: 'selfclose' }], 'long-title': 'off' },
});

describe('a page', () => {
  test.each(Object.keys(pagesWith('x')))('%s is valid HTML, for eyes and for screen readers', async (name) => {
    const { results } = await validator.validateString(htmlOf(pagesWith('grace@contoso.com')[name]!));

    expect(results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`))).toEqual(
      [],
    );
  });

  test('holds nothing but our own elements and attributes, whatever the texts are', () => {
    const hostile = fc.constantFrom(
      ...HOSTILE_NAMES,
      '"><b onclick="x">',
      "' autofocus onfocus='x",
      '\u202Emoc.elgoog',
      '</title></style>',
    );
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'binary', minLength: 1, maxLength: 40 })), (text) => {
        for (const page of Object.values(pagesWith(text))) {
          const html = htmlOf(page);
          const body = html.slice(html.indexOf('</style>'));
          expect(elements(body).filter((name) => !OURS.has(name))).toEqual([]);
          // Whatever begins like an element is one of ours, whole.
          expect(body.match(WHOLE)?.length).toBe(body.match(/<[^/]/g)?.length);
          expect(body.replaceAll(/<[^>]*>/g, '')).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
          expect(body).not.toMatch(
            /(?:href|action)="(?!\/api\/page|\/\.auth\/logout\?post_logout_redirect_uri=\/api\/page")/,
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  test('is shown with no script, from nowhere else, in nobody’s frame, and is kept nowhere', () => {
    const { headers, body } = plainly(403, 'You are not let in', 'No role.');
    const style = /<style>(.*)<\/style>/s.exec(body)?.[1] ?? '';

    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).toContain(createHash('sha256').update(style).digest('base64'));
    expect(headers['cache-control']).toBe('no-store');
    expect(body).not.toMatch(/<script|style="|https?:/);
  });

  test('says who looks, and whether they may decide', () => {
    const page: Page = { room: '', title: 'x', inside: [h('h1', null, 'x')] };

    expect(htmlOf(page)).toContain('Signed in as ada@contoso.com, who may decide.');
  });
});
