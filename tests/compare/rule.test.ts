import { describe, expect, test } from 'vitest';
import type { AnchorValue } from '../../shared/anchor/value.ts';
import { indexEntra, type Person } from '../../shared/compare/pair.ts';
import { domainOf, judgePerson, sourceTexts } from '../../shared/compare/rule.ts';
import type { AdAccount, Assignment, EntraUser } from '../../shared/compare/rows.ts';
import type { Evidence } from '../../shared/compare/witness.ts';
import { DAY } from '../../shared/time.ts';
import { adAccount, assignment, entraUser } from './people.ts';

interface Sides {
  readonly ad?: readonly Partial<AdAccount>[];
  readonly okta?: Partial<Assignment> | null;
  readonly entra?: Partial<EntraUser> | null;
  readonly person?: Partial<Person>;
}

interface Around {
  /** Accounts of others, by the anchors they hold. */
  readonly held?: readonly string[];
  /** Anchors of which two people are the source. */
  readonly shared?: readonly string[];
  readonly onceFromAd?: readonly string[];
  readonly domains?: readonly string[];
  readonly evidence?: Partial<Evidence>;
  readonly now?: number | null;
}

const BAD = { unreadable: 'a list' };
const GONE = { status: 'DEPROVISIONED' };

function someone({ ad = [{}], okta = {}, entra = {}, person = {} }: Sides): Person {
  return {
    user: 'ada',
    directory: ad.map((over, at) => adAccount('ada', { anchor: 'a', instance: `0oaAD${at}`, ...over })),
    assignment: okta === null ? null : assignment('ada', { anchor: 'a', ...okta }),
    further: [],
    entra: entra === null ? null : entraUser('ada', { anchor: 'a', ...entra }),
    pairedBy: 'name',
    nameDisputed: false,
    ...person,
  };
}

function judged(sides: Sides, around: Around = {}) {
  const { held = [], shared = [], onceFromAd = [], domains = [], evidence = {}, now = null } = around;
  const person = someone(sides);
  const others = held.map((anchor) => entraUser('', { id: `id-of-${anchor}`, anchor }));
  const { byAnchor } = indexEntra(person.entra === null ? others : [person.entra, ...others]);
  const sources = new Map(sourceTexts(person).map((text) => [text, shared.includes(text) ? 2 : 1]));
  return judgePerson(
    person,
    { federated: () => true, holders: { live: (anchor) => byAnchor.get(anchor)?.id, deleted: new Map() }, sources },
    {
      externalIdIsObjectId: false,
      employeeIdsAgree: false,
      isShared: () => false,
      seenMatched: () => false,
      ...evidence,
    },
    { appDomains: domains, onceFromAd: (anchor) => onceFromAd.includes(anchor), now },
  );
}

function ruled(sides: Sides, around: Around = {}): string {
  const { ruling, notes } = judged(sides, around);
  return [`${ruling.verdict} ${ruling.row}`, ...notes].join(', ');
}

/** Two directories, and what they hold. */
function two(one: AnchorValue, other: AnchorValue, over: Partial<AdAccount> = {}): readonly Partial<AdAccount>[] {
  return [{ anchor: one }, { anchor: other, ...over }];
}

