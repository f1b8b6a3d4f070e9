import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { explain } from '../../shared/errors.ts';
import { OKTA_SCOPES } from '../../shared/okta/settings.ts';
import type { Seen } from '../loopback.ts';
import { KEYS, NEVER, org, refusal, token } from './org.ts';

const USERS = '/api/v1/apps/0oaad/users';

function formOf(request: Seen | undefined): URLSearchParams {
  return new URLSearchParams(request?.body);
}

describe('the token', () => {
  test('is asked for with an assertion signed by our key, for exactly our scopes, and sent with every request', async () => {
    const { okta, server } = await org({ [USERS]: { body: [] } });

    await okta.directoryPage('0oaad', null, NEVER);
    await okta.directoryPage('0oaad', null, NEVER);

    const asked = server.to('/token');
    expect(asked).toHaveLength(1);
    const form = formOf(asked[0]);
    expect(form.get('scope')).toBe(OKTA_SCOPES.join(' '));
    const { payload, protectedHeader } = await jwtVerify(form.get('client_assertion')!, KEYS.publicKey, {
      audience: `${server.url}/oauth2/v1/token`,
    });
    expect(payload).toMatchObject({ iss: '0oaservice', sub: '0oaservice' });
    expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: 'key-1' });
    expect(server.to('/users').map((one) => one.headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-1']);
  });

  test('is asked for once by many calls that begin together', async () => {
    const { okta, server } = await org({ [USERS]: { body: [] } });

    await Promise.all(Array.from({ length: 8 }, () => okta.directoryPage('0oaad', null, NEVER)));
    expect(server.to('/token')).toHaveLength(1);
    expect(server.to('/users')).toHaveLength(8);
  });

  test('is renewed once when Okta no longer takes it', async () => {
    const { okta, server } = await org({
      [USERS]: (request) =>
        request.headers.authorization === 'Bearer token-2'
          ? { body: [] }
          : refusal(401, 'E0000011', 'Invalid token provided'),
    });

    await expect(okta.directoryPage('0oaad', null, NEVER)).resolves.toMatchObject({ rows: [] });
    expect(server.to('/token')).toHaveLength(2);
  });

  test('that is refused again and again is no reason to go on', async () => {
    const { okta, server } = await org({ [USERS]: refusal(401, 'E0000011', 'Invalid token provided') });

    await expect(okta.directoryPage('0oaad', null, NEVER)).rejects.toMatchObject({
      kind: 'denied',
      fields: { status: 401, code: 'E0000011' },
    });
    expect(server.to('/users')).toHaveLength(2);
  });

  test.each([
    ['invalid_scope', 'One or more scopes are not configured', 'okta.apps.read okta.users.read'],
    ['invalid_client', 'The client_assertion signature is invalid.', 'public half is registered'],
  ])('that is refused with %s is reported in Okta’s words, with the way out', async (error, error_description, way) => {
    const { okta, server } = await org({
      '/oauth2/v1/token': { status: 400, body: { error, error_description } },
      [USERS]: { body: [] },
    });

    const thrown = await okta.directoryPage('0oaad', null, NEVER).catch((one: unknown) => one);
    expect(thrown).toMatchObject({ kind: 'denied', fields: { status: 400, code: error } });
    expect(explain(thrown)).toContain(`${error}: ${error_description}`);
    expect(explain(thrown)).toContain(way);
    expect(server.to('/token')).toHaveLength(1);
    expect(server.to('/users')).toHaveLength(0);
  });

  test.each([
    ['a web page with 503', { status: 503, body: '<html>Maintenance', headers: { 'content-type': 'text/html' } }],
    ['a web page with 200', { body: '<html>Sign in', headers: { 'content-type': 'text/html' } }],
    ['JSON without a token', { body: {} }],
    ['a 429', { status: 429, body: {}, headers: { 'retry-after': '3' } }],
    ['a closed socket', { cut: 'before' as const }],
    ['half a body', { cut: 'body' as const, body: { access_token: 'token-0', token_type: 'Bearer' } }],
  ])('is asked for again after %s', async (_, reply) => {
    const { okta, server } = await org({ '/oauth2/v1/token': [reply, token(2)], [USERS]: { body: [] } });

    await okta.directoryPage('0oaad', null, NEVER);
    expect(server.to('/token')).toHaveLength(2);
    expect(server.to('/users')[0]?.headers.authorization).toBe('Bearer token-2');
  });

  test('is not asked for without end: the bound of one retry holds for the whole call', async () => {
    const { okta, server } = await org({ '/oauth2/v1/token': { status: 503, body: '' } });

    await expect(okta.directoryPage('0oaad', null, NEVER)).rejects.toMatchObject({ kind: 'transient' });
    expect(server.to('/token')).toHaveLength(6);
  });

  test('of an address that is no Okta org', async () => {
    const { okta } = await org({ '/oauth2/v1/token': { status: 404, body: '<html>no such page' } });

    await expect(okta.directoryPage('0oaad', null, NEVER)).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('Is the org address that of an Okta org?'),
    });
  });
});

describe('proof of possession', () => {
  const nonce = { status: 400, headers: { 'dpop-nonce': 'n1' }, body: { error: 'use_dpop_nonce' } };

  test('is given where Okta demands it, with the method in capitals as the standard wants it', async () => {
    const { okta, server } = await org({ '/oauth2/v1/token': [nonce, token(2)], [USERS]: { body: [] } });

    await okta.directoryPage('0oaad', null, NEVER);
    const [, second] = server.to('/token');
    expect(decodeJwt(String(second?.headers['dpop']))).toMatchObject({ nonce: 'n1', htm: 'POST' });
    const [page] = server.to('/users');
    expect(page?.headers.authorization).toBe('DPoP token-2');
    expect(decodeProtectedHeader(String(page?.headers['dpop']))).toMatchObject({ typ: 'dpop+jwt' });
    expect(decodeJwt(String(page?.headers['dpop']))).toMatchObject({ htm: 'GET', htu: `${server.url}${USERS}` });
  });

  test('is another one for every request, those that are repeated among them: a proof seen twice is refused', async () => {
    const { okta, server } = await org({
      '/oauth2/v1/token': [nonce, { status: 503 }, nonce, token(4)],
      [USERS]: [refusal(429, 'E0000047'), { status: 503 }, { body: [] }],
    });

    await okta.directoryPage('0oaad', null, NEVER);
    const proofs = server.seen.flatMap(({ headers: { dpop } }) => (dpop === undefined ? [] : [String(dpop)]));
    expect(server.to('/users')).toHaveLength(3);
    expect(new Set(proofs.map((proof) => decodeJwt(proof).jti)).size).toBe(proofs.length);
    expect(proofs.length).toBeGreaterThanOrEqual(5);
  });

  test('that is demanded without end is not given without end', async () => {
    const { okta, server } = await org({ '/oauth2/v1/token': nonce });

    await expect(okta.directoryPage('0oaad', null, NEVER)).rejects.toMatchObject({ kind: 'refused' });
    expect(server.to('/token')).toHaveLength(3);
  });
});
