import { describe, expect, test } from 'vitest';
import type { Hands } from '../../local/world/hands.ts';
import type { WorldOptions } from '../../local/world/options.ts';
import type { CreatedWorld } from '../../local/world/world.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import type { Effect } from '../../shared/ports/effect.ts';
import type { OktaRepairs } from '../../shared/ports/okta-repairs.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { peopleOf, peopleOfTheirOwn, type Someone } from '../simulation/people.ts';

/** One face of the port, over a world of its own. */
export interface OktaFace {
  readonly okta: OktaRepairs;
  readonly created: CreatedWorld;
  readonly hands: Hands;
  now(): number;
  pass(ms: number): void;
}

export type OpenOkta = (world: Partial<WorldOptions>) => Promise<OktaFace>;

/** What a call failed with: the kind and what the tenant said. */
async function refusal(call: Promise<unknown>): Promise<readonly unknown[]> {
  try {
    await call;
    return ['taken'];
  } catch (error) {
    if (!(error instanceof AnchorwatchError)) throw error;
    return [error.kind, error.fields['status'] ?? null, error.fields['code'] ?? null];
  }
}

function effectOf(face: OktaFace, within = 30_000): Effect {
  return { until: face.now() + within, correlation: '00000000-0000-8000-8000-000000000000' };
}

