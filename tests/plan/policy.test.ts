import { describe, expect, test } from 'vitest';
import { type Circumstances, type Policy, release } from '../../shared/plan/policy.ts';
import { anchor, person } from '../compare/people.ts';
import { CAUSE, CHANGED, FAILED, FINE, planFor, REFUSED, stale } from './tonight.ts';

const POLICY: Policy = { mode: 'remediate', maxRepairs: 25, maxPercent: 2 };

describe('the policy', () => {
  const plan = planFor(stale('ada', 1));

  test('queues what nothing holds back', () => {
    expect(release(plan, POLICY, FINE)).toMatchObject({ queue: [{ user: 'ada' }], held: [], freeze: null });
  });

  test.each<[string, Partial<Policy>, Partial<Circumstances>]>([
    ['observe-mode', { mode: 'observe' }, {}],
    ['baseline', {}, { baselineConfirmed: false }],
    ['protected', {}, { isProtected: () => true }],
    ['ignored', {}, { ignored: () => 'ada said so' }],
    ['rejected', {}, { rejected: () => 'ada rejected it' }],
    ['wants-approval', { mode: 'propose' }, {}],
    ['not-opted-in', {}, { optedIn: () => false }],
    ['in-repair', {}, { inRepair: () => true }],
    ['unconfirmed', {}, { confirmed: () => false }],
    ['seen-once', {}, { seenBefore: () => false }],
    ['refused-before', {}, { earlier: () => REFUSED }],
    ['refused-before', { maxRepairs: 0 }, { earlier: () => ({ ...REFUSED, rested: true }) }],
    ['cooling-down', {}, { earlier: () => ({ ...FAILED, rested: false }) }],
    ['fight', {}, { earlier: () => ({ ...REFUSED, came: 'undone-again' }) }],
    ['failed-twice', {}, { earlier: () => FAILED }],
    ['mapping-changed', {}, { setupChange: CHANGED }],
    ['deactivate-changed', { mode: 'remediate' }, { setupChange: { ...CHANGED, rule: 'deactivate-changed' } }],
    ['over-limit', { maxRepairs: 5 }, { startedBefore: 5 }],
    ['over-limit', { maxRepairs: 0 }, {}],
    ['over-limit', { maxPercent: 0 }, {}],
    ['over-limit', {}, { paired: 49 }],
    ['mass-cause', {}, { causes: [CAUSE] }],
    ['mass-cause', {}, { causes: [CAUSE], earlier: () => ({ ...REFUSED, rested: true }) }],
  ])('holds back by rule %s, and queues again without that one fact', (rule, policy, circumstances) => {
    const held = release(plan, { ...POLICY, ...policy }, { ...FINE, ...circumstances });

    expect(held.queue).toEqual([]);
    expect(held.held).toMatchObject([{ key: 'ada.id-ada', rule }]);
    expect(release(plan, POLICY, FINE).queue).toHaveLength(1);
  });

  test('freezes the whole plan over the limit, with the numbers', () => {
    const many = planFor(...Array.from({ length: 4 }, (_, at) => stale(`p${at}`, at + 1)));

    const { queue, freeze } = release(many, { ...POLICY, maxRepairs: 3 }, FINE);

    expect(queue).toEqual([]);
    expect(freeze?.reason).toContain('4 repairs are over tonight’s limit of 3');
    expect(release(many, { ...POLICY, maxRepairs: 4 }, FINE).queue).toHaveLength(4);
  });

  test('tries those again whom the preflight refused a while ago, in the room that the others leave', () => {
    const many = planFor(...Array.from({ length: 4 }, (_, at) => stale(`p${at}`, at + 1)));
    const circumstances: Circumstances = {
      ...FINE,
      earlier: (key) => (key.startsWith('p3') ? null : { ...REFUSED, rested: true }),
    };

    const { queue, held, freeze } = release(many, { ...POLICY, maxRepairs: 2 }, circumstances);

    expect(freeze).toBeNull();
    expect(queue.map(({ user }) => user)).toEqual(['p3', 'p0']);
    expect(held).toMatchObject([{ rule: 'refused-before' }, { rule: 'refused-before' }]);
  });

  const chain = planFor(person('ada', anchor(1), anchor(1), anchor(9)), person('bob', anchor(2), anchor(2), anchor(1)));

  test('lets the head of a chain run alone: its follower waits until the anchor is given up', () => {
    const { queue, held } = release(chain, POLICY, FINE);

    expect(queue.map(({ user }) => user)).toEqual(['bob']);
    expect(held).toMatchObject([{ key: 'ada.id-ada', rule: 'head-first' }]);
  });

  test.each<[string, Partial<Policy>, Partial<Circumstances>]>([
    ['mass-cause', {}, { causes: [CAUSE] }],
    ['over-limit', { maxRepairs: 0 }, {}],
    ['refused-before', { maxRepairs: 0 }, { earlier: () => ({ ...REFUSED, rested: true }) }],
  ])('tells nobody that the head of their chain runs when %s holds it', (rule, policy, circumstances) => {
    const { held } = release(chain, { ...POLICY, ...policy }, { ...FINE, ...circumstances });

    expect(held).toMatchObject([
      { key: 'bob.id-bob', rule },
      { key: 'ada.id-ada', rule: 'head-held' },
    ]);
  });

  test('holds the follower of a chain when its head does not run tonight', () => {
    const { held } = release(chain, POLICY, { ...FINE, optedIn: (user) => user === 'ada' });

    expect(held.map(({ key, rule }) => [key, rule])).toEqual([
      ['bob.id-bob', 'not-opted-in'],
      ['ada.id-ada', 'head-held'],
    ]);
  });
});
