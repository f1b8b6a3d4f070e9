import { describe, expect, test } from 'vitest';
import { appUser, org, refusal } from './org.ts';

const USERS = '/api/v1/apps/0oa365/users';

const named = (id: string, userName: string): unknown => appUser(id, { credentials: { userName } });

describe('one person in Okta', () => {
  test('is read with the app user’s own path', async () => {
    const { okta } = await org({
      [`${USERS}/00u1`]: { body: appUser('00u1') },
      '/api/v1/apps/0oaad/users/00u1': { body: appUser('00u1') },
    });

    await expect(okta.assignment('0oa365', '00u1')).resolves.toMatchObject({ user: '00u1', app: '0oa365' });
    await expect(okta.directoryAccount('0oaad', '00u1')).resolves.toMatchObject({ user: '00u1', instance: '0oaad' });
  });

  test('who is not assigned, or not there, is null', async () => {
    const { okta } = await org({
      [`${USERS}/00u1`]: refusal(404, 'E0000007', 'Not found: Resource not found: 00u1 (AppUser)'),
      '/api/v1/users/00u1': refusal(404, 'E0000007', 'Not found: Resource not found: 00u1 (User)'),
    });

    await expect(okta.assignment('0oa365', '00u1')).resolves.toBeNull();
    await expect(okta.user('00u1')).resolves.toBeNull();
  });

  test('cannot be told to be absent when the app itself is gone', async () => {
    const { okta } = await org({
      [`${USERS}/00u1`]: refusal(404, 'E0000007', 'Not found: Resource not found: 0oa365 (AppInstance)'),
    });

    await expect(okta.assignment('0oa365', '00u1')).rejects.toMatchObject({ kind: 'invalid' });
  });

  test('cannot be told to be absent by a 404 that Okta did not write', async () => {
    const { okta } = await org({ '/api/v1/users/00u1': { status: 404, body: '<html>no such page' } });

    await expect(okta.user('00u1')).rejects.toMatchObject({ kind: 'invalid' });
  });

  test('is found by an exact user name, whatever its case, through all pages', async () => {
    const { okta, server } = await org({
      [USERS]: (request) =>
        request.query.get('after') === null
          ? {
              body: [named('00u1', 'Jane+1@example.com'), named('00u2', 'jane+1@example.com.au')],
              headers: { link: `<http://${request.headers.host}${request.url}&after=x>; rel="next"` },
            }
          : { body: [named('00u3', 'jane+1@EXAMPLE.com'), appUser('00u4', { credentials: null })] },
    });

    const found = await okta.assignmentsNamed('0oa365', 'jane+1@example.com');
    expect(found.map((one) => one.user)).toEqual(['00u1', '00u3']);
    expect(server.to('/users')[0]?.query.get('q')).toBe('jane+1@example.com');
  });

  test('comes with login, status, age and last sign-in', async () => {
    const { okta } = await org({
      '/api/v1/users/00u1': {
        body: {
          id: '00u1',
          status: 'STAGED',
          created: '2024-01-31T18:25:01.000Z',
          lastLogin: '2026-11-20T08:01:02.000Z',
          profile: { login: 'jane@example.com' },
        },
      },
    });

    await expect(okta.user('00u1')).resolves.toEqual({
      id: '00u1',
      login: 'jane@example.com',
      status: 'STAGED',
      created: Date.parse('2024-01-31T18:25:01Z'),
      lastLogin: Date.parse('2026-11-20T08:01:02Z'),
    });
  });

  test.each([null, undefined])('who has never signed in (%s) has no last login', async (lastLogin) => {
    const { okta } = await org({
      '/api/v1/users/00u1': { body: { id: '00u1', status: 'ACTIVE', lastLogin, profile: { login: 'jane' } } },
    });

    await expect(okta.user('00u1')).resolves.toMatchObject({ created: null, lastLogin: null });
  });

  test('comes with the ids of all groups, over several pages', async () => {
    const { okta } = await org({
      '/api/v1/users/00u1/groups': (request) =>
        request.query.get('after') === null
          ? {
              body: [{ id: '00g1' }],
              headers: { link: `<http://${request.headers.host}${request.path}?after=x>; rel="next"` },
            }
          : { body: [{ id: '00g2' }] },
    });

    await expect(okta.groupsOf('00u1')).resolves.toEqual(['00g1', '00g2']);
  });
});

test('a group’s members come as ids, over several pages', async () => {
  const { okta, server } = await org({
    '/api/v1/groups/00g1/users': (request) =>
      request.query.get('after') === null
        ? {
            body: [{ id: '00u1' }],
            headers: { link: `<http://${request.headers.host}${request.url}&after=x>; rel="next"` },
          }
        : { body: [{ id: '00u2' }] },
  });

  await expect(okta.groupMembers('00g1')).resolves.toEqual(['00u1', '00u2']);
  expect(server.to('/users')[0]?.query.get('limit')).toBe('200');
});

describe('an administrator', () => {
  const ROLES = '/api/v1/users/00u1/roles';

  test.each([
    ['who holds a role', { body: [{ id: 'ra1', type: 'HELP_DESK_ADMIN', assignmentType: 'GROUP' }] }, true],
    ['who holds none', { body: [] }, false],
    ['whose roles may not be read', refusal(403, 'E0000006'), true],
  ])('%s: %j, counts as %s', async (_, reply, expected) => {
    const { okta } = await org({ [ROLES]: reply });

    await expect(okta.isAdministrator('00u1')).resolves.toBe(expected);
  });

  test('is not invented by a server that is down', async () => {
    const { okta } = await org({ [ROLES]: { status: 503 } });

    await expect(okta.isAdministrator('00u1')).rejects.toMatchObject({ kind: 'transient' });
  });

  test('is assumed with a warning', async () => {
    const { okta, tools } = await org({ [ROLES]: refusal(403, 'E0000006') });

    await okta.isAdministrator('00u1');
    expect(tools.log.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', fields: expect.objectContaining({ user: '00u1', status: 403 }) }),
    );
  });
});
