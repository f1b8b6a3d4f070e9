import { describe, expect, it } from 'vitest';
import { OUTSIDE, VERDICTS } from '../../shared/compare/verdicts.ts';
import { DAY, HOUR, isoTime, MINUTE } from '../../shared/time.ts';
import { filterOf, IMPORTED_AT_ONCE, json, START, Tenant } from './callers.ts';

const CHURN = (['created', 'deleted', 'renamed', 're-anchored', 'drifted', 'healed'] as const).map((kind) => ({
  kind,
  people: 3,
  from: START,
  until: START + 10 * MINUTE,
}));
const CHANGING = { people: 600, plants: 'all', churn: CHURN, imports: IMPORTED_AT_ONCE } as const;
const tenant = new Tenant(CHANGING);
const { answerKey, ids } = tenant.created;

const FIELDS = 'id,userPrincipalName,onPremisesImmutableId,accountEnabled';

const DECOYS = [
  'room',
  'equipment',
  'shared-mailbox',
  'leaver-mailbox',
  'guest',
  'invited-member',
  'cloud-admin',
  'sync-account',
  'managed-domain-account',
  'agent',
  'contractor',
  'service-account',
  'unassigned-empty',
  'staged',
  'suspended',
  'leaver',
  'login-differs',
  'name-in-other-case',
  'two-directories-settled',
  'settled-name',
  'settled-name-leaver',
  'soft-deleted',
  'unused-attribute',
  'restored',
  'hostile-name',
  'matched-without-directory',
  'unreadable-source-settled',
  'twin',
  'deleted-holder',
  'leaving',
  'changing',
  'to drift',
];

/** All anchors of one person, read from the tenants. */
function anchorsOf(org: Tenant, oktaUser: string, objectId: string) {
  const accounts = org.created.ids.directories.map((one) => org.okta(`/api/v1/apps/${one.id}/users/${oktaUser}`));
  const account = accounts.find((answer) => answer.status === 200);
  const assignment = org.okta(`/api/v1/apps/${org.created.ids.office365}/users/${oktaUser}`);
  const entra = org.graph(`/v1.0/users/${objectId}?$select=${FIELDS}`);
  return {
    a: account && json(account).externalId,
    o: assignment.status === 200 ? json(assignment).profile.immutableId : undefined,
    e: entra.status === 200 ? json(entra).onPremisesImmutableId : undefined,
  };
}

describe('a generated company', () => {
  it.each([0, 1, 2_000])('has as many Okta users as asked for: %i', (people) => {
    const org = new Tenant({ people, plants: 'none' });

    expect(org.oktaRows('/api/v1/users')).toHaveLength(people);
    expect(org.created.answerKey).toMatchObject({ healthy: people, entries: [], changes: [] });
  });

  it('is the same by the same seed and another by another', () => {
    const list = `/v1.0/users?$select=${FIELDS}&$top=999`;
    const [one, same, other] = ['a', 'a', 'b'].map((seed) => new Tenant({ seed, people: 400 }));

    expect(same!.graphRows(list)).toEqual(one!.graphRows(list));
    expect(same!.created.answerKey).toEqual(one!.created.answerKey);
    expect(other!.graphRows(list)[0]).not.toEqual(one!.graphRows(list)[0]);
  });

  it('has the rows that the key counts', () => {
    const { rows } = answerKey;

    expect(tenant.graphRows('/v1.0/users?$select=id&$top=999')).toHaveLength(rows.entraUsers);
    expect(tenant.graphRows('/v1.0/directory/deletedItems/microsoft.graph.user?$select=id')).toHaveLength(
      rows.deletedUsers,
    );
    for (const [app, count] of [...Object.entries(rows.directories), ...Object.entries(rows.assignments)]) {
      expect(tenant.oktaRows(`/api/v1/apps/${app}/users?limit=500`)).toHaveLength(count);
    }
    expect(answerKey.healthy + new Set(answerKey.entries.flatMap((entry) => entry.oktaUser ?? [])).size).toBe(600);
  });

  it('never gives one user name or one anchor to two Entra accounts', () => {
    const users = tenant.graphRows(`/v1.0/users?$select=${FIELDS}&$top=999`);
    const names = users.map((user) => user.userPrincipalName.toLowerCase());
    const anchors = users.flatMap((user) => user.onPremisesImmutableId ?? []);

    expect(new Set(names).size).toBe(names.length);
    expect(new Set(anchors).size).toBe(anchors.length);
  });

  it('has healthy people whose three anchors are one', () => {
    const named = new Set(answerKey.entries.map((entry) => entry.oktaUser));
    const healthy = tenant
      .oktaRows(`/api/v1/apps/${ids.office365}/users?limit=500`)
      .filter((row) => !named.has(row.id));

    expect(healthy).toHaveLength(answerKey.healthy);
    for (const row of healthy.filter((one) => one.externalId !== null).slice(0, 50)) {
      const { a, o, e } = anchorsOf(tenant, row.id, row.externalId);
      expect([o, e]).toEqual([a, a]);
    }
  });

  it('cannot put one person into two directories where there is one', () => {
    const directories = [{ name: 'contoso.com', share: 1 }];

    expect(() => new Tenant({ directories, plants: { 'two-directories': 1 } })).toThrow('two directories');
  });

  it.each([-1, 1.5, Number.NaN])('cannot have %d people', (people) => {
    expect(() => new Tenant({ people })).toThrow('number of people');
  });
});

