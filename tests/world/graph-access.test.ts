import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { HOUR, SECOND } from '../../shared/time.ts';
import { privateKeyOf, signToken } from '../../local/world/tokens.ts';
import { errorOf, type Json, json, KEYS, START, Tenant } from './callers.ts';

const tenant = new Tenant({ people: 5, plants: { guarded: 14 } });
const { credentials, answerKey } = tenant.created;
const objectOf = (guard: string) => answerKey.entries.find((entry) => entry.guard === guard)!.objectId;

function ask(query: string, header = credentials.identity.header) {
  return tenant.send({ side: 'identity', target: `/msi/token?${query}`, headers: { 'x-identity-header': header } });
}

/** A token like a good one, with some claims changed. */
function sign(claims: Record<string, unknown>, key = KEYS.entra.privateJwk): string {
  const token = signToken('entra', { ...decodeJwt(tenant.graphToken()), ...claims }, privateKeyOf(key));
  return `Bearer ${token}`;
}

function costOf(query: string): string | undefined {
  return tenant.graph(`/v1.0/users${query}`).headers['x-ms-resource-unit'];
}

/** Names of what a guarded person is related to. */
function namesIn(guard: string, path: string): string[] {
  return json(tenant.graph(`/v1.0/users/${objectOf(guard)}/${path}`)).value.map((row: Json) => row.displayName);
}

describe('the managed-identity endpoint', () => {
  const good = 'api-version=2019-08-01&resource=https://graph.microsoft.com';

  it('gives a token for Graph with the granted roles', () => {
    const answer = json(ask(good));

    expect(answer).toMatchObject({ token_type: 'Bearer', resource: 'https://graph.microsoft.com' });
    expect(answer.expires_on).toBe(String((START + HOUR) / 1_000));
    expect(decodeJwt(answer.access_token)).toMatchObject({
      aud: 'https://graph.microsoft.com',
      roles: expect.arrayContaining(['User.Read.All']),
    });
  });

  it('takes the client id of the identity, and no other', () => {
    expect(ask(`${good}&client_id=${credentials.identity.clientId}`).status).toBe(200);
    expect(ask(`${good}&client_id=other`).status).toBe(400);
  });

  it.each([
    ['without the header', good, '', 401],
    ['for another resource', 'api-version=2019-08-01&resource=https://vault.azure.net', undefined, 400],
    ['in another version', 'api-version=2017-09-01&resource=https://graph.microsoft.com', undefined, 400],
    ['with an unknown option', `${good}&bypass_cache=true`, undefined, 400],
  ])('refuses a call %s', (_, query, header, status) => {
    expect(ask(query, header).status).toBe(status);
  });
});

describe('a call to Graph', () => {
  it.each([
    ['no token', ''],
    ['a token that nobody signed', 'Bearer a.b.c'],
    ['a token by another key', sign({}, KEYS.okta.privateJwk)],
    ['a token for something else', sign({ aud: 'https://management.azure.com' })],
    ['an expired token', sign({ exp: START / 1_000 })],
    ['a token of tomorrow', sign({ nbf: START / 1_000 + 60 })],
  ])('with %s is refused', (_, authorization) => {
    expect(errorOf(tenant.graph('/v1.0/users', { authorization }))).toBe('401 InvalidAuthenticationToken');
  });

  it.each([
    ['/v1.0/users', 'Domain.Read.All'],
    ['/v1.0/domains', 'User.Read.All'],
    ['/v1.0/organization', 'User.Read.All'],
    ['/v1.0/directory/deletedItems/microsoft.graph.user', 'Organization.Read.All'],
    ['/v1.0/roleManagement/directory/roleEligibilityScheduleInstances', 'User.Read.All'],
  ])('of %s is refused with the role %s alone', (path, role) => {
    expect(errorOf(tenant.graph(path, { authorization: sign({ roles: [role] }) }))).toBe(
      '403 Authorization_RequestDenied',
    );
  });

  it('to an unknown path, version or method is refused', () => {
    expect(errorOf(tenant.graph('/v1.0/devices'))).toBe('404 BadRequest');
    expect(errorOf(tenant.graph('/beta/users'))).toBe('404 BadRequest');
    expect(errorOf(tenant.graph('/v1.0/users', {}, 'PATCH'))).toBe('405 Request_BadRequest');
  });

  it('bears an id, and the id that the client gave it, in errors too', () => {
    const headers = { 'client-request-id': 'mine' };
    const refused = tenant.graph('/v1.0/users?$top=0', headers);

    expect(tenant.graph('/v1.0/users', headers).headers['client-request-id']).toBe('mine');
    expect(json(refused).error.innerError).toEqual({
      date: '2026-11-23T02:00:00',
      'request-id': refused.headers['request-id'],
      'client-request-id': 'mine',
    });
  });
});

