import { describe, expect, it } from 'vitest';
import { READ_ROLES, WRITE_ROLES, type WorldOptions } from '../../local/world/options.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { errorOf, json, type Json } from './callers.ts';
import { ANCHOR, Office, parked } from './office.ts';

describe('a user in Entra', () => {
  it('is asked at a replica whether the name is federated: right after the move the anchor may still be refused', () => {
    const graph = { quota: 1e6, replicaLag: 10 * MINUTE, roles: [...READ_ROLES, ...WRITE_ROLES] };
    const office = new Office({ graph });
    office.now += HOUR;
    office.patch({ userPrincipalName: parked(office) });
    office.now += SECOND;

    expect(errorOf(office.patch({ onPremisesImmutableId: ANCHOR }))).toBe('400 Request_BadRequest');
    office.now += 11 * MINUTE;
    expect(office.patch({ onPremisesImmutableId: ANCHOR }).status).toBe(204);
  });

  it('gets an anchor by way of a managed domain, and keeps the name of the way as an address', () => {
    const office = new Office();

    expect(errorOf(office.patch({ onPremisesImmutableId: ANCHOR }))).toBe('400 Request_BadRequest');
    expect(errorOf(office.patch({ userPrincipalName: parked(office), onPremisesImmutableId: ANCHOR }))).toBe(
      '400 Request_BadRequest',
    );
    expect(office.patch({ userPrincipalName: 'elsewhere@contoso.onmicrosoft.com' }).status).toBe(204);
    expect(office.patch({ onPremisesImmutableId: ANCHOR })).toMatchObject({ status: 204, body: '' });
    expect(office.patch({ userPrincipalName: office.userName }).status).toBe(204);

    expect(office.account()).toMatchObject({ userPrincipalName: office.userName, onPremisesImmutableId: ANCHOR });
    expect(office.account().proxyAddresses).toContain('smtp:elsewhere@contoso.onmicrosoft.com');
  });

  it('has no second address for a name that was the person’s own', () => {
    const office = new Office();
    const before = office.account().proxyAddresses;
    office.patch({ userPrincipalName: parked(office) });
    office.patch({ userPrincipalName: office.userName });

    expect(office.account().proxyAddresses).toEqual(before);
  });

  it.each([
    ['a domain that is not verified', { userPrincipalName: 'ada@contoso.example' }, 'userPrincipalName'],
    ['a domain of somebody else', { userPrincipalName: 'ada@elsewhere.example' }, 'userPrincipalName'],
    ['an accent', { userPrincipalName: 'adä@contoso.onmicrosoft.com' }, 'userPrincipalName'],
  ])('is not named by %s', (_what, body, target) => {
    const answer = new Office().patch(body);

    expect(errorOf(answer)).toBe('400 Request_BadRequest');
    expect(json(answer).error.details[0]).toMatchObject({ code: 'InvalidValue', target });
  });

  it('never gets the name or the anchor of another, who is named in the second detail', () => {
    const office = new Office();
    const other = office
      .graphRows('/v1.0/users?$select=id,userPrincipalName,onPremisesImmutableId')
      .find(({ id, onPremisesImmutableId }) => id !== office.objectId && onPremisesImmutableId !== null);
    office.patch({ userPrincipalName: parked(office) });

    for (const [target, value] of [
      ['userPrincipalName', other.userPrincipalName],
      ['onPremisesImmutableId', other.onPremisesImmutableId],
    ]) {
      const answer = office.patch({ [target]: value });
      const { message } = json(answer).error;
      expect(errorOf(answer)).toBe('400 Request_BadRequest');
      expect(json(answer).error.details).toEqual([
        { code: 'ObjectConflict', message, target },
        { code: 'ConflictingObjects', message, target: `User_${other.id}` },
      ]);
    }
  });

  it('loses the anchor only where the tenant takes null, and does not go back to a federated domain without one', () => {
    const refusing = new Office();
    refusing.patch({ userPrincipalName: parked(refusing) });
    const taking = new Office({ switches: { syncedWrites: 'anyway', nullAnchor: 'accepted' } });
    taking.patch({ userPrincipalName: parked(taking) });

    expect(errorOf(refusing.patch({ onPremisesImmutableId: null }))).toBe('400 Request_BadRequest');
    expect(taking.patch({ onPremisesImmutableId: null }).status).toBe(204);
    expect(errorOf(taking.patch({ userPrincipalName: taking.userName }))).toBe('400 Request_BadRequest');
  });

  it('is not changed while shown as synced, but in a tenant that takes it anyway', () => {
    const refusing = new Office({ switches: { syncedWrites: 'refused' } });

    const answer = refusing.patch({ userPrincipalName: parked(refusing) });

    expect(errorOf(answer)).toBe('400 Request_BadRequest');
    expect(json(answer).error.message).toContain('on-premises mastered Directory Sync objects');
    expect(new Office().patch({ userPrincipalName: 'free@contoso.onmicrosoft.com' }).status).toBe(204);
  });

  it('is not changed by an app that may only read, nor when privileged', () => {
    const reading = new Office({ graph: { roles: READ_ROLES } });
    const admins = new Office({ people: 400, plants: 'all' });
    const admin = admins.created.answerKey.entries.find(({ guard }) => guard === 'directory-role');

    expect(errorOf(reading.patch({ userPrincipalName: 'x@contoso.onmicrosoft.com' }))).toBe(
      '403 Authorization_RequestDenied',
    );
    expect(errorOf(admins.patch({ userPrincipalName: 'x@contoso.onmicrosoft.com' }, admin?.objectId ?? ''))).toBe(
      '403 Authorization_RequestDenied',
    );
  });

  it('shows to a replica that lags as it was', () => {
    const office = new Office({
      graph: { quota: 1e6, replicaLag: 10 * MINUTE, roles: [...READ_ROLES, ...WRITE_ROLES] },
    });
    office.now += HOUR;
    office.patch({ userPrincipalName: 'later@contoso.onmicrosoft.com' });
    office.now += SECOND;
    const seen = new Set(Array.from({ length: 20 }, () => office.account().userPrincipalName));
    office.now += 10 * MINUTE;

    expect(seen).toContain(office.userName);
    expect(office.account().userPrincipalName).toBe('later@contoso.onmicrosoft.com');
  });
});

