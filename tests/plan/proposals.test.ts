import { describe, expect, test } from 'vitest';
import { compareRosters } from '../../shared/compare/compare.ts';
import type { Finding } from '../../shared/compare/finding.ts';
import type { Rosters } from '../../shared/compare/rows.ts';
import { openFeeds } from '../../shared/plan/fed-groups.ts';
import { makePlan, repairOf, substanceOf } from '../../shared/plan/plan.ts';
import { type Circumstances, type Policy, questionsToAsk, release } from '../../shared/plan/policy.ts';
import { proposedSchema, together as proposedOf, withSides } from '../../shared/plan/proposed.ts';
import { questionsOf } from '../../shared/plan/questions.ts';
import { isRule } from '../../shared/plan/rules.ts';
import { accountIndex } from '../../shared/plan/sides.ts';
import { adAccount, anchor, assignment, BACKGROUND, entraUser, person, rosters, together } from '../compare/people.ts';

function findingsOf(...parts: readonly Rosters[]): readonly Finding[] {
  return compareRosters(together(...parts), { ...BACKGROUND, seenMatched: () => true }).findings;
}

const STALE = person('ada', anchor(1), anchor(1), anchor(5_001));
const ADA = findingsOf(STALE)[0]!;
const POLICY: Policy = { mode: 'remediate', maxRepairs: 25, maxPercent: 1 };
const FINE: Circumstances = {
  baselineConfirmed: true,
  paired: 100,
  causes: [],
  confirmed: () => true,
  seenBefore: () => true,
  optedIn: () => true,
  isProtected: () => false,
  inRepair: () => false,
  ignored: () => null,
  rejected: () => null,
  earlier: () => null,
  setupChange: null,
  startedBefore: 0,
};
const CAUSE = { kind: 'ou', value: 'OU=Sales', people: 30, of: 40 } as const;
const CHANGED = { rule: 'mapping-changed', reason: 'another attribute' } as const;

describe('the plan', () => {
  test('puts whoever is hurt most first, whatever their keys', () => {
    const hurt = person('zoe', anchor(1), anchor(2), anchor(1));
    const { repairs } = makePlan(findingsOf(person('ada', anchor(3), anchor(4), anchor(4)), hurt));

    expect(repairs.map(({ user }) => user)).toEqual(['zoe', 'ada']);
  });

  test.each<[string, Partial<Finding>]>([
    ['no Okta user', { user: null }],
    ['no Entra account', { objectId: null }],
    ['nothing in Active Directory', { a: null }],
    ['something unreadable in Active Directory', { a: { unreadable: 'a list' } }],
  ])('has no repair where there is %s', (_what, over) => {
    expect(repairOf(ADA, 'reanchor')).toMatchObject({ user: 'ada', after: null });
    expect(repairOf(ADA, null)).toBeNull();
    expect(repairOf({ ...ADA, ...over }, 'reanchor')).toBeNull();
    expect(makePlan([{ ...ADA, ...over }])).toMatchObject({ repairs: [], refusals: [{ rule: 'not-paired' }] });
  });

  test('keeps an unreadable value out of the values of before, and whoever is behind nobody waits for nobody', () => {
    const bad = { unreadable: 'a list' };
    expect(repairOf({ ...ADA, o: bad, e: bad }, 'reanchor')?.before).toEqual({ a: anchor(1), o: null, e: null });
    expect(repairOf({ ...ADA, with: ['x'] }, 'reanchor')?.after).toBeNull();
    expect(repairOf({ ...ADA, relation: 'chain', with: [] }, 'reanchor')?.after).toBeNull();
  });

  test('names whoever holds the anchor and is not repaired first', () => {
    const undecided = person('bob', anchor(2), anchor(3), anchor(1));
    const { refusals } = makePlan(findingsOf(person('ada', anchor(1), anchor(1), anchor(9)), undecided));
    const alone = makePlan([{ ...ADA, relation: 'chain', with: ['gone'] }]);

    expect(refusals[1]?.reason).toBe('bob@contoso.com holds the anchor and is not repaired first');
    expect(alone.refusals[0]?.reason).toBe('somebody holds the anchor and is not repaired first');
  });

  test('refuses whoever is in no domain of the app', () => {
    const finding = { ...ADA, notes: ['outside-app-domains'] as const };

    expect(makePlan([finding]).refusals).toMatchObject([{ rule: 'outside-app-domains' }]);
  });

  test.each(['taken', 'taken-deleted'] as const)('names the account by which an anchor is %s', (relation) => {
    const { refusals } = makePlan([{ ...ADA, relation, holder: 'bob@contoso.com' }]);
    const unnamed = makePlan([{ ...ADA, relation, holder: null }]);

    expect(refusals).toMatchObject([
      { rule: relation, reason: expect.stringContaining('account bob@contoso.com holds') },
    ]);
    expect(unnamed.refusals).toMatchObject([{ reason: expect.stringContaining('account  holds') }]);
  });
});

