import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { errorOf, json } from './callers.ts';
import { Office } from './office.ts';

type Step = 'activate' | 'deactivate' | 'suspend' | 'unsuspend';

function lifecycle(office: Office, step: Step) {
  return office.write('POST', `/api/v1/users/${office.user}/lifecycle/${step}?sendEmail=false`);
}

function statusOf(office: Office): string {
  return json(office.okta(`/api/v1/users/${office.user}`)).status;
}

function isAssigned(office: Office): boolean {
  return office.okta(`/api/v1/apps/${office.app}/users/${office.user}`).status === 200;
}

describe('a deactivation', () => {
  it.each([false, true])('takes Office 365 away, and the account goes (granted by a group: %s)', (granted) => {
    const office = new Office({}, granted);

    expect(lifecycle(office, 'deactivate')).toMatchObject({ status: 200, body: '{}' });
    office.now += 2 * MINUTE;

    expect(statusOf(office)).toBe('DEPROVISIONED');
    expect(isAssigned(office)).toBe(false);
    expect(errorOf(office.graph(`/v1.0/users/${office.objectId}`))).toBe('404 Request_ResourceNotFound');
  });

  it('leaves the account alone while Deactivate Users is off, and nobody comes back for it', () => {
    const office = new Office();
    const before = office.account();
    office.switchDeactivate('DISABLED');
    lifecycle(office, 'deactivate');
    office.now += 5 * MINUTE;
    office.switchDeactivate('ENABLED');
    office.now += HOUR;

    expect(office.account()).toEqual(before);
  });

  it('is told by the log together with what it took away, all of one cause', () => {
    const office = new Office();
    lifecycle(office, 'deactivate');

    const [deactivated] = office.events('user.lifecycle.deactivate');
    const [removed] = office.events('application.user_membership.remove');
    expect(deactivated.target[0].id).toBe(office.user);
    expect(removed.transaction.id).toBe(deactivated.transaction.id);
  });

  it('is for good: no group gives anything to the deactivated', () => {
    const office = new Office({}, true);
    const [group] = office.oktaRows(`/api/v1/users/${office.user}/groups`).filter(({ type }) => type === 'APP_GROUP');
    lifecycle(office, 'deactivate');

    office.created.hands.changeGroup(office.user, group.id, 'leave', office.now);
    office.now += 3 * HOUR;
    office.created.hands.assign(office.app, office.user, office.now);

    expect(isAssigned(office)).toBe(false);
    expect(errorOf(lifecycle(office, 'deactivate'))).toBe('400 E0000001');
  });
});

describe('an activation', () => {
  it.each([
    [true, 'what groups grant comes back'],
    [false, 'what was assigned by hand does not'],
  ])('of a deactivated user: %s', (granted) => {
    const office = new Office({}, granted);
    office.switchDeactivate('DISABLED');
    lifecycle(office, 'deactivate');
    office.now += 5 * MINUTE;

    expect(lifecycle(office, 'activate').status).toBe(200);
    office.now += 3 * MINUTE;

    expect(statusOf(office)).toBe('ACTIVE');
    expect(isAssigned(office)).toBe(granted);
    expect(office.events('user.lifecycle.activate')).toHaveLength(1);
  });

  it('is refused of somebody who is active', () => {
    expect(errorOf(lifecycle(new Office(), 'activate'))).toBe('403 E0000016');
  });
});

describe('a suspension', () => {
  it('leaves assignment and account as they are, and is taken back', () => {
    const office = new Office();
    const before = office.account();

    expect(lifecycle(office, 'suspend').status).toBe(200);
    office.now += HOUR;
    expect([statusOf(office), isAssigned(office)]).toEqual(['SUSPENDED', true]);
    expect(office.account()).toEqual(before);
    expect(lifecycle(office, 'unsuspend').status).toBe(200);

    expect(statusOf(office)).toBe('ACTIVE');
    for (const step of ['suspend', 'unsuspend']) expect(office.events(`user.lifecycle.${step}`)).toHaveLength(1);
  });

  it.each(['unsuspend', 'suspend'] as const)('is refused twice (%s)', (step) => {
    const office = new Office();
    if (step === 'suspend') lifecycle(office, 'suspend');

    expect(errorOf(lifecycle(office, step))).toBe('400 E0000001');
  });
});
