import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnchorValue } from '../../shared/anchor/value.ts';
import { type Background, compareParted, type Comparison } from '../../shared/compare/compare.ts';
import { part, type Parted } from '../../shared/compare/part.ts';
import { order, type Person } from '../../shared/compare/pair.ts';
import type { AdAccount, Assignment, DeletedUser, EntraUser, Rosters } from '../../shared/compare/rows.ts';
import { suspectAbsences } from '../../shared/rosters/absences.ts';
import { adAccount, anchor, assignment, entraUser, person, rosters, together } from './people.ts';

const PEOPLE = ['u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7', 'u8'] as const;

/** Everybody is sound, under a user, a name and an anchor of their own. */
function sound(): Pick<Rosters, 'ad' | 'assignments' | 'entra'> {
  const rows = PEOPLE.map((user, at) => person(user, anchor(at), anchor(at), anchor(at)));
  return {
    ad: rows.flatMap(({ ad }) => ad.map((one, at) => ({ ...one, employeeId: `e${one.user}${at}` }))),
    assignments: rows.flatMap((one) => one.assignments.map((row) => ({ ...row, externalId: `id-${row.user}` }))),
    entra: rows.flatMap((one) => one.entra.map((row) => ({ ...row, employeeId: `e${row.displayName}0` }))),
  };
}

const user = fc.constantFrom(...PEOPLE);
const userName = user.map((one) => `${one}@contoso.com`);
const names = fc.oneof(
  userName,
  userName.map((name) => name.toUpperCase()),
  fc.constant('nobody@contoso.com'),
);
const anchors = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 9 }).map(anchor) },
  { weight: 1, arbitrary: fc.constantFrom(null, 'E-4711', { unreadable: 'a list' }) },
);
const status = fc.constantFrom('ACTIVE', 'PROVISIONED', 'SUSPENDED', 'STAGED', 'DEPROVISIONED');
const employeeId = fc.option(fc.constantFrom('eu10', 'eu20', 'eu30'));
const created = fc.constantFrom(1_000_000, 9_000_000_000);

/** A field or two of a row, otherwise than they are. */
function few<Row>(...fields: readonly fc.Arbitrary<Partial<Row>>[]): fc.Arbitrary<Partial<Row>> {
  const one = fc.oneof(...fields);
  return fc.tuple(one, one).map(([first, second]) => ({ ...first, ...second }));
}

const someAd = few<AdAccount>(
  fc.record({ user }),
  fc.record({ anchor: anchors }),
  fc.record({ userName: names }),
  fc.record({ status }),
  fc.record({ employeeId }),
  fc.record({ created }),
  fc.record({ instance: fc.constantFrom('0oaAD1', '0oaAD2') }),
);
const someAssigned = few<Assignment>(
  fc.record({ user }),
  fc.record({ anchor: anchors }),
  fc.record({ userName: fc.oneof(names, fc.constant(null)) }),
  fc.record({ status }),
  fc.record({ created }),
  fc.record({ app: fc.constantFrom('0oaO365', '0oaOther') }),
);
const someEntra = few<EntraUser>(
  fc.record({ anchor: anchors }),
  fc.record({ userName: names }),
  fc.record({ userType: fc.constantFrom('Member', 'Guest') }),
  fc.record({ enabled: fc.boolean() }),
  fc.record({ synced: fc.constantFrom(true, false, null) }),
  fc.record({ employeeId }),
  fc.record({ created }),
);

/** The anchors of some whole people are those of others. */
const twinned = fc.array(fc.tuple(user, fc.integer({ min: 0, max: 9 }).map(anchor)), { maxLength: 2 });

/** What becomes of the rows: a few are otherwise, a few are lost, and a few come on top. */
function disturbed<Row>(rows: readonly Row[], change: fc.Arbitrary<Partial<Row>>, more: fc.Arbitrary<Row[]>) {
  const fates = fc.array(
    fc.oneof({ weight: 12, arbitrary: fc.constant({}) }, { weight: 2, arbitrary: change }, fc.constant(null)),
    { minLength: rows.length, maxLength: rows.length },
  );
  return fc.tuple(fates, more).map(([all, added]): Row[] => [
    ...rows.flatMap((row, at) => {
      const fate = all[at] ?? null;
      return fate === null ? [] : [{ ...row, ...fate }];
    }),
    ...added,
  ]);
}

const deleted: fc.Arbitrary<DeletedUser[]> = fc.array(
  fc.record({ id: fc.constantFrom('gone-1', 'gone-2'), userName: names, anchor: anchors, deleted: fc.constant(5_000) }),
  { maxLength: 2 },
);
const { ad, assignments, entra } = sound();
/** Two Entra users with one object id are what no source sends. */
const companies: fc.Arbitrary<Rosters> = fc
  .record({
    ad: disturbed(
      ad,
      someAd,
      fc.array(
        someAd.map((one) => adAccount('u1', one)),
        { maxLength: 2 },
      ),
    ),
    assignments: disturbed(
      assignments,
      someAssigned,
      fc.array(
        someAssigned.map((one) => assignment('u1', one)),
        { maxLength: 2 },
      ),
    ),
    entra: disturbed(
      entra,
      someEntra,
      fc
        .array(someEntra, { maxLength: 2 })
        .map((some) => some.map((one, at) => entraUser('u1', { ...one, id: `more-${at}` }))),
    ),
    deleted,
    twinned,
  })
  .map(({ twinned: alike, ...rows }) => {
    const given = new Map<string, string>(alike.map(([one, held]) => [one, held]));
    const twin = <Row extends { readonly anchor: AnchorValue }>(row: Row, owner: string): Row => ({
      ...row,
      anchor: given.get(owner) ?? row.anchor,
    });
    return rosters({
      ...rows,
      ad: rows.ad.map((row) => twin(row, row.user)),
      assignments: rows.assignments.map((row) => twin(row, row.user)),
      entra: rows.entra.map((row) => twin(row, row.displayName ?? '')),
    });
  });

