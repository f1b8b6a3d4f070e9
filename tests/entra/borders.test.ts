import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AnchorwatchError } from '../../shared/errors.ts';
import { createMail } from '../../shared/entra/mail.ts';
import { DELETED_USER, ENTRA_USER } from '../../shared/rosters/lists.ts';
import { spoilt } from '../spoilt.ts';
import { MESSAGE } from './mail-office.ts';
import { detail, NEVER, type Tenant, tenant, user } from './tenant.ts';

// Whatever Graph answers, to every read there is: a value of the right shape, or an error that names the request.

const USERS = '/v1.0/users';
const DELETED = '/v1.0/directory/deletedItems/microsoft.graph.user';
const ANCHOR = 'VKzYZ1C+IkSZxIWlrW5ITg==';
const deleted = { id: 'd1', userPrincipalName: 'd1', onPremisesImmutableId: ANCHOR, deletedDateTime: null };
const group = {
  id: 'g1',
  displayName: 'News',
  mail: null,
  onPremisesSecurityIdentifier: 'S-1',
  isAssignableToRole: true,
};
const domain = { id: 'contoso.com', authenticationType: 'Federated', isInitial: false, isVerified: true };
const audit = {
  activityDateTime: '2026-11-20T08:00:00Z',
  result: 'success',
  initiatedBy: { user: { id: 'x', displayName: 'Ada', userPrincipalName: 'ada@contoso.com' }, app: null },
  targetResources: [{ id: 'u1', modifiedProperties: [{ displayName: 'SourceAnchor' }] }],
};
const held = {
  id: 'u1',
  assignedLicenses: [{ skuId: 'sku-1' }],
  assignedPlans: [{ service: 'exchange', servicePlanId: 'p', capabilityStatus: 'Enabled' }],
};
const message = { id: 'AAk=', isDraft: true };
const from = 'watch@contoso.com';

const pageOf = (row: z.ZodType): z.ZodType => z.object({ rows: z.array(row) });

interface Read {
  readonly path: string;
  readonly right: unknown;
  readonly ask: (graph: Tenant) => Promise<unknown>;
  /** What every answer must become. */
  readonly shape?: z.ZodType;
}

const list = (...value: readonly unknown[]): object => ({ value });

const READS: Readonly<Record<string, Read>> = {
  users: {
    path: USERS,
    right: list(user('u1'), user('u2'), { '@odata.type': '#microsoft.graph.agentUser', id: 'a1' }),
    ask: ({ entra }) => entra.usersPage(null, NEVER),
    shape: pageOf(ENTRA_USER),
  },
  'deleted users': {
    path: DELETED,
    right: list(deleted, deleted),
    ask: ({ entra }) => entra.deletedPage(null, NEVER),
    shape: pageOf(DELETED_USER),
  },
  'the number of users': {
    path: `${USERS}/$count`,
    right: 7,
    ask: ({ entra }) => entra.userCount(),
    shape: z.int(),
  },
  'the number of deleted users': {
    path: DELETED,
    right: { '@odata.count': 7, value: [{ id: 'd1' }] },
    ask: ({ entra }) => entra.deletedCount(),
    shape: z.int().nullable(),
  },
  domains: { path: '/v1.0/domains', right: list(domain), ask: ({ entra }) => entra.domains() },
  'the organisation': {
    path: '/v1.0/organization',
    right: list({ id: 'o1', displayName: 'Contoso', onPremisesSyncEnabled: null }),
    ask: ({ entra }) => entra.organization(),
  },
  federation: {
    path: '/v1.0/domains/contoso.com/federationConfiguration',
    right: list({ passiveSignInUri: 'https://login.contoso.com/sso' }),
    ask: ({ entra }) => entra.signInHost('contoso.com'),
  },
  'one user': {
    path: `${USERS}/u1`,
    right: detail('u1'),
    ask: ({ entra }) => entra.user('u1'),
    shape: ENTRA_USER.nullable(),
  },
  'users by anchor': {
    path: USERS,
    right: list(user('u1')),
    ask: ({ entra }) => entra.usersByAnchor(ANCHOR),
    shape: z.array(ENTRA_USER),
  },
  'deleted users by anchor': {
    path: DELETED,
    right: list(deleted),
    ask: ({ entra }) => entra.deletedByAnchor(ANCHOR),
    shape: z.array(DELETED_USER),
  },
  'users by address': {
    path: USERS,
    right: list(user('u1')),
    ask: ({ entra }) => entra.usersByAddress('u1@example.com'),
    shape: z.array(ENTRA_USER),
  },
  'users on a domain': {
    path: USERS,
    right: list(user('u1')),
    ask: ({ entra }) => entra.usersOnDomain('example.com'),
    shape: z.array(ENTRA_USER),
  },
  'groups and roles': {
    path: `${USERS}/u1/transitiveMemberOf/microsoft.graph.group`,
    right: list(group),
    ask: ({ entra }) => entra.privileges('u1'),
  },
  'eligible roles': {
    path: '/v1.0/roleManagement/directory/roleEligibilityScheduleInstances',
    right: list({ roleDefinitionId: '62e90394-69f5-4237-9190-012177145e10' }),
    ask: ({ entra }) => entra.privileges('u1'),
  },
  'the last sign-in': {
    path: `${USERS}/u1`,
    right: { id: 'u1', signInActivity: { lastSignInDateTime: '2026-11-21T08:00:00Z' } },
    ask: ({ entra }) => entra.lastSignIn('u1'),
  },
  'licences and plans': { path: `${USERS}/u1`, right: held, ask: ({ entra }) => entra.holdings('u1') },
  'names of licences': {
    path: '/v1.0/subscribedSkus',
    right: list({ skuId: 'sku-1', skuPartNumber: 'SPE_E3' }),
    ask: ({ entra }) => entra.licenseNames(),
  },
  'changes of an anchor': {
    path: '/v1.0/auditLogs/directoryAudits',
    right: list(audit),
    ask: ({ entra }) => entra.anchorChange('u1', 0),
    shape: z.object({ told: z.object({ at: z.number().min(1) }).nullable() }),
  },
  'where licences come from': {
    path: `${USERS}/u1`,
    right: { licenseAssignmentStates: [{ skuId: 'sku-1', assignedByGroup: null }] },
    ask: ({ entra }) => entra.licenses('u1'),
  },
  'groups of a user': {
    path: `${USERS}/u1/memberOf/microsoft.graph.group`,
    right: list(group),
    ask: ({ entra }) => entra.groupsOf('u1'),
  },
  'a group by its mail': {
    path: '/v1.0/groups',
    right: list(group),
    ask: ({ entra }) => entra.twinOf({ sid: null, mail: 'news@contoso.com' }),
  },
  'a draft': {
    path: `${USERS}/watch%40contoso.com/messages`,
    right: list(message),
    ask: async ({ server, tools }) => {
      const credential = { kind: 'managed-identity', clientId: 'of-the-mailbox' } as const;
      const to = { digest: [from], decisions: [from], alarms: [from] };
      const mail = createMail({ graphUrl: server.url, credential, rateShare: 0.8 }, { from, to, drafts: true }, tools);
      return mail.drafts?.find(null, MESSAGE);
    },
  },
};

