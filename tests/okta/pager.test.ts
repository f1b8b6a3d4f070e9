import { describe, expect, test } from 'vitest';
import type { Seen } from '../loopback.ts';
import { appUser, NEVER, org } from './org.ts';

const USERS = '/api/v1/apps/0oaad/users';

/** Links as Okta writes them, `self` naming the cursor of the page that was asked for. */
function links(
  request: Seen,
  next: string | null,
  self: string | null = request.query.get('after'),
): Record<string, string[]> {
  const base = `http://${request.headers.host}${USERS}?limit=500`;
  const to = (after: string | null): string => (after === null ? base : `${base}&after=${after}`);
  return { link: [`<${to(self)}>; rel="self"`, ...(next === null ? [] : [`<${to(next)}>; rel="next"`])] };
}

describe('a page of app users', () => {
  test('is the largest there is, and leads to the next by the link alone', async () => {
    const { okta, server } = await org({
      [USERS]: (request) => {
        const after = request.query.get('after');
        return after === null
          ? { body: [appUser('00u1')], headers: links(request, 'cursor-2') }
          : { body: [appUser('00u2')], headers: links(request, null) };
      },
    });

    const first = await okta.directoryPage('0oaad', null, NEVER);
    const second = await okta.directoryPage('0oaad', first.next, NEVER);
    expect([first, second].map((page) => Array.from(page.rows, (row) => row.user))).toEqual([['00u1'], ['00u2']]);
    expect(second.next).toBeNull();
    expect(server.to('/users').map((one) => one.url)).toEqual([
      `${USERS}?limit=500`,
      `${USERS}?limit=500&after=cursor-2`,
    ]);
  });

  test('asks for nothing to be expanded, for the next link that Okta gives forgets that', async () => {
    const { okta, server } = await org({
      // Rows as they come with `expand=user`, as long as that is asked for.
      [USERS]: (request) => ({
        body: [{ ...appUser('00u1'), ...(request.query.has('expand') ? { _embedded: { user: { id: '00u1' } } } : {}) }],
        headers: links(request, request.query.has('after') ? null : 'cursor-2'),
      }),
    });

    const first = await okta.assignmentPage('0oaad', null, NEVER);
    const second = await okta.assignmentPage('0oaad', first.next, NEVER);
    expect([...second.rows]).toEqual([...first.rows]);
    expect(server.to('/users').map(({ query }) => query.has('expand'))).toEqual([false, false]);
  });

  test('that is empty is not the end while it has a next link', async () => {
    const { okta } = await org({ [USERS]: (request) => ({ body: [], headers: links(request, 'cursor-2') }) });

    await expect(okta.directoryPage('0oaad', null, NEVER)).resolves.toMatchObject({
      rows: [],
      next: expect.stringContaining('cursor-2'),
    });
  });

  test('understands all links in one header line', async () => {
    const { okta } = await org({
      [USERS]: (request) => ({ body: [], headers: { link: links(request, 'c2').link!.join(', ') } }),
    });

    expect((await okta.directoryPage('0oaad', null, NEVER)).next).toBe(`${USERS}?limit=500&after=c2`);
  });

  test.each([
    ['another host', 'https://elsewhere.example/api/v1/apps/0oaad/users?after=c2'],
    ['another port', 'http://127.0.0.1:9/api/v1/apps/0oaad/users?after=c2'],
    ['our host as a user name', 'http://127.0.0.1@elsewhere.example/api/v1/apps/0oaad/users?after=c2'],
    ['another list', '/api/v1/users?after=c2'],
    ['another app', '/api/v1/apps/0oaother/users?after=c2'],
    ['a climb out of the list', '/api/v1/apps/0oaad/users/../../../v1/users?after=c2'],
  ])('does not follow a next link to %s', async (_, link) => {
    const { okta, server } = await org({
      [USERS]: { body: [appUser('00u1')], headers: { link: `<${link}>; rel="next"` } },
    });

    await expect(okta.directoryPage('0oaad', null, NEVER)).rejects.toMatchObject({ kind: 'refused' });
    expect(server.to('/users')).toHaveLength(1);
  });

  test.each([
    'https://elsewhere.example/api/v1/apps/0oaad/users',
    '/api/v1/apps/0oaother/users?after=c2',
    '//elsewhere.example/x',
  ])('does not follow a stored cursor %s', async (cursor) => {
    const { okta, server } = await org({});

    await expect(okta.directoryPage('0oaad', cursor, NEVER)).rejects.toMatchObject({ kind: 'refused' });
    expect(server.seen).toHaveLength(0);
  });

  test('of another cursor than the one asked for is asked for again', async () => {
    const { okta, server } = await org({
      [USERS]: (request, turn) => ({
        body: [appUser(`00u${turn}`)],
        headers: links(request, null, turn === 1 ? 'cursor-9' : 'c2'),
      }),
    });

    const page = await okta.directoryPage('0oaad', `${USERS}?limit=500&after=c2`, NEVER);
    expect(Array.from(page.rows, (row) => row.user)).toEqual(['00u2']);
    expect(server.to('/users')).toHaveLength(2);
  });

  test('of another cursor than the one asked for, twice, is refused', async () => {
    const { okta, server } = await org({
      [USERS]: (request) => ({ body: [appUser('00u1')], headers: links(request, null, 'cursor-9') }),
    });

    await expect(okta.directoryPage('0oaad', `${USERS}?limit=500&after=c2`, NEVER)).rejects.toMatchObject({
      kind: 'refused',
    });
    expect(server.to('/users')).toHaveLength(2);
  });

  test('is taken as it is where Okta sends no link to itself', async () => {
    const { okta } = await org({ [USERS]: { body: [appUser('00u1')] } });

    await expect(okta.directoryPage('0oaad', `${USERS}?limit=500&after=c2`, NEVER)).resolves.toMatchObject({
      next: null,
    });
  });

  test.each([400, 404, 410])('whose cursor Okta answers with %i says so by kind and status', async (status) => {
    const { okta } = await org({
      [USERS]: { status, body: { errorCode: 'E0000031', errorSummary: 'Invalid cursor' } },
    });

    await expect(okta.directoryPage('0oaad', `${USERS}?limit=500&after=c2`, NEVER)).rejects.toMatchObject({
      kind: 'invalid',
      fields: { status },
    });
  });

  test.each([
    ['no list', { rows: [] }, 'is no list'],
    ['a row without an id', [appUser('00u1'), { ...appUser('00u2'), id: undefined }], '.id is absent'],
    ['a row whose status is a number', [{ ...appUser('00u1'), status: 7 }], '.status is number, expected string'],
  ])('that holds %s fails whole, by place and shape', async (_, body, words) => {
    const { okta } = await org({ [USERS]: { body } });

    await expect(okta.directoryPage('0oaad', null, NEVER)).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining(words),
    });
  });

  test('encodes the id of the app, wherever it came from', async () => {
    const { okta, server } = await org({});

    await expect(okta.directoryPage('../users', null, NEVER)).rejects.toThrow('Okta answered 404');
    expect(server.seen.at(-1)?.url).toBe('/api/v1/apps/..%2Fusers/users?limit=500');
  });
});