describe('Deactivate Users', () => {
  it('is switched alone, shows in both places, and is told by the log', () => {
    const office = new Office();
    const before = json(office.okta(`/api/v1/apps/${office.app}/features/USER_PROVISIONING`));

    const answer = json(office.switchDeactivate('DISABLED'));

    expect(answer.capabilities.update.lifecycleDeactivate.status).toBe('DISABLED');
    answer.capabilities.update.lifecycleDeactivate.status = 'ENABLED';
    expect(answer).toEqual(before);
    expect(json(office.okta(`/api/v1/apps/${office.app}`)).features).not.toContain('PUSH_USER_DEACTIVATION');
    expect(office.events('application.lifecycle.update')).toHaveLength(1);
  });

  it.each([[{ capabilities: {} }], [{ update: { lifecycleDeactivate: { status: 'OFF' } } }], ['text']])(
    'is not switched by %j',
    (body) => {
      const office = new Office();
      const target = `/api/v1/apps/${office.app}/features/USER_PROVISIONING`;

      expect(errorOf(office.write('PUT', target, body))).toBe('400 E0000001');
    },
  );
});

describe('an unassignment', () => {
  it.each([
    ['delete', { missing: true }],
    ['block', { accountEnabled: false, licensed: true }],
    ['remove-licences', { accountEnabled: false, licensed: false }],
  ] as const)(
    'does to the account what the org chose (%s) while Deactivate Users is on, and not at once',
    (option, expected) => {
      const office = new Office({ switches: { latePush: 'never', deprovisioning: option } });

      expect(office.unassign()).toMatchObject({ status: 204, body: '' });
      expect(office.account().accountEnabled).toBe(true);
      office.now += 2 * MINUTE;

      const answer = office.graph(`/v1.0/users/${office.objectId}?$select=accountEnabled,assignedLicenses`);
      if ('missing' in expected) {
        expect(errorOf(answer)).toBe('404 Request_ResourceNotFound');
        const deleted = office.graphRows(
          '/v1.0/directory/deletedItems/microsoft.graph.user?$select=id,onPremisesImmutableId',
        );
        expect(deleted.find(({ id }) => id === office.objectId).onPremisesImmutableId).not.toBeNull();
      } else {
        const { accountEnabled, assignedLicenses } = json(answer);
        expect({ accountEnabled, licensed: assignedLicenses.length > 0 }).toEqual(expected);
      }
      expect(office.events('application.user_membership.remove')).toHaveLength(1);
      expect(office.events('application.provision.user.deactivate')).toHaveLength(1);
    },
  );

  it('leaves the account alone while Deactivate Users is off', () => {
    const office = new Office();
    const before = office.account();
    office.switchDeactivate('DISABLED');

    office.unassign();
    office.now += 5 * MINUTE;

    expect(office.account()).toEqual(before);
    expect(errorOf(office.okta(`/api/v1/apps/${office.app}/users/${office.user}`))).toBe('404 E0000007');
  });

  it.each([
    ['when-run', '404 Request_ResourceNotFound'],
    ['when-queued', '200'],
  ] as const)('reads the switch %s: back on too early, it comes to %s', (unassignReads, outcome) => {
    const office = new Office({ switches: { latePush: 'never', unassignReads } });
    office.switchDeactivate('DISABLED');
    office.unassign();
    office.switchDeactivate('ENABLED');
    office.now += 2 * MINUTE;

    const answer = office.graph(`/v1.0/users/${office.objectId}`);
    expect(answer.status === 200 ? '200' : errorOf(answer)).toBe(outcome);
  });

  it('is refused while a group grants the app, also after a conversion unless the tenant lets it', () => {
    const office = new Office({}, true);
    const kind = new Office({ switches: { deleteConverted: 'allowed' } }, true);
    expect(errorOf(office.unassign())).toBe('403 E0000046');
    expect(json(office.convert()).scope).toBe('USER');
    expect(errorOf(office.unassign())).toBe('403 E0000046');
    kind.convert();
    expect(kind.unassign().status).toBe(204);
  });

  it('makes the account writable after a while, in a tenant of that kind', () => {
    const office = new Office({ switches: { syncedWrites: 'after-unassign', latePush: 'never' } });
    office.switchDeactivate('DISABLED');

    office.unassign();
    office.now += MINUTE;
    expect(errorOf(office.patch({ userPrincipalName: parked(office) }))).toBe('400 Request_BadRequest');
    office.now += 5 * MINUTE;

    expect(office.account().onPremisesSyncEnabled).toBeNull();
    expect(office.patch({ userPrincipalName: parked(office) }).status).toBe(204);
  });

  it('may be followed by a push that was under way and puts the name back', () => {
    const names = Array.from({ length: 12 }, (_, at) => {
      const office = new Office({ seed: `late ${at}`, switches: { syncedWrites: 'anyway', latePush: 'arrives' } });
      office.switchDeactivate('DISABLED');
      office.unassign();
      office.patch({ userPrincipalName: parked(office) });
      office.now += 10 * MINUTE;
      return office.account().userPrincipalName === office.userName;
    });

    expect(new Set(names)).toEqual(new Set([true, false]));
  });
});

