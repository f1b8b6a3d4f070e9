import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AnchorwatchError } from '../../shared/errors.ts';
import { createOktaRepairs } from '../../shared/okta/repairs.ts';
import type { OktaRepairs } from '../../shared/ports/okta-repairs.ts';
import type { OktaReader } from '../../shared/ports/okta.ts';
import { AD_ACCOUNT, ASSIGNMENT } from '../../shared/rosters/lists.ts';
import { spoilt } from '../spoilt.ts';
import { appUser, NEVER, org } from './org.ts';

// Whatever Okta answers, to every read there is: a value of the right shape, or an error that names the request.

const USERS = '/api/v1/apps/0oa/users';
const EVENT = {
  eventType: 'system.import.start',
  published: '2026-11-23T02:00:00.000Z',
  actor: { id: 'system', displayName: 'Okta' },
  target: [{ id: '0oa', type: 'AppInstance', alternateId: 'contoso.com' }],
  outcome: { result: 'SUCCESS' },
  transaction: { id: 't1' },
};
const SCHEDULE = { status: 'ENABLED', fullImport: { expression: '0 5 * * *', timezone: 'America/Los_Angeles' } };
const FEATURE = {
  name: 'INBOUND_PROVISIONING',
  status: 'ENABLED',
  capabilities: { update: { lifecycleDeactivate: { status: 'ENABLED' } }, importSettings: { schedule: SCHEDULE } },
};
const MAPPING = { id: 'prm1', source: { id: 'oty1', type: 'user' }, target: { id: '0oa' } };
const app = (name: string): object => ({
  id: '0oa',
  name,
  label: 'contoso.com',
  status: 'ACTIVE',
  features: ['PROFILE_MASTERING'],
  settings: { app: { domain: 'contoso.com', domains: ['contoso.com'] } },
});
const GROUP = {
  id: '00g1',
  type: 'APP_GROUP',
  profile: { name: 'News', groupType: 'Security', objectSid: 'S-1-5-21-1', mail: 'news@contoso.com' },
  _links: { source: { href: 'https://acme.okta.com/api/v1/apps/0oa' } },
};
const RULE = {
  id: '0pr1',
  name: 'rule',
  status: 'ACTIVE',
  conditions: { expression: { value: 'true' }, people: { users: { exclude: ['00u1'] } } },
  actions: { assignUserToGroups: { groupIds: ['00g1'] } },
};
const attributes = (more: object): object => ({ definitions: { base: { properties: { city: more } }, custom: null } });
const EDITABLE = { permissions: [{ principal: 'SELF', action: 'READ_WRITE' }], master: { type: 'OKTA' } };
const PERSON = { id: '00u1', status: 'ACTIVE', created: '2024-01-31T18:25:01.000Z', profile: { login: 'jane' } };

/** What is asked, the path whose answer is spoilt, that answer when it is right, and what else is answered. */
interface Read {
  readonly path: string;
  readonly right: unknown;
  readonly ask: (okta: OktaReader & OktaRepairs) => Promise<unknown>;
  readonly beside?: Readonly<Record<string, unknown>>;
  /** What every answer must become. */
  readonly shape?: z.ZodType;
}