describe('what fits first is said', () => {
  const lost = { person: { pairedBy: 'anchor' as const } };
  test.each<[string, Sides, Around]>([
    ['matched 1', {}, {}],
    // A source that two people have.
    ['duplicate-source 0', {}, { shared: ['a'] }],
    ['duplicate-source 0', { entra: { anchor: 'x' } }, { shared: ['a'] }],
    ['unreadable 24', { okta: { anchor: BAD } }, { shared: ['a'] }],
    ['unassigned 14', { okta: null }, { shared: ['a'] }],
    ['duplicate-source 0, in-two-directories', { ad: two('a', 'b') }, { shared: ['b'] }],
    // Two directories.
    ['matched 22, in-two-directories', { ad: two('b', 'a') }, {}],
    ['matched 22, in-two-directories', { ad: two('a', 'b') }, {}],
    ['two-directories 23, in-two-directories', { ad: two('a', 'b'), okta: { anchor: 'b' } }, {}],
    ['two-directories 23, in-two-directories', { ad: two('b', 'c') }, {}],
    [
      'two-directories 23, in-two-directories',
      { ad: two('b', 'c'), okta: { anchor: null }, entra: { anchor: null } },
      {},
    ],
    ['matched 1', { ad: two('a', 'a') }, {}],
    ['matched 1', { ad: two('a', null) }, {}],
    ['matched 1', { ad: two(null, 'a') }, {}],
    ['matched 1', { ad: two(BAD, 'a') }, {}],
    ['matched 1', { ad: [{ anchor: 'b', ...GONE }, {}] }, {}],
    ['both-stale 3', { ad: two('b', 'a', GONE) }, {}],
    ['unassigned 14, in-two-directories', { ad: two('b', 'a'), okta: null }, {}],
    ['unassigned 15, in-two-directories, would-drift', { ad: two('b', 'c'), okta: null }, {}],
    // A name that somebody else has the better claim to.
    ['crossed 13, name-disputed', { entra: null, person: { nameDisputed: true } }, {}],
    ['crossed 13, name-disputed', { ...lost, person: { ...lost.person, nameDisputed: true } }, {}],
    ['duplicate-source 0, name-disputed', { entra: null, person: { nameDisputed: true } }, { shared: ['a'] }],
    // Nobody has the name: then the anchor.
    ['renamed 12', lost, {}],
    ['renamed 12', { ...lost, ad: [] }, {}],
    ['crossed 13', { ...lost, okta: { anchor: 'x' } }, {}],
    ['crossed 13', { ...lost, okta: { anchor: 'x' } }, { held: ['x'] }],
    ['crossed 13', { ...lost, ad: [{ anchor: 'b' }] }, {}],
    ['crossed 13', { entra: null }, { held: ['a'] }],
    ['crossed 13', { entra: null, okta: { anchor: 'x' } }, { held: ['a'] }],
    ['crossed 13', { entra: null, ad: [], okta: { anchor: 'x' } }, { held: ['x'] }],
    ['crossed 13', { ...lost, okta: { anchor: 'x' }, entra: { anchor: 'y' } }, { held: ['a'] }],
    ['not-provisioned 11', { entra: null }, { held: ['b'] }],
    ['not-provisioned 11', { entra: null, okta: { anchor: null } }, {}],
    // Paired by the anchor without an assignment is no lost name.
    ['unassigned 14', { ...lost, okta: null }, {}],
    // A link that was lost.
    ['unlinked 17', { ad: [] }, { onceFromAd: ['a'] }],
    ['unlinked 17', { ad: [{ anchor: null }] }, { onceFromAd: ['a'] }],
    ['unlinked 17', { ad: [{ anchor: 'b', ...GONE }] }, { onceFromAd: ['a'] }],
    ['matched 17', { ad: [] }, { onceFromAd: ['b'] }],
    ['matched 1', {}, { onceFromAd: ['a'] }],
    ['matched 24, source-unreadable', { ad: [{ anchor: BAD }] }, { onceFromAd: ['a'] }],
    ['matched 24, source-unreadable', { ad: two(null, BAD) }, {}],
    ['unreadable 24', { ad: [{ anchor: BAD }], entra: { anchor: 'x' } }, {}],
    ['unlinked 18, sign-in-broken', { ad: [], entra: { anchor: 'x' } }, {}],
    ['unlinked 19', { ad: [], okta: { anchor: null } }, {}],
  ])('%s: %j, %j', (said, sides, around) => {
    expect(ruled(sides, around)).toBe(said);
  });
});

