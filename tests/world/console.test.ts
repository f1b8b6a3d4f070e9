import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { errorOf, json } from './callers.ts';
import { ANCHOR, Office, parked } from './office.ts';

describe('somebody who is renamed in Okta', () => {
  it('is looked for by the new name, which no account has, and the account of the old one holds the anchor', () => {
    const office = new Office();
    const before = office.account();

    office.created.hands.rename(office.user, 'married.name@contoso.com', office.now);
    office.now += 3 * MINUTE;

    expect(json(office.okta(`/api/v1/users/${office.user}`)).profile.login).toBe('married.name@contoso.com');
    expect(office.assignment()).toMatchObject({
      syncState: 'ERROR',
      credentials: { userName: 'married.name@contoso.com' },
      externalId: office.objectId,
    });
    expect(office.account()).toEqual(before);
    expect(office.events('application.user_membership.change_username')).toHaveLength(1);
    expect(office.events('application.provision.user.push').at(-1).outcome.result).toBe('FAILURE');
  });

  it('is found again once the account has the new name', () => {
    const office = new Office();
    office.created.hands.rename(office.user, 'married.name@contoso.com', office.now);
    office.now += 3 * MINUTE;

    office.created.hands.editAccount(office.objectId, { userName: 'married.name@contoso.com' }, office.now);
    office.write('POST', `/api/v1/apps/${office.app}/users/${office.user}`, { profile: {} });
    office.now += 3 * MINUTE;

    expect(office.assignment()).toMatchObject({ syncState: 'SYNCHRONIZED', externalId: office.objectId });
  });

  it('never gets the login of another', () => {
    const office = new Office();
    const other = office.oktaRows('/api/v1/users?limit=200').find(({ id }) => id !== office.user);

    const rename = () => office.created.hands.rename(office.user, other.profile.login.toUpperCase(), office.now);

    expect(rename).toThrow('is the login of');
  });
});

describe('an account in the Entra admin centre', () => {
  it('is edited to no anchor of another, and keeps its earlier names as addresses', () => {
    const office = new Office();
    const { hands } = office.created;
    const other = office
      .graphRows('/v1.0/users?$select=id,onPremisesImmutableId')
      .find(({ id, onPremisesImmutableId }) => id !== office.objectId && onPremisesImmutableId !== null);

    expect(() => hands.editAccount(office.objectId, { anchor: other.onPremisesImmutableId }, office.now)).toThrow(
      'holds that anchor',
    );
    hands.editAccount(office.objectId, { userName: 'elsewhere@contoso.onmicrosoft.com' }, office.now);
    hands.editAccount(office.objectId, { userName: office.userName }, office.now);

    expect(office.account().proxyAddresses).toContain('smtp:elsewhere@contoso.onmicrosoft.com');
  });

  it('goes into the bin with its anchor and comes back as it was', () => {
    const office = new Office();
    const { hands } = office.created;
    const [before, groups] = [office.account(), office.groups()];

    hands.deleteAccount(office.objectId, office.now);
    expect(errorOf(office.graph(`/v1.0/users/${office.objectId}`))).toBe('404 Request_ResourceNotFound');
    const [binned] = office.graphRows(
      '/v1.0/directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName,onPremisesImmutableId',
    );
    expect(binned).toMatchObject({ id: office.objectId, onPremisesImmutableId: before.onPremisesImmutableId });
    expect(binned.userPrincipalName).not.toBe(office.userName);
    hands.restoreAccount(office.objectId, office.now + 1);
    office.now += 2;

    expect(office.account()).toEqual(before);
    expect(office.groups()).toEqual(groups);
    expect(() => hands.restoreAccount(office.objectId, office.now)).toThrow('no deleted account');
  });

  it('does not come back under a name that is another’s by now', () => {
    const office = new Office();
    const { hands } = office.created;
    const other = office.graphRows('/v1.0/users?$select=id').find(({ id }) => id !== office.objectId);
    hands.deleteAccount(office.objectId, office.now);
    hands.editAccount(other.id, { userName: office.userName }, office.now);

    expect(() => hands.restoreAccount(office.objectId, office.now)).toThrow('is the name of');
  });

  it('is given licences that Okta knows nothing of, which its next push takes away', () => {
    const office = new Office();
    const { hands } = office.created;
    const before = office.account().assignedLicenses;

    for (let time = 0; time < 2; time += 1) hands.grantLicence(office.objectId, 'SPE_E5', office.now);
    office.now += 1;
    expect(office.account().assignedLicenses).toHaveLength(before.length + 1);
    office.write('POST', `/api/v1/apps/${office.app}/users/${office.user}`, { profile: {} });
    office.now += 3 * MINUTE;

    expect(office.account().assignedLicenses).toEqual(before);
    expect(() => hands.grantLicence(office.objectId, 'E7', office.now)).toThrow('no licence E7');
  });

  it('changes groups of Entra’s own, never those that sync made', () => {
    const office = new Office();
    const { hands, inside } = office.created;
    const twins = [...inside.state.twins.values()];
    const own = [...inside.state.entraGroups.values()].find(({ id }) => !twins.includes(id));
    const before = office.groups();

    hands.changeEntraGroup(office.objectId, own?.id ?? '', 'join', office.now);
    office.now += 1;
    expect(office.groups().toSorted()).toEqual([...before, own?.displayName].toSorted());
    hands.changeEntraGroup(office.objectId, own?.id ?? '', 'leave', office.now);
    office.now += 1;

    expect(office.groups()).toEqual(before);
    expect(() => hands.changeEntraGroup(office.objectId, twins[0] ?? '', 'join', office.now)).toThrow('of Entra');
  });
});

it('hands find whatever was due before them done', () => {
  const office = new Office();
  office.switchDeactivate('DISABLED');
  office.unassign();
  office.now += HOUR;

  office.created.hands.switchDeactivate(office.app, 'ENABLED', office.now);
  office.now += HOUR;

  expect(office.account()).toMatchObject({ accountEnabled: true });
  expect(office.patch({ userPrincipalName: parked(office) }).status).toBe(204);
  expect(office.patch({ onPremisesImmutableId: ANCHOR }).status).toBe(204);
});
