import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { errorOf, json, KEYS, OKTA, START, Tenant } from './callers.ts';

const tenant = new Tenant({ people: 3 });

describe('the token endpoint', () => {
  it('gives a service app a token with the scopes it asked for', () => {
    const answer = tenant.oktaToken({ scope: 'okta.apps.read okta.logs.read' });

    expect(json(answer)).toMatchObject({
      token_type: 'Bearer',
      expires_in: 3_600,
      scope: 'okta.apps.read okta.logs.read',
    });
    expect(decodeJwt(json(answer).access_token)).toMatchObject({
      aud: OKTA,
      scp: ['okta.apps.read', 'okta.logs.read'],
    });
  });

  it.each([
    ['another grant', { grant_type: 'password' }, '400 unsupported_grant_type'],
    ['another kind of proof', { client_assertion_type: 'secret' }, '401 invalid_client'],
    ['no proof', { client_assertion: '' }, '401 invalid_client'],
    ['a proof by another key', { client_assertion: tenant.assertion({}, KEYS.okta.privateJwk) }, '401 invalid_client'],
    ['a proof for somebody else', { client_assertion: tenant.assertion({ sub: 'other' }) }, '401 invalid_client'],
    ['a proof by somebody else', { client_assertion: tenant.assertion({ iss: 'other' }) }, '401 invalid_client'],
    ['a proof for another address', { client_assertion: tenant.assertion({ aud: OKTA }) }, '401 invalid_client'],
    ['an expired proof', { client_assertion: tenant.assertion({ exp: START / 1_000 }) }, '401 invalid_client'],
    ['a proof that lasts too long', { client_assertion: tenant.assertion({ exp: START }) }, '401 invalid_client'],
    ['a scope that is not granted among others', { scope: 'okta.apps.read okta.apps.manage' }, '400 invalid_scope'],
    ['no scope', { scope: '' }, '400 invalid_scope'],
    ['a field that is not known', { resource: 'apps' }, '400 invalid_request'],
    ['the client id of another app', { client_id: '0oaOther' }, '401 invalid_client'],
  ])('refuses %s', (_, form, problem) => {
    expect(errorOf(tenant.oktaToken(form))).toBe(problem);
  });

  it('takes the client id of the app itself, and no query option', () => {
    const { clientId } = tenant.created.credentials.okta;

    expect(tenant.oktaToken({ client_id: clientId }).status).toBe(200);
    expect(errorOf(tenant.oktaToken({}, '/oauth2/v1/token?scope=okta.apps.read'))).toBe('400 E0000001');
  });

  it('refuses a proof that was used before', () => {
    const form = { client_assertion: tenant.assertion({ jti: 'once' }) };

    expect(tenant.oktaToken(form).status).toBe(200);
    expect(errorOf(tenant.oktaToken(form))).toBe('401 invalid_client');
  });

  it('takes a form alone, and by POST alone', () => {
    const call = { side: 'okta', target: '/oauth2/v1/token', headers: { host: 'okta.test' } } as const;

    expect(errorOf(tenant.send({ ...call, method: 'POST' }))).toBe('400 invalid_request');
    expect(errorOf(tenant.send(call))).toBe('405 E0000022');
  });
});

describe('a call to Okta', () => {
  const bearer = (scope: string) => ({ authorization: `Bearer ${json(tenant.oktaToken({ scope })).access_token}` });

  it('is let in with a token that has the scope', () => {
    expect(tenant.okta('/api/v1/apps', bearer('okta.apps.read')).status).toBe(200);
  });

  it('without the scope is refused with the reason in a header and no body', () => {
    const answer = tenant.okta('/api/v1/apps', bearer('okta.logs.read'));

    expect(answer).toMatchObject({ status: 403, body: '' });
    expect(answer.headers['www-authenticate']).toContain('error="insufficient_scope"');
  });

  it('by a service app without an administrator role is refused', () => {
    const powerless = new Tenant({ okta: { hasAdminRole: false } });
    const authorization = `Bearer ${json(powerless.oktaToken()).access_token}`;

    expect(errorOf(powerless.okta('/api/v1/apps', { authorization }))).toBe('403 E0000006');
  });

  it.each([
    ['no token', ''],
    ['a token that never was', 'Bearer undefined'],
    ['an API token that never was', 'SSWS 00nonsense'],
    ["a token of Entra's", `Bearer ${tenant.graphToken()}`],
    ['another scheme', 'Basic abc'],
  ])('with %s is refused', (_, authorization) => {
    expect(errorOf(tenant.okta('/api/v1/apps', { authorization }))).toBe('401 E0000011');
  });

  it('is refused once its token has expired', () => {
    const late = new Tenant();
    const authorization = `Bearer ${json(late.oktaToken()).access_token}`;

    late.now = START + HOUR;

    expect(errorOf(late.okta('/api/v1/apps', { authorization }))).toBe('401 E0000011');
  });

  it('is refused at an address that its token is not for', () => {
    const headers = { ...bearer('okta.apps.read'), host: 'other.test' };

    expect(errorOf(tenant.okta('/api/v1/apps', headers))).toBe('401 E0000011');
  });

  it('to an unknown path is not found, and by a wrong method is refused', () => {
    expect(errorOf(tenant.okta('/api/v1/devices'))).toBe('404 E0000008');
    expect(errorOf(tenant.okta('/api/v1/apps', {}, 'DELETE'))).toBe('405 E0000022');
  });

  it('bears an id of its own', () => {
    const [one, other] = [tenant.okta('/api/v1/apps'), tenant.okta('/api/v1/apps')];

    expect(one.headers['x-okta-request-id']).not.toBe(other.headers['x-okta-request-id']);
  });
});

const LIMITED = { okta: { limits: { apps: 6 }, share: 0.5 } };

describe('the rate limit', () => {
  it('is there again after the window that was chosen', () => {
    const org = new Tenant({ okta: { limits: { apps: 2 }, share: 0.5, limitWindow: 5_000 } });
    const statuses = [0, 4_999, 5_000].map((passed) => {
      org.now = START + passed;
      return org.okta('/api/v1/apps').status;
    });
    expect(statuses).toEqual([200, 429, 200]);
  });

  it('is announced as the share of one caller, with the second in which it begins anew', () => {
    const answer = new Tenant(LIMITED).okta('/api/v1/apps');

    expect(answer.headers).toMatchObject({
      'x-rate-limit-limit': '3',
      'x-rate-limit-remaining': '2',
      'x-rate-limit-reset': String((START + MINUTE) / 1_000),
    });
  });

  it('refuses what is over it until the minute is over', () => {
    const org = new Tenant(LIMITED);
    const statuses = [1, 2, 3, 4].map(() => org.okta('/api/v1/apps').status);
    const refused = org.okta('/api/v1/apps');

    org.now = START + MINUTE;

    expect(statuses).toEqual([200, 200, 200, 429]);
    expect(errorOf(refused)).toBe('429 E0000047');
    expect(refused.headers['x-rate-limit-remaining']).toBe('0');
    expect(org.okta('/api/v1/apps').status).toBe(200);
  });

  it('counts an app and its lists in different buckets', () => {
    const org = new Tenant(LIMITED);
    for (let count = 0; count < 4; count++) org.okta('/api/v1/apps');

    expect(org.okta(`/api/v1/apps/${org.created.ids.office365}/users`).status).toBe(429);
    expect(org.okta(`/api/v1/apps/${org.created.ids.office365}`).status).toBe(200);
  });
});
