import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Circumstances, MODES, release } from '../../shared/plan/policy.ts';
import { CAUSE, CHANGED, FAILED, FINE, keysOf, planFor, REFUSED, stale } from './tonight.ts';

describe('the policy, for any circumstances', () => {
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
