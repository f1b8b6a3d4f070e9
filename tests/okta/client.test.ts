import { describe, expect, test } from 'vitest';
import { explain } from '../../shared/errors.ts';
import { createOktaReader } from '../../shared/okta/reader.ts';
import { deps, flood, nobody, type Reply } from '../loopback.ts';
import { appUser, NEVER, org, refusal } from './org.ts';

const USERS = '/api/v1/apps/0oaad/users';
const FEATURES = '/api/v1/apps/0oa365/features';

function feature(status: string, padding = ''): Record<string, unknown> {
  return {
    name: 'USER_PROVISIONING',
    status: 'ENABLED',
    description: padding,
    capabilities: { update: { lifecycleDeactivate: { status } } },
    _links: { self: { href: 'https://example.okta.com/api/v1/apps/0oa365/features/USER_PROVISIONING' } },
  };
}

const user = (status: string): Reply => ({
  body: {
    id: '00u1',
    status,
    profile: { login: 'jane' },
    _links: { self: { href: 'https://example.okta.com/api/v1/users/00u1' } },
  },
});

const rate = (remaining: number): Record<string, string> => ({
  date: 'Mon, 23 Nov 2026 02:00:00 GMT',
  'x-rate-limit-limit': '100',
  'x-rate-limit-remaining': String(remaining),
  'x-rate-limit-reset': String(Date.parse('2026-11-23T02:00:30Z') / 1000),
});

const half = (status: number, code: string): Reply => ({
  status,
  body: `{"errorCode":"${code.slice(0, 4)}`,
  headers: { 'content-type': 'application/json' },
});

