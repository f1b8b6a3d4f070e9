import { describe, expect, it } from 'vitest';
import type { WorldOptions } from '../../local/world/options.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { errorOf, json, type Json } from './callers.ts';
import { ANCHOR, Office, parked } from './office.ts';

const KIND = { syncedWrites: 'anyway', latePush: 'never' } as const;

/** The AD group of the person that is a distribution list, and the AD it comes from. */
function list(office: Office): { readonly group: string; readonly directory: string; readonly name: string } {
  const groups: Json[] = office.oktaRows(`/api/v1/users/${office.user}/groups`);
  const group = groups.find(({ profile }) => profile.groupType === 'Distribution');
  return { group: group.id, directory: group._links.source.href.split('/').at(-1), name: group.profile.name };
}

function oktaGroups(office: Office): string[] {
  return office.oktaRows(`/api/v1/users/${office.user}/groups`).map(({ id }) => id);
}

/** Somebody whose anchor was set by way of the managed domain, and equals AD's again. */
function reanchored(options: Partial<WorldOptions> = {}): Office {
  const office = new Office(options);
  const { onPremisesImmutableId: anchor } = office.account();
  office.patch({ userPrincipalName: parked(office) });
  office.patch({ onPremisesImmutableId: ANCHOR });
  office.now += 2 * HOUR;
  expect(office.groups()).toEqual([]);
  office.patch({ onPremisesImmutableId: anchor });
  office.patch({ userPrincipalName: office.userName });
  return office;
}

describe('a change in Active Directory', () => {
  it('shows in Okta with the next import, and not before', () => {
    const office = new Office();
    const { group } = list(office);

    office.created.hands.changeGroup(office.user, group, 'leave', office.now);
    expect(oktaGroups(office)).toContain(group);
    office.now += 2 * HOUR;

    expect(oktaGroups(office)).not.toContain(group);
  });

  it('comes sooner with an import that somebody starts, which the log tells of like any other', () => {
    const never = { every: 1_000 * HOUR, duration: MINUTE, jitter: 0 };
    const office = new Office({ imports: { 'contoso.com': never, 'emea.contoso.com': never } });
    const { group, directory } = list(office);
    office.created.hands.changeGroup(office.user, group, 'leave', office.now);
    office.now += 2 * HOUR;
    expect(oktaGroups(office)).toContain(group);

    office.created.hands.clickImport(directory, office.now);
    office.now += 11 * MINUTE;

    expect(oktaGroups(office)).not.toContain(group);
    const started = office.events('system.import.start').filter(({ target }) => target[0].id === directory);
    expect(started.length).toBeGreaterThan(0);
    expect(office.events('system.import.complete').at(-1).outcome.result).toBe('SUCCESS');
  });

  it('is not carried by an import that began before it', () => {
    const never = { every: 1_000 * HOUR, duration: MINUTE, jitter: 0 };
    const office = new Office({ imports: { 'contoso.com': never, 'emea.contoso.com': never } });
    const { group, directory } = list(office);
    office.created.hands.clickImport(directory, office.now);
    office.created.hands.changeGroup(office.user, group, 'leave', office.now + MINUTE);
    office.now += HOUR;

    expect(oktaGroups(office)).toContain(group);
  });
});

describe('somebody whose anchors are equal again', () => {
  it('comes back into synced groups by the next job, in a tenant of that kind', () => {
    const office = reanchored({ switches: { ...KIND, regroup: 'by-itself' } });

    office.now += 2 * HOUR;

    expect(office.groups()).toContain(list(office).name);
  });

  it('comes back only after leaving and rejoining, in the other kind', () => {
    const office = reanchored({ switches: { ...KIND, regroup: 'after-rejoin' } });
    const { group, name } = list(office);
    office.now += 2 * HOUR;
    expect(office.groups()).toEqual([]);

    for (const change of ['leave', 'join'] as const) {
      office.created.hands.changeGroup(office.user, group, change, office.now);
      office.now += 3 * HOUR;
    }

    expect(office.groups()).toEqual([name]);
  });
});

