import { describe, expect, it } from 'vitest';
import { DAY, HOUR, isoTime, MINUTE } from '../../shared/time.ts';
import { errorOf, filterOf, type Json, json, nextOf, OKTA, START, Tenant } from './callers.ts';

const tenant = new Tenant({ people: 40 });
const { ids } = tenant.created;
const [main, emea] = ids.directories;

describe('an app user', () => {
  const [account] = tenant.oktaRows(`/api/v1/apps/${main!.id}/users`);
  const get = (path: string) => json(tenant.okta(path));

  it('of Active Directory has the anchor as its external id', () => {
    expect(account).toMatchObject({
      status: 'ACTIVE',
      scope: 'USER',
      externalId: expect.stringMatching(/^[\w+/]{22}==$/),
    });
    expect(account.profile.dn).toMatch(/^CN=.+,OU=\w+,OU=People,DC=contoso,DC=com$/);
    expect(account.profile.objectSid).toMatch(/^S-1-5-21-/);
  });

  it('of Office 365 has the same anchor in its profile, and the object id as its external id', () => {
    const assignment = get(`/api/v1/apps/${ids.office365}/users/${account.id}`);

    expect(assignment.profile.immutableId).toBe(account.externalId);
    expect(assignment.externalId).toMatch(/^[0-9a-f-]{36}$/);
    expect(assignment.syncState).toBe('SYNCHRONIZED');
  });

  it('of a second directory spells keys in the other way, as its schema says', () => {
    const [other] = tenant.oktaRows(`/api/v1/apps/${emea!.id}/users`);
    const schema = get(`/api/v1/meta/schemas/apps/${emea!.id}/default`);

    expect(other.profile).toHaveProperty('sAMAccountName');
    expect(schema.definitions.base.properties).toHaveProperty('sAMAccountName');
    expect(account.profile).toHaveProperty('samAccountName');
  });

  it.each([
    ['app', '/api/v1/apps/0oaNobody/users'],
    ['app user', `/api/v1/apps/${ids.office365}/users/00uNobody`],
    ['user', '/api/v1/users/00uNobody'],
    ['group', '/api/v1/groups/00gNobody'],
    ['mapping', '/api/v1/mappings/prmNobody'],
    ['feature', `/api/v1/apps/${ids.office365}/features/NOTHING`],
  ])('or any other thing that is not there is not found: %s', (_, path) => {
    expect(errorOf(tenant.okta(path))).toBe('404 E0000007');
  });
});

describe('the Office 365 app', () => {
  it('says its domains and that it deactivates', () => {
    const app = json(tenant.okta(`/api/v1/apps/${ids.office365}`));

    expect(app).toMatchObject({
      name: 'office365',
      signOnMode: 'SAML_1_1',
      settings: { app: { domain: 'contoso.com' } },
    });
    expect(app.features).toContain('PUSH_USER_DEACTIVATION');
  });

  it('has Deactivate Users in its provisioning feature, and no import schedule', () => {
    const [outbound, inbound] = json(tenant.okta(`/api/v1/apps/${ids.office365}/features`));

    expect(outbound).toMatchObject({
      name: 'USER_PROVISIONING',
      capabilities: { update: { lifecycleDeactivate: { status: 'ENABLED' } } },
    });
    expect(inbound).toMatchObject({ name: 'INBOUND_PROVISIONING', status: 'DISABLED' });
    expect(json(tenant.okta(`/api/v1/apps/${ids.office365}/features/USER_PROVISIONING`))).toEqual(outbound);
  });

  it('is granted by a group', () => {
    const groups = tenant.oktaRows(`/api/v1/apps/${ids.office365}/groups`);

    expect(groups.map((group) => group.id)).toEqual([ids.groups.granting]);
  });

  it('names the groups that grant it in the order in which they decide, page by page', () => {
    const many = new Tenant();
    const { office365, groups } = many.created.ids;
    const { apps } = many.created.inside.state;
    const granting = [...Array.from({ length: 25 }, (_, at) => `00gLast${99 - at}`), groups.granting];
    const app = apps.get(office365);
    if (app !== undefined) apps.set(office365, { ...app, groups: granting });

    const rows = many.oktaRows(`/api/v1/apps/${office365}/groups?limit=20`);

    expect(rows.map(({ id, priority }) => [id, priority])).toEqual(granting.map((id, at) => [id, at]));
  });

  it('maps the anchor from the directory, which only the single mapping shows', () => {
    const [mapping] = tenant.oktaRows(`/api/v1/mappings?targetId=${ids.office365}`);

    expect(mapping.properties).toBeUndefined();
    expect(json(tenant.okta(`/api/v1/mappings/${mapping.id}`)).properties.immutableId.expression).toBe(
      'hasDirectoryUser()?findDirectoryUser().externalId:null',
    );
  });

  it('has features where Active Directory has none', () => {
    expect(errorOf(tenant.okta(`/api/v1/apps/${main!.id}/features`))).toBe('400 E0000001');
  });
});

