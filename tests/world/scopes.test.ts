import { describe, expect, it } from 'vitest';
import { GRAPH_ROUTES } from '../../local/world/graph/graph.ts';
import { OKTA_ROUTES } from '../../local/world/okta/okta.ts';
import { privateKeyOf, signToken } from '../../local/world/tokens.ts';
import { json, KEYS, START, Tenant } from './callers.ts';

/** Okta's `manage` includes `read`; of the System Log there is nothing to manage. `npm run contracts` asks Okta's own description. */
const both = (what: string) => [`okta.${what}.read`, `okta.${what}.manage`];

const OKTA_OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  '/api/v1/apps': both('apps'),
  '/api/v1/apps/{app}': both('apps'),
  '/api/v1/apps/{app}/groups': both('apps'),
  '/api/v1/apps/{app}/users': both('apps'),
  '/api/v1/apps/{app}/users/{user}': both('apps'),
  '/api/v1/apps/{app}/features': both('apps'),
  '/api/v1/apps/{app}/features/{feature}': both('apps'),
  '/api/v1/users': both('users'),
  '/api/v1/users/{user}': both('users'),
  '/api/v1/users/{user}/groups': both('users'),
  '/api/v1/users/{user}/roles': both('roles'),
  '/api/v1/groups': both('groups'),
  '/api/v1/groups/{group}': both('groups'),
  '/api/v1/groups/{group}/users': both('groups'),
  '/api/v1/groups/{group}/apps': both('groups'),
  '/api/v1/groups/rules': both('groups'),
  '/api/v1/groups/rules/{rule}': both('groups'),
  '/api/v1/mappings': both('profileMappings'),
  '/api/v1/mappings/{mapping}': both('profileMappings'),
  '/api/v1/meta/schemas/apps/{app}/default': both('schemas'),
  '/api/v1/meta/schemas/user/{schema}': both('schemas'),
  '/api/v1/logs': ['okta.logs.read'],
  '/api/v1/org': both('orgs'),
  '/api/v1/agentPools': both('agentPools'),
};

const USERS = ['User.Read.All', 'User.ReadUpdate.All', 'User.ReadWrite.All', 'Directory.Read.All'];
const MEMBERSHIPS = ['User.Read.All', 'GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'];
const ROLES = ['RoleManagement.Read.Directory', 'RoleManagement.Read.All'];

const GRAPH_OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  '/v1.0/users': USERS,
  '/v1.0/users/$count': USERS,
  '/v1.0/users/{user}': USERS,
  '/v1.0/users/{user}/memberOf': MEMBERSHIPS,
  '/v1.0/users/{user}/memberOf/{type}': MEMBERSHIPS,
  '/v1.0/users/{user}/transitiveMemberOf': MEMBERSHIPS,
  '/v1.0/users/{user}/transitiveMemberOf/{type}': MEMBERSHIPS,
  '/v1.0/users/{user}/ownedObjects': MEMBERSHIPS,
  '/v1.0/users/{user}/ownedObjects/{type}': MEMBERSHIPS,
  '/v1.0/directory/deletedItems': USERS,
  '/v1.0/directory/deletedItems/{type}': USERS,
  '/v1.0/roleManagement/directory/roleEligibilityScheduleInstances': [
    'RoleEligibilitySchedule.Read.Directory',
    ...ROLES,
  ],
  '/v1.0/roleManagement/directory/roleAssignments': [...ROLES, 'Directory.Read.All'],
  '/v1.0/domains': ['Domain.Read.All', 'Directory.Read.All'],
  '/v1.0/domains/{id}/federationConfiguration': ['Domain.Read.All', 'Domain.ReadWrite.All'],
  '/v1.0/groups': ['GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'],
  '/v1.0/organization': ['Organization.Read.All', 'Directory.Read.All'],
  '/v1.0/subscribedSkus': ['LicenseAssignment.Read.All', 'Organization.Read.All', 'Directory.Read.All'],
  '/v1.0/auditLogs/directoryAudits': ['AuditLog.Read.All'],
  '/v1.0/users/{user}/messages': ['Mail.Read', 'Mail.ReadWrite'],
  '/v1.0/users/{user}/messages/{id}': ['Mail.Read', 'Mail.ReadWrite'],
};