/** What an app asks for with one group of one person. */
function action(user: string, group: string, kind: 'ADD' | 'REMOVE'): Json {
  return { id: group, parameters: { action: kind, attribute: 'member', values: [user] } };
}

describe('groups/modify', () => {
  it('changes Okta’s copy at once where it works, and is refused where it does not', () => {
    const works = new Office({ switches: { ...KIND, directoriesApi: 'works' } });
    const { directory, group } = list(works);
    const refuses = new Office();
    const other = list(refuses);

    expect(works.modify(directory, action(works.user, group, 'REMOVE'))).toMatchObject({ status: 200, body: '' });
    expect(oktaGroups(works)).not.toContain(group);
    works.modify(directory, action(works.user, group, 'ADD'));
    expect(oktaGroups(works)).toContain(group);
    expect(errorOf(refuses.modify(other.directory, action(refuses.user, other.group, 'REMOVE')))).toBe('403 E0000006');
  });

  it('takes no API token, and nothing that is not of that directory', () => {
    const office = new Office({ switches: { ...KIND, directoriesApi: 'works' } });
    const { directory, group } = list(office);
    const { optIn } = office.created.ids.groups;

    const target = `/api/v1/directories/${directory}/groups/modify`;
    expect(errorOf(office.write('POST', target, action(office.user, group, 'ADD')))).toBe('403 E0000006');
    expect(errorOf(office.modify(directory, action(office.user, optIn, 'ADD')))).toBe('404 E0000007');
    expect(errorOf(office.modify(directory, { id: optIn }))).toBe('400 E0000001');
  });

  it('needs an agent', () => {
    const spell = { from: 0, until: Number.MAX_SAFE_INTEGER };
    const stopped = { every: HOUR, duration: MINUTE, jitter: 0, stopped: [spell] };
    const office = new Office({
      switches: { ...KIND, directoriesApi: 'works' },
      imports: { 'contoso.com': stopped, 'emea.contoso.com': stopped },
    });

    const { directory, group } = list(office);
    expect(errorOf(office.modify(directory, action(office.user, group, 'REMOVE')))).toBe('502 E0000241');
  });
});

describe('people in the consoles', () => {
  it('switch Deactivate Users, assign and unassign over groups, and edit accounts that no app may edit', () => {
    const office = new Office({ switches: { syncedWrites: 'refused', latePush: 'never' } }, true);
    const { hands } = office.created;
    hands.switchDeactivate(office.app, 'DISABLED', office.now);
    hands.unassign(office.app, office.user, office.now);
    office.now += 2 * MINUTE;
    expect(errorOf(office.okta(`/api/v1/apps/${office.app}/users/${office.user}`))).toBe('404 E0000007');

    hands.editAccount(office.objectId, { anchor: ANCHOR }, office.now);
    hands.assign(office.app, office.user, office.now);
    office.now += 3 * MINUTE;

    expect(office.account().onPremisesImmutableId).toBe(ANCHOR);
    expect(office.assignment()).toMatchObject({ scope: 'GROUP', status: 'PROVISIONED', externalId: office.objectId });
    expect(office.events('application.lifecycle.update')[0].actor.type).toBe('User');
  });

  it('dismiss somebody, whose account goes the way of the deprovisioning option', () => {
    const office = new Office();
    office.created.hands.dismiss(office.user, office.now);
    office.now += 2 * MINUTE;

    expect(json(office.okta(`/api/v1/users/${office.user}`)).status).toBe('DEPROVISIONED');
    expect(errorOf(office.graph(`/v1.0/users/${office.objectId}`))).toBe('404 Request_ResourceNotFound');
    expect(office.events('user.lifecycle.deactivate')).toHaveLength(1);
    expect(errorOf(office.assign())).toBe('400 E0000001');
  });
});
