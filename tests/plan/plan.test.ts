import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareRosters } from '../../shared/compare/compare.ts';
import type { Rosters } from '../../shared/compare/rows.ts';
import { makePlan, type Plan } from '../../shared/plan/plan.ts';
import {
  type Circumstances,
  type Earlier,
  MODES,
  type Policy,
  release,
  type SetupChange,
} from '../../shared/plan/policy.ts';
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

function planFor(...parts: readonly Rosters[]): Plan {
  return makePlan(compareRosters(together(...parts), { ...BACKGROUND, seenMatched: () => true }).findings);
}

function stale(user: string, number: number): Rosters {
  return person(user, anchor(number), anchor(number), anchor(number + 5_000));
}

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

const POLICY: Policy = { mode: 'remediate', maxRepairs: 25, maxPercent: 2 };
const FINE: Circumstances = {
  baselineConfirmed: true,
  paired: 10_000,
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
function keysOf(repairs: readonly { readonly key: string }[]): readonly string[] {
  return repairs.map(({ key }) => key).sort();
}

const CHANGED: SetupChange = { rule: 'mapping-changed', reason: 'another attribute' };
const CAUSE = { kind: 'ou', value: 'OU=Sales', people: 30, of: 40 } as const;
const REFUSED: Earlier = {
  came: 'refused',
  reason: 'privileged: the account is privileged',
  rested: false,
  failed: [],
};
const FAILED: Earlier = { came: 'failed', reason: 'denied', rested: true, failed: ['r-1', 'r-2'] };

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

  const drawn = fc.record({
    mode: fc.constantFrom(...MODES),
    maxRepairs: fc.nat(30),
    maxPercent: fc.double({ min: 0, max: 100, noNaN: true }),
    paired: fc.nat(2_000),
    baseline: fc.boolean(),
    size: fc.nat(12),
    bits: fc.array(fc.boolean(), { minLength: 120, maxLength: 120 }),
    /** Who waits for the one before. */
    chained: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
    causes: fc.constantFrom([], [CAUSE]),
    startedBefore: fc.nat(5),
  });
  type Drawn = typeof drawn extends fc.Arbitrary<infer Value> ? Value : never;

  /** A plan, a policy and circumstances, of which a test may turn some. */
  function decided(from: Drawn, over: Partial<Circumstances> = {}) {
    const { mode, maxRepairs, maxPercent, paired, baseline, size, bits, chained, causes, startedBefore } = from;
    const alone = planFor(...Array.from({ length: size }, (_, at) => stale(`p${at}`, at + 1)));
    const repairs = alone.repairs.map((repair) => {
      const at = Number(/\d+/.exec(repair.key)?.[0]);
      return at > 0 && chained[at] === true ? { ...repair, after: `p${at - 1}.id-p${at - 1}` } : repair;
    });
    const some = { ...alone, repairs };
    const bit = (shift: number) => (key: string) => bits[(Number(/\d+/.exec(key)?.[0]) * 10 + shift) % 120] === true;
    const pick = (key: string) => (bit(9)(key) ? 'failed' : 'refused');
    const circumstances: Circumstances = {
      ...FINE,
      paired,
      causes,
      startedBefore,
      baselineConfirmed: baseline,
      optedIn: bit(0),
      confirmed: bit(1),
      seenBefore: bit(2),
      earlier: (key) => (bit(3)(key) ? { ...REFUSED, came: pick(key), rested: bit(4)(key) } : null),
      isProtected: ({ key }) => bit(5)(key) && bit(6)(key),
      ignored: ({ key }) => (bit(7)(key) && bit(6)(key) ? 'left alone' : null),
      rejected: ([first]) => (first !== undefined && bit(8)(first.key) && bit(6)(first.key) ? 'rejected' : null),
      ...over,
    };
    return { some, circumstances, ...release(some, { mode, maxRepairs, maxPercent }, circumstances) };
  }

  test('accounts for every repair exactly once, within the limit, for any circumstances', () => {
    fc.assert(
      fc.property(drawn, (from) => {
        const { some, queue, held } = decided(from);
        expect(keysOf([...queue, ...held])).toEqual(keysOf(some.repairs));
        const share = Math.floor((from.paired * from.maxPercent) / 100);
        const limit = Math.max(0, Math.min(from.maxRepairs, share) - from.startedBefore);
        expect(queue.length).toBeLessThanOrEqual(limit);
        if (from.mode !== 'remediate' || !from.baseline || from.causes.length > 0) expect(queue).toEqual([]);
      }),
    );
  });

  test('proposes only whom nothing holds back that an approval does not lift, and nobody whom it queues', () => {
    fc.assert(
      fc.property(drawn, (from) => {
        const { queue, held, proposed, freeze, circumstances } = decided(from);
        const rules = new Map(held.map(({ key, rule }) => [key, rule]));
        const lifted = new Set(['wants-approval', 'not-opted-in', ...(freeze === null ? [] : [freeze.rule])]);
        for (const repair of proposed) {
          expect(lifted).toContain(rules.get(repair.key));
          expect(circumstances.ignored(repair) ?? circumstances.rejected([repair])).toBeNull();
          expect(circumstances.isProtected(repair)).toBe(false);
        }
        expect(proposed.filter((repair) => queue.includes(repair))).toEqual([]);
        if (from.mode === 'observe') expect(proposed).toEqual([]);
      }),
    );
  });

  test.each<[string, (key: string, was: Circumstances) => Partial<Circumstances>]>([
    ['a protection', (key) => ({ isProtected: (repair) => repair.key === key })],
    ['an ignore', (key) => ({ ignored: (repair) => (repair.key === key ? 'left alone' : null) })],
    ['a rejection', (key) => ({ rejected: ([first]) => (first?.key === key ? 'rejected' : null) })],
    ['one who has not opted in', () => ({ optedIn: () => false })],
    ['a mass cause', () => ({ causes: [CAUSE] })],
    ['a changed mapping', () => ({ setupChange: CHANGED })],
    ['two failures', (key, was) => ({ earlier: (one) => (one === key ? FAILED : was.earlier(one)) })],
  ])('%s more never adds a repair, but those that a freeze had kept back', (_what, more) => {
    const calm: Partial<Circumstances> = { isProtected: () => false, ignored: () => null, rejected: () => null };
    fc.assert(
      fc.property(drawn, fc.nat(11), (from, at) => {
        const before = decided(from, calm);
        const after = decided(from, { ...calm, ...more(`p${at}.id-p${at}`, before.circumstances) });
        if (before.freeze !== null) return;
        // Room that one leaves may go to whoever was refused a while ago: never to anybody else.
        const added = after.queue.filter(({ key }) => !keysOf(before.queue).includes(key));
        for (const { key } of added) expect(before.circumstances.earlier(key)?.rested).toBe(true);
        expect(after.queue.length).toBeLessThanOrEqual(before.queue.length);
      }),
    );
  });

  test.each<[string, (from: Drawn) => Drawn]>([
    ['a lower number', (from) => ({ ...from, maxRepairs: Math.floor(from.maxRepairs / 2) })],
    ['a lower percentage', (from) => ({ ...from, maxPercent: from.maxPercent / 2 })],
    ['no number at all', (from) => ({ ...from, maxRepairs: 0 })],
    ['the mode propose', (from) => ({ ...from, mode: 'propose' })],
    ['the mode observe', (from) => ({ ...from, mode: 'observe' })],
    ['repairs that another run has begun', (from) => ({ ...from, startedBefore: from.startedBefore + 1 })],
  ])('%s never adds a repair', (_what, narrower) => {
    fc.assert(
      fc.property(drawn, (from) => {
        const before = keysOf(decided(from).queue);
        expect(before).toEqual(expect.arrayContaining([...keysOf(decided(narrower(from)).queue)]));
      }),
    );
  });

  test('decides the same whatever the order of the plan, but whom it tries again in the room that is left', () => {
    fc.assert(
      fc.property(drawn, (from) => {
        const { some, circumstances, queue, freeze } = decided(from);
        const { mode, maxRepairs, maxPercent } = from;
        const turned = { ...some, repairs: some.repairs.toReversed() };
        const other = release(turned, { mode, maxRepairs, maxPercent }, circumstances);
        const first = (all: typeof queue) => keysOf(all.filter(({ key }) => circumstances.earlier(key) === null));
        expect(other.freeze).toEqual(freeze);
        expect(other.queue).toHaveLength(queue.length);
        expect(first(other.queue)).toEqual(first(queue));
      }),
    );
  });

  test('decides the same whatever the order of the plan', () => {
    fc.assert(
      fc.property(drawn, (from) => {
        const { some, circumstances, queue, proposed, held } = decided({
          ...from,
          maxRepairs: 30,
          maxPercent: 100,
          paired: 2_000,
        });
        const turned = { ...some, repairs: some.repairs.toReversed() };
        const policy = { mode: from.mode, maxRepairs: 30, maxPercent: 100 };
        const other = release(turned, policy, circumstances);
        expect([keysOf(other.queue), keysOf(other.proposed), keysOf(other.held)]).toEqual([
          keysOf(queue),
          keysOf(proposed),
          keysOf(held),
        ]);
      }),
    );
  });
});
