import { describe, expect, test } from 'vitest';
import type { Domain } from '../../shared/compare/rows.ts';
import { look } from '../../shared/repair/look.ts';
import { preflight } from '../../shared/repair/preflight.ts';
import { policyOf } from '../../shared/flows/first-step.ts';
import type { CapabilityRow } from '../../shared/state/repair-rows.ts';
import { assignment, deletedUser, entraUser } from '../compare/people.ts';
import { type Night, nightOf, type NightOptions, OPTED_IN } from '../flows/night.ts';
import { drift, reanchorOf } from '../flows/second-night.ts';
import { anchorOf, APP, nameOf, oktaId, tenantOf } from '../rosters/tenant.ts';

const REPAIR = reanchorOf(7);
const WANTED = { parkDomain: null, exclusionGroup: '00gExcluded' };

/** One person who is drifted as planned, in tenants of which nothing speaks against a repair. */
function drifted(options: NightOptions = {}): Night {
  const tenant = tenantOf(10);
  drift(tenant, 7);
  const night = nightOf(tenant, options);
  night.groups.set(OPTED_IN, [oktaId(7)]);
  return night;
}

async function outcomeOf({ tools }: Night, parkDomain: string | null = null): Promise<unknown> {
  const outcome = preflight(await look(REPAIR, tools, { ...WANTED, parkDomain }), policyOf(tools));
  return outcome.state === 'refused' ? outcome.rule : outcome.state;
}

test('a look at tenants of which nothing speaks against it is ready', async () => {
  expect(await outcomeOf(drifted())).toBe('ready');
});

/** Each read that the look makes, with an answer that must reach the rule behind it. */
const READS: readonly (readonly [string, NightOptions])[] = [
  ['ad-unlinked', { okta: { directoryAccount: async () => null } }],
  ['not-assigned', { okta: { assignment: async () => null } }],
  ['okta-user-not-active', { okta: { user: async () => null } }],
  ['okta-administrator', { okta: { isAdministrator: async () => true } }],
  ['not-opted-in', { okta: { groupsOf: async () => [] } }],
  [
    'provisioning-off',
    { okta: { provisioning: async () => ({ deactivateUsers: null, importSchedule: null, nextImport: null }) } },
  ],
  [
    'office365-import-due',
    {
      okta: {
        provisioning: async () => ({ deactivateUsers: 'ENABLED', importSchedule: 'soon', nextImport: 'unknown' }),
      },
    },
  ],
  [
    'second-account',
    { entra: { usersByAddress: async (address) => (address === nameOf(7) ? [entraUser('bob')] : []) } },
  ],
  ['account-gone', { entra: { user: async () => null } }],
  ['privileged', { entra: { privileges: async () => [{ kind: 'directory-role', name: 'Global Administrator' }] } }],
  ['anchor-held', { entra: { usersByAnchor: async () => [entraUser('bob')] } }],
  ['anchor-held', { entra: { deletedByAnchor: async () => [deletedUser('gone', anchorOf(7))] } }],
  ['parking-taken', { entra: { usersByAddress: async () => [entraUser('bob')] } }],
  ['federated-elsewhere', { entra: { signInHost: async () => 'adfs.contoso.com' } }],
];

test.each(READS)('what is read reaches the rule %s (%#)', async (rule, options) => {
  expect(await outcomeOf(drifted(options))).toBe(rule);
});

test('the second Office 365 app is asked for the person too', async () => {
  const night = drifted();
  const apps = await night.tools.okta.apps();
  const okta = {
    ...night.tools.okta,
    apps: async () => ({ ...apps, otherOffice365: [{ id: '0oaOther', label: 'Office 365 (old)', status: 'ACTIVE' }] }),
    assignment: async (app: string, user: string) =>
      app === '0oaOther' ? assignment(user, { app }) : night.tools.okta.assignment(app, user),
  };

  expect(await outcomeOf({ ...night, tools: { ...night.tools, okta } })).toBe('assigned-twice');
});

test('licences and roles are read too, each from its own side', async () => {
  const night = drifted();
  const { okta, entra } = night.tools;
  const licensed = { ...entra, licenses: async () => [{ sku: 'e3', group: null }] };
  const detailed = {
    ...okta,
    assignmentDetail: async (app: string, user: string) => {
      const detail = await okta.assignmentDetail(app, user);
      return detail === null ? null : { ...detail, profile: { roles: ['Exchange Administrator'] } };
    },
  };

  expect(await outcomeOf({ ...night, tools: { ...night.tools, entra: licensed } })).toBe('licences-outside-okta');
  expect(await outcomeOf({ ...night, tools: { ...night.tools, okta: detailed } })).toBe('roles-in-assignment');
});