/** A Graph that answers so at the path, and empty lists everywhere else. */
function graphThatSays(path: string, said: () => unknown): Promise<Tenant> {
  const empty = { body: { value: [] } };
  const others = [
    'transitiveMemberOf/microsoft.graph.directoryRole',
    'transitiveMemberOf/microsoft.graph.group',
  ].concat('ownedObjects/microsoft.graph.group');
  return tenant({
    ...Object.fromEntries(others.map((other) => [`${USERS}/u1/${other}`, empty])),
    '/v1.0/roleManagement/directory/roleEligibilityScheduleInstances': empty,
    [path]: () => ({ body: said() }),
  });
}

describe.each(Object.entries(READS))(
  'what Graph answers about %s',
  (_name, { path, right, ask, shape = z.unknown() }) => {
    test('is taken when it is right', async () => {
      const value = await ask(await graphThatSays(path, () => right));

      expect(value).toBeDefined();
      expect(shape.safeParse(value).error).toBeUndefined();
    });

    test('is of the right shape or refused by the request, whatever is wrong with it', async () => {
      let said: unknown = right;
      const graph = await graphThatSays(path, () => said);
      await fc.assert(
        fc.asyncProperty(spoilt(right), async (value) => {
          said = value;
          const outcome = await ask(graph).then(
            (found) => ({ found }),
            (error: unknown) => ({ error }),
          );
          if ('found' in outcome) {
            expect(shape.safeParse(outcome.found).error).toBeUndefined();
            return;
          }
          expect(outcome.error).toBeInstanceOf(AnchorwatchError);
          expect(outcome.error).toMatchObject({ kind: expect.stringMatching(/invalid|transient|refused/) });
          expect(outcome.error).toMatchObject({
            message: expect.stringMatching(/GET \/v1\.0\/|more than one organisation/),
          });
        }),
        { numRuns: 30 },
      );
    });
  },
);

test('a change of an anchor whose time cannot be read is refused, not put into 1970', async () => {
  const { path, ask } = READS['changes of an anchor']!;
  const graph = await graphThatSays(path, () => list({ ...audit, activityDateTime: 'yesterday' }));

  await expect(ask(graph)).rejects.toMatchObject({ kind: 'invalid', message: expect.stringContaining('a time') });
});
