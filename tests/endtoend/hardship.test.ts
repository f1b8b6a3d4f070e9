import { describe, expect, test } from 'vitest';
import { checkAnswer } from '../../local/answer.ts';
import type { FaultScriptInput } from '../../local/http/faults/script.ts';
import { MINUTE } from '../../shared/time.ts';
import { misbehave, type Outcome, type RealNight, realNight, runNight } from '../nights/tenants.ts';

type Rule = FaultScriptInput['rules'][number];

function wrongIn({ created }: RealNight, { run, seen }: Outcome): readonly string[] {
  const { wrong } = checkAnswer(
    run,
    seen.map(({ finding }) => finding),
    created.answerKey,
  );
  return wrong;
}

/** Pages so small that every long list has several. */
const PAGED = { people: 420, okta: { pageCap: 60 }, graph: { pageCap: 60 } };

describe('a fault that strikes once', () => {
  const PASSING: readonly Rule[] = [
    { when: { side: 'okta', pages: [3] }, fault: { kind: 'session-refused' } },
    { when: { side: 'okta', path: '/oauth2/v1/token' }, fault: { kind: 'outage', status: 503 } },
    { when: { side: 'graph', path: '/v1.0/users/$count' }, fault: { kind: 'outage', status: 503 } },
    { when: { side: 'graph', path: '/v1.0/users/$count' }, fault: { kind: 'html', status: 200 } },
    { when: { side: 'graph', path: '/v1.0/domains' }, fault: { kind: 'body-cut', ending: 'closed' } },
    { when: { side: 'okta', path: '/api/v1/apps' }, fault: { kind: 'html', status: 502 } },
    { when: { path: '/api/v1/apps/*/users/*' }, fault: { kind: 'throttled', reset: 'missing' } },
    { when: { path: '/v1.0/users/*' }, fault: { kind: 'socket-closed', when: 'after-headers' } },
    { when: { side: 'graph', pages: [2] }, fault: { kind: 'body-cut', ending: 'chunk-closed' } },
  ];
  const cases = PASSING.map((rule) => ({ rule, name: JSON.stringify(rule) }));

  test.each(cases)('changes nothing: $name', { timeout: 60_000 }, async ({ rule }) => {
    const night = await realNight({ seed: 'once', ...PAGED });
    misbehave(night, [{ ...rule, when: { ...rule.when, times: 1 } }]);

    const outcome = await runNight(night);

    const struck = night.tenants.meter.counts().reduce((sum, { faults }) => sum + faults, 0);
    expect(struck).toBe(1);
    expect([outcome.outcome, outcome.run.doubts]).toEqual(['good', []]);
    expect(wrongIn(night, outcome)).toEqual([]);
  });
});

describe('a fault that lasts', () => {
  const LISTS = {
    directories: { path: '/api/v1/apps/*/users' },
    // The list alone: beside it the same path answers with the count.
    deleted: { path: '/v1.0/directory/deletedItems/**', query: '$top=999' },
  } as const;
  const FAULTS = [
    { kind: 'session-refused' },
    { kind: 'token-refused' },
    { kind: 'throttled', reset: 'future' },
    { kind: 'page-dropped' },
    { kind: 'page-emptied' },
    { kind: 'page-shortened', share: 0.2 },
    { kind: 'cursor-cycles', back: 0 },
    { kind: 'next-elsewhere' },
  ] as const;
  const cases = FAULTS.flatMap((fault) =>
    Object.entries(LISTS).map(([list, when]) => ({ list, when, fault, name: JSON.stringify(fault) })),
  );

  test.each(cases)('never makes a wrong verdict: $name in $list', { timeout: 60_000 }, async ({ when, fault }) => {
    // Pages so small that even the deleted users fill more than one.
    const night = await realNight({ seed: 'lasts', people: 400, okta: { pageCap: 60 }, graph: { pageCap: 5 } });
    misbehave(night, [{ when: { ...when, pages: [1] }, fault }]);

    const outcome = await runNight(night);

    // A shortened page of five loses one row, which lies within the tolerance of the counts: then the sum of the recycle bin is off, and
    // what is said of people must be right all the same.
    const wrong = wrongIn(night, outcome).filter((sentence) => !/accounts are deleted, not/.test(sentence));
    const right = outcome.outcome === 'good' && wrong.length === 0;
    const silent = outcome.outcome === 'could-not-tell' && outcome.seen.length === 0 && outcome.run.doubts.length > 0;
    expect(right || silent ? [] : [outcome.outcome, ...wrong]).toEqual([]);
    expect(night.repairs.waiting()).toEqual([]);
  });
});

