import { describe, expect, test } from 'vitest';
import { compareRosters, type Said } from '../../shared/compare/compare.ts';
import type { Finding } from '../../shared/compare/finding.ts';
import type { Rosters } from '../../shared/compare/rows.ts';
import { DAY } from '../../shared/time.ts';
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
} from './people.ts';

function findingsOf(...parts: readonly Rosters[]): ReadonlyMap<string | null, Finding> {
  return new Map(compareRosters(together(...parts), BACKGROUND).findings.map((one) => [one.user, one]));
}

test('a finding holds everything that was looked at', () => {
  const gone = { instance: '0oaAD2', status: 'DEPROVISIONED', dn: 'CN=ada,OU=Left,DC=com' };
  const is = rosters({
    ad: [adAccount('ada', { anchor: anchor(1), others: { guid: anchor(7) }, sid: 'S-1' }), adAccount('ada', gone)],
    assignments: [assignment('ada', { userName: 'Ada@contoso.com' }), assignment('bob')],
    entra: [entraUser('ada', { anchor: anchor(7), sid: 'S-1' })],
  });

  expect(compareRosters(is, BACKGROUND).findings[0]).toEqual({
    key: 'ada.id-ada',
    user: 'ada',
    objectId: 'id-ada',
    userName: 'Ada@contoso.com',
    verdict: 'entra-stale',
    row: 2,
    impact: 'cannot sign in',
    relation: 'none',
    with: [],
    holder: null,
    presenter: 'bob@contoso.com',
    lastDay: null,
    encoding: { okta: null, entra: null },
    instead: 'guid',
    a: anchor(1),
    o: anchor(1),
    e: anchor(7),
    witness: 'sid',
    counterWitness: null,
    federated: true,
    synced: true,
    directories: ['0oaAD1'],
    ou: 'OU=Sales,DC=contoso,DC=com',
    notes: [],
  });
});

function shown(over: Partial<Rosters>): string | undefined {
  return compareRosters(rosters(over), BACKGROUND).findings[0]?.userName;
}

test('a person is shown by the name that Okta pushes, else by Entra’s, else by AD’s, else by none', () => {
  const nameless = assignment('ada', { userName: null, anchor: anchor(2) });
  const ad = [adAccount('ada', { userName: 'ada@ad.local' })];

  expect(shown({ ad, assignments: [nameless], entra: [entraUser('x', { anchor: anchor(2) })] })).toBe('x@contoso.com');
  expect(shown({ ad, assignments: [nameless] })).toBe('ada@ad.local');
  expect(shown({ assignments: [nameless] })).toBe('');
});

test('findings come by their keys, those of nobody in Okta among them', () => {
  const { findings } = compareRosters(
    together(
      person('ada', anchor(1), anchor(1), anchor(2)),
      rosters({ entra: [entraUser('zoe', { anchor: anchor(5) })] }),
    ),
    BACKGROUND,
  );
  expect(findings.map(({ key }) => key)).toEqual(['-.id-zoe', 'ada.id-ada']);
});

test('a directory is named once, however many accounts somebody has in it', () => {
  const is = rosters({
    ad: [adAccount('ada', { anchor: anchor(1) }), adAccount('ada', { anchor: anchor(1), userName: 'a2@contoso.com' })],
    assignments: [assignment('ada')],
    entra: [entraUser('ada', { anchor: anchor(7) })],
  });

  expect(compareRosters(is, BACKGROUND).findings[0]?.directories).toEqual(['0oaAD1']);
});

test('whoever is set aside is in a bucket of their own, and neither found nor matched', () => {
  const said: Said[] = [];
  const is = together(
    person('ada', anchor(1), anchor(1), anchor(1)),
    person('bob', anchor(2), anchor(2), anchor(3)),
    person('cid', anchor(4), anchor(4), anchor(4)),
    person('dan', anchor(6), undefined, undefined),
  );
  const { findings, matched, buckets } = compareRosters(is, {
    ...BACKGROUND,
    setAside: ({ user }, of) => {
      said.push(of);
      return user === 'cid' ? null : `aside: ${of}`;
    },
  });

  expect(said.sort()).toEqual(['entra-stale', 'matched', 'matched', 'no-assignment']);
  expect(findings).toEqual([]);
  expect([...matched]).toEqual([{ user: 'cid', objectId: 'id-cid' }]);
  expect(Object.fromEntries(buckets.directories)).toEqual({
    'aside: matched': 1,
    'aside: entra-stale': 1,
    matched: 1,
    'aside: no-assignment': 1,
  });
});