test('a person in two directories is shown with the source that Entra holds, else with the first in order', () => {
  expect(judged({ ad: two('b', 'a') }).holding.a).toBe('a');
  expect(judged({ ad: two('a', 'b'), entra: { anchor: 'b' } }).holding.a).toBe('b');
  expect(judged({ ad: two('c', 'b') }).holding.a).toBe('b');
  expect(judged({ ad: [{ anchor: 'd' }, { anchor: 'c' }, { anchor: 'b' }] }).holding.a).toBe('b');
  expect(judged({ ad: two(null, null) }).holding.a).toBeNull();
  expect(judged({ ad: two(null, BAD) }).holding.a).toEqual(BAD);
  expect(judged({ ad: two('a', null, GONE).slice(1) }).holding.a).toBeUndefined();
});

test('nobody shares a source that is none', () => {
  const sources = [[], [{ anchor: null }], [{ anchor: BAD }], two(null, BAD)].map((ad) => sourceTexts(someone({ ad })));
  expect(sources).toEqual([[], [], [], []]);
  expect(sourceTexts(someone({ ad: two('b', 'a') }))).toEqual(['a', 'b']);
});

describe('a pair is doubted', () => {
  const apart = { ad: [{ employeeId: '1' }], entra: { anchor: 'x', employeeId: '2' } };
  const evidence = { employeeIdsAgree: true };
  test.each<[string, Sides, Partial<Evidence>]>([
    ['maybe-another-person 2', apart, {}],
    ['entra-stale 2', apart, { employeeIdsAgree: false }],
    ['entra-stale 2', apart, { seenMatched: () => true }],
    // Matched, or found by the anchor: then more than the name binds them.
    ['matched 1', { ...apart, entra: { employeeId: '2' } }, {}],
    ['renamed 12', { ...apart, entra: { employeeId: '2' }, person: { pairedBy: 'anchor' } }, {}],
  ])('%s: %j', (said, sides, over) => {
    expect(ruled(sides, { evidence: { ...evidence, ...over } })).toBe(said);
  });
});

describe('noted is', () => {
  const NOW = 100 * DAY;
  const under = { entra: null, okta: { syncState: 'SYNCING', created: NOW } };
  test.each<[string, Sides, Around]>([
    ['matched 1, assigned-twice', { person: { further: [assignment('ada')] } }, {}],
    ['not-provisioned 11, pending', under, { now: NOW }],
    ['not-provisioned 11, pending', { ...under, okta: { status: 'STAGED', created: 0 } }, {}],
    ['not-provisioned 11, provisioning-failed', { entra: null, okta: { syncState: 'ERROR', status: 'STAGED' } }, {}],
    ['not-provisioned 11', { entra: null }, { now: NOW }],
    ['not-provisioned 11', under, { now: NOW + DAY }],
    ['not-provisioned 11, pending', under, { now: NOW + DAY - 1 }],
    // The account is there: how it came to be is no matter any more.
    ['matched 1', { okta: { syncState: 'ERROR' } }, {}],
    ['entra-stale 2', { okta: { syncState: 'SYNCING' }, entra: { anchor: 'x' } }, {}],
    ['matched 1', {}, { domains: ['fabrikam.com', 'contoso.com'] }],
    ['matched 1', { okta: { userName: 'Ada@CONTOSO.com' } }, { domains: ['contoso.com'] }],
    ['matched 1, outside-app-domains', {}, { domains: ['fabrikam.com'] }],
    ['matched 1', { okta: { userName: null } }, { domains: ['fabrikam.com'] }],
    ['unassigned 14', { okta: null }, { domains: ['fabrikam.com'] }],
    ['unassigned 15, would-drift', { okta: null, entra: { anchor: 'x' } }, {}],
    ['outside 16', { okta: null, entra: null }, {}],
    ['outside 21', { okta: null, entra: null, ad: [] }, {}],
  ])('%s: %j, %j', (said, sides, around) => {
    expect(ruled(sides, around)).toBe(said);
  });
});

test('the domain of a name is what stands after its last @, in small letters', () => {
  expect(['A@B@Contoso.com', 'ada@x', 'Ada'].map(domainOf)).toEqual(['contoso.com', 'x', 'ada']);
});
