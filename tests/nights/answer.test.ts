import { describe, expect, test } from 'vitest';
import { checkAnswer } from '../../local/answer.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { importsOften, misbehave, type Outcome, type RealNight, realNight, runNight } from './tenants.ts';

function wrongIn(night: RealNight, { run, seen }: Outcome): readonly string[] {
  const { wrong } = checkAnswer(
    run,
    seen.map(({ finding }) => finding),
    night.created.answerKey,
  );
  return wrong;
}

test.each(['one', 'two', 'three'])(
  'everything planted is found, and no decoy (seed %s)',
  { timeout: 60_000 },
  async (seed) => {
    const night = await realNight({ seed, people: 1_000 });

    const outcome = await runNight(night);

    expect(outcome.outcome).toBe('good');
    expect(wrongIn(night, outcome)).toEqual([]);
    expect(outcome.seen.length).toBeGreaterThan(80);
    for (const { certificates, summary } of [outcome.run]) {
      const sum = (name: 'entra' | 'assignments') =>
        Object.values(summary?.buckets[name] ?? {}).reduce((all, one) => all + one, 0);
      expect(sum('entra')).toBe(certificates.find(({ list }) => list === 'users')?.distinct);
      expect(sum('assignments')).toBe(certificates.find(({ list }) => list === 'assignments')?.distinct);
    }
  },
);

test('what came between the planting and the night is in the answer, and whatever is not as in the key is said', async () => {
  const start = Date.now() - 50 * MINUTE;
  const kinds = ['created', 'deleted', 'renamed', 're-anchored', 'drifted', 'healed'] as const;
  const churn = kinds.map((kind) => ({ kind, people: 3, from: start - 20 * HOUR, until: start - 19 * HOUR }));
  const plants = { 'entra-respelled': 3, 'attribute-instead': 1, account: 20, 'soft-deleted': 2 };
  const night = await realNight({ seed: 'between', people: 100, plants, churn, start: start - DAY });

  const outcome = await runNight(night);

  expect([outcome.outcome, ...wrongIn(night, outcome)]).toEqual(['good']);
  const { run, seen } = outcome;
  const summary = run.summary!;
  const { entra, deleted } = summary.buckets;
  const counted = (changed: object) =>
    wrongIn(night, { ...outcome, run: { ...run, summary: { ...summary, ...changed } } });
  expect(counted({ matched: summary.matched - 1 })).toHaveLength(1);
  const moved = {
    ...entra,
    matched: entra['matched']! - 1,
    'outside: room-or-shared': entra['outside: room-or-shared']! + 1,
  };
  expect(counted({ buckets: { ...summary.buckets, entra: moved } }).join()).toMatch(/bucket of the matched.*outside/);
  const guests = {
    ...entra,
    'outside: guest': 0,
    'outside: cloud-only': entra['outside: guest']! + entra['outside: cloud-only']!,
  };
  expect(counted({ buckets: { ...summary.buckets, entra: guests } }).join()).toContain('outside: guest');
  expect(counted({ buckets: { ...summary.buckets, deleted: {} } }).join()).toContain('0 accounts are deleted');
  expect(deleted).toEqual({ 'outside: soft-deleted': 5 });
  const told = (part: 'encoding' | 'instead', value: unknown) =>
    wrongIn(night, { ...outcome, seen: seen.map((one) => ({ ...one, finding: { ...one.finding, [part]: value } })) });
  expect(told('encoding', { okta: null, entra: null }).join()).toContain('spelled null, not big-endian');
  expect(told('instead', null).join()).toContain("null in the anchor's place, not mS-DS-ConsistencyGuid");
});

test.each(['ou', 'directory', 'encoding', 'attribute'] as const)('a planted mass cause is named: %s', async (kind) => {
  const night = await realNight({ seed: 'cause', people: 600, plants: 'none', causes: [{ kind, people: 40 }] });

  const { run } = await runNight(night);

  const [planted] = night.created.answerKey.causes;
  expect(run.summary?.causes).toContainEqual(expect.objectContaining({ kind, value: planted?.value, people: 40 }));
});

test('people who come, go and change while the read runs are nobody’s drift', async () => {
  const kinds = ['created', 'deleted', 'renamed', 're-anchored'] as const;
  const start = Date.now() - 50 * MINUTE;
  const churn = kinds.map((kind) => ({ kind, people: 20, from: start - MINUTE, until: start + 2 * MINUTE }));
  const imports = importsOften(start);
  const night = await realNight({ seed: 'churn', people: 600, plants: 'none', churn, imports, start: start - DAY });
  // Every request takes two seconds of the tenants' time, so that the read spans the changes.
  misbehave(night, [{ fault: { kind: 'slow', ms: 2_000 } }]);

  const { outcome, seen, run } = await runNight(night);

  expect([outcome, run.doubts]).toEqual(['good', []]);
  const meanwhile = night.created.answerKey.changes.filter(({ at }) => at > run.began && at < (run.ended ?? 0));
  expect(new Set(meanwhile.map(({ kind }) => kind))).toEqual(new Set(kinds));
  expect(seen.map(({ finding }) => [finding.userName, finding.verdict])).toEqual([]);
});