/** Both faces answer alike: the same values, the same kinds of errors, the same codes. */
export function oktaRepairsContract(name: string, open: OpenOkta): void {
  async function faceWith(
    world: Partial<WorldOptions> = {},
  ): Promise<{ face: OktaFace; app: string; own: Someone; granted: Someone }> {
    const face = await open({ people: 12, plants: 'none', ...world });
    const [own] = peopleOfTheirOwn(face.created, 1);
    const [granted] = peopleOf(face.created, 'GROUP').filter(({ user }) => user !== own?.user);
    if (own === undefined || granted === undefined) throw new Error('the world is too small');
    return { face, app: face.created.ids.office365, own, granted };
  }

  describe(`${name}: the switch`, () => {
    test('is read from the feature and from the app, and moves alone', async () => {
      const { face, app } = await faceWith();
      const before = await face.okta.deactivateSwitch(app);
      expect(before).toMatchObject({ status: 'ENABLED', pushesDeactivation: true });

      const { requestId } = await face.okta.switchDeactivate(app, 'DISABLED', effectOf(face));
      expect(requestId).toMatch(/^req/);

      expect(await face.okta.deactivateSwitch(app)).toEqual({
        status: 'DISABLED',
        pushesDeactivation: false,
        rest: before.rest,
      });
      expect(before.rest).not.toContain('lifecycleDeactivate');
      expect(before.rest).not.toContain('_links');
    });

    test('of an app without provisioning is none', async () => {
      const { face } = await faceWith();
      const [directory] = face.created.ids.directories;

      expect(await face.okta.deactivateSwitch(directory?.id ?? '')).toEqual({
        status: null,
        rest: '',
        pushesDeactivation: false,
      });
    });
  });

  describe(`${name}: an assignment`, () => {
    test('of one’s own is taken away, and given back with what no mapping fills', async () => {
      const { face, app, own } = await faceWith();
      await face.okta.switchDeactivate(app, 'DISABLED', effectOf(face));
      const before = await face.okta.assignmentDetail(app, own.user);
      expect(before).toMatchObject({ scope: 'USER', grantedBy: null, userName: own.assignment.userName });
      expect(await face.okta.unmappedAttributes(app)).toEqual(['licenses', 'roles']);

      await face.okta.unassign(app, own.user, effectOf(face));
      expect(await face.okta.assignmentDetail(app, own.user)).toBeNull();
      expect(await refusal(face.okta.unassign(app, own.user, effectOf(face)))).toEqual(['invalid', 404, 'E0000007']);

      const assigning = {
        user: own.user,
        scope: 'USER',
        userName: own.assignment.userName,
        profile: { licenses: ['SPE_E5'], roles: [] },
      } as const;
      await face.okta.assign(app, assigning, effectOf(face));
      expect(await face.okta.assignmentDetail(app, own.user)).toMatchObject({
        status: 'STAGED',
        syncState: 'SYNCING',
        externalId: null,
      });
      face.pass(3 * MINUTE);
      expect(await face.okta.assignmentDetail(app, own.user)).toMatchObject({
        status: 'PROVISIONED',
        syncState: 'SYNCHRONIZED',
        externalId: own.account.id,
        profile: { licenses: ['SPE_E5'], immutableId: own.directory.externalId },
      });
    });

    test('that is there already is changed by a second one', async () => {
      const { face, app, own } = await faceWith();
      const assigning = {
        user: own.user,
        scope: 'USER',
        userName: own.assignment.userName,
        profile: { licenses: ['SPE_E3'] },
      } as const;

      expect(await refusal(face.okta.assign(app, assigning, effectOf(face)))).toEqual(['taken']);
      expect((await face.okta.assignmentDetail(app, own.user))?.profile['licenses']).toEqual(['SPE_E3']);
    });

    test('with an attribute that a mapping fills is refused', async () => {
      const { face, app, own } = await faceWith();
      const change = { profile: { immutableId: 'mine' } };

      expect(await refusal(face.okta.changeAssignment(app, own.user, change, effectOf(face)))).toEqual([
        'refused',
        403,
        'E0000075',
      ]);
    });

    test('of somebody who was deactivated is refused', async () => {
      const { face, app, own } = await faceWith();
      face.hands.dismiss(own.user, face.now());
      const assigning = { user: own.user, scope: 'USER', userName: own.assignment.userName, profile: {} } as const;

      expect(await refusal(face.okta.assign(app, assigning, effectOf(face)))).toEqual(['invalid', 400, 'E0000001']);
    });

    test('by a group is given and taken by the group alone', async () => {
      const { face, app, granted, own } = await faceWith();
      expect(await face.okta.assignmentDetail(app, granted.user)).toMatchObject({
        scope: 'GROUP',
        grantedBy: face.created.ids.groups.granting,
      });
      expect(await refusal(face.okta.unassign(app, granted.user, effectOf(face)))).toEqual([
        'refused',
        403,
        'E0000046',
      ]);
      const asGroup = face.okta.changeAssignment(app, own.user, { scope: 'GROUP' }, effectOf(face));
      expect(await refusal(asGroup)).toEqual(['invalid', 400, 'E0000001']);
    });

    test.each([
      ['refused', ['refused', 403, 'E0000046']],
      ['allowed', ['taken']],
    ] as const)(
      'that was converted while a group grants it is %s to be taken away',
      async (deleteConverted, answer) => {
        const { face, app, granted } = await faceWith({ switches: { deleteConverted } });
        await face.okta.changeAssignment(app, granted.user, { scope: 'USER' }, effectOf(face));

        expect(await refusal(face.okta.unassign(app, granted.user, effectOf(face)))).toEqual(answer);
      },
    );
  });

  describe(`${name}: groups`, () => {
    test('that grant the app are known, with their apps and rules', async () => {
      const { face, app } = await faceWith();
      const { granting, exclusion } = face.created.ids.groups;

      expect(await face.okta.groupsGranting(app)).toEqual([granting]);
      expect(await face.okta.appsOf(granting)).toContain(app);
      const [rule] = await face.okta.groupRules();
      expect(rule).toMatchObject({ status: 'ACTIVE', groups: [granting], excludedUsers: [] });
      expect(rule?.expression).toContain(`!isMemberOfGroup("${exclusion}")`);
    });

    test('the exclusion group takes the app away, and gives it back with its scope', async () => {
      const { face, app, granted } = await faceWith();
      const { exclusion, granting } = face.created.ids.groups;
      await face.okta.switchDeactivate(app, 'DISABLED', effectOf(face));

      await face.okta.joinGroup(exclusion, granted.user, effectOf(face));
      face.pass(MINUTE);
      expect(await face.okta.assignmentDetail(app, granted.user)).toBeNull();
      await face.okta.leaveGroup(exclusion, granted.user, effectOf(face));
      face.pass(3 * MINUTE);
      expect(await face.okta.assignmentDetail(app, granted.user)).toMatchObject({
        scope: 'GROUP',
        grantedBy: granting,
        status: 'PROVISIONED',
      });
      expect((await face.okta.groupRules())[0]?.excludedUsers).toEqual([]);
    });

    test('whoever is taken out of a rule’s group is excepted from the rule', async () => {
      const { face, granted } = await faceWith();
      await face.okta.leaveGroup(face.created.ids.groups.granting, granted.user, effectOf(face));

      expect((await face.okta.groupRules())[0]?.excludedUsers).toEqual([granted.user]);
    });

    test('of Active Directory say what they are, and nobody joins or leaves them here', async () => {
      const { face, own } = await faceWith();
      const groups = await face.okta.oktaGroups(own.user);
      const list = groups.find(({ directory }) => directory?.groupType === 'Distribution');
      expect(list).toMatchObject({
        kind: 'APP_GROUP',
        directory: { instance: expect.stringMatching(/^0oa/), sid: expect.stringMatching(/^S-1-5-/) },
      });

      expect(await refusal(face.okta.leaveGroup(list?.id ?? '', own.user, effectOf(face)))).toEqual([
        'denied',
        403,
        'E0000006',
      ]);
    });

    test.each([
      ['refused', false],
      ['works', true],
    ] as const)('groups/modify where it is %s', async (directoriesApi, works) => {
      const { face, own } = await faceWith({ switches: { directoriesApi } });
      const list = (await face.okta.oktaGroups(own.user)).find(
        ({ directory }) => directory?.groupType === 'Distribution',
      );
      const instance = list?.directory?.instance ?? '';
      const answer = await refusal(
        face.okta.changeDirectoryGroup(instance, list?.id ?? '', own.user, 'leave', effectOf(face)),
      );

      expect(answer[0] === 'taken').toBe(works);
      const left = !(await face.okta.oktaGroups(own.user)).some(({ id }) => id === list?.id);
      expect(left).toBe(works);
    });
  });

  test(`${name}: the System Log tells of the switch, of assignments and of imports, oldest first, each with who did it`, async () => {
    const { face, app, own } = await faceWith();
    const since = face.now();
    await face.okta.switchDeactivate(app, 'DISABLED', effectOf(face));
    await face.okta.unassign(app, own.user, effectOf(face));
    face.hands.dismiss(own.user, face.now());
    face.pass(MINUTE);
    const span = { since, until: face.now() };

    const [moved] = await face.okta.events({ types: ['application.lifecycle.update'], target: app, ...span });
    expect(moved).toMatchObject({ succeeded: true, targets: [{ id: app, type: 'AppInstance' }] });
    const removed = await face.okta.events({ types: ['application.user_membership.remove'], target: app, ...span });
    expect(removed.map(({ targets }) => targets.some(({ id }) => id === own.user))).toEqual([true]);
    expect(removed[0]?.actor).toEqual(moved?.actor);
    const left = await face.okta.events({ types: ['user.lifecycle.deactivate'], target: own.user, ...span });
    expect(left).toHaveLength(1);
    const [directory] = face.created.ids.directories;
    const imports = await face.okta.events({
      types: ['system.import.start', 'system.import.complete'],
      target: directory?.id ?? '',
      since: since - 4 * HOUR,
      until: face.now(),
    });
    expect(imports.length).toBeGreaterThan(2);
    expect(imports.map(({ at }) => at)).toEqual(imports.map(({ at }) => at).toSorted((one, other) => one - other));
  });

  test(`${name}: a write that comes too late is not sent`, async () => {
    const { face, app, own } = await faceWith();

    expect(await refusal(face.okta.unassign(app, own.user, effectOf(face, 0)))).toEqual(['transient', null, null]);
    expect(await face.okta.assignmentDetail(app, own.user)).not.toBeNull();
  });
}
