import { describe, expect, test } from 'vitest';
import { MINUTE } from '../../shared/time.ts';
import { assigningOf, refusal, type Stage } from './repairs-face.ts';

const FORBIDDEN = ['refused', 403, 'E0000046'];
const MAPPED = ['refused', 403, 'E0000075'];
const MASTERED_ELSEWHERE = ['refused', 405, 'E0000076'];
const NOT_FOUND = ['invalid', 404, 'E0000007'];
const BAD_REQUEST = ['invalid', 400, 'E0000001'];

/** What both faces promise of assignments. */
export function assignmentsContract(name: string, stage: Stage): void {
  ownContract(name, stage);
  grantedContract(name, stage);
}

function ownContract(name: string, stage: Stage): void {
  describe(`${name}: an assignment of one’s own`, () => {
    test('is read whole, with every attribute of its profile', async () => {
      const { okta, app, own } = await stage();
      const { email, firstName, lastName, displayName, immutableId, licenses, roles } = own.assignment;

      expect(await okta.assignmentDetail(app, own.user)).toMatchObject({
        scope: 'USER',
        grantedBy: null,
        userName: own.assignment.userName,
        externalId: own.account.id,
        profile: { email, firstName, lastName, displayName, immutableId, licenses, roles },
      });
    });

    test('is taken away, and given back with what no mapping fills', async () => {
      const { okta, app, own, pass, effect } = await stage();
      await okta.switchDeactivate(app, 'DISABLED', effect());
      expect(await okta.unmappedAttributes(app)).toEqual(['licenses', 'roles']);

      expect((await okta.unassign(app, own.user, effect())).requestId).toMatch(/^req/);
      expect(await okta.assignmentDetail(app, own.user)).toBeNull();
      expect(await refusal(okta.unassign(app, own.user, effect()))).toEqual(NOT_FOUND);
      expect(await refusal(okta.changeAssignment(app, own.user, {}, effect()))).toEqual(NOT_FOUND);

      const profile = { licenses: ['SPE_E5'], roles: ['Global Reader'] };
      expect((await okta.assign(app, { ...assigningOf(own), profile }, effect())).requestId).toMatch(/^req/);
      expect(await okta.assignmentDetail(app, own.user)).toMatchObject({
        status: 'STAGED',
        syncState: 'SYNCING',
        externalId: null,
      });
      pass(3 * MINUTE);
      expect(await okta.assignmentDetail(app, own.user)).toMatchObject({
        status: 'PROVISIONED',
        syncState: 'SYNCHRONIZED',
        scope: 'USER',
        userName: own.assignment.userName,
        externalId: own.account.id,
        profile: { ...profile, immutableId: own.directory.externalId },
      });
    });

    test('gives nothing where nothing is given back', async () => {
      const { okta, app, own, effect } = await stage();
      await okta.switchDeactivate(app, 'DISABLED', effect());
      await okta.unassign(app, own.user, effect());
      await okta.assign(app, assigningOf(own), effect());

      const profile = (await okta.assignmentDetail(app, own.user))?.profile;
      expect(profile).toMatchObject({ licenses: [], roles: [] });
    });

    test('has the user name that it is given, which need not be the login', async () => {
      const { okta, app, own, effect } = await stage();
      await okta.switchDeactivate(app, 'DISABLED', effect());
      await okta.unassign(app, own.user, effect());
      await okta.assign(app, { ...assigningOf(own), userName: 'another.name@contoso.com' }, effect());

      expect((await okta.assignmentDetail(app, own.user))?.userName).toBe('another.name@contoso.com');
    });

    test('that is there already is changed by a second one', async () => {
      const { okta, app, own, effect } = await stage();
      const assigning = { ...assigningOf(own), profile: { licenses: ['SPE_E3'] } };

      expect(await refusal(okta.assign(app, assigning, effect()))).toEqual(['taken']);
      expect((await okta.assignmentDetail(app, own.user))?.profile['licenses']).toEqual(['SPE_E3']);
      expect(await refusal(okta.assign(app, assigning, effect()))).toEqual(['taken']);
      expect((await okta.assignmentDetail(app, own.user))?.profile['licenses']).toEqual(['SPE_E3']);
    });

    test('is changed in what the change names alone', async () => {
      const { okta, app, own, effect } = await stage();
      const before = await okta.assignmentDetail(app, own.user);

      await okta.changeAssignment(app, own.user, { profile: { roles: ['Global Reader'] } }, effect());

      expect(await okta.assignmentDetail(app, own.user)).toEqual({
        ...before,
        profile: { ...before?.profile, roles: ['Global Reader'] },
      });
    });

    test('is pushed again by an empty change, and stays as it was', async () => {
      const { okta, app, own, now, pass, effect } = await stage();
      const before = await okta.assignmentDetail(app, own.user);
      const since = now();

      const { requestId } = await okta.changeAssignment(app, own.user, {}, effect());
      pass(3 * MINUTE);

      const types = ['application.provision.user.push'] as const;
      const pushes = await okta.events({ types, target: own.user, since, until: now() });
      expect(pushes).toMatchObject([{ succeeded: true, transaction: requestId }]);
      expect(await okta.assignmentDetail(app, own.user)).toEqual({ ...before, status: 'PROVISIONED' });
    });

    test('with an attribute that a mapping fills is refused, made or changed', async () => {
      const { okta, app, own, effect } = await stage();
      const profile = { immutableId: 'mine' };

      expect(await refusal(okta.changeAssignment(app, own.user, { profile }, effect()))).toEqual(MAPPED);
      await okta.switchDeactivate(app, 'DISABLED', effect());
      await okta.unassign(app, own.user, effect());
      expect(await refusal(okta.assign(app, { ...assigningOf(own), profile }, effect()))).toEqual(MAPPED);
      expect(await okta.assignmentDetail(app, own.user)).toBeNull();
    });

    test('is refused to somebody who was deactivated', async () => {
      const { okta, app, own, hands, now, effect } = await stage();
      hands.dismiss(own.user, now());

      expect(await refusal(okta.assign(app, assigningOf(own), effect()))).toEqual(BAD_REQUEST);
    });

    test('cannot be said to come from a group where none grants the app', async () => {
      const { okta, app, own, effect } = await stage();
      const scope = 'GROUP';

      expect(await refusal(okta.changeAssignment(app, own.user, { scope }, effect()))).toEqual(BAD_REQUEST);
      await okta.switchDeactivate(app, 'DISABLED', effect());
      await okta.unassign(app, own.user, effect());
      expect(await refusal(okta.assign(app, { ...assigningOf(own), scope }, effect()))).toEqual(BAD_REQUEST);
    });

    test('of an Active Directory is changed by imports alone', async () => {
      const { okta, created, own, effect } = await stage();
      const instance = created.ids.directories[0]?.id ?? '';

      expect(await refusal(okta.unassign(instance, own.user, effect()))).toEqual(MASTERED_ELSEWHERE);
      expect(await refusal(okta.assign(instance, assigningOf(own), effect()))).toEqual(MASTERED_ELSEWHERE);
      expect(await refusal(okta.changeAssignment(instance, own.user, {}, effect()))).toEqual(MASTERED_ELSEWHERE);
    });
  });
}