test('an observing night asks the tenants nothing but to be told', async () => {
  const night = await realNight({ seed: 'observe', people: 450 }, { mode: 'observe' });

  await runNight(night);

  const writes = night.tenants.meter
    .counts()
    .map(({ operation }) => operation)
    .filter((operation) => !operation.startsWith('GET '));
  expect(writes).toEqual(['POST /oauth2/v1/token']);
});

test('no line of a night holds a token, a key or a full anchor', async () => {
  const night = await realNight({ seed: 'lines', people: 450 });

  const { seen } = await runNight(night);

  const all = night.lines.join('\n');
  const anchors = seen.flatMap(({ finding: { a, o, e } }) => [a, o, e]).filter((one) => typeof one === 'string');
  expect(anchors.length).toBeGreaterThan(100);
  expect(anchors.filter((anchor) => anchor.length > 12 && all.includes(anchor))).toEqual([]);
  expect(all).not.toMatch(/eyJ[A-Za-z0-9_-]{10}|Bearer [A-Za-z0-9]|PRIVATE KEY/);
});

describe('a fault', () => {
  const PASSING = [
    { kind: 'throttled', reset: 'future' },
    { kind: 'throttled', reset: 'past' },
    { kind: 'throttled', reset: 'missing' },
    { kind: 'concurrency-throttled' },
    { kind: 'outage', status: 500 },
    { kind: 'outage', status: 503 },
    { kind: 'html', status: 200 },
    { kind: 'html', status: 502 },
    { kind: 'token-refused' },
    { kind: 'body-cut', ending: 'clean' },
    { kind: 'body-cut', ending: 'closed' },
    { kind: 'socket-closed', when: 'before-headers' },
    { kind: 'empty-page-inserted' },
  ] as const;

  test.each(PASSING)('that passes changes nothing: $kind', async (fault) => {
    const night = await realNight({ seed: 'passing', people: 420, okta: { pageCap: 100 }, graph: { pageCap: 100 } });
    misbehave(night, [{ when: { ordinals: [4, 9, 15, 22] }, fault }]);

    const outcome = await runNight(night);

    expect([outcome.outcome, outcome.run.doubts]).toEqual(['good', []]);
    expect(wrongIn(night, outcome)).toEqual([]);
  });

  const LISTS = { assignments: '/api/v1/apps/*/users', users: '/v1.0/users' } as const;
  const LASTING = [
    { kind: 'page-dropped' },
    { kind: 'page-repeated' },
    { kind: 'pages-swapped' },
    { kind: 'page-dropped', links: 'kept' },
    { kind: 'page-repeated', links: 'kept' },
    { kind: 'pages-swapped', links: 'kept' },
    { kind: 'page-shortened', share: 0.5 },
    { kind: 'page-shortened', share: 0.1 },
    { kind: 'page-emptied' },
    { kind: 'cursor-cycles', back: 1 },
    { kind: 'next-elsewhere' },
    { kind: 'body-cut', ending: 'clean' },
    { kind: 'html', status: 200 },
    { kind: 'outage', status: 503 },
    { kind: 'list-endless' },
  ] as const;
  const cases = LASTING.flatMap((fault) =>
    Object.entries(LISTS).map(([list, path]) => ({ list, path, fault, kind: JSON.stringify(fault) })),
  );

  test.each(cases)(
    'that lasts never makes a wrong verdict: $kind in $list',
    { timeout: 60_000 },
    async ({ path, fault }) => {
      const night = await realNight({ seed: 'lasting', people: 420, okta: { pageCap: 60 }, graph: { pageCap: 60 } });
      misbehave(night, [{ when: { path, pages: [2] }, fault }]);

      const outcome = await runNight(night);

      const right = outcome.outcome === 'good' && wrongIn(night, outcome).length === 0;
      const silent = outcome.outcome === 'could-not-tell' && outcome.seen.length === 0 && outcome.run.doubts.length > 0;
      expect(right || silent ? [] : [outcome.outcome, ...wrongIn(night, outcome)]).toEqual([]);
      expect(night.repairs.waiting()).toEqual([]);
    },
  );
});