/** Somebody whose account was left alone by the unassignment. */
function unassigned(options: Partial<WorldOptions> = {}): Office {
  const office = new Office(options);
  office.switchDeactivate('DISABLED');
  office.unassign();
  office.now += 2 * MINUTE;
  return office;
}

describe('an assignment', () => {
  it('is staged at once and provisioned later, linked to the account of its user name', () => {
    const office = unassigned();
    const before = office.account();

    const staged = json(office.assign({ profile: { licenses: ['SPE_E5'] } }));
    office.now += 3 * MINUTE;

    expect(staged).toMatchObject({ status: 'STAGED', syncState: 'SYNCING', externalId: null });
    expect(office.assignment()).toMatchObject({
      status: 'PROVISIONED',
      syncState: 'SYNCHRONIZED',
      externalId: office.objectId,
      profile: { immutableId: before.onPremisesImmutableId },
    });
    expect(office.account().assignedLicenses).toMatchObject([{ skuId: expect.stringMatching(/^06ebc4ee/) }]);
  });

  it('without licences takes those away that were given straight in Entra', () => {
    const office = unassigned();
    office.assign();
    office.now += 3 * MINUTE;

    expect(office.account().assignedLicenses).toEqual([]);
  });

  it('takes no attribute that a mapping fills, and no unknown one', () => {
    const office = unassigned();

    expect(errorOf(office.assign({ profile: { immutableId: ANCHOR } }))).toBe('403 E0000075');
    expect(errorOf(office.assign({ profile: { shoeSize: 44 } }))).toBe('400 E0000001');
    expect(errorOf(office.assign({ scope: 'GROUP' }))).toBe('400 E0000001');
  });

  it('fails where the name is nobody’s and the anchor is there already: pushed too early, Okta cannot find the account', () => {
    const office = unassigned();
    office.patch({ userPrincipalName: parked(office) });
    office.assign();
    office.now += 3 * MINUTE;

    expect(office.assignment()).toMatchObject({ syncState: 'ERROR', externalId: null });
    expect(office.events('application.provision.user.push')).toMatchObject([{ outcome: { result: 'FAILURE' } }]);
  });

  it('makes a twin where neither name nor anchor is found', () => {
    const office = unassigned();
    office.patch({ userPrincipalName: parked(office) });
    office.patch({ onPremisesImmutableId: ANCHOR });
    office.assign();
    office.now += 3 * MINUTE;

    const twin = office.assignment().externalId;
    expect(twin).not.toBe(office.objectId);
    expect(office.account(twin).userPrincipalName).toBe(office.userName);
  });

  it('restores a deleted account that holds the anchor although another has the name by now', () => {
    const office = new Office({ people: 400, plants: 'all' });
    const entry = office.created.answerKey.entries.find(({ relation }) => relation === 'taken-deleted');
    const bin = (): number => office.graphRows('/v1.0/directory/deletedItems/microsoft.graph.user?$select=id').length;
    const before = bin();

    office.write('POST', `/api/v1/apps/${office.app}/users/${entry?.oktaUser}`, { profile: {} });
    office.now += 3 * MINUTE;

    expect(bin()).toBe(before - 1);
    const linked = json(office.okta(`/api/v1/apps/${office.app}/users/${entry?.oktaUser}`)).externalId;
    expect(linked).not.toBe(entry?.objectId);
  });

  it('fails for somebody in two Active Directories', () => {
    const office = new Office({ people: 400, plants: 'all' });
    const entry = office.created.answerKey.entries.find(({ verdict }) => verdict === 'two-directories');

    office.write('POST', `/api/v1/apps/${office.app}/users/${entry?.oktaUser}`, { profile: {} });
    office.now += 3 * MINUTE;

    expect(json(office.okta(`/api/v1/apps/${office.app}/users/${entry?.oktaUser}`)).syncState).toBe('ERROR');
  });

  it('finds nobody at a replica that has not heard yet: assigned too soon after the name came back, it fails or makes a twin', () => {
    const outcomes = Array.from({ length: 12 }, (_, at) => {
      const graph = { quota: 1e6, replicaLag: 10 * MINUTE, roles: [...READ_ROLES, ...WRITE_ROLES] };
      const office = new Office({ seed: `lag ${at}`, graph });
      office.now += HOUR;
      office.switchDeactivate('DISABLED');
      office.unassign();
      office.now += 2 * MINUTE;
      office.patch({ userPrincipalName: parked(office) });
      office.now += 15 * MINUTE;
      office.patch({ userPrincipalName: office.userName });
      office.assign();
      office.now += 3 * MINUTE;
      return office.assignment().syncState;
    });

    expect(new Set(outcomes)).toEqual(new Set(['SYNCHRONIZED', 'ERROR']));
  });

  it.each([[{ credentials: { userName: 'other@contoso.com' } }], [{ id: 'whatever' }], [{ nonsense: 1 }]])(
    'is not updated by %j',
    (body) => {
      const office = new Office();
      const target = `/api/v1/apps/${office.app}/users/${office.user}`;

      expect(errorOf(office.write('POST', target, body))).toBe('400 E0000001');
    },
  );

  it('restores a deleted account that holds the anchor', () => {
    const office = new Office({ switches: { latePush: 'never' } });
    office.unassign();
    office.now += 2 * MINUTE;
    office.assign({ profile: { licenses: ['SPE_E3'] } });
    office.now += 3 * MINUTE;

    expect(office.assignment().externalId).toBe(office.objectId);
    expect(office.account()).toMatchObject({ accountEnabled: true, userPrincipalName: office.userName });
  });
});

