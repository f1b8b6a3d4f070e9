import { describe, expect, test } from 'vitest';
import { detail, graphError, NEVER, tenant, user } from './tenant.ts';

const USERS = '/v1.0/users';
const DELETED = '/v1.0/directory/deletedItems/microsoft.graph.user';
const ANCHOR = 'VKzYZ1C+IkSZxIWlrW5ITg==';

const deletedRow = (id: string, onPremisesImmutableId: string): unknown => ({
  id,
  userPrincipalName: id,
  onPremisesImmutableId,
  deletedDateTime: null,
});

describe('the deleted users', () => {
  test('are listed by their type, without which Graph refuses', async () => {
    const row = {
      id: 'd1',
      userPrincipalName: 'd1jane@example.com',
      onPremisesImmutableId: null,
      deletedDateTime: '2026-11-01T00:00:00Z',
    };
    const { entra, server } = await tenant({ [DELETED]: { body: { value: [row] } } });

    await expect(entra.deletedPage(null, NEVER)).resolves.toEqual({
      rows: [{ id: 'd1', userName: 'd1jane@example.com', anchor: null, deleted: Date.parse('2026-11-01T00:00:00Z') }],
      next: null,
      leftOut: 0,
    });
    expect(server.seen.at(-1)?.query.get('$select')).toBe('id,userPrincipalName,onPremisesImmutableId,deletedDateTime');
  });

  test('without their anchor fail whole', async () => {
    const { entra } = await tenant({ [DELETED]: { body: { value: [{ id: 'd1', userPrincipalName: 'x' }] } } });

    await expect(entra.deletedPage(null, NEVER)).rejects.toThrow('.onPremisesImmutableId is absent');
  });

  test('are found by anchor where Graph filters them', async () => {
    const { entra, server } = await tenant({
      [DELETED]: { body: { value: [deletedRow('d1', ANCHOR), deletedRow('d2', ANCHOR.toLowerCase())] } },
    });

    expect((await entra.deletedByAnchor(ANCHOR)).map((one) => one.id)).toEqual(['d1']);
    expect(server.seen.at(-1)?.query.get('$filter')).toBe(`onPremisesImmutableId eq '${ANCHOR}'`);
  });

  test('are found by anchor where Graph refuses that filter', async () => {
    const { entra } = await tenant({
      [DELETED]: (request) =>
        request.query.has('$filter')
          ? graphError(400, 'Request_UnsupportedQuery', 'words')
          : { body: { value: [deletedRow('d1', 'other'), deletedRow('d2', ANCHOR)] } },
    });

    expect((await entra.deletedByAnchor(ANCHOR)).map((one) => one.id)).toEqual(['d2']);
  });
});

describe('a search', () => {
  test('by anchor encodes it, so that a + is no space and a quote ends nothing', async () => {
    const anchor = "a+b/c='&#%d";
    const { entra, server } = await tenant({
      [USERS]: { body: { value: [user('u1', { onPremisesImmutableId: anchor })] } },
    });

    expect((await entra.usersByAnchor(anchor)).map((one) => one.id)).toEqual(['u1']);
    const sent = server.to('/users')[0]!;
    expect(sent.url).toContain('$filter=onPremisesImmutableId%20eq%20%27a%2Bb%2Fc%3D%27%27%26%23%25d%27');
    expect(sent.query.get('$filter')).toBe("onPremisesImmutableId eq 'a+b/c=''&#%d'");
  });

  test('by anchor hands on exact hits alone, though Graph may not mind case', async () => {
    const { entra } = await tenant({
      [USERS]: { body: { value: [user('u1', { onPremisesImmutableId: ANCHOR.toLowerCase() }), user('u2')] } },
    });

    expect((await entra.usersByAnchor(ANCHOR)).map((one) => one.id)).toEqual(['u2']);
  });

  test('by anchor takes half a surrogate pair for what it is: nobody', async () => {
    const { entra } = await tenant({ [USERS]: { body: { value: [user('u1')] } } });

    await expect(entra.usersByAnchor('\uD800')).resolves.toEqual([]);
  });

  test('by address finds name and proxy addresses, each person once, and nobody else', async () => {
    const { entra, server } = await tenant({
      [USERS]: (request) =>
        request.query.get('$filter')?.startsWith('userPrincipalName') === true
          ? { body: { value: [user('u1', { userPrincipalName: 'Jane@example.com' })] } }
          : {
              body: {
                value: [
                  user('u1', { userPrincipalName: 'Jane@example.com', proxyAddresses: ['SMTP:jane@example.com'] }),
                  user('u2', { proxyAddresses: ['smtp:JANE@example.com'] }),
                  user('u3', { proxyAddresses: ['sip:jane@example.com', 'smtp:jane@example.com.au'] }),
                ],
              },
            },
    });

    expect((await entra.usersByAddress('jane@example.com')).map((one) => one.id)).toEqual(['u1', 'u2']);
    expect(server.to('/users').map((one) => one.query.get('$filter'))).toEqual([
      "userPrincipalName eq 'jane@example.com'",
      "proxyAddresses/any(p:p eq 'SMTP:jane@example.com') or proxyAddresses/any(p:p eq 'smtp:jane@example.com')",
    ]);
  });
});

describe('one user', () => {
  test('comes with what only the preflight needs', async () => {
    const row = detail('u1', {
      isManagementRestricted: true,
      proxyAddresses: ['SMTP:u1@example.com', 'smtp:alias@example.com'],
    });
    const { entra } = await tenant({ [`${USERS}/u1`]: { body: row } });

    await expect(entra.user('u1')).resolves.toMatchObject({
      id: 'u1',
      proxyAddresses: ['SMTP:u1@example.com', 'smtp:alias@example.com'],
      licenses: ['sku-1'],
      restricted: true,
      resourceAccount: false,
    });
  });

  test('who is not there is null, where Graph itself says so', async () => {
    const { entra } = await tenant({ [`${USERS}/u1`]: graphError(404, 'Request_ResourceNotFound', 'words') });

    await expect(entra.user('u1')).resolves.toBeNull();
  });

  test('cannot be told to be absent by a 404 that Graph did not write', async () => {
    const { entra } = await tenant({ [`${USERS}/u1`]: { status: 404, body: '' } });

    await expect(entra.user('u1')).rejects.toMatchObject({ kind: 'invalid', fields: { status: 404 } });
  });

  test('is asked for by an encoded id: names of guests hold a #', async () => {
    const { entra, server } = await tenant({});

    await entra.user('jane_example.com#EXT#@x.onmicrosoft.com');
    expect(server.seen.at(-1)?.path).toBe(`${USERS}/jane_example.com%23EXT%23%40x.onmicrosoft.com`);
  });
});
