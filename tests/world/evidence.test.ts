import { describe, expect, it } from 'vitest';
import { ADMINISTRATOR } from '../../local/world/graph/hands.ts';
import {
  EVIDENCE_ROLES,
  READ_ROLES,
  READ_SCOPES,
  WRITE_ROLES,
  type WorldOptions,
  WRITE_SCOPES,
} from '../../local/world/options.ts';
import { DAY, isoTime, MINUTE, SECOND } from '../../shared/time.ts';
import { errorOf, type Json, json } from './callers.ts';
import { ANCHOR, Office, parked } from './office.ts';

const ROLES = [...READ_ROLES, ...WRITE_ROLES, ...EVIDENCE_ROLES];

function office(graph: WorldOptions['graph'] = {}): Office {
  return new Office({
    people: 40,
    plants: 'none',
    switches: { syncedWrites: 'anyway', latePush: 'never' },
    okta: { limits: { apps: 1e6, app: 1e6 }, scopes: [...READ_SCOPES, ...WRITE_SCOPES] },
    graph: { quota: 1e6, roles: ROLES, premium: true, ...graph },
  });
}

function asked(place: Office, since = place.now - DAY): string {
  const filter = `activityDisplayName eq 'Update user' and activityDateTime ge ${isoTime(since)} and targetResources/any(t:t/id eq '${place.objectId}')`;
  return `/v1.0/auditLogs/directoryAudits?$filter=${encodeURIComponent(filter)}&$top=100`;
}

function told(place: Office): Json[] {
  return place.graphRows(asked(place));
}

const userPath = (who: string): string => `/v1.0/users/${who}?$select=id,signInActivity`;

describe('when somebody signed in', () => {
  it.each([
    ['an app without the permission', { roles: READ_ROLES }, '403 Authentication_MSGraphPermissionMissing'],
    ['a tenant without the licence', { premium: false }, '403 Authentication_RequestFromNonPremiumTenantOrB2CTenant'],
  ])('is not told to %s, nor anything with it', (_, graph, problem) => {
    const place = office(graph);

    expect(errorOf(place.graph(userPath(place.objectId)))).toBe(problem);
    expect(errorOf(place.graph('/v1.0/users?$select=id,signInActivity'))).toBe(problem);
    expect(place.graph(`/v1.0/users/${place.objectId}?$select=id,assignedPlans`).status).toBe(200);
  });

  it('is told by object id alone, and of a smaller page', () => {
    const place = office();

    expect(json(place.graph(userPath(place.objectId))).signInActivity.lastSuccessfulSignInDateTime).toMatch(
      /^2026-11-2/,
    );
    expect(errorOf(place.graph(userPath(place.userName)))).toBe('400 BadRequest');
    expect(errorOf(place.graph('/v1.0/users?$select=signInActivity&$top=501'))).toBe('400 Request_UnsupportedQuery');
  });

  it('is left out where it never was, and says nothing of success where that was before it was kept', () => {
    const place = office();
    const { signIns } = place.created.inside.state;

    signIns.set(place.objectId, null);
    expect(json(place.graph(userPath(place.objectId)))).not.toHaveProperty('signInActivity');
    signIns.set(place.objectId, Date.parse('2023-10-01T08:00:00Z'));
    const { signInActivity } = json(place.graph(userPath(place.objectId)));
    expect(signInActivity.lastSignInDateTime).toBe('2023-10-01T08:00:00.000Z');
    expect(signInActivity).not.toHaveProperty('lastSuccessfulSignInDateTime');
  });

  it('is told by Okta of whoever is active', () => {
    const place = office();
    const lastLogin = (): unknown => json(place.okta(`/api/v1/users/${place.user}`)).lastLogin;

    expect(lastLogin()).toMatch(/^2026-11-2/);
    place.created.inside.state.signIns.set(place.user, null);
    expect(lastLogin()).toBeNull();
  });
});

