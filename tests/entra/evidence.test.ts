import { describe, expect, test } from 'vitest';
import { namesIn } from '../../shared/entra/rights.ts';
import { graphError, tenant, token } from './tenant.ts';
import type { Reply } from '../loopback.ts';

const USER = '/v1.0/users/u1';
const AUDITS = '/v1.0/auditLogs/directoryAudits';
const SINCE = Date.parse('2026-11-20T00:00:00Z');

/** Who bears the token, as Microsoft writes it. */
function tokenOf(claims: object): string {
  return ['{}', JSON.stringify(claims), ''].map((part) => Buffer.from(part).toString('base64url')).join('.');
}

function audit(at: string, initiatedBy: object, property = 'SourceAnchor', more: object = {}) {
  const modifiedProperties = [{ displayName: property, oldValue: '["a"]', newValue: '["b"]' }];
  const targetResources = [{ id: 'U1', type: 'User', modifiedProperties }];
  return { id: at, activityDateTime: at, result: 'success', initiatedBy, targetResources, ...more };
}

const user = (userPrincipalName: string | null, more: object = {}) => ({
  user: { id: 'x', userPrincipalName, ...more },
  app: null,
});
const app = (more: object) => ({ user: null, app: more });

describe('what Entra says of sign-ins', () => {
  test.each<[object, unknown]>([
    [{ lastSuccessfulSignInDateTime: '2026-11-20T08:00:00Z', lastSignInDateTime: '2026-11-21T08:00:00Z' }, [20, false]],
    [{ lastSignInDateTime: '2026-11-21T08:00:00Z' }, [21, true]],
    [{ lastSuccessfulSignInDateTime: null, lastNonInteractiveSignInDateTime: '2026-11-22T08:00:00Z' }, [22, true]],
    [{ lastSuccessfulSignInDateTime: '0001-01-01T00:00:00Z', lastSignInDateTime: '0001-01-01T00:00:00Z' }, null],
    [{}, null],
  ])('%j is %j', async (signInActivity, expected) => {
    const { entra, server } = await tenant({ [USER]: { body: { id: 'u1', signInActivity } } });

    const found = await entra.lastSignIn('u1');

    const told = 'told' in found ? found.told : undefined;
    expect(told && [new Date(told.at).getUTCDate(), told.attempt]).toEqual(expected);
    expect(server.seen.at(-1)?.query.get('$select')).toBe('id,signInActivity');
  });

  test('is asked for no longer than somebody waits, as all that is looked up beside it', async () => {
    const { entra, server } = await tenant({});
    const over = AbortSignal.abort(new Error('nobody waits any more'));

    for (const look of [
      entra.lastSignIn('u1', over),
      entra.holdings('u1', over),
      entra.licenseNames(over),
      entra.anchorChange('u1', SINCE, over),
    ])
      await expect(look).rejects.toThrow('nobody waits any more');
    expect(server.to('/users/u1')).toHaveLength(0);
  });

  test.each([
    ['Authentication_MSGraphPermissionMissing', { withheld: 'right' }],
    ['Authorization_RequestDenied', { withheld: 'right' }],
    ['Authentication_RequestFromNonPremiumTenantOrB2CTenant', { withheld: 'licence' }],
  ])('by 403 %s is that it does not', async (code, expected) => {
    const { entra, server } = await tenant({ [USER]: graphError(403, code, 'words') });

    await expect(entra.lastSignIn('u1')).resolves.toEqual(expected);
    expect(server.to('/users/u1')).toHaveLength(1);
  });

  test.each([
    [graphError(403, 'Authentication_Unknown', 'words'), 'denied', 1],
    [graphError(403, 'constructor', 'words'), 'denied', 1],
    [graphError(403, '__proto__', 'words'), 'denied', 1],
    [graphError(400, 'BadRequest', 'words'), 'invalid', 1],
    [{ status: 503 }, 'transient', 3],
  ])('by %j is nothing, after as few requests as that takes', async (reply: Reply, kind, requests) => {
    const { entra, server } = await tenant({ [USER]: reply });

    await expect(entra.lastSignIn('u1')).rejects.toMatchObject({ kind });
    expect(server.to('/users/u1')).toHaveLength(requests);
  });
});