const READS: Readonly<Record<string, Read>> = {
  'AD accounts': {
    path: USERS,
    right: [appUser('00u1'), appUser('00u2')],
    ask: (okta) => okta.directoryPage('0oa', null, NEVER),
    shape: z.object({ rows: z.array(AD_ACCOUNT) }),
  },
  assignments: {
    path: USERS,
    right: [appUser('00u1'), appUser('00u2')],
    ask: (okta) => okta.assignmentPage('0oa', null, NEVER),
    shape: z.object({ rows: z.array(ASSIGNMENT) }),
  },
  'one AD account': {
    path: `${USERS}/00u1`,
    right: appUser('00u1'),
    ask: (okta) => okta.directoryAccount('0oa', '00u1'),
    shape: AD_ACCOUNT,
  },
  'one assignment': {
    path: `${USERS}/00u1`,
    right: appUser('00u1'),
    ask: (okta) => okta.assignment('0oa', '00u1'),
    shape: ASSIGNMENT,
  },
  'an assignment in detail': {
    path: `${USERS}/00u1`,
    right: { ...appUser('00u1'), _links: { group: { href: 'https://acme.okta.com/api/v1/groups/00g1' } } },
    ask: (okta) => okta.assignmentDetail('0oa', '00u1'),
  },
  'assignments by name': {
    path: USERS,
    right: [appUser('00u1')],
    ask: (okta) => okta.assignmentsNamed('0oa', '00u1@example.com'),
    shape: z.array(ASSIGNMENT),
  },
  apps: { path: '/api/v1/apps', right: [app('office365'), app('active_directory')], ask: (okta) => okta.apps() },
  mappings: {
    path: '/api/v1/mappings',
    right: [MAPPING],
    ask: (okta) => okta.anchorMapping('0oa'),
    beside: { '/api/v1/mappings/prm1': { properties: { immutableId: { expression: 'x' } } } },
  },
  'one mapping': {
    path: '/api/v1/mappings/prm1',
    right: { properties: { immutableId: { expression: 'x' } } },
    ask: (okta) => okta.anchorMapping('0oa'),
    beside: { '/api/v1/mappings': [MAPPING] },
  },
  features: {
    path: '/api/v1/apps/0oa/features',
    right: [FEATURE, { ...FEATURE, name: 'USER_PROVISIONING' }],
    ask: (okta) => okta.provisioning('0oa'),
  },
  'the switch': {
    path: '/api/v1/apps/0oa/features/USER_PROVISIONING',
    right: { ...FEATURE, name: 'USER_PROVISIONING' },
    ask: (okta) => okta.deactivateSwitch('0oa'),
    beside: { '/api/v1/apps/0oa': app('office365') },
  },
  'the app of the switch': {
    path: '/api/v1/apps/0oa',
    right: app('office365'),
    ask: (okta) => okta.deactivateSwitch('0oa'),
    beside: { '/api/v1/apps/0oa/features/USER_PROVISIONING': { ...FEATURE, name: 'USER_PROVISIONING' } },
  },
  imports: {
    path: '/api/v1/logs',
    right: [EVENT, { ...EVENT, eventType: 'system.import.complete' }],
    ask: (okta) => okta.lastImport('0oa', 0),
  },
  events: {
    path: '/api/v1/logs',
    right: [EVENT, EVENT],
    ask: (okta) => okta.events({ types: ['system.import.start'], since: 0, until: 1 }),
  },
  'one user': { path: '/api/v1/users/00u1', right: PERSON, ask: (okta) => okta.user('00u1') },
  'groups of a user': {
    path: '/api/v1/users/00u1/groups',
    right: [{ id: '00g1' }],
    ask: (okta) => okta.groupsOf('00u1'),
  },
  'groups in detail': { path: '/api/v1/users/00u1/groups', right: [GROUP], ask: (okta) => okta.oktaGroups('00u1') },
  'members of a group': {
    path: '/api/v1/groups/00g1/users',
    right: [{ id: '00u1' }],
    ask: (okta) => okta.groupMembers('00g1'),
  },
  roles: { path: '/api/v1/users/00u1/roles', right: [{ id: 'r' }], ask: (okta) => okta.isAdministrator('00u1') },
  rules: { path: '/api/v1/groups/rules', right: [RULE], ask: (okta) => okta.rulesFeeding(['00g1'], NEVER) },
  'attributes people edit': {
    path: '/api/v1/meta/schemas/user/default',
    right: attributes(EDITABLE),
    ask: (okta) => okta.editableAttributes('0oa', NEVER),
    beside: { '/api/v1/mappings': [] },
  },
  'attributes of the app': {
    path: '/api/v1/meta/schemas/apps/0oa/default',
    right: attributes({}),
    ask: (okta) => okta.unmappedAttributes('0oa'),
    beside: { '/api/v1/mappings': [] },
  },
  'groups that grant': {
    path: '/api/v1/apps/0oa/groups',
    right: [{ id: '00g1', priority: 1 }],
    ask: (okta) => okta.groupsGranting('0oa'),
  },
  'apps of a group': { path: '/api/v1/groups/00g1/apps', right: [{ id: '0oa' }], ask: (okta) => okta.appsOf('00g1') },
};

async function oktaThatSays(path: string, said: () => unknown, beside: Readonly<Record<string, unknown>> = {}) {
  const credential = { kind: 'ssws', token: 'api-token' } as const;
  const routes = Object.entries(beside).map(([other, body]) => [other, { body }] as const);
  const { okta, server, tools } = await org(
    { ...Object.fromEntries(routes), [path]: () => ({ body: said() }) },
    { credential },
  );
  const settings = { orgUrl: server.url, credential, office365App: null, appDomains: [], directories: [] };
  const repairs = createOktaRepairs({ ...settings, anchorAttribute: 'externalId', rateShare: 0.8 }, tools);
  return { ...okta, ...repairs, server };
}

describe.each(Object.entries(READS))(
  'what Okta answers about %s',
  (_name, { path, right, ask, beside, shape = z.unknown() }) => {
    test('is taken when it is right', async () => {
      const value = await ask(await oktaThatSays(path, () => right, beside));

      expect(value).toBeDefined();
      expect(shape.safeParse(value).error).toBeUndefined();
    });

    test('is of the right shape or refused by the request, whatever is wrong with it', async () => {
      let said: unknown = right;
      const okta = await oktaThatSays(path, () => said, beside);
      await fc.assert(
        fc.asyncProperty(spoilt(right), async (value) => {
          said = value;
          const outcome = await ask(okta).then(
            (found) => ({ found }),
            (error: unknown) => ({ error }),
          );
          expect(Reflect.get({}, 'polluted')).toBeUndefined();
          if ('found' in outcome) {
            expect(shape.safeParse(outcome.found).error).toBeUndefined();
            return;
          }
          expect(outcome.error).toBeInstanceOf(AnchorwatchError);
          expect(outcome.error).toMatchObject({ kind: expect.stringMatching(/invalid|transient|refused/) });
          expect(outcome.error).toMatchObject({
            message: expect.stringMatching(/GET \/api\/v1\/|Okta (shows no|has) /),
          });
        }),
        { numRuns: 30 },
      );
    });
  },
);

test('a feature that is nested without end is refused, though JSON can be so', async () => {
  const { path, right, ask, beside } = READS['the switch']!;
  const endless = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
  const okta = await oktaThatSays(path, () => JSON.stringify(right).replace('{', `{"deep":${endless},`), beside);

  await expect(ask(okta)).rejects.toMatchObject({
    kind: 'invalid',
    message: expect.stringMatching(/GET .*USER_PROVISIONING is nested too deep/),
  });
});

test.each([
  ['mappings', [{ ...MAPPING, id: 'prm\uD800' }], '.id'],
  ['members of a group', [{ id: '\uDC00' }], '.id'],
])(
  'an id among %s that no address can hold is refused by its place, not where it is used',
  async (name, said, place) => {
    const { path, ask, beside } = READS[name]!;

    await expect(ask(await oktaThatSays(path, () => said, beside))).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining(`${place} is text of`),
    });
  },
);
