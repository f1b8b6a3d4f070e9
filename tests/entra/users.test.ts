import { describe, expect, test } from 'vitest';
import { USER_FIELDS } from '../../shared/entra/schemas.ts';
import { graphError, NEVER, tenant, user } from './tenant.ts';

const USERS = '/v1.0/users';
const ANCHOR = 'VKzYZ1C+IkSZxIWlrW5ITg==';

describe('a page of users', () => {
  test('is the largest there is, and names every property, as the anchor comes only when it is named', async () => {
    const { entra, server } = await tenant({ [USERS]: { body: { value: [user('u1')] } } });

    await expect(entra.usersPage(null, NEVER)).resolves.toEqual({
      rows: [
        {
          id: 'u1',
          userName: 'u1@example.com',
          anchor: ANCHOR,
          displayName: 'Jane',
          mail: 'u1@example.com',
          enabled: true,
          licensed: true,
          userType: 'Member',
          creationType: null,
          externalUserState: null,
          employeeId: 'E1',
          sid: 'S-1-5-21-1',
          synced: true,
          lastSync: Date.parse('2026-11-22T01:00:00Z'),
          created: Date.parse('2024-01-31T18:25:01Z'),
        },
      ],
      next: null,
      leftOut: 0,
    });
    const { query } = server.to('/users')[0]!;
    expect(query.get('$top')).toBe('999');
    expect(query.get('$select')?.split(',')).toEqual([...USER_FIELDS]);
    expect(USER_FIELDS).toEqual(
      expect.arrayContaining(['onPremisesImmutableId', 'createdDateTime', 'proxyAddresses', 'creationType']),
    );
  });

  test('leads to the next by Graph’s own link, letter by letter', async () => {
    const skip = '$skiptoken=RFNwdAIAAQ%2Bx/y==&$top=999&%24select=id%2cmail&$count=true&$top=999&flag';
    const { entra, server } = await tenant({
      [USERS]: (request, turn) =>
        turn === 1
          ? { body: { value: [], '@odata.nextLink': `http://${request.headers.host}${USERS}?${skip}` } }
          : { body: { value: [user('u2')] } },
    });

    const first = await entra.usersPage(null, NEVER);
    expect(first).toMatchObject({ rows: [], next: `${USERS}?${skip}` });
    await expect(entra.usersPage(first.next, NEVER)).resolves.toMatchObject({ rows: [{ id: 'u2' }], next: null });
    expect(server.to('/users')[1]?.url).toBe(`${USERS}?${skip}`);
  });

  test.each([
    ['another host', 'https://elsewhere.example/v1.0/users?$skiptoken=x'],
    ['Graph itself, when we were told another address', 'https://graph.microsoft.com/v1.0/users?$skiptoken=x'],
    ['another version', 'ORIGIN/beta/users?$skiptoken=x'],
    ['a climb out of the version', 'ORIGIN/v1.0/../beta/users?$skiptoken=x'],
    ['our host as a user name', 'http://127.0.0.1@elsewhere.example/v1.0/users'],
    ['no address at all', 'next page'],
  ])('does not lead to %s', async (_, link) => {
    const { entra, server } = await tenant({
      [USERS]: (request) => ({
        body: { value: [user('u1')], '@odata.nextLink': link.replace('ORIGIN', `http://${request.headers.host}`) },
      }),
    });

    await expect(entra.usersPage(null, NEVER)).rejects.toMatchObject({ kind: 'refused' });
    expect(server.to('/users')).toHaveLength(1);
  });

  test.each(['.elsewhere.example/v1.0/users', '@elsewhere.example/v1.0/users', '/beta/users', '/v1.0/../beta/users'])(
    'does not begin at a stored cursor %s',
    async (cursor) => {
      const { entra, server } = await tenant({});

      await expect(entra.usersPage(cursor, NEVER)).rejects.toMatchObject({ kind: 'refused' });
      expect(server.seen).toHaveLength(0);
    },
  );

  test.each([400, 410])('whose cursor Graph answers with %i says so by kind and status', async (status) => {
    const { entra } = await tenant({ [USERS]: graphError(status, 'Directory_ExpiredPageToken', 'words') });

    await expect(entra.usersPage(`${USERS}?$skiptoken=x`, NEVER)).rejects.toMatchObject({
      kind: 'invalid',
      fields: { status },
    });
  });

  test('leaves agents out and counts them', async () => {
    const agent = { '@odata.type': '#microsoft.graph.agentUser', id: 'a1' };
    const person = { '@odata.type': '#microsoft.graph.user', ...user('u1') };
    const { entra } = await tenant({ [USERS]: { body: { value: [agent, person, agent] } } });

    await expect(entra.usersPage(null, NEVER)).resolves.toMatchObject({ rows: [{ id: 'u1' }], leftOut: 2 });
  });

  test.each([
    [null, null],
    ['', null],
    [42, { unreadable: 'not text but number' }],
    ['exact Text ', 'exact Text '],
  ])('keeps an anchor of %j as %j', async (onPremisesImmutableId, anchor) => {
    const { entra } = await tenant({ [USERS]: { body: { value: [user('u1', { onPremisesImmutableId })] } } });

    const [read] = (await entra.usersPage(null, NEVER)).rows;
    expect(read?.anchor).toEqual(anchor);
  });

  test.each(['onPremisesImmutableId', 'onPremisesSyncEnabled', 'accountEnabled', 'assignedLicenses', 'proxyAddresses'])(
    'without %s, though it was asked for, fails whole: absent is not null',
    async (property) => {
      const { entra } = await tenant({
        [USERS]: { body: { value: [user('u1'), user('u2', { [property]: undefined })] } },
      });

      await expect(entra.usersPage(null, NEVER)).rejects.toMatchObject({
        kind: 'invalid',
        message: expect.stringContaining(`.${property} is absent`),
      });
    },
  );

  test.each([true, false, null])('keeps the three states of the synced flag: %s', async (onPremisesSyncEnabled) => {
    const { entra } = await tenant({ [USERS]: { body: { value: [user('u1', { onPremisesSyncEnabled })] } } });

    const [read] = (await entra.usersPage(null, NEVER)).rows;
    expect(read?.synced).toBe(onPremisesSyncEnabled);
  });
});