describe('a lag', () => {
  it.each([
    ['okta', 'searchLag'],
    ['graph', 'replicaLag'],
    ['graph', 'countLag'],
  ])('of %s cannot be longer than the memory of what was: %s', (side, name) => {
    expect(() => new Tenant({ [side]: { [name]: HOUR } })).not.toThrow();
    expect(() => new Tenant({ [side]: { [name]: HOUR + 1 } })).toThrow(`${name} is 3600001 ms`);
  });
});

function plantedIn(people: number): number[] {
  const { entries } = new Tenant({ people }).created.answerKey;
  return ['entra-stale', 'room', 'ring of 5'].map((kind) => entries.filter((entry) => entry.kind === kind).length);
}

it('drift and noise grow with the size of the company', () => {
  const usual = plantedIn(400);

  expect(plantedIn(3_999)).toEqual(usual);
  expect(plantedIn(6_000)).toEqual(usual.map((count) => 3 * count));
});

describe('the answer key', () => {
  it('has every verdict, every row of the truth table and every reason to be outside', () => {
    const { entries } = answerKey;

    expect(new Set(entries.map((entry) => entry.verdict))).toEqual(new Set(VERDICTS));
    // A further assignment of somebody who has one is a row outside, and no person.
    const reasons = OUTSIDE.filter((reason) => reason !== 'second-app');
    expect(new Set(entries.flatMap((entry) => entry.outside))).toEqual(new Set(reasons));
    for (let row = 1; row <= 24; row++) expect(entries.map((entry) => entry.row)).toContain(row);
    expect(new Set(entries.map((entry) => entry.relation))).toEqual(
      new Set(['none', 'ring', 'chain', 'taken', 'taken-deleted', null]),
    );
  });

  it('has every kind of decoy', () => {
    const decoys = answerKey.entries.filter((entry) => entry.decoy);

    expect(new Set(decoys.map((entry) => entry.verdict))).toEqual(new Set(['matched', 'outside']));
    expect(new Set(decoys.map((entry) => entry.kind))).toEqual(new Set(DECOYS));
  });

  it.each([
    ['entra-stale', (a: unknown, o: unknown, e: unknown) => a === o && o !== e && e !== null],
    ['both-stale', (a: unknown, o: unknown, e: unknown) => a !== o && o === e],
    ['okta-stale', (a: unknown, o: unknown, e: unknown) => a === e && o !== e && o !== null],
    ['all-differ', (a: unknown, o: unknown, e: unknown) => new Set([a, o, e]).size === 3],
    ['entra-empty', (a: unknown, o: unknown, e: unknown) => a === o && e === null],
    ['entra-empty-okta-stale', (a: unknown, o: unknown, e: unknown) => a !== o && o !== null && e === null],
    ['okta-empty', (a: unknown, o: unknown, e: unknown) => a === e && o === null],
    ['okta-empty-entra-stale', (a: unknown, o: unknown, e: unknown) => a !== e && o === null && e !== null],
    ['never-anchored', (a: unknown, o: unknown, e: unknown) => o === null && e === null && a !== null],
    ['unassigned', (a: unknown, o: unknown, e: unknown) => a === e && o === undefined],
    ['unassigned-drifted', (a: unknown, o: unknown, e: unknown) => a !== e && o === undefined],
    ['unlinked-broken', (a: unknown, o: unknown, e: unknown) => a === undefined && o !== e],
    ['unlinked-empty', (a: unknown, o: unknown, e: unknown) => a === undefined && o === null && e !== null],
    ['contractor', (a: unknown, o: unknown, e: unknown) => a === undefined && o === e],
  ])('tells the truth about %s', (kind, isTrue) => {
    const entries = answerKey.entries.filter((entry) => entry.kind === kind);

    expect(entries.length).toBeGreaterThan(1);
    for (const entry of entries) {
      const { a, o, e } = anchorsOf(tenant, entry.oktaUser!, entry.objectId!);
      expect(isTrue(a, o, e), `${kind} ${a} ${o} ${e}`).toBe(true);
    }
  });

  it('plants people in two directories whose anchor in use is the first account’s, and others where it is the second’s', () => {
    const settled = answerKey.entries.filter((entry) => entry.kind === 'two-directories-settled');
    const firsts = settled.map(({ oktaUser }) => {
      const accounts = ids.directories.map(({ id }) => json(tenant.okta(`/api/v1/apps/${id}/users/${oktaUser}`)));
      const used = json(tenant.okta(`/api/v1/apps/${ids.office365}/users/${oktaUser}`)).profile.immutableId;
      const [own, second] = accounts.toSorted((one, other) =>
        one.profile.objectSid.localeCompare(other.profile.objectSid),
      );
      return [own.externalId, second.externalId].indexOf(used);
    });

    expect(new Set(firsts)).toEqual(new Set([0, 1]));
  });

  it('plants crossed people whose other account holds Okta’s copy, and others where it holds AD’s anchor', () => {
    const crossed = answerKey.entries.filter((entry) => entry.kind === 'crossed');
    const held = crossed.map(({ oktaUser, objectId }) => {
      const { a, o, e } = anchorsOf(tenant, oktaUser!, objectId!);
      return [e === o, e === a];
    });

    expect(held).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('plants rings in which everybody holds what the next one wants', () => {
    const ring = answerKey.entries.filter((entry) => entry.kind === 'ring of 5');
    const anchors = ring.map((entry) => anchorsOf(tenant, entry.oktaUser!, entry.objectId!));

    expect(anchors.map(({ e }) => e).sort()).toEqual(anchors.map(({ a }) => a).sort());
    expect(anchors.every(({ a, o, e }) => a === o && a !== e)).toBe(true);
  });

  it('names a mass cause and who shares it', () => {
    const causes = (['ou', 'directory', 'encoding', 'attribute'] as const).map((kind) => ({ kind, people: 30 }));
    const { answerKey: key } = new Tenant({ causes }).created;

    expect(key.causes.map((cause) => [cause.kind, cause.people])).toEqual(causes.map(({ kind }) => [kind, 30]));
    expect(key.entries.filter((entry) => entry.verdict === 'entra-stale')).toHaveLength(120);
  });
});

describe('churn', () => {
  const changed = new Tenant(CHANGING);
  changed.graph('/v1.0/domains');
  changed.now = START + 10 * MINUTE;

  it.each(['renamed', 're-anchored', 'healed', 'created'] as const)('leaves people who were %s matched', (kind) => {
    for (const change of changed.created.answerKey.changes.filter((one) => one.kind === kind)) {
      const { a, o, e } = anchorsOf(changed, change.oktaUser, change.objectId);
      expect([o, e]).toEqual([a, a]);
      expect(change.verdict).toBe('matched');
    }
  });

  it('shows nobody before they are created, and nobody after they are deleted', () => {
    const created = answerKey.changes.find((one) => one.kind === 'created')!;
    const deleted = changed.created.answerKey.changes.find((one) => one.kind === 'deleted')!;

    expect(anchorsOf(tenant, created.oktaUser, created.objectId)).toEqual({ a: undefined, o: undefined, e: undefined });
    expect(anchorsOf(changed, deleted.oktaUser, deleted.objectId)).toEqual({
      a: undefined,
      o: undefined,
      e: undefined,
    });
    const bin = changed.graphRows('/v1.0/directory/deletedItems/microsoft.graph.user?$select=id');
    expect(bin.map((row) => row.id)).toContain(deleted.objectId);
  });

  it('makes people drift at the instant that the key says', () => {
    const change = answerKey.changes.find((one) => one.kind === 'drifted')!;
    const org = new Tenant(CHANGING);

    org.now = change.at - 1;
    const before = anchorsOf(org, change.oktaUser, change.objectId);
    org.now = change.at;
    const after = anchorsOf(org, change.oktaUser, change.objectId);

    expect(new Set(Object.values(before)).size).toBe(1);
    expect(after.a).toBe(after.o);
    expect(after.e).toBe(before.e);
    expect(after.a).not.toBe(after.e);
  });

  it('happens in the order of time', () => {
    const times = answerKey.changes.map((change) => change.at);

    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(times).toHaveLength(18);
  });
});

/** When imports of this directory ended well, by the System Log of an org that has come to this instant. */
function goodImports(org: Tenant, app: string): number[] {
  const filter = filterOf(
    `eventType eq "system.import.complete" and target.id eq "${app}" and outcome.result eq "SUCCESS"`,
  );
  const rows = org.oktaRows(`/api/v1/logs?since=${isoTime(START)}&until=${isoTime(org.now)}&${filter}`);
  return rows.map((row) => Date.parse(row.published));
}

describe('what begins in Active Directory', () => {
  const kinds = ['created', 'deleted', 're-anchored', 'drifted'] as const;
  const churn = kinds.map((kind) => ({ kind, people: 4, from: START + HOUR, until: START + 2 * HOUR }));
  const directories = [{ name: 'contoso.com', share: 1 }];
  const after = (imports: object) => {
    const org = new Tenant({ people: 40, plants: 'none', churn, directories, imports: { 'contoso.com': imports } });
    const app = org.created.ids.directories[0]!.id;
    const rows = () => org.oktaRows(`/api/v1/apps/${app}/users?limit=500`);
    return { org, app, rows, changes: org.created.answerKey.changes };
  };

  it('shows at the end of the first import that begins after it, with the date of that import', () => {
    const { org, app, rows, changes } = after({});
    const before = rows();
    org.now = START + 6 * HOUR;
    const imports = goodImports(org, app);

    expect(changes).toHaveLength(16);
    expect(changes.filter(({ at }) => !imports.includes(at))).toEqual([]);
    // Ten minutes are what an import takes, and it began after the change.
    expect(Math.min(...changes.map(({ at }) => at))).toBeGreaterThanOrEqual(START + HOUR + 10 * MINUTE);
    const dated = (kind: string) =>
      changes
        .filter((change) => change.kind === kind)
        .map(({ oktaUser, at }) => [oktaUser, rows().find((row) => row.id === oktaUser), isoTime(at)] as const);
    for (const [oktaUser, row, at] of dated('re-anchored')) {
      expect(row).toMatchObject({ lastUpdated: at, lastSync: at });
      expect(row.externalId).not.toBe(before.find(({ id }) => id === oktaUser).externalId);
    }
    for (const [, row, at] of dated('created')) expect(row).toMatchObject({ created: at, lastUpdated: at });
    for (const [, row] of dated('deleted')) expect(row).toBeUndefined();
  });

  it('waits while imports fail or are stopped, and comes with the next good one', () => {
    const spells = {
      failing: [{ from: START - DAY, until: START + 5 * HOUR }],
      stopped: [{ from: START + 5 * HOUR, until: START + 9 * HOUR }],
    };
    const { org, app, rows, changes } = after(spells);
    const before = rows();

    org.now = START + 9 * HOUR;
    expect(rows()).toEqual(before);
    org.now = START + 12 * HOUR;
    const [first] = goodImports(org, app);
    expect(new Set(changes.map(({ at }) => at))).toEqual(new Set([first]));
    expect(rows()).not.toEqual(before);
  });

  it('never shows where imports have stopped for good', () => {
    const { org, rows, changes } = after({ stopped: [{ from: START, until: START + 400 * DAY }] });
    const before = rows();

    org.now = START + 60 * DAY;

    expect(changes).toEqual([]);
    expect(rows()).toEqual(before);
  });

  it('is not what Okta renames: the name is pushed at once, and the AD account follows with an import', () => {
    const renaming = [{ kind: 'renamed', people: 1, from: START + HOUR, until: START + HOUR }] as const;
    const org = new Tenant({ churn: renaming });
    const [change] = org.created.answerKey.changes;
    const named = (app: string) =>
      json(org.okta(`/api/v1/apps/${app}/users/${change!.oktaUser}`))?.credentials?.userName;
    const names = () => [
      named(org.created.ids.office365),
      org.created.ids.directories.map(({ id }) => named(id)).find(Boolean),
    ];

    const [old] = names();
    org.now = START + HOUR;
    const [pushed, known] = names();
    org.now = START + 4 * HOUR;

    expect(change!.at).toBe(START + HOUR);
    expect(pushed).not.toBe(old);
    expect(known).toBe(old);
    expect(names()).toEqual([pushed, pushed]);
  });
});

it('makes a tenant of 300,000', { timeout: 180_000 }, () => {
  const large = new Tenant({ people: 300_000 });
  const page = json(large.graph('/v1.0/users?$select=id&$top=999'));

  expect(large.created.answerKey.rows.entraUsers).toBeGreaterThan(299_000);
  expect(page.value).toHaveLength(999);
});
