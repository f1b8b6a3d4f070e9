import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { groupsOf, listOf, refusal, type Stage } from './repairs-face.ts';

const DENIED = ['denied', 403, 'E0000006'];
const NOT_FOUND = ['invalid', 404, 'E0000007'];

/** What both faces promise of groups, Okta's own and those of Active Directory. */
export function groupsContract(name: string, stage: Stage): void {
  ownGroupsContract(name, stage);
  directoryGroupsContract(name, stage);
}

function ownGroupsContract(name: string, stage: Stage): void {
  describe(`${name}: groups of Okta’s own`, () => {
    test('that grant the app are known by their priority, with their apps and rules', async () => {
      const { okta, app, created } = await stage();
      const { granting, exclusion, optIn } = created.ids.groups;
      expect(await okta.groupsGranting(app)).toEqual([granting]);
      expect(await okta.appsOf(granting)).toEqual([app]);
      expect(await okta.appsOf(exclusion)).toEqual([]);
      expect(await okta.groupRules()).toEqual([
        {
          id: expect.stringMatching(/^0pr/),
          name: 'Everyone in a department gets Microsoft 365',
          status: 'ACTIVE',
          expression: `user.department != null and !isMemberOfGroup("${exclusion}")`,
          groups: [granting],
          excludedUsers: [],
        },
      ]);

      const { apps } = created.inside.state;
      const record = apps.get(app);
      if (record === undefined) throw new Error('the app is gone');
      for (const groups of [
        [optIn, granting],
        [granting, optIn],
      ]) {
        apps.set(app, { ...record, groups });
        expect(await okta.groupsGranting(app)).toEqual(groups);
      }
    });

    test('the exclusion group takes the app away, and gives it back with its scope', async () => {
      const { okta, app, granted, created, pass, effect } = await stage();
      const { exclusion, granting } = created.ids.groups;
      await okta.switchDeactivate(app, 'DISABLED', effect());

      expect((await okta.joinGroup(exclusion, granted.user, effect())).requestId).toMatch(/^req/);
      expect(await okta.assignmentDetail(app, granted.user)).not.toBeNull();
      pass(MINUTE);
      expect(await okta.assignmentDetail(app, granted.user)).toBeNull();
      await okta.leaveGroup(exclusion, granted.user, effect());
      pass(3 * MINUTE);
      expect(await okta.assignmentDetail(app, granted.user)).toMatchObject({
        scope: 'GROUP',
        grantedBy: granting,
        status: 'PROVISIONED',
        externalId: granted.account.id,
      });
      expect((await okta.groupRules())[0]?.excludedUsers).toEqual([]);
    });

    test('may be joined and left twice, which changes nothing more', async () => {
      const scene = await stage();
      const { okta, own, created, effect } = scene;
      const { exclusion } = created.ids.groups;
      const before = await groupsOf(scene, own.user);

      await okta.joinGroup(exclusion, own.user, effect());
      await okta.joinGroup(exclusion, own.user, effect());
      expect(await okta.oktaGroups(own.user)).toContainEqual({
        id: exclusion,
        name: 'Microsoft 365 paused',
        kind: 'OKTA_GROUP',
        directory: null,
      });
      expect(await groupsOf(scene, own.user)).toHaveLength(before.length + 1);
      await okta.leaveGroup(exclusion, own.user, effect());
      await okta.leaveGroup(exclusion, own.user, effect());
      expect(await groupsOf(scene, own.user)).toEqual(before);
    });

    test('whoever is taken out of a rule’s group is excepted from the rule', async () => {
      const { okta, granted, created, effect } = await stage();
      await okta.leaveGroup(created.ids.groups.granting, granted.user, effect());

      expect((await okta.groupRules())[0]?.excludedUsers).toEqual([granted.user]);
    });

    test('Everyone is a group that nobody leaves', async () => {
      const { okta, own, created, effect } = await stage();

      expect(await refusal(okta.leaveGroup(created.ids.groups.everyone, own.user, effect()))).toEqual(DENIED);
    });
  });
}