test('of the groups that grant Office 365, those of the person count, with their apps and rules', async () => {
  const night = drifted();
  night.groups.set('00gStaff', [oktaId(7)]);
  night.groups.set('00gOffice', [oktaId(7)]);
  const rule = {
    id: '0pr1',
    name: 'x',
    status: 'ACTIVE',
    expression: 'true',
    groups: ['00gOffice'],
    excludedUsers: [],
  };
  const okta = {
    ...night.tools.okta,
    groupsGranting: async () => ['00gOthers', '00gOffice', '00gStaff'],
    groupRules: async () => [rule, { ...rule, id: '0pr2', groups: ['00gElse'] }],
    appsOf: async (group: string) => [`app of ${group}`],
  };

  expect((await look(REPAIR, { ...night.tools, okta }, WANTED)).grant).toEqual({
    group: '00gOffice',
    apps: ['app of 00gOffice'],
    rules: [rule],
    exclusionIsAlone: false,
    others: ['00gStaff'],
  });
});

test.each([
  ['grants nothing, and no other rule asks for it', true, {}, 'true'],
  ['grants an app', false, { '00gExcluded': ['0oaSlack'] }, 'true'],
  ['is asked for by another rule', false, {}, 'isMemberOfAnyGroup("00gExcluded")'],
])('an exclusion group that %s', async (_, isAlone, apps: Record<string, string[]>, expression) => {
  const night = drifted();
  night.groups.set('00gOffice', [oktaId(7)]);
  const rule = {
    id: '0pr1',
    name: 'x',
    status: 'ACTIVE',
    expression: 'a and !isMemberOfGroup("00gExcluded")',
    groups: ['00gOffice'],
    excludedUsers: [],
  };
  const okta = {
    ...night.tools.okta,
    groupsGranting: async () => ['00gOffice'],
    groupRules: async () => [rule, { ...rule, id: '0pr2', groups: ['00gElse'], expression }],
    appsOf: async (group: string) => apps[group] ?? [],
  };

  expect((await look(REPAIR, { ...night.tools, okta }, WANTED)).grant?.exclusionIsAlone).toBe(isAlone);
});

test('what a pilot proved is looked up for this tenant and this app', async () => {
  const { tools } = drifted();
  const proof: CapabilityRow = {
    tenant: 'tenant',
    app: APP,
    syncedWrites: 'anyway',
    lag: null,
    nudge: false,
    proven: 0,
    by: 'pilot',
    note: '',
    rights: '',
    setup: '',
    probes: [],
  };
  for (const [tenant, app] of [
    ['tenant', '0oaOther'],
    ['elsewhere', APP],
  ] as const)
    await tools.state.capabilities.insert({ ...proof, tenant, app });
  expect((await look(REPAIR, tools, WANTED)).capability).toBeNull();

  await tools.state.capabilities.insert(proof);
  expect((await look(REPAIR, tools, WANTED)).capability).toEqual(proof);
});

describe('where the UPN would be parked', () => {
  const contoso: Domain = { name: 'contoso.com', federated: true, initial: false, verified: true };
  const initial: Domain = { name: 'contoso.onmicrosoft.com', federated: false, initial: true, verified: true };
  const labs: Domain = { name: 'labs.example', federated: false, initial: false, verified: true };

  test.each<[string, readonly Domain[], string | null, string | null]>([
    ['the initial domain', [contoso, initial, labs], null, `${nameOf(7).split('@')[0]}@contoso.onmicrosoft.com`],
    ['the configured one', [contoso, initial, labs], 'Labs.Example', `${nameOf(7).split('@')[0]}@labs.example`],
    ['nowhere: the configured one is not there', [contoso, initial], 'labs.example', null],
    ['nowhere: it is not verified', [contoso, { ...initial, verified: false }], null, null],
    ['nowhere: it is federated', [contoso, { ...initial, federated: true }], null, null],
  ])('is %s', async (_where, domains, parkDomain, address) => {
    const { tools } = drifted({ entra: { domains: async () => domains } });

    expect((await look(REPAIR, tools, { ...WANTED, parkDomain })).parking?.address ?? null).toBe(address);
  });

  test('is nowhere for a repair that does not park', async () => {
    expect((await look({ ...REPAIR, park: false }, drifted().tools, WANTED)).parking).toBeNull();
  });
});

test('nobody asks where a managed domain is federated to', async () => {
  const managed: Domain = { name: 'contoso.com', federated: false, initial: true, verified: true };
  const { tools } = drifted({
    entra: { domains: async () => [managed], signInHost: async () => Promise.reject(new Error('asked')) },
  });

  expect((await look(REPAIR, tools, WANTED)).signInHost).toBeNull();
});