describe('a read of Okta', () => {
  test('is never answered from a cache: a switch that was turned off reads as off', async () => {
    const { okta } = await org({ [FEATURES]: [{ body: [feature('ENABLED')] }, { body: [feature('DISABLED')] }] });

    expect((await okta.provisioning('0oa365')).deactivateUsers).toBe('ENABLED');
    expect((await okta.provisioning('0oa365')).deactivateUsers).toBe('DISABLED');
  });

  test('of a single object is not served stale either', async () => {
    const { okta } = await org({ '/api/v1/users/00u1': [user('ACTIVE'), user('SUSPENDED')] });

    expect((await okta.user('00u1'))?.status).toBe('ACTIVE');
    expect((await okta.user('00u1'))?.status).toBe('SUSPENDED');
  });

  test('does not hang on a body larger than 50 kB', async () => {
    const row = appUser('00u1', { profile: { note: 'x'.repeat(300_000) } });
    const { okta } = await org({
      [`${USERS}/00u1`]: { body: row },
      [FEATURES]: { body: [feature('ENABLED', 'y'.repeat(300_000))] },
    });

    expect((await okta.directoryAccount('0oaad', '00u1'))?.user).toBe('00u1');
    expect((await okta.provisioning('0oa365')).deactivateUsers).toBe('ENABLED');
  });

  test.each(['/', '//'])('forgives a trailing %s of the org address', async (slashes) => {
    const { okta, server } = await org({ [USERS]: { body: [] } }, {}, slashes);

    await okta.directoryPage('0oaad', null, NEVER);
    expect(server.seen.map((one) => one.path)).toEqual(['/oauth2/v1/token', USERS]);
  });

  const full = { body: [appUser('00u1')] };
  test.each<readonly [string, Reply]>([
    ['408', { status: 408 }],
    ['429', { status: 429, headers: { 'x-rate-limit-reset': '1' } }],
    ['500', { status: 500, body: { errorCode: 'E0000009', errorSummary: 'Internal Server Error' } }],
    ['502', { status: 502, body: '<html>Bad gateway', headers: { 'content-type': 'text/html' } }],
    ['503', { status: 503, body: 'down' }],
    ['504', { status: 504, body: '' }],
    ['a web page with 200', { body: '<!doctype html>', headers: { 'content-type': 'text/html' } }],
    ['half a body', { ...full, cut: 'body' }],
    ['half a body of the announced length', { body: JSON.stringify(full.body).slice(0, 40) }],
    ['a closed socket', { cut: 'before' }],
  ])('is repeated after %s', async (_, reply) => {
    const { okta, server, tools } = await org({ [USERS]: [reply, reply, full] });

    await expect(okta.directoryPage('0oaad', null, NEVER)).resolves.toMatchObject({ rows: [{ user: '00u1' }] });
    expect(server.to('/users')).toHaveLength(3);
    expect(tools.clock.waits).toHaveLength(2);
    expect(tools.clock.ticking()).toBe(0);
  });

  test('waits for the reset by Okta’s clock, not ours', async () => {
    const headers = {
      date: 'Mon, 23 Nov 2026 01:00:00 GMT',
      'x-rate-limit-limit': '600',
      'x-rate-limit-remaining': '300',
      'x-rate-limit-reset': String(Date.parse('2026-11-23T01:00:40Z') / 1000),
    };
    const { okta, tools } = await org({ [USERS]: [{ ...refusal(429, 'E0000047'), headers }, { body: [] }] });

    await okta.directoryPage('0oaad', null, NEVER);
    expect(tools.clock.waits).toEqual([41_500]);
  });

  test('backs off briefly when too many requests are in flight, whatever the reset says', async () => {
    const headers = { 'x-rate-limit-limit': '0', 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '99999999999' };
    const { okta, tools } = await org({ [USERS]: [{ ...refusal(429, 'E0000047'), headers }, { body: [] }] });

    await okta.directoryPage('0oaad', null, NEVER);
    expect(tools.clock.waits).toEqual([750]);
  });

  test('is given up after six attempts, with status, code and request id, and without the body', async () => {
    const body = { errorCode: 'E0000009', errorSummary: 'Internal Server Error', secret: 'of the body' };
    const headers = { 'x-okta-request-id': 'req-1' };
    const { okta, server } = await org({ [USERS]: { status: 500, body, headers } });

    const error = await okta.directoryPage('0oaad', null, NEVER).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: 'transient',
      fields: { status: 500, code: 'E0000009', requestId: 'req-1', request: `GET ${USERS}`, attempts: 6 },
    });
    expect(explain(error)).not.toContain('of the body');
    expect(server.to('/users')).toHaveLength(6);
  });

  test('is asked once more after half an error answer, whose code says what it means', async () => {
    const { okta, server } = await org({
      [`${USERS}/00u1`]: [half(404, 'E0000007'), refusal(404, 'E0000007', 'Not found: 00u1 (AppUser)')],
      [USERS]: [half(403, 'E0000005'), full],
    });

    await expect(okta.directoryAccount('0oaad', '00u1')).resolves.toBeNull();
    await expect(okta.directoryPage('0oaad', null, NEVER)).resolves.toMatchObject({ rows: [{ user: '00u1' }] });
    expect(server.to('/users')).toHaveLength(2);
  });

  test('says what it knows of an error answer that is cut twice', async () => {
    const { okta, server } = await org({ [USERS]: half(403, 'E0000006') });

    const error = await okta.directoryPage('0oaad', null, NEVER).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'denied', fields: { status: 403 } });
    expect(server.to('/users')).toHaveLength(2);
  });

  test('never shows a body that is not JSON, which the SDK puts into its message', async () => {
    const { okta } = await org({
      [USERS]: { status: 403, body: '<html>secret of the proxy', headers: { 'content-type': 'text/html' } },
    });

    const error = await okta.directoryPage('0oaad', null, NEVER).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'denied', fields: { status: 403 } });
    expect(explain(error)).not.toContain('secret');
  });

  test('keeps the cause when nobody answers', async () => {
    const settings = {
      orgUrl: await nobody(),
      credential: { kind: 'ssws', token: 't' },
      office365App: null,
      appDomains: [],
      directories: [],
      anchorAttribute: 'externalId',
      rateShare: 0.8,
    } as const;
    const okta = createOktaReader(settings, deps());

    const error = await okta.user('00u1').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'transient', fields: { code: 'ECONNREFUSED' } });
    expect(explain(error)).toMatch(/refused the connection.*connect ECONNREFUSED 127\.0\.0\.1/);
  });

  test('follows no redirect, and says so', async () => {
    const { okta, server } = await org({
      [USERS]: { status: 302, headers: { location: 'https://elsewhere.example/' } },
    });

    await expect(okta.directoryPage('0oaad', null, NEVER)).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('Redirects are not followed'),
    });
    expect(server.to('/users')).toHaveLength(1);
  });

  test('is not unpacked beyond its bound, however few bytes came, nor is the answer about the token', async () => {
    for (const path of [USERS, '/oauth2/v1/token']) {
      const { okta, server } = await org({ [path]: flood([]) });

      await expect(okta.directoryPage('0oaad', null, NEVER)).rejects.toMatchObject({
        kind: 'invalid',
        message: expect.stringContaining(`${path} is larger than 64 MiB`),
      });
      expect(server.to(path)).toHaveLength(1);
    }
  });

  test('is asked once more after “Invalid session” in the middle of a list', async () => {
    const { okta, server } = await org({ [USERS]: [refusal(403, 'E0000005', 'Invalid session'), { body: [] }] });

    await expect(okta.directoryPage('0oaad', null, NEVER)).resolves.toMatchObject({ rows: [] });
    expect(server.to('/users')).toHaveLength(2);
  });

  test('is asked no third time after “Invalid session”', async () => {
    const { okta, server } = await org({ [USERS]: refusal(403, 'E0000005', 'Invalid session') });

    await expect(okta.directoryPage('0oaad', null, NEVER)).rejects.toMatchObject({ kind: 'denied' });
    expect(server.to('/users')).toHaveLength(2);
  });

  test('that is denied says what is missing, and is not repeated', async () => {
    const { okta, server } = await org({
      [USERS]: refusal(403, 'E0000006', 'You do not have permission to perform the requested action'),
    });

    await expect(okta.directoryPage('0oaad', null, NEVER)).rejects.toMatchObject({
      kind: 'denied',
      message: expect.stringMatching(/E0000006: You do not have permission.*an admin role/),
    });
    expect(server.to('/users')).toHaveLength(1);
  });

  test('ends at its deadline, although the server never answers', async () => {
    const { okta, tools, server } = await org({
      [USERS]: (_, turn) => {
        tools.clock.expire();
        return turn === 1 ? { silent: true } : { body: [] };
      },
    });

    await expect(okta.directoryPage('0oaad', null, NEVER)).rejects.toMatchObject({
      message: expect.stringContaining('did not answer within 60 seconds'),
    });
    expect(server.to('/users')).toHaveLength(6);
    expect(tools.clock.ticking()).toBe(0);
  });

  test('stops when the caller stops', async () => {
    const stop = new AbortController();
    const { okta } = await org({
      [USERS]: () => {
        stop.abort(new Error('the budget is used up'));
        return { silent: true };
      },
    });

    await expect(okta.directoryPage('0oaad', null, stop.signal)).rejects.toThrow('the budget is used up');
    await expect(okta.user('00u1', stop.signal)).rejects.toThrow('the budget is used up');
  });
});

describe('pacing', () => {
  test('waits out the window once four fifths of it are used', async () => {
    const { okta, tools } = await org({
      [USERS]: [
        { body: [], headers: rate(21) },
        { body: [], headers: rate(20) },
        { body: [], headers: rate(99) },
      ],
    });

    await okta.directoryPage('0oaad', null, NEVER);
    await okta.directoryPage('0oaad', null, NEVER);
    expect(tools.clock.waits).toEqual([]);
    await okta.directoryPage('0oaad', null, NEVER);
    expect(tools.clock.waits).toEqual([31_000]);
    await okta.directoryPage('0oaad', null, NEVER);
    expect(tools.clock.waits).toEqual([31_000]);
  });

  test('does not hold up what is counted in another bucket', async () => {
    const { okta, tools } = await org({
      [USERS]: { body: [], headers: rate(0) },
      '/api/v1/users/00u1': { body: { id: '00u1', status: 'ACTIVE', profile: { login: 'jane' } } },
    });

    await okta.directoryPage('0oaad', null, NEVER);
    await okta.user('00u1');
    expect(tools.clock.waits).toEqual([]);
  });
});
