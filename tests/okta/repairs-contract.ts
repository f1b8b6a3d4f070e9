import { describe, expect, test } from 'vitest';
import type { OktaRepairs } from '../../shared/ports/okta-repairs.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { assignmentsContract } from './assignments-contract.ts';
import { groupsContract } from './groups-contract.ts';
import {
  assigningOf,
  type OpenOkta,
  refusal,
  type Scene,
  type Stage,
  stageOf,
  whatIsThere,
  WRITES,
} from './repairs-face.ts';

/** Both faces answer alike: the same values, the same kinds of errors, the same codes. */
export function oktaRepairsContract(name: string, open: OpenOkta): void {
  const stage = stageOf(open);
  switchContract(name, stage);
  assignmentsContract(name, stage);
  groupsContract(name, stage);
  logContract(name, stage);
  refusalsContract(name, stage);
}

function switchContract(name: string, stage: Stage): void {
  describe(`${name}: the switch`, () => {
    test('is read from the feature and from the app, moves alone, and comes back as it was', async () => {
      const { okta, app, effect } = await stage();
      const before = await okta.deactivateSwitch(app);
      expect(before).toMatchObject({ status: 'ENABLED', pushesDeactivation: true });

      const { requestId } = await okta.switchDeactivate(app, 'DISABLED', effect());
      expect(requestId).toMatch(/^req/);

      expect(await okta.deactivateSwitch(app)).toEqual({
        status: 'DISABLED',
        pushesDeactivation: false,
        rest: before.rest,
      });
      await okta.switchDeactivate(app, 'ENABLED', effect());
      expect(await okta.deactivateSwitch(app)).toEqual(before);
    });

    test('has beside it the rest of the feature, in which another switch shows and links do not', async () => {
      const { okta, app, created } = await stage();
      const { rest } = await okta.deactivateSwitch(app);
      expect(rest).not.toMatch(/lifecycleDeactivate|_links/);

      const record = created.inside.state.apps.get(app);
      if (record === undefined || record.provisioning === null) throw new Error('the app does not provision');
      const provisioning = { ...record.provisioning, update: 'DISABLED' } as const;
      created.inside.state.apps.set(app, { ...record, provisioning });

      const after = await okta.deactivateSwitch(app);
      expect(after.status).toBe('ENABLED');
      expect(after.rest).not.toBe(rest);
    });

    test('of an app without provisioning is none, and cannot be moved', async () => {
      const { okta, created, effect } = await stage();
      const directory = created.ids.directories[0]?.id ?? '';

      expect(await okta.deactivateSwitch(directory)).toEqual({ status: null, rest: '', pushesDeactivation: false });
      expect(await refusal(okta.switchDeactivate(directory, 'DISABLED', effect()))).toEqual([
        'invalid',
        400,
        'E0000001',
      ]);
    });
  });
}

function logContract(name: string, stage: Stage): void {
  describe(`${name}: the System Log`, () => {
    test('tells of the switch, of assignments and of leavers, each with who did it and to whom', async () => {
      const { okta, app, own, granted, created, hands, now, pass, effect } = await stage();
      const since = now();
      await okta.switchDeactivate(app, 'DISABLED', effect());
      const { requestId } = await okta.unassign(app, own.user, effect());
      hands.dismiss(granted.user, now());
      pass(MINUTE);
      const span = { target: app, since, until: now() };

      const [moved] = await okta.events({ types: ['application.lifecycle.update'], ...span });
      expect(moved).toMatchObject({ succeeded: true, at: since, targets: [{ id: app, type: 'AppInstance' }] });
      expect(moved?.actor.id).toBe(created.credentials.okta.clientId);
      const removed = await okta.events({ types: ['application.user_membership.remove'], ...span });
      const ours = removed.filter(({ transaction }) => transaction === requestId);
      expect(ours.map(({ targets }) => targets.map(({ id }) => id))).toEqual([[own.user, app]]);
      expect(ours[0]?.actor).toEqual(moved?.actor);
      const [theirs] = removed.filter((event) => !ours.includes(event));
      expect(theirs?.targets.map(({ id }) => id)).toEqual([granted.user, app]);
      expect(theirs?.actor).not.toEqual(moved?.actor);
      const left = await okta.events({ types: ['user.lifecycle.deactivate'], ...span, target: granted.user });
      expect(left).toHaveLength(1);
    });

    test('is read from its beginning up to, but not including, its end', async () => {
      const { okta, app, now, pass, effect } = await stage();
      const at = now();
      await okta.switchDeactivate(app, 'DISABLED', effect());
      pass(MINUTE);
      const types = ['application.lifecycle.update'] as const;
      const seen = async (since: number, until: number): Promise<number> =>
        (await okta.events({ types, since, until })).length;

      expect(await seen(at, at + 1)).toBe(1);
      expect(await seen(at - MINUTE, at)).toBe(0);
      expect(await seen(at + 1, at + MINUTE)).toBe(0);
    });

    test('tells of the imports of one directory oldest first, and which of them failed', async () => {
      const { okta, created, now } = await stage({
        imports: { 'contoso.com': { failing: [{ from: 0, until: Number.MAX_SAFE_INTEGER }] } },
      });
      const span = { since: now() - 6 * HOUR, until: now() };
      const types = ['system.import.start', 'system.import.complete'] as const;
      const [failing, good] = created.ids.directories.map(({ id }) => okta.events({ types, target: id, ...span }));
      const all = await okta.events({ types, ...span });

      const imports = (await failing) ?? [];
      expect(imports.length).toBeGreaterThan(4);
      expect(imports.map(({ at }) => at)).toEqual(imports.map(({ at }) => at).toSorted((one, other) => one - other));
      for (const { type, succeeded } of imports) expect(succeeded).toBe(type === 'system.import.start');
      for (const { succeeded } of (await good) ?? []) expect(succeeded).toBe(true);
      const [start] = imports.filter(({ type }) => type === 'system.import.start');
      const pair = imports.filter(({ transaction }) => transaction === start?.transaction);
      expect(pair.map(({ type }) => type)).toEqual(['system.import.start', 'system.import.complete']);
      expect(all).toHaveLength(imports.length + ((await good)?.length ?? 0));
    });
  });
}