test('a repair has the same substance whoever planned it, and another with another value', () => {
  const repair = repairOf(ADA, 'reanchor')!;
  const other = { ...repair, before: { ...repair.before, e: anchor(7) } };

  expect(substanceOf([repair])).toBe(substanceOf([{ ...repair, key: 'another', park: false }]));
  expect(substanceOf([other])).not.toBe(substanceOf([repair]));
  expect(substanceOf([{ ...repair, recipe: 'set' }])).not.toBe(substanceOf([repair]));
  expect(substanceOf([repair, other])).not.toBe(substanceOf([repair]));
});

describe('a person may release', () => {
  const plan = makePlan([ADA]);
  const [repair] = plan.repairs;

  test('whoever has not opted in, and in a freeze whoever would run', () => {
    expect(release(plan, POLICY, FINE)).toMatchObject({ queue: [{ key: ADA.key }], proposed: [] });
    expect(release(plan, POLICY, { ...FINE, optedIn: () => false }).proposed).toEqual([repair]);
    expect(release(plan, POLICY, { ...FINE, causes: [CAUSE] }).proposed).toEqual([repair]);
    expect(release(plan, POLICY, { ...FINE, causes: [CAUSE], optedIn: () => false }).proposed).toEqual([repair]);
    expect(release(plan, POLICY, { ...FINE, isProtected: () => true }).proposed).toEqual([]);
  });

  test('one repair as a proposal of its own, with nobody to compare', () => {
    expect(proposedOf(repair!)).toEqual({ why: null, members: [repair], sides: [] });
  });
});

describe('a freeze', () => {
  const plan = makePlan([ADA]);

  test('is not told in the mode observe, and a cause not where there is nothing that it could hold', () => {
    expect(release(plan, { ...POLICY, mode: 'observe' }, { ...FINE, setupChange: CHANGED }).freeze).toBeNull();
    expect(release(plan, POLICY, { ...FINE, setupChange: CHANGED }).freeze).toBe(CHANGED);
    expect(release(makePlan([]), POLICY, { ...FINE, causes: [CAUSE] }).freeze).toBeNull();
    expect(release(plan, POLICY, { ...FINE, causes: [CAUSE], optedIn: () => false }).freeze?.rule).toBe('mass-cause');
  });

  test('over the limit says what other runs of the night have used of it, where they have', () => {
    const spent = release(plan, POLICY, { ...FINE, startedBefore: 1 }).freeze?.reason;
    const unspent = release(plan, { ...POLICY, maxRepairs: 0 }, FINE).freeze?.reason;

    expect(spent).toMatch(/and 1 percent of 100 people \(1\), less 1 that earlier runs of the night queued$/);
    expect(unspent).toMatch(/and 1 percent of 100 people \(1\)$/);
  });
});

describe('a question', () => {
  const swapped = findingsOf(
    person('ada', anchor(1), anchor(1), anchor(2)),
    person('bob', anchor(2), anchor(2), anchor(1)),
  );
  const questions = questionsOf(swapped);

  test('is put while nothing else says no of anybody in it', () => {
    expect(questions).toHaveLength(1);
    expect(questionsToAsk(questions, POLICY, FINE)).toEqual(questions);
    expect(questionsToAsk(questions, POLICY, { ...FINE, rejected: () => 'ada rejected it' })).toEqual([]);
    expect(questionsToAsk(questions, POLICY, { ...FINE, isProtected: ({ user }) => user === 'bob' })).toEqual([]);
    expect(questionsToAsk(questions, { ...POLICY, mode: 'observe' }, FINE)).toEqual([]);
    // What was rejected of one alone says nothing of the ring.
    expect(
      questionsToAsk(questions, POLICY, { ...FINE, rejected: ({ length }) => (length === 1 ? 'no' : null) }),
    ).toEqual(questions);
  });

  test('of a ring is not put where somebody outside it presents one of its anchors, and is where somebody inside does', () => {
    const presentedBy = (presenter: string) => questionsOf(swapped.map((one) => ({ ...one, presenter })));

    expect(presentedBy('bob@contoso.com')).toHaveLength(1);
    expect(presentedBy('eve@contoso.com')).toEqual([]);
    expect(questionsOf(swapped.slice(0, 1))).toEqual([]);
    expect(questionsOf(swapped.map((one) => ({ ...one, notes: ['assigned-twice'] as const })))).toEqual([]);
  });

  test.each<[string, Partial<Finding>, string]>([
    ['an empty account is to set', { e: null }, 'set'],
    ['an account that has the right anchor is to assign again', { e: ADA.a }, 'reassign'],
    ['any other is the whole procedure', {}, 'reanchor'],
  ])('of %s', (_what, over, recipe) => {
    const finding: Finding = { ...ADA, verdict: 'maybe-another-person', witness: null, ...over };

    expect(questionsOf([finding])).toMatchObject([{ members: [{ recipe, witness: 'vouched' }] }]);
    expect(questionsOf([{ ...finding, witness: 'sid' }])).toMatchObject([{ members: [{ recipe, witness: 'sid' }] }]);
    expect(questionsOf([{ ...finding, presenter: 'eve@contoso.com' }])).toEqual([]);
    expect(questionsOf([{ ...finding, notes: ['assigned-twice'] }])).toEqual([]);
  });
});