describe('groups', () => {
  it('of Active Directory show their kind and where they come from', () => {
    const search = encodeURIComponent(`type eq "APP_GROUP" and source.id eq "${main!.id}"`);
    const groups = tenant.oktaRows(`/api/v1/groups?search=${search}`);

    expect(new Set(groups.map((group) => group.profile.groupType))).toEqual(new Set(['Security', 'Distribution']));
    expect(groups[0].objectClass).toEqual(['okta:windows_security_principal']);
    expect(groups[0]._links.source.href).toBe(`${OKTA}/api/v1/apps/${main!.id}`);
  });

  it('list their members, and members their groups', () => {
    const members = tenant.oktaRows(`/api/v1/groups/${ids.groups.granting}/users?limit=7`);
    const groups = json(tenant.okta(`/api/v1/users/${members[0].id}/groups`));

    expect(members.length).toBeGreaterThan(7);
    expect(groups.map((group: { id: string }) => group.id)).toContain(ids.groups.granting);
  });

  it('say what they grant and by which rule they are fed', () => {
    const apps = tenant.oktaRows(`/api/v1/groups/${ids.groups.granting}/apps`);
    const [rule] = tenant.oktaRows('/api/v1/groups/rules');

    expect(apps.map((app) => app.id)).toEqual([ids.office365]);
    expect(rule.conditions.expression.value).toContain(`!isMemberOfGroup("${ids.groups.exclusion}")`);
    expect(json(tenant.okta(`/api/v1/groups/rules/${rule.id}`))).toEqual(rule);
  });
});

describe('a group rule', () => {
  it.each(['ACTIVE', 'INACTIVE', 'INVALID'] as const)('is listed whether it feeds anybody or not: %s', (status) => {
    const org = new Tenant();
    const { rules } = org.created.inside.state;
    const [rule] = rules.values();
    for (let at = 10; at < 40; at += 1) rules.set(`0prMore${at}`, { ...rule!, id: `0prMore${at}`, status });

    const rows = org.oktaRows('/api/v1/groups/rules?limit=20');

    expect(rows).toHaveLength(31);
    expect(rows).toContainEqual(expect.objectContaining({ type: 'group_rule', id: '0prMore39', status }));
    expect(errorOf(org.okta('/api/v1/groups/rules?limit=201'))).toMatch(/^400 /);
  });
});

describe('the schema of users', () => {
  const [type] = tenant.created.inside.state.userTypes.values();

  it('lets people write their own names, addresses and mobile phone, and nothing else', () => {
    const { definitions } = json(tenant.okta('/api/v1/meta/schemas/user/default'));
    const attributes = Object.entries<Json>(definitions.base.properties);
    const writable = attributes.filter(([, { permissions }]) => permissions[0].action === 'READ_WRITE');

    expect(writable.map(([name]) => name)).toEqual(['firstName', 'lastName', 'email', 'secondEmail', 'mobilePhone']);
    expect(definitions.base.properties.login).toMatchObject({
      permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
      master: { type: 'PROFILE_MASTER' },
    });
    expect(definitions.base.required).toContain('login');
    expect(definitions.custom.properties).toEqual({});
  });

  it('is that to which the mapping of its type into an app links', () => {
    const [mapping] = tenant.oktaRows(`/api/v1/mappings?targetId=${ids.office365}`);
    const { href } = mapping.source._links.schema;

    expect(href).toBe(`${OKTA}/api/v1/meta/schemas/user/${type!.schema}`);
    expect(json(tenant.okta(href.slice(OKTA.length)))).toEqual(json(tenant.okta('/api/v1/meta/schemas/user/default')));
    expect(errorOf(tenant.okta('/api/v1/meta/schemas/user/oscNobody'))).toBe('404 E0000007');
  });

  it('names the apps that override the source of a profile', () => {
    const org = new Tenant();
    const { userTypes } = org.created.inside.state;
    const [old] = userTypes.values();
    const attributes = old!.attributes.map((one) => ({ ...one, master: 'OVERRIDE', apps: ['0oaHr'] }) as const);
    userTypes.set(old!.id, { ...old!, attributes });

    const { definitions } = json(org.okta('/api/v1/meta/schemas/user/default'));
    expect(definitions.base.properties.title.master).toEqual({
      type: 'OVERRIDE',
      priority: [{ type: 'APP', value: '0oaHr' }],
    });
  });
});