const allOf = (operations: Readonly<Record<string, readonly string[]>>) => [
  ...new Set(Object.values(operations).flat()),
];
const readsOf = (routes: readonly { readonly method: string; readonly path: string }[]) =>
  routes.filter(({ method }) => method === 'GET').map(({ path }) => path);

/** Whoever may call is told at worst that there is no such thing; whoever may not is told that. */
const NOBODY = 'nobody';
const filled = (path: string) => path.replaceAll(/\{\w+\}/g, NOBODY);

describe('an Okta operation', () => {
  const scopes = allOf(OKTA_OPERATIONS);
  const tenant = new Tenant({ okta: { scopes, limits: { apps: 1e6, app: 1e6, users: 1e6, groups: 1e6 } } });
  const tokens = scopes.map((scope) => [scope, json(tenant.oktaToken({ scope })).access_token] as const);

  it.each(Object.entries(OKTA_OPERATIONS))('%s is opened by its own scopes alone', (path, expected) => {
    const open = tokens.filter(
      ([, token]) => tenant.okta(filled(path), { authorization: `Bearer ${token}` }).status !== 403,
    );

    expect(open.map(([scope]) => scope).sort()).toEqual([...expected].sort());
  });

  it('has a line in this table', () => {
    expect(readsOf(OKTA_ROUTES).sort()).toEqual(Object.keys(OKTA_OPERATIONS).sort());
  });
});

describe('a Graph operation', () => {
  const tenant = new Tenant();
  const key = privateKeyOf(KEYS.entra.privateJwk);
  const tokens = allOf(GRAPH_OPERATIONS).map((role) => {
    const claims = { aud: 'https://graph.microsoft.com', exp: START / 1_000 + 60, roles: [role] };
    return [role, signToken('entra', claims, key)] as const;
  });

  it.each(Object.entries(GRAPH_OPERATIONS))('%s is opened by its own roles alone', (path, expected) => {
    const open = tokens.filter(
      ([, token]) => tenant.graph(filled(path), { authorization: `Bearer ${token}` }).status !== 403,
    );

    expect(open.map(([role]) => role).sort()).toEqual([...expected].sort());
  });

  it('has a line in this table', () => {
    expect(readsOf(GRAPH_ROUTES).sort()).toEqual(Object.keys(GRAPH_OPERATIONS).sort());
  });
});

describe('a write', () => {
  const apps = ['okta.apps.manage'];
  const groups = ['okta.groups.manage'];
  const users = ['okta.users.manage'];
  const WRITES: Readonly<Record<string, readonly string[]>> = {
    'POST /api/v1/apps/{app}/users': apps,
    'POST /api/v1/apps/{app}/users/{user}': apps,
    'DELETE /api/v1/apps/{app}/users/{user}': apps,
    'PUT /api/v1/apps/{app}/features/{feature}': apps,
    'POST /api/v1/users/{user}/lifecycle/deactivate': users,
    'POST /api/v1/users/{user}/lifecycle/activate': users,
    'POST /api/v1/users/{user}/lifecycle/suspend': users,
    'POST /api/v1/users/{user}/lifecycle/unsuspend': users,
    'PUT /api/v1/groups/{group}/users/{user}': groups,
    'DELETE /api/v1/groups/{group}/users/{user}': groups,
    'POST /api/v1/directories/{app}/groups/modify': ['okta.directories.groups.manage'],
    'POST /v1.0/users/{user}/sendMail': ['Mail.Send'],
    'POST /v1.0/users/{user}/messages': ['Mail.ReadWrite'],
    'POST /v1.0/users/{user}/messages/{id}/send': ['Mail.Send'],
    'PATCH /v1.0/users/{user}': ['User.ReadUpdate.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'],
  };

  it('is opened by the scopes of this table and by no reading one', () => {
    const routes = [...OKTA_ROUTES, ...GRAPH_ROUTES].filter(({ method }) => method !== 'GET');

    expect(Object.fromEntries(routes.map(({ method, path, needs }) => [`${method} ${path}`, needs]))).toEqual(WRITES);
  });
});