test('what a rule asks for and people may edit is named in the order of the alphabet', () => {
  const rule = {
    id: 'r',
    name: 'r',
    status: 'ACTIVE',
    expression: 'user.beta + user.alpha + user.gamma',
    groups: ['g'],
  };
  const editable = ['gamma', 'alpha', 'beta'].map((name) => ({ name, by: 'everybody' }) as const);

  const [feed] = openFeeds(['g'], [rule], editable, false);

  expect(feed?.attributes.map(({ name }) => name)).toEqual(['alpha', 'beta', 'gamma']);
});

test('nobody is asked about an account alone', () => {
  expect(questionsOf(findingsOf(rosters({ entra: [entraUser('ada')] })))).toEqual([]);
  expect(questionsOf([{ ...ADA, verdict: 'maybe-another-person', user: null }])).toEqual([]);
});

test('a rule is known by its name', () => {
  expect([isRule('ring'), isRule('over-limit'), isRule('another')]).toEqual([true, true, false]);
});

test('a proposal that comes back from a row has somebody in it', () => {
  const repair = repairOf(ADA, 'reanchor')!;
  const ring = { why: 'ring', members: [repair, repair], sides: [] } as const;

  expect(proposedSchema.parse(ring)).toEqual(ring);
  expect(proposedSchema.parse(proposedOf(repair))).toEqual(proposedOf(repair));
  expect(proposedSchema.safeParse({ ...ring, members: [] }).success).toBe(false);
});

test('both accounts stand side by side with all that is known of them', () => {
  const ad = { mail: 'ada@mail.test', sid: 'S-1', employeeId: '7', dn: 'CN=Ada', created: 0, anchor: anchor(1) };
  const is = rosters({
    ad: [adAccount('ada', ad), adAccount('ada', { ...ad, instance: '0oaAD2', mail: 'second' })],
    assignments: [assignment('ada', { anchor: anchor(1) })],
    entra: [
      entraUser('ada', {
        mail: 'ada@entra.test',
        sid: 'S-2',
        employeeId: '8',
        displayName: 'Ada',
        licensed: false,
        created: 0,
        anchor: anchor(3),
      }),
    ],
  });
  const repair = repairOf({ ...ADA, user: 'ada', objectId: 'id-ada' }, 'reanchor')!;
  const nothing = { logins: new Map(), signIns: new Map(), holdings: new Map(), licenseNames: new Map() };

  const sides = withSides({ why: 'all-differ', members: [repair] }, accountIndex(is), nothing).sides;

  expect(sides.map(({ what, directory, entra }) => [what, directory, entra])).toEqual([
    ['name', 'ada@contoso.com', 'ada@contoso.com'],
    ['shown as', 'CN=Ada', 'Ada'],
    ['mail', 'ada@mail.test', 'ada@entra.test'],
    ['made', '1970-01-01', '1970-01-01'],
    ['last sign-in', 'not looked up', 'not looked up'],
    ['employee id', '7', '8'],
    ['SID', 'S-1', 'S-2'],
    ['licensed', '', 'no'],
    ['licences', '', 'not looked up'],
    ['mailbox', '', 'not looked up'],
    ['enabled', 'ACTIVE', 'yes'],
    ['anchor', 'AQAA…g==', 'AwAA…g=='],
  ]);
});