describe('the quota', () => {
  it('is told from 80 percent on, refuses what is over it, and is there again after ten seconds', () => {
    const small = new Tenant({ graph: { quota: 10 } });
    const answers = Array.from({ length: 6 }, () => small.graph('/v1.0/users'));

    expect(answers.map((answer) => answer.headers['x-ms-throttle-limit-percentage'])).toEqual([
      undefined,
      undefined,
      undefined,
      '0.80',
      '1.00',
      '1.00',
    ]);
    expect(errorOf(answers[5]!)).toBe('429 TooManyRequests');
    expect(answers[5]!.headers['retry-after']).toBe('10');
    small.now = START + 10 * SECOND;
    expect(small.graph('/v1.0/users').status).toBe(200);
  });

  it('lasts as long as was chosen', () => {
    const short = new Tenant({ graph: { quota: 2, quotaWindow: 3 * SECOND } });
    const statuses = [0, 1, 3].map((seconds) => {
      short.now = START + seconds * SECOND;
      return short.graph('/v1.0/users').status;
    });
    expect(statuses).toEqual([200, 429, 200]);
  });

  it('counts a selected or small page as one unit, a plain one as two', () => {
    expect([costOf(''), costOf('?$select=id'), costOf('?$select=id&$top=5')]).toEqual(['2', '1', '1']);
  });
});

describe('privileged users', () => {
  it.each([
    ['directory-role', 'transitiveMemberOf/microsoft.graph.directoryRole', 'Global Administrator'],
    ['role-assignable-group', 'transitiveMemberOf/microsoft.graph.directoryRole', 'Exchange Administrator'],
    ['role-assignable-group', 'memberOf/microsoft.graph.group', 'Exchange operators'],
    ['nested-role-assignable-group', 'transitiveMemberOf/microsoft.graph.group', 'Exchange operators'],
    ['owner-of-role-assignable-group', 'ownedObjects/microsoft.graph.group', 'Exchange operators'],
  ])('with %s show in %s', (guard, path, name) => {
    expect(namesIn(guard, path)).toContain(name);
  });

  it.each([
    ['microsoft.graph.group', 'roleTemplateId'],
    ['microsoft.graph.directoryRole', 'mailEnabled'],
    ['microsoft.graph.group', 'nothing'],
  ])('as %s have no property %s', (type, property) => {
    const path = `/v1.0/users/${objectOf('directory-role')}/memberOf/${type}?$select=id`;

    expect(tenant.graph(path).status).toBe(200);
    expect(errorOf(tenant.graph(`${path},${property}`))).toBe('400 BadRequest');
  });

  it('who are in a role-assignable group by another group are no direct members', () => {
    const names = namesIn('nested-role-assignable-group', 'memberOf');

    expect(names).toContain('Messaging team');
    expect(names).not.toContain('Exchange operators');
  });

  it('may take on a role', () => {
    const filter = encodeURIComponent(`principalId eq '${objectOf('eligible-role')}'`);
    const path = `/v1.0/roleManagement/directory/roleEligibilityScheduleInstances?$filter=${filter}`;

    expect(tenant.graphRows(path)).toMatchObject([{ principalId: objectOf('eligible-role') }]);
    expect(tenant.graphRows(path.replace('EligibilityScheduleInstances', 'Assignments'))).toEqual([]);
  });

  it('show little more than that they are there to who may not read their groups', () => {
    const poor = new Tenant({ plants: { guarded: 14 }, graph: { roles: ['User.Read.All'] } });
    const path = `/v1.0/users/${objectOf('role-assignable-group')}/memberOf/microsoft.graph.group`;
    const [group] = json(poor.graph(`${path}?$select=id,displayName,isAssignableToRole`)).value;

    expect(group).toMatchObject({ id: expect.any(String), displayName: null, isAssignableToRole: null });
  });
});