describe('a mailbox', () => {
  const MAILBOX = 'efb87545-963c-4e0d-99df-69c6916d9eb0';
  test.each([
    [[{ service: 'exchange', servicePlanId: MAILBOX, capabilityStatus: 'Enabled' }], true],
    [[{ service: 'exchange', servicePlanId: MAILBOX, capabilityStatus: 'Warning' }], true],
    [[{ service: 'exchange', servicePlanId: MAILBOX, capabilityStatus: 'Deleted' }], false],
    [[{ service: 'SharePoint', servicePlanId: MAILBOX, capabilityStatus: 'Enabled' }], false],
    [
      [{ service: 'exchange', servicePlanId: '113FEB6C-3fe4-4440-bddc-54d774bf0318', capabilityStatus: 'Enabled' }],
      false,
    ],
    [[{ service: null, capabilityStatus: null }], false],
    [[], false],
  ])('by %j: %s', async (assignedPlans, mailbox) => {
    const { entra } = await tenant({ [USER]: { body: { id: 'u1', assignedLicenses: [], assignedPlans } } });

    await expect(entra.holdings('u1')).resolves.toEqual({ licenses: [], mailbox });
  });
});

describe('the audit log', () => {
  const OWN = tokenOf({ appid: 'own-app', oid: 'own-principal', roles: [] });

  async function asked(value: readonly object[]) {
    const { entra } = await tenant({ [AUDITS]: { body: { value } } }, { body: { ...tokenBody(), access_token: OWN } });
    return entra.anchorChange('u1', SINCE);
  }

  test.each<[string, readonly object[], unknown]>([
    ['nothing', [], null],
    ['a person', [audit('2026-11-21T00:00:00Z', user('eve@example.com'))], { kind: 'user', name: 'eve@example.com' }],
    ['a person without a name', [audit('2026-11-21T00:00:00Z', user(null))], { kind: 'user', name: 'x' }],
    ['an app', [audit('2026-11-21T00:00:00Z', app({ appId: 'a', displayName: 'HR' }))], { kind: 'app', name: 'HR' }],
    ['its own app', [audit('2026-11-21T00:00:00Z', app({ appId: 'own-app', displayName: 'x' }))], null],
    [
      'its own principal',
      [audit('2026-11-21T00:00:00Z', app({ appId: null, servicePrincipalId: 'own-principal' }))],
      null,
    ],
    ['another property', [audit('2026-11-21T00:00:00Z', user('eve@example.com'), 'UserPrincipalName')], null],
    [
      'what failed',
      [audit('2026-11-21T00:00:00Z', user('eve@example.com'), 'SourceAnchor', { result: 'failure' })],
      null,
    ],
    ['somebody else’s', [audit('2026-11-21T00:00:00Z', user('eve'), '', { targetResources: [{ id: 'u2' }] })], null],
  ])('that tells of %s names %j', async (_what, value, expected) => {
    const found = await asked(value);

    expect('told' in found && (found.told === null ? null : found.told.by)).toEqual(expected);
  });

  test('that names nobody still says when', async () => {
    await expect(asked([audit('2026-11-21T00:00:00Z', { app: null, user: null })])).resolves.toEqual({
      told: { at: Date.parse('2026-11-21T00:00:00Z'), by: null },
    });
  });

  test('is asked about one person, since then, and believed of the newest change, in whatever order', async () => {
    const value = ['21', '23', '22'].map((day) => audit(`2026-11-${day}T00:00:00Z`, user(`on-${day}@example.com`)));
    const { entra, server } = await tenant({ [AUDITS]: { body: { value } } });

    await expect(entra.anchorChange("o'neil", SINCE)).resolves.toEqual({ told: null });
    expect(server.to('directoryAudits')[0]?.query.get('$filter')).toBe(
      "activityDisplayName eq 'Update user' and activityDateTime ge 2026-11-20T00:00:00.000Z and targetResources/any(t:t/id eq 'o''neil')",
    );
    await expect(entra.anchorChange('u1', SINCE)).resolves.toMatchObject({
      told: { by: { name: 'on-23@example.com' } },
    });
  });

  test('is read on through empty pages, but not for ever', async () => {
    const { entra, server } = await tenant({
      [AUDITS]: (request) => ({
        body: { value: [], '@odata.nextLink': `http://${request.headers.host}${AUDITS}?$skiptoken=x` },
      }),
    });

    await expect(entra.anchorChange('u1', SINCE)).resolves.toEqual({ told: null });
    expect(server.to('directoryAudits')).toHaveLength(3);
  });
});

function tokenBody(): object {
  const { body } = token();
  return typeof body === 'object' && body !== null ? body : {};
}

describe('the names of an app', () => {
  test.each([
    [tokenOf({ appid: 'a', oid: 'o', sub: 's' }), ['a', 'o']],
    [tokenOf({ azp: 'a' }), ['a']],
    ['opaque', []],
    [tokenOf({ appid: 7 }), []],
  ])('are read from its token', (text, expected) => {
    expect(namesIn(text)).toEqual(expected);
  });
});