const NOT_FOUND = ['invalid', 404, 'E0000007'];
const NOBODY = '00uNobody00000000000';
const NO_APP = '0oaNothing0000000000';
const NO_GROUP = '00gNothing0000000000';

/** By their names in the port: what is asked of something that is not there. */
const ASTRAY: readonly (readonly [keyof OktaRepairs, string, (scene: Scene) => Promise<unknown>])[] = [
  ['deactivateSwitch', 'an app', ({ okta }) => okta.deactivateSwitch(NO_APP)],
  ['assignmentDetail', 'an app', ({ okta, own }) => okta.assignmentDetail(NO_APP, own.user)],
  ['groupsGranting', 'an app', ({ okta }) => okta.groupsGranting(NO_APP)],
  ['unmappedAttributes', 'an app', ({ okta }) => okta.unmappedAttributes(NO_APP)],
  ['appsOf', 'a group', ({ okta }) => okta.appsOf(NO_GROUP)],
  ['oktaGroups', 'a person', ({ okta }) => okta.oktaGroups(NOBODY)],
  ['switchDeactivate', 'an app', ({ okta, effect }) => okta.switchDeactivate(NO_APP, 'DISABLED', effect())],
  ['unassign', 'an app', ({ okta, own, effect }) => okta.unassign(NO_APP, own.user, effect())],
  ['unassign', 'a person', ({ okta, app, effect }) => okta.unassign(app, NOBODY, effect())],
  ['assign', 'an app', ({ okta, own, effect }) => okta.assign(NO_APP, assigningOf(own), effect())],
  [
    'assign',
    'a person',
    ({ okta, app, own, effect }) => okta.assign(app, { ...assigningOf(own), user: NOBODY }, effect()),
  ],
  ['changeAssignment', 'a person', ({ okta, app, effect }) => okta.changeAssignment(app, NOBODY, {}, effect())],
  ['joinGroup', 'a group', ({ okta, own, effect }) => okta.joinGroup(NO_GROUP, own.user, effect())],
  [
    'joinGroup',
    'a person',
    ({ okta, created, effect }) => okta.joinGroup(created.ids.groups.exclusion, NOBODY, effect()),
  ],
  ['leaveGroup', 'a group', ({ okta, own, effect }) => okta.leaveGroup(NO_GROUP, own.user, effect())],
  [
    'changeDirectoryGroup',
    'an app',
    ({ okta, own, effect }) => okta.changeDirectoryGroup(NO_APP, NO_GROUP, own.user, 'leave', effect()),
  ],
];

function refusalsContract(name: string, stage: Stage): void {
  test.each(ASTRAY)(`${name}: %s says so of %s that is not there`, async (_, __, ask) => {
    expect(await refusal(ask(await stage()))).toEqual(NOT_FOUND);
  });

  test.each(WRITES)(`${name}: %s is not sent when it is too late`, async (_, write) => {
    const scene = await stage({ switches: { directoriesApi: 'works' } });
    const before = await whatIsThere(scene);

    expect(await refusal(write(scene, scene.effect(0)))).toEqual(['transient', null, null]);
    expect(await whatIsThere(scene)).toEqual(before);
    expect(await refusal(write(scene, scene.effect()))).toEqual(['taken']);
    expect(await whatIsThere(scene)).not.toEqual(before);
  });
}
