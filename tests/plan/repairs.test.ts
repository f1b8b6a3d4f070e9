import { describe, expect, test } from 'vitest';
import { compareRosters } from '../../shared/compare/compare.ts';
import type { Finding } from '../../shared/compare/finding.ts';
import type { Rosters } from '../../shared/compare/rows.ts';
import { makePlan, repairOf, substanceOf } from '../../shared/plan/plan.ts';
import { isRule } from '../../shared/plan/rules.ts';
import { anchor, BACKGROUND, person, together } from '../compare/people.ts';

function findingsOf(...parts: readonly Rosters[]): readonly Finding[] {
  return compareRosters(together(...parts), { ...BACKGROUND, seenMatched: () => true }).findings;
}

const ADA = findingsOf(person('ada', anchor(1), anchor(1), anchor(5_001)))[0]!;

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

test('a rule is known by its name', () => {
  expect([isRule('ring'), isRule('over-limit'), isRule('another')]).toEqual([true, true, false]);
});
