import { describe, expect, test } from 'vitest';
import { compareRosters } from '../../shared/compare/compare.ts';
import type { Finding } from '../../shared/compare/finding.ts';
import type { Rosters } from '../../shared/compare/rows.ts';
import { makePlan, repairOf } from '../../shared/plan/plan.ts';
import { type Policy, questionsToAsk, release } from '../../shared/plan/policy.ts';
import { proposedSchema, together as proposedOf } from '../../shared/plan/proposed.ts';
import { questionsOf } from '../../shared/plan/questions.ts';
import { anchor, BACKGROUND, entraUser, person, rosters, together } from '../compare/people.ts';
import { CAUSE, CHANGED, FINE } from './tonight.ts';

function findingsOf(...parts: readonly Rosters[]): readonly Finding[] {
  return compareRosters(together(...parts), { ...BACKGROUND, seenMatched: () => true }).findings;
}

const ADA = findingsOf(person('ada', anchor(1), anchor(1), anchor(5_001)))[0]!;
const POLICY: Policy = { mode: 'remediate', maxRepairs: 25, maxPercent: 1 };
const NIGHT = { ...FINE, paired: 100 };

describe('a person may release', () => {
  const plan = makePlan([ADA]);
  const [repair] = plan.repairs;

  test('whoever has not opted in, and in a freeze whoever would run', () => {
    expect(release(plan, POLICY, NIGHT)).toMatchObject({ queue: [{ key: ADA.key }], proposed: [] });
    expect(release(plan, POLICY, { ...NIGHT, optedIn: () => false }).proposed).toEqual([repair]);
    expect(release(plan, POLICY, { ...NIGHT, causes: [CAUSE] }).proposed).toEqual([repair]);
    expect(release(plan, POLICY, { ...NIGHT, causes: [CAUSE], optedIn: () => false }).proposed).toEqual([repair]);
    expect(release(plan, POLICY, { ...NIGHT, isProtected: () => true }).proposed).toEqual([]);
  });

  test('one repair as a proposal of its own, with nobody to compare', () => {
    expect(proposedOf(repair!)).toEqual({ why: null, members: [repair], sides: [] });
  });
});

describe('a freeze', () => {
  const plan = makePlan([ADA]);

  test('is not told in the mode observe, and a cause not where there is nothing that it could hold', () => {
    expect(release(plan, { ...POLICY, mode: 'observe' }, { ...NIGHT, setupChange: CHANGED }).freeze).toBeNull();
    expect(release(plan, POLICY, { ...NIGHT, setupChange: CHANGED }).freeze).toBe(CHANGED);
    expect(release(makePlan([]), POLICY, { ...NIGHT, causes: [CAUSE] }).freeze).toBeNull();
    expect(release(plan, POLICY, { ...NIGHT, causes: [CAUSE], optedIn: () => false }).freeze?.rule).toBe('mass-cause');
  });

  test('over the limit says what other runs of the night have used of it, where they have', () => {
    const spent = release(plan, POLICY, { ...NIGHT, startedBefore: 1 }).freeze?.reason;
    const unspent = release(plan, { ...POLICY, maxRepairs: 0 }, NIGHT).freeze?.reason;

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
    expect(questionsToAsk(questions, POLICY, NIGHT)).toEqual(questions);
    expect(questionsToAsk(questions, POLICY, { ...NIGHT, rejected: () => 'ada rejected it' })).toEqual([]);
    expect(questionsToAsk(questions, POLICY, { ...NIGHT, isProtected: ({ user }) => user === 'bob' })).toEqual([]);
    expect(questionsToAsk(questions, { ...POLICY, mode: 'observe' }, NIGHT)).toEqual([]);
    // What was rejected of one alone says nothing of the ring.
    expect(
      questionsToAsk(questions, POLICY, { ...NIGHT, rejected: ({ length }) => (length === 1 ? 'no' : null) }),
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

test('nobody is asked about an account alone', () => {
  expect(questionsOf(findingsOf(rosters({ entra: [entraUser('ada')] })))).toEqual([]);
  expect(questionsOf([{ ...ADA, verdict: 'maybe-another-person', user: null }])).toEqual([]);
});

test('a proposal that comes back from a row has somebody in it', () => {
  const repair = repairOf(ADA, 'reanchor')!;
  const ring = { why: 'ring', members: [repair, repair], sides: [] } as const;

  expect(proposedSchema.parse(ring)).toEqual(ring);
  expect(proposedSchema.parse(proposedOf(repair))).toEqual(proposedOf(repair));
  expect(proposedSchema.safeParse({ ...ring, members: [] }).success).toBe(false);
});