const knowing: fc.Arbitrary<Background> = fc.record({
  office365App: fc.constantFrom(null, '0oaO365', '0oaOther'),
  appDomains: fc.constant(['contoso.com']),
  seenMatched: fc.boolean().map((is) => () => is),
  onceFromAd: fc.boolean().map((is) => () => is),
  known: fc.boolean().map((is) => () => is),
  causes: fc.constant({ people: 2, percent: 10 }),
  now: fc.constantFrom(null, 2_000_000),
});

function unparted(all: Rosters): Parted {
  return { all, plain: [], rest: all, holder: () => undefined };
}

function keyOf({ user: one, entra: account }: Person): string {
  return `${one} ${account?.id}`;
}

/** Nobody promises an order of the matched, or of the buckets. */
function told({ matched, buckets, ...others }: Comparison) {
  const pairs = matched.map(({ user: one, objectId }) => `${one} ${objectId}`).sort();
  return { ...others, matched: pairs, buckets: Object.values(buckets).map((one) => Object.fromEntries(one)) };
}

describe('with the plain ones set aside', () => {
  test('everybody is judged as they are in the midst of it', () => {
    const sizes = new Set<number>();
    const verdicts = new Set<string>();
    fc.assert(
      fc.property(companies, knowing, (is, background) => {
        const parted = part(is, background.office365App);
        const comparison = compareParted(parted, background);
        expect(told(comparison)).toEqual(told(compareParted(unparted(is), background)));
        sizes.add(parted.plain.length);
        for (const { verdict, relation } of comparison.findings) verdicts.add(verdict).add(relation);
      }),
      { numRuns: 5_000 },
    );
    expect(sizes.size).toBeGreaterThan(5);
    expect(verdicts.size).toBeGreaterThan(16);
  });

  test('whoever may be set aside is asked for as before', () => {
    fc.assert(
      fc.property(companies, knowing, user, (is, background, one) => {
        const asked: Person[][] = [[], []];
        const [parted, whole] = [part(is, background.office365App), unparted(is)].map((people, at) => {
          const setAside: Background['setAside'] = (who, said) => {
            asked[at]?.push(who);
            return who.user === one ? `aside: ${said}` : null;
          };
          return told(compareParted(people, { ...background, setAside }));
        });
        expect(parted).toEqual(whole);
        const [some, all] = asked.map((people) => people.sort((left, right) => order(keyOf(left), keyOf(right))));
        expect(some).toEqual(all);
      }),
    );
  });

  test('the same absences are unlikely', () => {
    const missing = new Set<string>();
    fc.assert(
      fc.property(companies, (is) => {
        const suspects = suspectAbsences(part(is, null));
        expect(suspects).toEqual(suspectAbsences(unparted(is)));
        for (const suspect of suspects) missing.add(suspect.missing);
      }),
      { numRuns: 2_000 },
    );
    expect(missing.size).toBe(4);
  });
});

test('every row is of somebody plain or in the rest', () => {
  fc.assert(
    fc.property(companies, fc.constantFrom(null, '0oaO365'), (is, app) => {
      const { plain, rest } = part(is, app);
      expect(new Set([...plain.map(({ account }) => account), ...rest.ad])).toEqual(new Set(is.ad));
      expect(plain.length + rest.ad.length).toBe(is.ad.length);
      expect(plain.length + rest.assignments.length).toBe(is.assignments.length);
      expect(plain.length + rest.entra.length).toBe(is.entra.length);
    }),
  );
});

test.each([null, '0oaO365'])('in a sound company everybody is plain, with the app %s', (app) => {
  const { plain, rest } = part(rosters(sound()), app);
  expect(plain).toHaveLength(PEOPLE.length);
  expect([rest.ad, rest.assignments, rest.entra]).toEqual([[], [], []]);
});

test('nobody is plain whose anchor or name somebody else has, or who has no anchor', () => {
  const nothing = person('ann', null, null, null);
  // The sign for kelvin, whose small letter is a k.
  const alike = together(
    person('kim', anchor(4), anchor(4), anchor(4)),
    rosters({ entra: [entraUser('gus', { userName: '\u212Aim@contoso.com', anchor: anchor(5) })] }),
  );
  const twins = together(
    person('ann', anchor(1), anchor(1), anchor(1)),
    person('bob', anchor(1), anchor(1), anchor(1)),
  );
  const third = together(
    person('cid', anchor(2), anchor(2), anchor(2)),
    rosters({ entra: [entraUser('dan', { anchor: anchor(2) })] }),
  );
  const fourth = together(
    person('eva', anchor(3), anchor(3), anchor(3)),
    rosters({ ad: [adAccount('fay', { anchor: anchor(3), status: 'DEPROVISIONED' })] }),
  );
  for (const is of [nothing, alike, twins, third, fourth]) {
    const { plain, rest } = part(is, null);
    expect([plain, rest]).toEqual([[], is]);
  }
});

test('an anchor of somebody plain has its holder', () => {
  const { holder } = part(together(person('ann', anchor(1), anchor(1), anchor(1)), rosters({})), null);
  expect([holder(anchor(1))?.id, holder(anchor(2))]).toEqual(['id-ann', undefined]);
});
