import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnchorValue } from '../../shared/anchor/value.ts';
import { type Background, compareParted, compareRosters, type Comparison } from '../../shared/compare/compare.ts';
import { partRolls } from '../../shared/compare/crowd.ts';
import { organisationalUnit } from '../../shared/compare/describe.ts';
import { type Crowd, crowdOf, part, type Parted } from '../../shared/compare/part.ts';
import { order, type Person } from '../../shared/compare/pair.ts';
import { rowsOf } from '../../shared/compare/roll.ts';
import type { AdAccount, Assignment, DeletedUser, EntraUser, Rosters } from '../../shared/compare/rows.ts';
import { suspectAbsences } from '../../shared/rosters/absences.ts';
import { rollsOf } from '../rosters/rolls.ts';
import { cutsOfAll, rollsIn } from './batches.ts';
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
const externalId = fc.option(
  fc.oneof(
    fc.constant('another'),
    user.map((one) => `id-${one}`),
  ),
);
const dn = fc.option(fc.constantFrom('CN=one,OU=Sales,DC=contoso,DC=com', 'CN=one,OU=Law,DC=contoso,DC=com', 'CN=one'));

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
  fc.record({ dn }),
);
const someAssigned = few<Assignment>(
  fc.record({ user }),
  fc.record({ anchor: anchors }),
  fc.record({ userName: fc.oneof(names, fc.constant(null)) }),
  fc.record({ status }),
  fc.record({ created }),
  fc.record({ app: fc.constantFrom('0oaO365', '0oaOther') }),
  fc.record({ externalId }),
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

/** Nobody is set aside as plain, so that everybody is judged among all others. */
function unparted(all: Rosters): Parted {
  return { plain: crowdOf([]), rest: all, holder: () => undefined };
}

function keyOf({ user: one, entra: account }: Person): string {
  return `${one} ${account?.id}`;
}

/** Nobody promises an order of the matched, or of the buckets. */
function told({ matched, buckets, ...others }: Comparison) {
  const pairs = [...matched].map(({ user: one, objectId }) => `${one} ${objectId}`).sort();
  expect(matched.length).toBe(pairs.length);
  return { ...others, matched: pairs, buckets: Object.values(buckets).map((one) => Object.fromEntries(one)) };
}

describe('with the plain ones set aside', () => {
  test('everybody is judged as they are in the midst of it', () => {
    const sizes = new Set<number>();
    const verdicts = new Set<string>();
    fc.assert(
      fc.property(companies, knowing, (is, background) => {
        const comparison = compareRosters(is, background);
        expect(told(comparison)).toEqual(told(compareParted(unparted(is), background)));
        sizes.add(part(is, background.office365App).plain.size);
        for (const { verdict, relation } of comparison.findings) verdicts.add(verdict).add(relation);
      }),
      { numRuns: 5_000 },
    );
    expect(sizes.size).toBeGreaterThan(5);
    expect(verdicts.size).toBeGreaterThan(16);
  });

  test('everybody is judged by pages as they are by their rows', () => {
    const sizes = new Set<number>();
    const verdicts = new Set<string>();
    const causes = new Set<string>();
    fc.assert(
      fc.property(companies, cutsOfAll, knowing, (is, cuts, background) => {
        const comparison = compareRosters(is, background);
        const parted = partRolls(rollsIn(is, cuts), background.office365App);
        expect(told(compareParted(parted, background))).toEqual(told(comparison));
        sizes.add(parted.plain.size);
        for (const { verdict, relation } of comparison.findings) verdicts.add(verdict).add(relation);
        for (const { kind } of comparison.causes) causes.add(kind);
      }),
      { numRuns: 2_000 },
    );
    expect(sizes.size).toBeGreaterThan(5);
    expect(verdicts.size).toBeGreaterThan(16);
    expect([...causes]).toEqual(expect.arrayContaining(['ou', 'directory']));
  });

  test('whoever may be set aside is asked for as before', () => {
    fc.assert(
      fc.property(companies, knowing, user, (is, background, one) => {
        const asked: Person[][] = [[], []];
        const [some, all] = asked.map((people): Background => {
          const setAside: Background['setAside'] = (who, said) => {
            people.push(who);
            return who.user === one ? `aside: ${said}` : null;
          };
          return { ...background, setAside };
        });
        // Where nobody is plain everybody is asked for, parted or not.
        expect(told(compareRosters(is, some!))).toEqual(told(compareParted(unparted(is), all!)));
        const [parted, whole] = asked.map((people) => people.sort((left, right) => order(keyOf(left), keyOf(right))));
        expect(parted).toEqual(whole);
      }),
    );
  });

  test('the same absences are unlikely', () => {
    const missing = new Set<string>();
    fc.assert(
      fc.property(companies, cutsOfAll, fc.constantFrom(null, '0oaO365'), (is, cuts, app) => {
        const rolls = rollsIn(is, cuts);
        const suspects = suspectAbsences(rollsOf(is), unparted(is));
        expect(suspectAbsences(rollsOf(is), part(is, app))).toEqual(suspects);
        expect(suspectAbsences(rolls, partRolls(rolls, app))).toEqual(suspects);
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
      const { people, plain, rest } = part(is, app);
      expect(new Set([...people.map(({ account }) => account), ...rest.ad])).toEqual(new Set(is.ad));
      expect(plain.size).toBe(people.length);
      expect(plain.size + rest.ad.length).toBe(is.ad.length);
      expect(plain.size + rest.assignments.length).toBe(is.assignments.length);
      expect(plain.size + rest.entra.length).toBe(is.entra.length);
    }),
  );
});

/** What a crowd says of itself, with each place once, and no place where nobody stands. */
function saidBy(plain: Crowd, employees: readonly string[]) {
  const standing = new Map<string, number>();
  for (const { app, ou, people } of plain.standing()) {
    const place = JSON.stringify([app, ou]);
    if (people > 0) standing.set(place, (standing.get(place) ?? 0) + people);
  }
  return {
    size: plain.size,
    pairs: [...plain.pairs()].map(({ user: one, objectId }) => `${one} ${objectId}`).sort(),
    standing,
    agreement: plain.agreement(),
    employees: employees.map((id) => plain.employees(id)),
  };
}

/** Every employee id of a sound company, those that others are given, and one that nobody has. */
const EMPLOYEES = [...PEOPLE.map((one) => `e${one}0`), ''];

/** Counted one by one: slow, and as simple as it can be. */
function countedIn(people: ReturnType<typeof part>['people']): ReturnType<typeof saidBy> {
  const count = (is: (one: (typeof people)[number]) => boolean): number => people.filter(is).length;
  const standing = new Map<string, number>();
  for (const { account } of people) {
    const place = JSON.stringify([account.instance, organisationalUnit(account.dn)]);
    standing.set(place, (standing.get(place) ?? 0) + 1);
  }
  return {
    size: people.length,
    pairs: people.map(({ assignment: okta, entra: account }) => `${okta.user} ${account.id}`).sort(),
    standing,
    agreement: {
      externalIds: count((one) => one.assignment.externalId !== null),
      externalIdHits: count((one) => one.assignment.externalId === one.entra.id),
      employees: count((one) => one.account.employeeId !== null && one.entra.employeeId !== null),
      employeeHits: count((one) => one.account.employeeId !== null && one.account.employeeId === one.entra.employeeId),
    },
    employees: EMPLOYEES.map((id) => ({
      ad: Math.min(
        2,
        count((one) => one.account.employeeId === id),
      ),
      entra: Math.min(
        2,
        count((one) => one.entra.employeeId === id),
      ),
    })),
  };
}

test('a crowd says of the plain what their rows say, by the rows as by pages of them', () => {
  const agreements = new Set<string>();
  const numbers = new Set<number>();
  fc.assert(
    fc.property(companies, cutsOfAll, fc.constantFrom(null, '0oaO365'), (is, cuts, app) => {
      const { people, plain } = part(is, app);
      expect(saidBy(plain, EMPLOYEES)).toEqual(countedIn(people));

      const rolls = rollsIn(is, cuts);
      const paged = partRolls(rolls, app);
      const others = new Set(paged.rest.assignments.map((one) => JSON.stringify(one)));
      const some = people.filter((one) => !others.has(JSON.stringify(one.assignment)));
      const said = saidBy(paged.plain, EMPLOYEES);
      expect(said).toEqual(countedIn(some));
      for (const [name, times] of Object.entries(said.agreement)) if (times > 0) agreements.add(name);
      for (const { ad: inAd, entra: inEntra } of said.employees) numbers.add(inAd).add(inEntra);

      const gone = new Set<unknown>(some.flatMap((one) => [one.account, one.assignment, one.entra]));
      expect(paged.rest).toEqual({
        ad: is.ad.filter((row) => !gone.has(row)),
        assignments: is.assignments.filter((row) => !gone.has(row)),
        entra: is.entra.filter((row) => !gone.has(row)),
        deleted: is.deleted,
        domains: is.domains,
      });
      expect([...rowsOf(rolls.ad)]).toEqual(is.ad);
    }),
    { numRuns: 500 },
  );
  expect(agreements.size).toBe(4);
  expect(numbers).toEqual(new Set([0, 1, 2]));
});

/** By the rows, and by the rolls that hold them. */
function bothWays(is: Rosters, app: string | null): readonly Parted[] {
  return [part(is, app), partRolls(rollsOf(is), app)];
}

test.each([null, '0oaO365'])('in a sound company everybody is plain, with the app %s', (app) => {
  for (const { plain, rest } of bothWays(rosters(sound()), app)) {
    expect(plain.size).toBe(PEOPLE.length);
    expect([rest.ad, rest.assignments, rest.entra]).toEqual([[], [], []]);
  }
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
  for (const is of [nothing, alike, twins, third, fourth])
    for (const { plain, rest } of bothWays(is, null)) expect([plain.size, rest]).toEqual([0, is]);
});

test('an anchor of somebody plain has its holder', () => {
  for (const { holder } of bothWays(person('ann', anchor(1), anchor(1), anchor(1)), null))
    expect([holder(anchor(1)), holder(anchor(2))]).toEqual(['id-ann', undefined]);
});