function directoryGroupsContract(name: string, stage: Stage): void {
  describe(`${name}: groups of Active Directory`, () => {
    test('say what they are, and which instance they came from', async () => {
      const { okta, own, created } = await stage();
      const groups = (await okta.oktaGroups(own.user)).filter(({ directory }) => directory !== null);

      expect(groups.map(({ directory }) => directory?.groupType).toSorted()).toEqual(['Distribution', 'Security']);
      for (const { id, name: called, kind, directory } of groups) {
        const record = created.inside.state.groups.get(id);
        expect([called, kind]).toEqual([record?.name, 'APP_GROUP']);
        expect(directory?.instance).toBe(record?.directory?.app);
        expect(directory?.sid).toBe(record?.directory?.objectSid);
      }
    });

    test('are joined and left by nobody here', async () => {
      const scene = await stage();
      const { okta, own, effect } = scene;
      const { group } = await listOf(scene, own.user);
      const before = await groupsOf(scene, own.user);

      expect(await refusal(okta.leaveGroup(group, own.user, effect()))).toEqual(DENIED);
      expect(await refusal(okta.joinGroup(group, own.user, effect()))).toEqual(DENIED);
      expect(await groupsOf(scene, own.user)).toEqual(before);
    });

    test('are left and joined again by groups/modify where it works', async () => {
      const scene = await stage({ switches: { directoriesApi: 'works' } });
      const { okta, own, effect } = scene;
      const { group, instance } = await listOf(scene, own.user);

      const left = await okta.changeDirectoryGroup(instance, group, own.user, 'leave', effect());
      expect(left.requestId).toMatch(/^req/);
      expect(await groupsOf(scene, own.user)).not.toContain(group);
      expect(await refusal(okta.changeDirectoryGroup(instance, group, own.user, 'leave', effect()))).toEqual(['taken']);
      await okta.changeDirectoryGroup(instance, group, own.user, 'join', effect());
      expect(await groupsOf(scene, own.user)).toContain(group);
    });

    test('are not changed by groups/modify where it is refused', async () => {
      const scene = await stage({ switches: { directoriesApi: 'refused' } });
      const { okta, own, effect } = scene;
      const { group, instance } = await listOf(scene, own.user);

      expect(await refusal(okta.changeDirectoryGroup(instance, group, own.user, 'leave', effect()))).toEqual(DENIED);
      expect(await groupsOf(scene, own.user)).toContain(group);
    });

    test('are not changed by groups/modify while no agent is connected, which may pass', async () => {
      const spell = { from: 0, until: Number.MAX_SAFE_INTEGER };
      const stopped = { every: HOUR, duration: MINUTE, jitter: 0, stopped: [spell] };
      const scene = await stage({
        switches: { directoriesApi: 'works' },
        imports: { 'contoso.com': stopped, 'emea.contoso.com': stopped },
      });
      const { okta, own, effect } = scene;
      const { group, instance } = await listOf(scene, own.user);

      const answer = await refusal(okta.changeDirectoryGroup(instance, group, own.user, 'leave', effect()));
      expect(answer).toEqual(['transient', 502, 'E0000241']);
      expect(await groupsOf(scene, own.user)).toContain(group);
    });

    test('are changed by groups/modify through their own instance alone, and Okta’s own never', async () => {
      const scene = await stage({ switches: { directoriesApi: 'works' } });
      const { okta, own, created, effect } = scene;
      const { group, instance } = await listOf(scene, own.user);
      const other = created.ids.directories.find(({ id }) => id !== instance)?.id ?? '';
      const { exclusion } = created.ids.groups;

      const astray = okta.changeDirectoryGroup(other, group, own.user, 'leave', effect());
      expect(await refusal(astray)).toEqual(NOT_FOUND);
      const ofOkta = okta.changeDirectoryGroup(instance, exclusion, own.user, 'join', effect());
      expect(await refusal(ofOkta)).toEqual(NOT_FOUND);
    });
  });
}