describe('users', () => {
  it('are found by id and by login', () => {
    const [user] = tenant.oktaRows('/api/v1/users?limit=200');

    expect(json(tenant.okta(`/api/v1/users/${user.id}`))).toEqual(user);
    expect(json(tenant.okta(`/api/v1/users/${encodeURIComponent(user.profile.login)}`))).toEqual(user);
  });

  it('that administer Okta show their roles', () => {
    const org = new Tenant({ plants: { guarded: 13 } });
    const entry = org.created.answerKey.entries.find((one) => one.guard === 'okta-administrator')!;

    expect(json(org.okta(`/api/v1/users/${entry.oktaUser}/roles`))).toMatchObject([
      { type: 'APP_ADMIN', status: 'ACTIVE' },
    ]);
    expect(json(tenant.okta(`/api/v1/users/${tenant.oktaRows('/api/v1/users')[0].id}/roles`))).toEqual([]);
  });

  it('who have left are listed only where a filter asks for them', () => {
    const org = new Tenant({ plants: { leaver: 2 } });

    expect(org.oktaRows('/api/v1/users')).toHaveLength(0);
    expect(org.oktaRows(`/api/v1/users?${filterOf('status eq "DEPROVISIONED"')}`)).toHaveLength(2);
  });
});

/** Imports of one AD instance that ended in the five hours before the world began. */
function query(app: string, more = ''): string {
  const filter = filterOf(`eventType eq "system.import.complete" and target.id eq "${app}"`);
  return `/api/v1/logs?since=${isoTime(START - 5 * HOUR)}&until=${isoTime(START)}&${filter}${more}`;
}

describe('the System Log', () => {
  it('has an import an hour and a bit, each with its beginning', () => {
    const filter = filterOf(`target.id eq "${main!.id}"`);
    const events = tenant.oktaRows(`/api/v1/logs?since=${isoTime(START - DAY)}&until=${isoTime(START)}&${filter}`);
    const completed = events.filter((event) => event.eventType === 'system.import.complete');

    expect(completed.length).toBeGreaterThan(18);
    for (const event of completed.slice(1)) {
      const began = events.find(
        (one) => one.eventType === 'system.import.start' && one.transaction.id === event.transaction.id,
      );
      expect(Date.parse(event.published) - Date.parse(began.published)).toBe(10 * MINUTE);
    }
  });

  it('says the same about the past whenever it is asked', () => {
    const later = new Tenant({ people: 40 });
    later.now = START + 3 * DAY;

    expect(later.oktaRows(query(main!.id))).toEqual(tenant.oktaRows(query(main!.id)));
  });

  it('shows nothing of the future', () => {
    const events = tenant.oktaRows(`/api/v1/logs?since=${isoTime(START)}&until=${isoTime(START + DAY)}`);

    expect(events).toEqual([]);
  });

  it('pages in either order', () => {
    const up = tenant.oktaRows(query(main!.id, '&limit=2'));
    const down = tenant.oktaRows(query(main!.id, '&limit=2&sortOrder=DESCENDING'));

    expect(up.length).toBeGreaterThan(2);
    expect(down).toEqual(up.toReversed());
  });

  it('has a next page for ever where the query has no end', () => {
    const answer = tenant.okta(`/api/v1/logs?since=${isoTime(START - HOUR)}`);

    expect(nextOf(answer)).not.toBeNull();
    expect(nextOf(tenant.okta(nextOf(answer)!.slice(OKTA.length)))).not.toBeNull();
  });

  it('shows failed imports, and none while they are stopped', () => {
    const spell = { from: START - DAY, until: START + DAY };
    const org = new Tenant({
      imports: { 'contoso.com': { failing: [spell] }, 'emea.contoso.com': { stopped: [spell] } },
    });
    const [failing, stopped] = org.created.ids.directories;

    const failed = org.oktaRows(query(failing!.id));

    expect(new Set(failed.map((event) => event.outcome.result))).toEqual(new Set(['FAILURE']));
    expect(org.oktaRows(query(stopped!.id))).toEqual([]);
    expect(
      json(org.okta('/api/v1/agentPools?poolType=AD')).map(
        (pool: { operationalStatus: string }) => pool.operationalStatus,
      ),
    ).toEqual(['OPERATIONAL', 'DISRUPTED']);
  });

  it.each(['since=yesterday', 'until=2026-11-23', 'sortOrder=UP'])('refuses %s', (option) => {
    expect(errorOf(tenant.okta(`/api/v1/logs?${option}`))).toBe('400 E0000001');
  });
});

it('the org says who it is', () => {
  expect(json(tenant.okta('/api/v1/org'))).toMatchObject({ id: ids.org, subdomain: 'contoso', status: 'ACTIVE' });
});
