import { expect, test } from 'vitest';
import { MINUTE } from '../../shared/time.ts';
import { drifted, inGroup, peopleOfTheirOwn, strangeAnchor } from '../simulation/people.ts';
import { type Office, office, queued } from './night.ts';
import { anchorwatch } from './run.ts';

/** Somebody who is repaired, and whom Entra does not let back into the groups by itself. */
async function lacking() {
  const night = await office({
    seed: 'tasks',
    people: 12,
    plants: 'none',
    synced: 'never',
    switches: { regroup: 'after-rejoin', latePush: 'never' },
  });
  const { created } = night;
  const [someone] = peopleOfTheirOwn(created, 1);
  if (someone === undefined) throw new Error('there is nobody');
  inGroup(created, created.ids.groups.optIn, [someone.user]);
  const planned = drifted(created, someone, { e: strangeAnchor('old') });
  await queued(night, planned);
  return { night, planned };
}

async function until(night: Office, isSo: () => Promise<boolean>): Promise<void> {
  for (let minutes = 0; minutes < 60 && !(await isSo()); minutes += 1) await night.desk.clock.wait(MINUTE);
  expect(await isSo()).toBe(true);
}

test('nobody is asked to leave a group before an operator is there, who is given one task: people, groups, imports', {
  timeout: 60_000,
}, async () => {
  const { night, planned } = await lacking();
  const { created, clock, desk } = night;
  const io = { tools: desk };
  const groupsNow = () => created.inside.state.oktaUsers.get(planned.user, clock.now())?.groups ?? [];
  const before = groupsNow();

  await until(night, async () => (await night.head('repair-1')).groups.length > 0);
  await desk.clock.wait(6 * MINUTE);
  const waiting = await night.head('repair-1');
  expect(waiting).toMatchObject({ cursor: { step: 'leave-groups', attempts: 0, intended: null }, operator: null });
  expect(groupsNow()).toEqual(before);
  const [{ name, instance } = { name: '', instance: '' }] = waiting.groups;
  const told = (await night.notices()).filter((notice) => notice.startsWith('People wait to leave'));
  expect(told).toEqual([
    expect.stringContaining(`${planned.userName}: the group ${name}, imported by the AD instance ${instance}`),
  ]);
  const listed = await anchorwatch(['tasks'], io);
  expect(listed.out).toContain(`the group ${name}`);

  expect((await anchorwatch(['here', '--by', 'ada'], io)).code).toBe(0);
  await desk.clock.wait(MINUTE);
  const asked = await anchorwatch(['tasks'], io);
  expect(asked.out).toContain(`Take ${planned.userName} out of the group ${name} in Active Directory`);
  for (const { group, instance: directory } of waiting.groups) {
    created.hands.changeGroup(planned.user, group, 'leave', clock.now());
    created.hands.clickImport(directory, clock.now() + 1);
  }
  await until(night, async () => (await anchorwatch(['tasks'], io)).out.includes('back into'));
  for (const { group, instance: directory } of waiting.groups) {
    created.hands.changeGroup(planned.user, group, 'join', clock.now());
    created.hands.clickImport(directory, clock.now() + 1);
  }
  await desk.clock.wait(11 * MINUTE);
  expect((await anchorwatch(['done', planned.userName], io)).code).toBe(0);
  await desk.clock.wait(MINUTE);

  expect([...groupsNow()].sort()).toEqual([...before].sort());
  const rejoined = (await night.head('repair-1')).cursor?.step;
  expect(['import-with', 'verify', 'rejoin-groups']).toContain(rejoined);
});

test('here and done say so where nobody waits', { timeout: 60_000 }, async () => {
  const { night } = await lacking();
  const io = { tools: night.desk };

  expect(await anchorwatch(['here', '--by', 'ada'], io)).toMatchObject({
    code: 1,
    out: expect.stringContaining('Nobody waits'),
  });
  expect(await anchorwatch(['done'], io)).toMatchObject({ code: 1, out: expect.stringContaining('Nothing is asked') });
  expect(await anchorwatch(['tasks'], io)).toMatchObject({ code: 0, out: 'Nothing waits for a person.\n' });
  expect(await anchorwatch(['here', 'repair-1', '--by', ' '], io)).toMatchObject({
    code: 2,
    err: expect.stringContaining('gives a name'),
  });
  expect(await anchorwatch(['here', 'nobody', '--by', 'ada'], io)).toMatchObject({ code: 2 });
});