test('everything planted among 2,000 people is found, and no decoy', { timeout: 60_000 }, async () => {
  const night = await realNight({ seed: 'whole', people: 2_000 });

  const outcome = await runNight(night);

  expect([outcome.outcome, outcome.run.doubts, wrongIn(night, outcome)]).toEqual(['good', [], []]);
});

test('a night of slow answers takes several calls, and finds the same', { timeout: 60_000 }, async () => {
  const scan = { budget: MINUTE, rateShare: 0.8, confirmLimit: 500 };
  const night = await realNight({ seed: 'slices', ...PAGED }, { scan });
  misbehave(night, [{ fault: { kind: 'slow', ms: 1_500 } }]);

  const outcome = await runNight(night);

  expect([outcome.outcome, outcome.run.doubts]).toEqual(['good', []]);
  expect(outcome.run.slices).toBeGreaterThan(2);
  expect(wrongIn(night, outcome)).toEqual([]);
});

test('a throttled page that wants more patience than the lease has is read all the same', {
  timeout: 60_000,
}, async () => {
  const night = await realNight({ seed: 'patience', ...PAGED });
  const fault = { kind: 'throttled', reset: 'future', seconds: 310 } as const;
  misbehave(night, [{ when: { path: '/api/v1/apps/*/users', pages: [2, 4], times: 2 }, fault }]);

  const outcome = await runNight(night);

  expect([outcome.outcome, outcome.run.doubts]).toEqual(['good', []]);
  expect(wrongIn(night, outcome)).toEqual([]);
});

test('no anchor of anybody, drifted or well, is in a line of a troubled night', { timeout: 60_000 }, async () => {
  const night = await realNight({ seed: 'silence', ...PAGED });
  const anchors = new Set<string>();
  const { okta, entra } = night.tools;
  const note = <Page extends { readonly rows: Iterable<{ readonly anchor: unknown }> }>(page: Page): Page => {
    for (const { anchor } of page.rows) if (typeof anchor === 'string' && anchor.length > 12) anchors.add(anchor);
    return page;
  };
  const tools: RealNight['tools'] = {
    ...night.tools,
    okta: {
      ...okta,
      directoryPage: async (...args) => note(await okta.directoryPage(...args)),
      assignmentPage: async (...args) => note(await okta.assignmentPage(...args)),
    },
    entra: {
      ...entra,
      usersPage: async (...args) => note(await entra.usersPage(...args)),
      deletedPage: async (...args) => note(await entra.deletedPage(...args)),
    },
  };
  misbehave(night, [
    { when: { path: '/v1.0/users', ordinals: [2, 5] }, fault: { kind: 'body-cut', ending: 'clean' } },
    { when: { path: '/api/v1/apps/*/users', ordinals: [3, 8] }, fault: { kind: 'html', status: 502 } },
    { when: { side: 'okta', ordinals: [12] }, fault: { kind: 'token-refused' } },
  ]);

  await runNight({ ...night, tools });

  expect(anchors.size).toBeGreaterThan(400);
  const all = night.lines.join('\n');
  expect(all).toContain('nightly run');
  expect([...anchors].filter((anchor) => all.includes(anchor))).toEqual([]);
  const { apiToken, privateJwk } = night.created.credentials.okta;
  const secrets = [apiToken, String(privateJwk['d']), night.created.credentials.identity.header];
  expect(secrets.filter((secret) => all.includes(secret))).toEqual([]);
  expect(all).not.toMatch(/eyJ[A-Za-z0-9_-]{10}|Bearer [A-Za-z0-9]|PRIVATE KEY/);
});