describe('the licences of the company', () => {
  it('have names, and give plans to whoever has them', () => {
    const place = office();
    const skus: Json[] = json(place.graph('/v1.0/subscribedSkus?$select=skuId,skuPartNumber')).value;
    const { assignedLicenses, assignedPlans } = json(
      place.graph(`/v1.0/users/${place.objectId}?$select=assignedLicenses,assignedPlans`),
    );

    expect(skus.map(({ skuPartNumber }) => skuPartNumber).sort()).toEqual(['SPE_E3', 'SPE_E5']);
    expect(skus.map(({ skuId }) => skuId)).toContain(assignedLicenses[0].skuId);
    expect(assignedPlans).toContainEqual(expect.objectContaining({ service: 'exchange', capabilityStatus: 'Enabled' }));
  });
});

describe('the audit log', () => {
  it('tells what the app and what an administrator did, minutes later, and the newest first', () => {
    const place = office();
    const { hands, inside } = place.created;
    place.patch({ userPrincipalName: parked(place) });
    place.patch({ onPremisesImmutableId: ANCHOR });
    expect(told(place)).toEqual([]);

    place.now += MINUTE;
    hands.editAccount(place.objectId, { anchor: 'BAECAwQFBgcICQoLDA0ODw==' }, place.now);
    place.now += 5 * MINUTE;

    const rows = told(place);
    const changed = rows.map(({ targetResources: [target] }) => target.modifiedProperties[0]);
    expect(changed.map(({ displayName }) => displayName)).toEqual([
      'SourceAnchor',
      'SourceAnchor',
      'UserPrincipalName',
    ]);
    expect(changed[0].oldValue).toBe(`["${ANCHOR}"]`);
    expect(rows[0].initiatedBy).toMatchObject({ app: null, user: { userPrincipalName: ADMINISTRATOR.name } });
    expect(rows[1].initiatedBy).toMatchObject({ user: null, app: { servicePrincipalId: inside.principal } });
    expect(json(place.graph(asked(place, place.now))).value).toEqual([]);
  });

  it('names the account with which Okta is connected, where Okta sets an anchor', () => {
    const place = office();
    const { entraUsers } = place.created.inside.state;
    place.switchDeactivate('DISABLED');
    place.unassign();
    place.now += 3 * MINUTE;
    place.account();
    entraUsers.put({ ...entraUsers.get(place.objectId, place.now)!, anchor: null }, place.now);
    place.assign();
    place.now += 10 * MINUTE;
    place.account();
    place.now += 5 * MINUTE;

    expect(told(place)).toMatchObject([
      { initiatedBy: { user: { userPrincipalName: 'okta.sync@contoso.onmicrosoft.com' } } },
    ]);
  });

  it('tells of one person alone, on as many pages as there are', () => {
    const place = office({ pageCap: 2 });
    const other = place.graphRows('/v1.0/users?$select=id').find(({ id }) => id !== place.objectId).id;
    for (const last of 'AQgw') {
      const anchor = `BAECAwQFBgcICQoLDA0OD${last}==`;
      place.created.hands.editAccount(place.objectId, { anchor }, place.now);
      place.created.hands.editAccount(other, { anchor: `C${anchor.slice(1)}` }, place.now);
    }
    place.now += 5 * MINUTE;

    expect(told(place)).toHaveLength(4);
  });

  it('is closed to whoever lacks the permission, in words of its own', () => {
    const place = office({ roles: READ_ROLES });

    expect(errorOf(place.graph(asked(place)))).toBe('403 Authentication_MSGraphPermissionMissing');
  });

  it('answers five times in ten seconds', () => {
    const place = office();
    const ask = (): string => String(place.graph(asked(place)).status);

    expect(Array.from({ length: 6 }, ask)).toEqual(['200', '200', '200', '200', '200', '429']);
    place.now += 10 * SECOND;
    expect(ask()).toBe('200');
  });

  it.each([
    ["targetResources/any(t:t/name eq 'x')", '400 Request_UnsupportedQuery'],
    ["targetResources/any(t:s/id eq 'x')", '400 BadRequest'],
    ["activityDateTime ge '2026-11-20T00:00:00Z'", '400 BadRequest'],
    ['activityDateTime gt 2026-11-20T00:00:00Z', '400 Request_UnsupportedQuery'],
    ['activityDisplayName eq 2026-11-20T00:00:00Z', '400 BadRequest'],
  ])('cannot be asked for %s', (filter, problem) => {
    const place = office();

    expect(errorOf(place.graph(`/v1.0/auditLogs/directoryAudits?$filter=${encodeURIComponent(filter)}`))).toBe(problem);
  });
});
