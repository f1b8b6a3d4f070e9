import { describe, expect, test } from 'vitest';
import { graphError, tenant } from './tenant.ts';

const domain = (id: string, authenticationType: string, isInitial = false): unknown => ({
  id,
  authenticationType,
  isInitial,
  isVerified: true,
});

describe('the number of users', () => {
  test.each(['20345', '\uFEFF20345', '20345\r\n'])(
    'is read from plain text (%j), which Graph gives only for the asking',
    async (body) => {
      const { entra, server } = await tenant({
        '/v1.0/users/$count': { body, headers: { 'content-type': 'text/plain' } },
      });

      await expect(entra.userCount()).resolves.toBe(20_345);
      expect(server.seen.at(-1)?.headers['consistencylevel']).toBe('eventual');
    },
  );

  test.each([
    ['', 'transient'],
    ['many', 'transient'],
    ['<html>', 'transient'],
    ['-1', 'invalid'],
    ['{"value":7}', 'invalid'],
  ])('is not guessed from %j', async (body, kind) => {
    const { entra } = await tenant({ '/v1.0/users/$count': { body, headers: { 'content-type': 'text/plain' } } });

    await expect(entra.userCount()).rejects.toMatchObject({ kind });
  });
});

describe('the number of soft-deleted users', () => {
  const PATH = '/v1.0/directory/deletedItems/microsoft.graph.user';

  test('is the count beside a list of one', async () => {
    const { entra, server } = await tenant({ [PATH]: { body: { '@odata.count': 1_203, value: [{ id: 'd1' }] } } });

    await expect(entra.deletedCount()).resolves.toBe(1_203);
    expect(server.seen.at(-1)?.headers['consistencylevel']).toBe('eventual');
    expect([...server.seen.at(-1)!.query]).toEqual([
      ['$count', 'true'],
      ['$select', 'id'],
      ['$top', '1'],
    ]);
  });

  test.each([
    ['refuses to count', graphError(400, 'Request_UnsupportedQuery', '$count is not supported.')],
    ['leaves the count out', { body: { value: [{ id: 'd1' }] } }],
  ])('is not known where the tenant %s', async (_what, reply) => {
    const { entra } = await tenant({ [PATH]: reply });

    await expect(entra.deletedCount()).resolves.toBeNull();
  });

  test.each([
    [{ body: { '@odata.count': 'many', value: [] } }, 'invalid'],
    [graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges.'), 'denied'],
  ])('is not taken for unknown when it cannot be read', async (reply, kind) => {
    const { entra } = await tenant({ [PATH]: reply });

    await expect(entra.deletedCount()).rejects.toMatchObject({ kind });
  });
});

test('domains tell whether they are federated, the first one and verified, over all pages', async () => {
  const { entra } = await tenant({
    '/v1.0/domains': (request) =>
      request.query.has('$skiptoken')
        ? { body: { value: [domain('Example.com', 'Federated')] } }
        : {
            body: {
              value: [domain('example.onmicrosoft.com', 'Managed', true)],
              '@odata.nextLink': `http://${request.headers.host}/v1.0/domains?$skiptoken=x`,
            },
          },
  });

  await expect(entra.domains()).resolves.toEqual([
    { name: 'example.onmicrosoft.com', federated: false, initial: true, verified: true },
    { name: 'example.com', federated: true, initial: false, verified: true },
  ]);
});

describe('where a domain is federated to', () => {
  test.each([
    ['https://Login.Example.com/app/office365/sso/wsfed/passive', 'login.example.com'],
    ['no address', null],
    [null, null],
  ])('%s is the host %s', async (passiveSignInUri, host) => {
    const { entra } = await tenant({
      '/v1.0/domains/example.com/federationConfiguration': { body: { value: [{ id: '1', passiveSignInUri }] } },
    });

    await expect(entra.signInHost('example.com')).resolves.toBe(host);
  });

  test('is nowhere for a managed one', async () => {
    const { entra } = await tenant({ '/v1.0/domains/example.com/federationConfiguration': { body: { value: [] } } });

    await expect(entra.signInHost('example.com')).resolves.toBeNull();
  });
});

describe('the organisation', () => {
  test.each([
    [true, true],
    [false, false],
    [null, null],
    [undefined, null],
  ])('whose directory sync reads as %s is taken as %s', async (onPremisesSyncEnabled, syncEnabled) => {
    const { entra } = await tenant({
      '/v1.0/organization': { body: { value: [{ id: 'o1', displayName: 'Example', onPremisesSyncEnabled }] } },
    });

    await expect(entra.organization()).resolves.toEqual({ id: 'o1', displayName: 'Example', syncEnabled });
  });

  test.each([[[]], [[{ id: 'o1' }, { id: 'o2' }]]])('is one, not %j', async (value) => {
    const { entra } = await tenant({ '/v1.0/organization': { body: { value } } });

    await expect(entra.organization()).rejects.toMatchObject({ kind: 'invalid' });
  });
});

describe('privileges', () => {
  const ROLES = '/v1.0/users/u1/transitiveMemberOf/microsoft.graph.directoryRole';
  const GROUPS = '/v1.0/users/u1/transitiveMemberOf/microsoft.graph.group';
  const OWNED = '/v1.0/users/u1/ownedObjects/microsoft.graph.group';
  const ELIGIBLE = '/v1.0/roleManagement/directory/roleEligibilityScheduleInstances';
  const none = { body: { value: [] } };
  const nothing = { [ROLES]: none, [GROUPS]: none, [OWNED]: none, [ELIGIBLE]: none };
  const ordinary = { displayName: 'Sales', isAssignableToRole: null };

  test.each([
    ['none', {}, []],
    [
      'a directory role',
      { [ROLES]: { body: { value: [{ displayName: 'User Administrator' }] } } },
      [{ kind: 'directory-role', name: 'User Administrator' }],
    ],
    [
      'a role-assignable group among ordinary ones',
      { [GROUPS]: { body: { value: [ordinary, { displayName: 'Admins', isAssignableToRole: true }] } } },
      [{ kind: 'role-assignable-group', name: 'Admins' }],
    ],
    [
      'a role-assignable group of one’s own',
      { [OWNED]: { body: { value: [{ displayName: 'Admins', isAssignableToRole: true }] } } },
      [{ kind: 'role-assignable-group', name: 'Admins' }],
    ],
    [
      'a role one may take',
      { [ELIGIBLE]: { body: { value: [{ roleDefinitionId: '62e90394-69f5-4237-9190-012177145e10' }] } } },
      [{ kind: 'eligible-role', name: '62e90394-69f5-4237-9190-012177145e10' }],
    ],
    [
      'a tenant without the licence for such roles',
      { [ELIGIBLE]: graphError(400, 'AadPremiumLicenseRequired', 'words') },
      [],
    ],
    [
      'roles that may not be read',
      { [ROLES]: graphError(403, 'Authorization_RequestDenied', 'words') },
      [{ kind: 'unknown', name: 'directory roles could not be read' }],
    ],
    [
      'groups that may not be read',
      { [GROUPS]: graphError(403, 'Authorization_RequestDenied', 'words') },
      [{ kind: 'unknown', name: 'groups could not be read' }],
    ],
    [
      'owned groups that may not be read',
      { [OWNED]: graphError(403, 'Authorization_RequestDenied', 'words') },
      [{ kind: 'unknown', name: 'owned groups could not be read' }],
    ],
    [
      'eligibility that may not be read',
      { [ELIGIBLE]: graphError(403, 'Authorization_RequestDenied', 'words') },
      [{ kind: 'unknown', name: 'eligible roles could not be read' }],
    ],
  ])('%s', async (_, change, expected) => {
    const { entra } = await tenant({ ...nothing, ...change });

    await expect(entra.privileges('u1')).resolves.toEqual(expected);
  });

  test('are asked for that one user', async () => {
    const { entra, server } = await tenant(nothing);

    await entra.privileges('u1');
    expect(server.to('/roleEligibilityScheduleInstances')[0]?.query.get('$filter')).toBe("principalId eq 'u1'");
  });

  test.each([
    ['a server that is down', { [GROUPS]: { status: 503 } }, 'transient'],
    [
      'a group that does not say whether it can hold roles',
      { [GROUPS]: { body: { value: [{ displayName: 'x' }] } } },
      'invalid',
    ],
    ['a token that is refused', { [ROLES]: graphError(401, 'InvalidAuthenticationToken', 'words') }, 'denied'],
  ])('are not thought to be none because of %s', async (_, change, kind) => {
    const { entra } = await tenant({ ...nothing, ...change });

    await expect(entra.privileges('u1')).rejects.toMatchObject({ kind });
  });
});