function grantedContract(name: string, stage: Stage): void {
  describe(`${name}: an assignment by a group`, () => {
    test('names the group, and is not taken away by itself', async () => {
      const { okta, app, granted, created, effect } = await stage();
      const { granting } = created.ids.groups;
      expect(await okta.assignmentDetail(app, granted.user)).toMatchObject({ scope: 'GROUP', grantedBy: granting });

      expect(await refusal(okta.unassign(app, granted.user, effect()))).toEqual(FORBIDDEN);
      expect(await okta.assignmentDetail(app, granted.user)).not.toBeNull();
    });

    test('is given again as the group’s, where an administrator took it away over the group', async () => {
      const { okta, app, granted, created, hands, now, pass, effect } = await stage();
      await okta.switchDeactivate(app, 'DISABLED', effect());
      hands.unassign(app, granted.user, now());
      expect(await okta.assignmentDetail(app, granted.user)).toBeNull();

      await okta.assign(app, { ...assigningOf(granted), scope: 'GROUP' }, effect());
      pass(3 * MINUTE);

      expect(await okta.assignmentDetail(app, granted.user)).toMatchObject({
        scope: 'GROUP',
        grantedBy: created.ids.groups.granting,
        status: 'PROVISIONED',
        profile: { licenses: ['SPE_E3'] },
      });
    });

    test('is made the person’s own and the group’s again', async () => {
      const { okta, app, granted, effect } = await stage();
      const before = await okta.assignmentDetail(app, granted.user);

      await okta.changeAssignment(app, granted.user, { scope: 'USER' }, effect());
      expect(await okta.assignmentDetail(app, granted.user)).toEqual({ ...before, scope: 'USER', grantedBy: null });
      await okta.changeAssignment(app, granted.user, { scope: 'GROUP' }, effect());
      expect(await okta.assignmentDetail(app, granted.user)).toEqual(before);
    });

    test.each([
      ['refused', FORBIDDEN],
      ['allowed', ['taken']],
    ] as const)(
      'that was made the person’s own while the group grants it is %s to be taken away',
      async (deleteConverted, answer) => {
        const { okta, app, granted, effect } = await stage({ switches: { deleteConverted } });
        await okta.changeAssignment(app, granted.user, { scope: 'USER' }, effect());

        expect(await refusal(okta.unassign(app, granted.user, effect()))).toEqual(answer);
        expect((await okta.assignmentDetail(app, granted.user)) === null).toBe(deleteConverted === 'allowed');
      },
    );
  });
}
