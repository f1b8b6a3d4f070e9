import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareRosters } from '../../shared/compare/compare.ts';
import { makePlan } from '../../shared/plan/plan.ts';
import {
  adAccount,
  anchor,
  assignment,
  BACKGROUND,
  deletedUser,
  entraUser,
  person,
  rosters,
  together,
} from '../compare/people.ts';
import { planFor, stale } from './tonight.ts';

describe('the plan', () => {
  test('turns findings into repairs with their recipe', () => {
    const plan = planFor(
      stale('ada', 1),
      person('bob', anchor(2), anchor(12), anchor(12)),
      person('cid', anchor(3), anchor(3), null),
      person('dan', anchor(4), anchor(14), anchor(4)),
      person('eve', anchor(5), null, anchor(5)),
    );

    expect(plan.refusals).toEqual([]);
    expect(plan.repairs.map(({ user, recipe, park }) => [user, recipe, park]).sort()).toEqual([
      ['ada', 'reanchor', true],
      ['bob', 'reanchor', true],
      ['cid', 'set', true],
      ['dan', 'reassign', false],
      ['eve', 'reassign', false],
    ]);
  });

  test('does not park in a managed domain', () => {
    const name = 'ada@contoso.onmicrosoft.com';
    const is = rosters({
      ad: [adAccount('ada')],
      assignments: [assignment('ada', { userName: name })],
      entra: [entraUser('ada', { userName: name, anchor: anchor(2) })],
    });

    expect(planFor(is).repairs).toMatchObject([{ recipe: 'reanchor', park: false }]);
  });

  test.each([
    ['report-only', rosters({ entra: [entraUser('ada')] })],
    ['a-person-decides', person('ada', anchor(1), anchor(2), anchor(3))],
    ['a-person-decides', person('ada', anchor(1), anchor(2), null)],
    ['a-person-decides', person('ada', anchor(1), null, null)],
    ['ring', together(person('ada', anchor(1), anchor(1), anchor(2)), person('bob', anchor(2), anchor(2), anchor(1)))],
    ['taken', together(stale('ada', 1), rosters({ entra: [entraUser('bob', { anchor: anchor(1) })] }))],
    ['presented-by-another', together(stale('ada', 1), person('bob', anchor(2), anchor(1), anchor(2)))],
    ['presented-by-another', together(person('ada', anchor(1), anchor(1), null), person('bob', null, anchor(1), null))],
    [
      'presented-by-another',
      together(person('ada', anchor(1), anchor(2), anchor(2)), person('bob', null, anchor(1), null)),
    ],
    ['taken-deleted', together(stale('ada', 1), rosters({ deleted: [deletedUser('gone', anchor(1))] }))],
    ['assigned-twice', together(stale('ada', 1), rosters({ assignments: [assignment('ada', { app: '0oaZ' })] }))],
  ])('refuses by rule %s', (rule, is) => {
    const refusal = planFor(is).refusals.find((one) => one.key.startsWith('ada') || one.key.endsWith('ada'));

    expect(refusal?.rule).toBe(rule);
    expect(refusal?.reason).not.toBe('');
  });

  test('says who else presents the anchor, so that their copy can be corrected', () => {
    const is = together(stale('ada', 1), person('bob', anchor(2), anchor(1), anchor(2)));

    expect(planFor(is).refusals).toMatchObject([
      { key: 'ada.id-ada', rule: 'presented-by-another', reason: expect.stringContaining('bob@contoso.com') },
    ]);
  });

  test.each([
    ['who is suspended', { status: 'SUSPENDED' }, 'presented-by-another'],
    ['in a further app', { app: '0oaZ' }, 'presented-by-another'],
    ['whose access has ended', { status: 'DEPROVISIONED' }, null],
  ])('minds the copy of somebody %s', (_who, over, rule) => {
    const bystander = rosters({ assignments: [assignment('bob', { anchor: anchor(1), ...over })] });

    const { refusals, repairs } = planFor(stale('ada', 1), person('bob', anchor(2), anchor(2), anchor(2)), bystander);

    expect(refusals.find(({ key }) => key.startsWith('ada'))?.rule ?? null).toBe(rule);
    expect(repairs).toHaveLength(rule === null ? 1 : 0);
  });

  test('lets Okta compute its copy again whoever presents the same: that writes no anchor', () => {
    const is = together(person('ada', anchor(1), anchor(2), anchor(1)), person('bob', null, anchor(1), null));

    expect(planFor(is).repairs).toMatchObject([{ user: 'ada', recipe: 'reassign' }]);
  });

  test('never writes an anchor that somebody else presents, whatever the sides hold', () => {
    const held = fc.constantFrom(anchor(1), anchor(2), anchor(3), anchor(4), null, undefined);
    const people = fc.array(fc.tuple(held, held, held), { minLength: 2, maxLength: 5 });
    let written = 0;
    fc.assert(
      fc.property(people, (sides) => {
        const is = together(...sides.map(([a, o, e], at) => person(`p${at}`, a, o, e)));
        for (const { user, recipe, before } of planFor(is).repairs) {
          if (recipe === 'reassign') continue;
          written += 1;
          expect(is.assignments.filter((one) => one.anchor === before.a && one.user !== user)).toEqual([]);
        }
      }),
      { numRuns: 2_000 },
    );
    expect(written).toBeGreaterThan(100);
  });

  test('refuses a pair without a witness', () => {
    const plan = makePlan(compareRosters(stale('ada', 1), BACKGROUND).findings);

    expect(plan.refusals).toMatchObject([{ rule: 'no-witness' }]);
  });

  test('puts the head of a chain first, and refuses whoever waits for a refused head', () => {
    const follower = person('ada', anchor(1), anchor(1), anchor(9));
    const head = person('bob', anchor(2), anchor(2), anchor(1));
    const undecided = person('bob', anchor(2), anchor(3), anchor(1));

    expect(planFor(follower, head).repairs.map(({ user, after }) => [user, after])).toEqual([
      ['bob', null],
      ['ada', 'bob.id-bob'],
    ]);
    expect(planFor(follower, undecided).refusals.map(({ key, rule }) => [key, rule])).toEqual([
      ['bob.id-bob', 'a-person-decides'],
      ['ada.id-ada', 'head-refused'],
    ]);
  });

  test('holds a chain of ten thousand', () => {
    const links = Array.from({ length: 10_000 }, (_, at) =>
      person(`p${String(at).padStart(5, '0')}`, anchor(at), anchor(at), anchor(at + 1)),
    );

    const { repairs } = planFor(...links);

    expect(repairs).toHaveLength(10_000);
    expect(repairs[0]).toMatchObject({ after: null });
  });

  test('is the same, with the same checksum, whatever the order of the findings', () => {
    const { findings } = compareRosters(together(...Array.from({ length: 12 }, (_, at) => stale(`p${at}`, at + 1))), {
      ...BACKGROUND,
      seenMatched: (user) => user !== 'p3',
    });
    const expected = makePlan(findings);

    const shuffled = fc.shuffledSubarray([...findings], { minLength: findings.length });
    fc.assert(
      fc.property(shuffled, (one) => {
        expect(makePlan(one)).toEqual(expected);
      }),
    );
    expect(makePlan(findings.slice(1)).checksum).not.toBe(expected.checksum);
    expect(expected.checksum).toMatch(/^[0-9a-f]{64}$/);
  });
});