describe('an exclusion group', () => {
  it('takes an assignment away by the rule of the granting group, and gives it back with scope and licences', () => {
    const office = new Office({}, true);
    const { exclusion, granting } = office.created.ids.groups;
    const member = `/api/v1/groups/${exclusion}/users/${office.user}`;
    office.switchDeactivate('DISABLED');
    const before = office.assignment();

    expect(office.write('PUT', member).status).toBe(204);
    expect(office.assignment().scope).toBe('GROUP');
    office.now += MINUTE;
    expect(errorOf(office.okta(`/api/v1/apps/${office.app}/users/${office.user}`))).toBe('404 E0000007');
    expect(office.write('DELETE', member).status).toBe(204);
    office.now += 4 * MINUTE;

    expect(office.assignment()).toMatchObject({
      scope: 'GROUP',
      status: 'PROVISIONED',
      externalId: office.objectId,
      profile: { immutableId: before.profile.immutableId, licenses: ['SPE_E3'] },
    });
    const rule = json(office.okta('/api/v1/groups/rules'))[0];
    expect(rule.conditions.people.users.exclude).toEqual([]);
    expect(json(office.okta(`/api/v1/users/${office.user}/groups`)).map(({ id }: Json) => id)).toContain(granting);
  });

  it('is the way, for a member of the rule’s own group who is taken out by hand stays out', () => {
    const office = new Office({}, true);
    const { granting } = office.created.ids.groups;
    const member = `/api/v1/groups/${granting}/users/${office.user}`;
    office.switchDeactivate('DISABLED');

    office.write('DELETE', member);
    office.now += 5 * MINUTE;

    expect(json(office.okta('/api/v1/groups/rules'))[0].conditions.people.users.exclude).toEqual([office.user]);
    expect(errorOf(office.okta(`/api/v1/apps/${office.app}/users/${office.user}`))).toBe('404 E0000007');
  });

  it.each(['everyone', 'directory'] as const)('cannot be made of a group that is not Okta’s own (%s)', (kind) => {
    const office = new Office();
    const groups: Json[] = office.oktaRows(`/api/v1/users/${office.user}/groups`);
    const group = groups.find(({ type }) => type === (kind === 'everyone' ? 'BUILT_IN' : 'APP_GROUP'));

    expect(errorOf(office.write('DELETE', `/api/v1/groups/${group.id}/users/${office.user}`))).toBe('403 E0000006');
  });
});

