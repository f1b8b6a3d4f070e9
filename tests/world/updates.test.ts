import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../shared/time.ts';
import { errorOf } from './callers.ts';
import { ANCHOR, Office } from './office.ts';

const EXCHANGE = '29232cdf-9323-42fd-ade2-1d097af3e4de';
const READERS = '88d8e3e3-8f55-4a1e-953a-9b9898b8876b';

/** Somebody whose anchor Okta remembers wrongly, while AD and Entra agree. */
function oktaStale(nudge: 'nothing' | 'recomputes', copy: string | null = ANCHOR): Office {
  const office = new Office({ switches: { syncedWrites: 'anyway', latePush: 'never', nudge } });
  const assignments = office.created.inside.state.assignments.get(office.app);
  const assignment = assignments?.get(office.user, office.now);
  if (assignment !== undefined) assignments?.put({ ...assignment, immutableId: copy });
  return office;
}

/** What changes nothing that anybody could see: the licences as they are. */
function touch(office: Office, profile: object = { licenses: office.assignment().profile.licenses }) {
  const answer = office.write('POST', `/api/v1/apps/${office.app}/users/${office.user}`, { profile });
  office.now += 3 * MINUTE;
  return answer;
}

describe('an update of unmapped attributes', () => {
  it.each([ANCHOR, null])('leaves Okta’s copy (%s) alone unless the tenant computes it anew', (copy) => {
    const office = oktaStale('nothing', copy);

    expect(touch(office).status).toBe(200);

    expect(office.assignment().profile.immutableId).toBe(copy);
  });

  it.each([ANCHOR, null])('makes Okta compute its copy (%s) from the mapping in a tenant of that kind', (copy) => {
    const office = oktaStale('recomputes', copy);
    const before = office.account();

    touch(office);

    expect(office.assignment()).toMatchObject({
      syncState: 'SYNCHRONIZED',
      externalId: office.objectId,
      profile: { immutableId: before.onPremisesImmutableId },
    });
    expect(office.account()).toEqual(before);
  });

  it('takes away the sign-in of somebody whose copy was as old as the account, for the account keeps its anchor', () => {
    const office = oktaStale('recomputes');
    office.created.hands.editAccount(office.objectId, { anchor: ANCHOR }, office.now);

    touch(office);

    expect(office.account().onPremisesImmutableId).toBe(ANCHOR);
    expect(office.assignment().profile.immutableId).not.toBe(ANCHOR);
  });

  it('computes nothing where it is refused', () => {
    const office = oktaStale('recomputes');

    expect(errorOf(touch(office, { displayName: 'Somebody else' }))).toBe('403 E0000075');

    expect(office.assignment().profile.immutableId).toBe(ANCHOR);
  });
});

/** Template ids of the directory roles that the person holds. */
function rolesOf(office: Office): string[] {
  return office
    .graphRows(`/v1.0/users/${office.objectId}/memberOf/microsoft.graph.directoryRole?$select=id,roleTemplateId`)
    .map(({ roleTemplateId }) => roleTemplateId);
}

describe('a push of roles', () => {
  it.each([['Exchange Administrator'], [EXCHANGE]])('gives a role by its name or by its template (%s)', (role) => {
    const office = new Office();

    touch(office, { roles: [role, 'Admiral'] });

    expect(rolesOf(office)).toEqual([EXCHANGE]);
  });

  it('takes away roles that were given in Entra alone, when somebody is assigned again without them', () => {
    const office = new Office();
    touch(office, { roles: [READERS] });
    office.switchDeactivate('DISABLED');
    office.unassign();
    office.now += 5 * MINUTE;
    expect(rolesOf(office)).toEqual([READERS]);

    office.assign({ profile: { licenses: ['SPE_E3'], roles: ['Exchange Administrator'] } });
    office.now += 3 * MINUTE;
    expect(rolesOf(office)).toEqual([EXCHANGE]);
    touch(office, { roles: [] });

    expect(rolesOf(office)).toEqual([]);
  });

  it('leaves them alone while Update User Attributes is off', () => {
    const office = new Office();
    touch(office, { roles: [READERS] });
    const update = { profile: { status: 'DISABLED' } };
    office.write('PUT', `/api/v1/apps/${office.app}/features/USER_PROVISIONING`, { update });

    touch(office, { roles: [], licenses: [] });

    expect(rolesOf(office)).toEqual([READERS]);
    expect(office.account().assignedLicenses.length).toBeGreaterThan(0);
  });
});