test('a single new finding may have a cause', () => {
  const hex = Buffer.from(anchor(1), 'base64').toString('hex');
  const { causes } = compareRosters(person('ada', anchor(1), anchor(1), hex), {
    ...BACKGROUND,
    causes: { people: 1, percent: 60 },
  });
  expect(causes).toEqual([{ kind: 'encoding', value: 'hex', people: 1, of: 1 }]);
});

test('what hurts nobody is no new drift that a cause could explain', () => {
  const orphans = Array.from({ length: 25 }, (_, at) =>
    rosters({ entra: [entraUser(`o${at}`, { anchor: Buffer.from(anchor(at), 'base64').toString('hex') })] }),
  );
  const { findings, causes } = compareRosters(together(...orphans), BACKGROUND);
  expect(findings.map(({ encoding, impact }) => [encoding.entra, impact])).toContainEqual(['hex', 'nobody']);
  expect(causes).toEqual([]);
});

describe('deleted accounts', () => {
  const ada = person('ada', anchor(1), anchor(1), anchor(9));

  test('are counted, one as well as several', () => {
    const one = compareRosters(together(ada, rosters({ deleted: [deletedUser('d1', anchor(5))] })), BACKGROUND);
    expect(one.buckets.deleted).toEqual(new Map([['outside: soft-deleted', 1]]));
  });

  test('that held one anchor are named by the smaller id, in whatever order they come', () => {
    const both = [deletedUser('d1', anchor(1), DAY), deletedUser('d2', anchor(1), 2 * DAY)];
    for (const deleted of [both, both.toReversed()])
      expect(findingsOf(ada, rosters({ deleted })).get('ada')).toMatchObject({ holder: 'd1', lastDay: 31 * DAY });
  });
});

describe('an account is taken, and is not given up', () => {
  /** Wants the anchor that bob's account holds. */
  const ada = person('ada', anchor(2), anchor(2), anchor(9));

  test.each<[string, Rosters]>([
    ['by whoever is in two directories', { ...person('bob', anchor(4), anchor(5), anchor(2)), ...twice('bob') }],
    ['by whoever may be another person, and has no source', withLateBirth('bob')],
    ['by whoever has no source', person('bob', null, anchor(5), anchor(2))],
  ])('%s', (_who, bob) => {
    expect(findingsOf(ada, bob).get('ada')).toMatchObject({ relation: 'taken', with: [], holder: 'id-bob' });
  });

  test('by whoever has the same source and holds it already', () => {
    const found = findingsOf(
      person('ada', anchor(2), anchor(2), anchor(9)),
      person('bob', anchor(2), anchor(2), anchor(2)),
    );
    expect(found.get('ada')).toMatchObject({ verdict: 'duplicate-source', relation: 'taken', holder: 'id-bob' });
  });

  test('and whoever is not assigned wants none', () => {
    const found = findingsOf(person('ada', anchor(2), undefined, anchor(9)), person('bob', null, anchor(2), anchor(2)));
    expect(found.get('ada')).toMatchObject({ verdict: 'unassigned', relation: 'none', impact: 'none yet' });
  });
});

function twice(user: string): Pick<Rosters, 'ad'> {
  return { ad: [4, 6].map((at) => adAccount(user, { anchor: anchor(at), instance: `0oaAD${at}` })) };
}

/** Without a link to AD, and much younger in Okta than in Entra: maybe another person. */
function withLateBirth(user: string): Rosters {
  return rosters({
    assignments: [assignment(user, { anchor: anchor(5), created: 400 * DAY })],
    entra: [entraUser(user, { anchor: anchor(2), created: 0 })],
  });
}
