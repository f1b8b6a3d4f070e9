import { describe, expect, test } from 'vitest';
import { createEntraReader } from '../../shared/entra/reader.ts';
import { explain } from '../../shared/errors.ts';
import { deps, flood, nobody, type Reply } from '../loopback.ts';
import { graphError, NEVER, tenant, user } from './tenant.ts';

const USERS = '/v1.0/users';
const CREDENTIAL = { kind: 'managed-identity' } as const;

const pageUsed = (used: string): Reply => ({
  body: { value: [] },
  headers: { 'x-ms-throttle-limit-percentage': used },
});

describe('a read of Graph', () => {
  test('carries a token for Graph, an id to find it by, and the wish to be throttled first', async () => {
    const { entra, server, tokens } = await tenant({ [USERS]: { body: { value: [] } } });

    await entra.usersPage(null, NEVER);
    await entra.usersPage(null, NEVER);

    expect(tokens).toHaveLength(1);
    expect(tokens[0]?.query.get('resource')).toBe('https://graph.microsoft.com');
    const [first, second] = server.to('/users').map((one) => one.headers);
    expect(first).toMatchObject({ authorization: 'Bearer token-1', 'x-ms-throttle-priority': 'low' });
    expect(first?.['sdkversion']).toContain('graph-js/');
    expect(first?.['client-request-id']).toMatch(/^[\da-f-]{36}$/);
    expect(second?.['client-request-id']).not.toBe(first?.['client-request-id']);
  });

  const full = { body: { value: [user('u1')] } };
  test.each<readonly [string, Reply]>([
    ['408', { status: 408 }],
    ['429', graphError(429, 'TooManyRequests', 'Too many requests')],
    ['500', graphError(500, 'InternalServerError', 'words')],
    ['502', { status: 502, body: '<html>Bad gateway', headers: { 'content-type': 'text/html' } }],
    ['503', graphError(503, 'ServiceNotAvailable', 'words')],
    ['504', { status: 504, body: '' }],
    ['a web page with 200', { body: '<!doctype html>', headers: { 'content-type': 'text/html' } }],
    ['an empty 200', { body: '' }],
    ['half a body', { ...full, cut: 'body' }],
    ['a closed socket', { cut: 'before' }],
  ])('is repeated after %s', async (_, reply) => {
    const { entra, server, tools } = await tenant({ [USERS]: [reply, reply, full] });

    await expect(entra.usersPage(null, NEVER)).resolves.toMatchObject({ rows: [{ id: 'u1' }] });
    expect(server.to('/users')).toHaveLength(3);
    expect(tools.clock.waits).toHaveLength(2);
    expect(tools.clock.ticking()).toBe(0);
  });

  test('waits as long as Graph asks', async () => {
    const busy = { ...graphError(429, 'TooManyRequests', 'words'), headers: { 'retry-after': '12' } };
    const { entra, tools } = await tenant({ [USERS]: [busy, full] });

    await entra.usersPage(null, NEVER);
    expect(tools.clock.waits).toEqual([12_500]);
  });

  test('is asked once more after half an error answer, whose code says what it means', async () => {
    const cut = { status: 404, body: '{"error":{"code":"Request_Resou' };
    const gone = graphError(404, 'Request_ResourceNotFound', 'Resource does not exist.');
    const { entra, server } = await tenant({ [`${USERS}/u1`]: [cut, gone], [USERS]: cut });

    await expect(entra.user('u1')).resolves.toBeNull();
    await expect(entra.usersPage(null, NEVER)).rejects.toMatchObject({ kind: 'invalid', fields: { status: 404 } });
    expect([server.to('/u1').length, server.to('/users').length]).toEqual([2, 2]);
  });

  test('is given up after six attempts, with everything that helps to find it', async () => {
    const down = { ...graphError(500, 'InternalServerError', 'words'), headers: { 'request-id': 'req-1' } };
    const { entra, server } = await tenant({ [USERS]: down });

    const error = await entra.usersPage(null, NEVER).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: 'transient',
      fields: {
        status: 500,
        code: 'InternalServerError',
        requestId: 'req-1',
        clientRequestId: server.to('/users')[5]?.headers['client-request-id'],
        request: 'GET /v1.0/users',
        attempts: 6,
      },
    });
    expect(server.to('/users')).toHaveLength(6);
  });

  test('keeps the cause when nobody answers, which Graph’s client drops', async () => {
    await tenant({});
    const gone = createEntraReader({ graphUrl: await nobody(), credential: CREDENTIAL, rateShare: 0.8 }, deps());

    const error = await gone.domains().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'transient', fields: { code: 'ECONNREFUSED' } });
    expect(explain(error)).toMatch(
      /^Microsoft Graph \(127\.0\.0\.1:\d+\) refused the connection.*connect ECONNREFUSED/,
    );
  });

  test('follows no redirect, and says so', async () => {
    const { entra, server } = await tenant({
      [USERS]: { status: 302, headers: { location: 'https://elsewhere.example/' } },
    });

    await expect(entra.usersPage(null, NEVER)).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('Redirects are not followed'),
    });
    expect(server.to('/users')).toHaveLength(1);
  });

  test('is not unpacked beyond its bound, however few bytes came', async () => {
    const { entra, server } = await tenant({ [USERS]: flood({ value: [] }) });

    await expect(entra.usersPage(null, NEVER)).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('is larger than 64 MiB'),
    });
    expect(server.to('/users')).toHaveLength(1);
  });

  test('ends at its deadline, although the server never answers', async () => {
    const { entra, tools } = await tenant({
      [USERS]: () => {
        tools.clock.expire();
        return { silent: true };
      },
    });

    await expect(entra.usersPage(null, NEVER)).rejects.toThrow('Microsoft Graph did not answer within 60 seconds');
    expect(tools.clock.ticking()).toBe(0);
  });

  test('stops when the caller stops', async () => {
    const stop = new AbortController();
    const { entra } = await tenant({
      [USERS]: () => {
        stop.abort(new Error('the budget is used up'));
        return { silent: true };
      },
    });

    await expect(entra.usersPage(null, stop.signal)).rejects.toThrow('the budget is used up');
  });

  test('begins anew, once, when the token is refused midway', async () => {
    const refused = graphError(401, 'InvalidAuthenticationToken', 'Access token has expired.');
    const { entra, server } = await tenant({ [USERS]: [refused, full] });

    await expect(entra.usersPage(null, NEVER)).resolves.toMatchObject({ rows: [{ id: 'u1' }] });
    expect(server.to('/users').map((one) => one.headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  test('does not go on with a token that is refused again', async () => {
    const { entra, server } = await tenant({ [USERS]: graphError(401, 'InvalidAuthenticationToken', 'words') });

    await expect(entra.usersPage(null, NEVER)).rejects.toMatchObject({ kind: 'denied', fields: { status: 401 } });
    expect(server.to('/users')).toHaveLength(2);
  });
});

describe('pacing', () => {
  test('spaces requests out from four fifths of the limit on', async () => {
    const { entra, tools } = await tenant({
      [USERS]: [pageUsed('0.79'), pageUsed('0.8'), pageUsed('1.2'), { body: { value: [] } }],
    });

    for (let turn = 0; turn < 5; turn += 1) await entra.usersPage(null, NEVER);
    expect(tools.clock.waits).toEqual([1_000, 10_000]);
  });
});