describe('the group job of Universal Sync', () => {
  it('drops whom it finds unassigned, and brings back whoever is assigned with equal anchors', () => {
    const office = new Office();
    const before = office.groups();
    office.switchDeactivate('DISABLED');

    office.unassign();
    office.now += 61 * MINUTE;
    const between = office.groups();
    office.assign({ profile: { licenses: ['SPE_E3'] } });
    office.now += 2 * HOUR;

    expect(before.length).toBeGreaterThan(0);
    expect(between).toEqual([]);
    expect(office.groups()).toEqual(before);
    expect(office.events('app.office365.api.sync.job.complete.group').length).toBeGreaterThan(0);
  });

  it('drops whom it finds unassigned and parked, whatever the account is called meanwhile', () => {
    const office = new Office();
    office.switchDeactivate('DISABLED');
    office.unassign();
    office.patch({ userPrincipalName: parked(office) });

    office.now += 2 * HOUR;

    expect(office.groups()).toEqual([]);
  });

  it('of a second app leaves those alone who have the first', () => {
    for (const seed of ['a', 'b', 'c']) {
      const office = new Office({ seed, office365Apps: 2 });
      const before = office.groups();
      office.write('POST', `/api/v1/apps/${office.app}/users/${office.user}`, { profile: {} });
      office.now += 3 * HOUR;
      expect(office.groups()).toEqual(before);
    }
  });

  it('keeps the unassigned in their groups, in a tenant of that kind', () => {
    const office = new Office({ switches: { groupJob: 'keeps', latePush: 'never' } });
    const before = office.groups();
    office.switchDeactivate('DISABLED');

    office.unassign();
    office.now += 2 * HOUR;

    expect(office.groups()).toEqual(before);
  });

  it('lets people whose anchors differ drop out without a word', () => {
    const office = new Office();
    for (const body of [
      { userPrincipalName: parked(office) },
      { onPremisesImmutableId: ANCHOR },
      { userPrincipalName: office.userName },
    ])
      expect(office.patch(body).status).toBe(204);
    office.now += 2 * HOUR;

    expect(office.groups()).toEqual([]);
  });
});
