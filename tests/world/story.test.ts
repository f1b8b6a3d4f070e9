import { describe, expect, it } from 'vitest';
import { READ_ROLES, READ_SCOPES, WRITE_ROLES, WRITE_SCOPES } from '../../local/world/options.ts';
import type { Switches } from '../../local/world/switches.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import type { Json } from './callers.ts';
import { ANCHOR, Office, parked } from './office.ts';

const KIND: Partial<Switches> = {
  syncedWrites: 'anyway',
  groupJob: 'keeps',
  regroup: 'by-itself',
  latePush: 'never',
  unassignReads: 'when-run',
};

/** Somebody whose account in Entra bears an old anchor. */
function entraStale(switches: Partial<Switches>, replicaLag: number): Office {
  const office = new Office({
    switches: { ...KIND, ...switches },
    okta: { limits: { apps: 1e6, app: 1e6 }, scopes: [...READ_SCOPES, ...WRITE_SCOPES] },
    graph: { quota: 1e6, replicaLag, roles: [...READ_ROLES, ...WRITE_ROLES] },
  });
  office.created.hands.editAccount(office.objectId, { anchor: ANCHOR }, office.now);
  return office;
}

/** The sides of one person, and how many accounts there are. */
function sidesOf(office: Office): Json {
  const { profile, scope, status, externalId, credentials } = office.assignment();
  return {
    account: office.account(),
    groups: office.groups(),
    assignment: { profile, scope, status, externalId, credentials },
    features: office.oktaRows(`/api/v1/apps/${office.app}/features`),
    ...countsOf(office),
  };
}

function countsOf(office: Office) {
  return {
    accounts: office.graphRows('/v1.0/users?$select=id').length,
    deleted: office.graphRows('/v1.0/directory/deletedItems/microsoft.graph.user?$select=id').length,
  };
}

/** Asks until the tenant takes it: replicas, late pushes and the synced flag take their time. False where it never does. */
function patched(office: Office, body: object): boolean {
  for (let tries = 0; tries < 20; tries += 1) {
    if (office.patch(body).status === 204) return true;
    office.now += MINUTE;
  }
  return false;
}

/** The article's steps by hand, as far as the tenant lets them; whether the anchor was set. */
function repaired(office: Office, anchor: string): boolean {
  const { licenses } = office.assignment().profile;
  office.switchDeactivate('DISABLED');
  office.unassign();
  office.now += 6 * MINUTE;
  const set =
    patched(office, { userPrincipalName: parked(office) }) &&
    patched(office, { onPremisesImmutableId: anchor }) &&
    patched(office, { userPrincipalName: office.userName });
  office.now += 15 * MINUTE;
  office.assign({ profile: { licenses } });
  office.now += 15 * MINUTE;
  office.switchDeactivate('ENABLED');
  return set;
}

/** Leaves and rejoins each AD group that has a twin in Entra, with an import each. */
function rejoined(office: Office): void {
  const groups: Json[] = office.oktaRows(`/api/v1/users/${office.user}/groups`);
  for (const change of ['leave', 'join'] as const) {
    for (const { id, type } of groups)
      if (type === 'APP_GROUP') office.created.hands.changeGroup(office.user, id, change, office.now);
    office.now += 3 * HOUR;
  }
}

interface World {
  readonly of: string;
  readonly switches: Partial<Switches>;
  readonly lag?: number;
  /** Whether the tenant lets the anchor be set, and whether groups need leaving and rejoining. */
  readonly sets: boolean;
  readonly rejoins: boolean;
}

const WORLDS: readonly World[] = [
  { of: 'a kind tenant', switches: {}, sets: true, rejoins: false },
  { of: 'synced writes after unassign', switches: { syncedWrites: 'after-unassign' }, sets: true, rejoins: false },
  { of: 'synced writes refused', switches: { syncedWrites: 'refused' }, sets: false, rejoins: false },
  { of: 'a group job that drops', switches: { groupJob: 'drops-unassigned' }, sets: true, rejoins: false },
  { of: 'groups after a rejoin', switches: { regroup: 'after-rejoin' }, sets: true, rejoins: true },
  { of: 'a late push', switches: { latePush: 'arrives' }, sets: true, rejoins: false },
  { of: 'a switch read when queued', switches: { unassignReads: 'when-queued' }, sets: true, rejoins: false },
  { of: 'null anchors', switches: { nullAnchor: 'accepted' }, sets: true, rejoins: false },
  { of: 'lagging replicas', switches: {}, lag: 10 * MINUTE, sets: true, rejoins: false },
  {
    of: 'every unkindness that leaves a way',
    switches: {
      syncedWrites: 'after-unassign',
      groupJob: 'drops-unassigned',
      regroup: 'after-rejoin',
      latePush: 'arrives',
    },
    lag: 5 * MINUTE,
    sets: true,
    rejoins: true,
  },
];

describe('the article’s steps for somebody whose account bears an old anchor', () => {
  it.each(WORLDS)('end as they began, but for the anchor, in $of', ({ switches, lag = 0, sets, rejoins }) => {
    const office = entraStale(switches, lag);
    const { immutableId: wanted } = office.assignment().profile;
    // Before it drifted the person was in these groups; with the old anchor the next job drops them.
    const groups = office.groups();
    office.now += 10 * MINUTE + 2 * HOUR;
    const before = sidesOf(office);
    expect([before.groups, before.account.onPremisesImmutableId]).toEqual([[], ANCHOR]);

    expect(repaired(office, wanted)).toBe(sets);
    office.now += 3 * HOUR;

    const after = sidesOf(office);
    if (!sets) return expect(after).toEqual(before);
    expect(after.groups).toEqual(rejoins ? [] : groups);
    if (rejoins) rejoined(office);
    expect(sidesOf(office)).toEqual({
      ...before,
      groups,
      account: { ...before.account, onPremisesImmutableId: wanted },
    });
  });
});

describe('the article’s steps done wrongly', () => {
  it('with the switch left on cost the account, and a second, empty one takes its name', () => {
    const office = entraStale({}, 0);
    const before = sidesOf(office);

    office.unassign();
    office.now += 6 * MINUTE;
    expect(office.graph(`/v1.0/users/${office.objectId}`).status).toBe(404);
    office.assign({ profile: { licenses: before.assignment.profile.licenses } });
    office.now += 15 * MINUTE;

    // Okta presents the anchor of AD, and the bin holds the old one: nothing is restored.
    expect(office.assignment().externalId).not.toBe(office.objectId);
    expect(countsOf(office)).toEqual({ accounts: before.accounts, deleted: before.deleted + 1 });
  });

  it('with the assignment before the name is back make a second account', () => {
    const office = entraStale({}, 0);
    const { accounts, assignment } = sidesOf(office);
    office.switchDeactivate('DISABLED');
    office.unassign();
    office.now += 6 * MINUTE;
    office.patch({ userPrincipalName: parked(office) });
    office.assign({ profile: { licenses: assignment.profile.licenses } });
    office.now += 15 * MINUTE;

    expect(office.assignment().externalId).not.toBe(office.objectId);
    expect(countsOf(office).accounts).toBe(accounts + 1);
  });

  it('without the licences of before cost the licences', () => {
    const office = entraStale({}, 0);
    office.switchDeactivate('DISABLED');
    office.unassign();
    office.now += 6 * MINUTE;
    office.assign();
    office.now += 15 * MINUTE;

    expect(office.account().assignedLicenses).toEqual([]);
  });
});
