import { expect, test } from 'vitest';
import { repair } from '../../shared/flows/repair.ts';
import { unpackBefore } from '../../shared/repair/before.ts';
import { MINUTE } from '../../shared/time.ts';
import { peopleOfTheirOwn } from '../simulation/people.ts';
import { type Office, office, queued, SHORT, staleIn } from './night.ts';
import { anchorwatch } from './run.ts';

const WORLD = {
  seed: 'guide',
  people: 12,
  plants: 'none',
  synced: 'universal-sync',
  switches: { regroup: 'by-itself', latePush: 'never', syncedWrites: 'refused' },
} as const;

/** Does in the consoles what the command asks for, and says so. */
function obedient({ created, clock, tools }: Office, asked: string[], until = Number.POSITIVE_INFINITY) {
  let tasks = 0;
  return async (question: string): Promise<string> => {
    asked.push(question);
    if (question.startsWith('Begin')) return 'y';
    tasks += 1;
    if (tasks > until) return 'q';
    const head = await tools.state.repairs.get('repair-1', 'head');
    if (head?.row.kind !== 'head') throw new Error('there is no head');
    const { cursor, members, course } = head.row;
    const [member] = members;
    if (member === undefined) throw new Error('there is nobody');
    const { hands, ids } = created;
    const now = clock.now();
    if (cursor?.step === 'hold') hands.switchDeactivate(ids.office365, 'DISABLED', now);
    if (cursor?.step === 'unassign') hands.unassign(ids.office365, member.user, now);
    if (cursor?.step === 'park') hands.editAccount(member.objectId, { userName: course?.parking[0] ?? '' }, now);
    if (cursor?.step === 'anchor') hands.editAccount(member.objectId, { anchor: member.before.a }, now);
    if (cursor?.step === 'unpark') hands.editAccount(member.objectId, { userName: member.userName }, now);
    if (cursor?.step === 'assign') hands.assign(ids.office365, member.user, now);
    if (cursor?.step === 'release') hands.switchDeactivate(ids.office365, 'ENABLED', now);
    return '';
  };
}

async function waiting(hold = SHORT.times.hold) {
  const night = await office(WORLD, { repair: { ...SHORT, times: { ...SHORT.times, hold } } });
  const [someone] = peopleOfTheirOwn(night.created, 1);
  if (someone === undefined) throw new Error('there is nobody');
  // In the console nobody gives licences back by their names: the person has none.
  const { state } = night.created.inside;
  const account = { ...someone.account, licenses: [] };
  const assignment = { ...someone.assignment, licenses: [], roles: [] };
  state.entraUsers.put(account);
  state.assignments.get(night.created.ids.office365)?.put(assignment);
  const planned = staleIn(night, { ...someone, account, assignment });
  await queued(night, planned);
  return { night, planned };
}

test('guide leads a person through the steps of the article, and says when each is seen', {
  timeout: 60_000,
}, async () => {
  const { night, planned } = await waiting();
  const { created, clock } = night;
  const asked: string[] = [];

  const { code, out, err } = await anchorwatch(['guide', planned.userName, '--by', 'ada'], {
    tools: night.desk,
    ask: obedient(night, asked),
  });

  expect([code, err]).toEqual([0, '']);
  const account = created.inside.state.entraUsers.get(planned.objectId, clock.now());
  expect(account).toMatchObject({ anchor: planned.before.a, userName: planned.userName, enabled: true });
  expect(created.inside.state.apps.get(created.ids.office365)?.provisioning?.deactivate).toBe('ENABLED');
  const done = [...out.matchAll(/ (?<step>[a-z-]+): done/g)].map(({ groups }) => groups?.['step']);
  expect(done).toEqual(['hold', 'unassign', 'park', 'anchor', 'unpark', 'assign', 'release']);
  expect(out).toContain(`PATCH https://graph.microsoft.com/v1.0/users/${planned.objectId}`);
  expect(out).toContain(`"onPremisesImmutableId": "${planned.before.a}"`);
  expect(out).toContain(`DELETE /api/v1/apps/${created.ids.office365}/users/${planned.user}`);
});

test('guide without a terminal says which commands do the same', { timeout: 60_000 }, async () => {
  const { night, planned } = await waiting();
  const io = { tools: night.desk };

  const told = await anchorwatch(['guide', planned.userName, '--by', 'ada'], io);
  const tasks = await anchorwatch(['tasks'], io);
  const here = await anchorwatch(['here', planned.userName, '--by', 'ada'], io);
  await night.desk.clock.wait(MINUTE);
  const asked = await anchorwatch(['tasks'], io);
  night.created.hands.switchDeactivate(night.created.ids.office365, 'DISABLED', night.clock.now());
  const done = await anchorwatch(['done'], io);
  await night.desk.clock.wait(MINUTE);

  expect([told.code, tasks.code, here.code, asked.code, done.code]).toEqual([1, 1, 0, 1, 0]);
  expect(told.out).toContain('anchorwatch here repair-1 --by ada');
  expect(tasks.out).toContain('waits to be led: anchorwatch guide repair-1');
  expect(asked.out).toContain('take the tick from Deactivate Users');
  expect((await night.head('repair-1')).cursor?.step).toBe('unassign');
});

test('whoever leads and goes away before anything was done leaves the repair to the next, and is told not to do it any more', {
  timeout: 60_000,
}, async () => {
  const { night, planned } = await waiting(10 * MINUTE);

  const left = await anchorwatch(['guide', planned.userName, '--by', 'ada'], {
    tools: night.desk,
    ask: obedient(night, [], 0),
  });
  const { operator } = await night.head('repair-1');
  await night.clock.wait((operator?.until ?? 0) - night.clock.now() + MINUTE);
  await repair('repair-1', night.tools);

  expect(left.code).toBe(1);
  expect(await night.head('repair-1')).toMatchObject({ state: 'ready', operator: null, touched: false });
  expect((await night.notices()).join('\n')).toContain('do not do the step hold any more');

  // Whoever comes next finds the person as they are by then.
  const beforeNow = async (): Promise<number> => {
    const found = await night.tools.state.repairs.get('repair-1', 'before~000000');
    return found?.row.kind === 'before' ? unpackBefore(found.row).account.groups.length : -1;
  };
  const first = await beforeNow();
  const { inside, hands } = night.created;
  const twins = [...inside.state.twins.values()];
  const own = [...inside.state.entraGroups.values()].find(({ id }) => !twins.includes(id));
  hands.changeEntraGroup(planned.objectId, own?.id ?? '', 'join', night.clock.now());
  await anchorwatch(['here', 'repair-1', '--by', 'grace'], { tools: night.desk });
  await night.desk.clock.wait(MINUTE);
  expect((await night.head('repair-1')).cursor?.step).toBe('hold');
  expect(await beforeNow()).toBe(first + 1);
});

test('somebody is told once, and for all, who waits to be led, with the command that begins it', {
  timeout: 60_000,
}, async () => {
  const { night, planned } = await waiting();

  await night.desk.clock.wait(6 * MINUTE);
  await night.desk.clock.wait(6 * MINUTE);

  const told = (await night.notices()).filter((notice) => notice.startsWith('People wait to be led'));
  expect(told).toEqual([expect.stringContaining('anchorwatch guide <person> --by <your name>')]);
  expect(told[0]).toContain(planned.userName);
});

test('whoever leads and does not give Deactivate Users back is an alarm within minutes, not hours', {
  timeout: 60_000,
}, async () => {
  const { night, planned } = await waiting();
  const { created, tools, desk } = night;
  const obeys = obedient(night, []);
  const ask = async (question: string): Promise<string> => {
    const { cursor } = await night.head('repair-1');
    return cursor?.step === 'release' ? 'q' : obeys(question);
  };
  await anchorwatch(['guide', planned.userName, '--by', 'ada'], { tools: desk, ask });
  const asked = (await night.head('repair-1')).cursor?.intended ?? 0;

  for (let minutes = 0; minutes < 10; minutes += 1) await desk.clock.wait(MINUTE);

  const alarms: number[] = [];
  for await (const { row } of tools.state.outbox.list(new Date(asked).toISOString().slice(0, 10)))
    if (row.subject === 'Deactivate Users could not be switched on again') alarms.push(row.created);
  const [alarmed = 0] = alarms;
  expect(alarms).toHaveLength(1);
  expect(alarmed - asked).toBeGreaterThanOrEqual(SHORT.times.quiet);
  expect(alarmed - asked).toBeLessThan(10 * MINUTE);
  expect(created.inside.state.apps.get(created.ids.office365)?.provisioning?.deactivate).toBe('DISABLED');
});

test('who was asked to unassign and does it after it was withdrawn is seen, and somebody is told', {
  timeout: 60_000,
}, async () => {
  const { night, planned } = await waiting(6 * MINUTE);
  const { created, clock, desk } = night;
  const { hands, ids } = created;
  const obeys = obedient(night, []);
  const ask = async (question: string): Promise<string> =>
    (await night.head('repair-1')).cursor?.step === 'unassign' ? 'q' : obeys(question);
  await anchorwatch(['guide', planned.userName, '--by', 'ada'], { tools: desk, ask });
  const isAsked = async (step: string): Promise<boolean> => {
    const { cursor } = await night.head('repair-1');
    return cursor?.step === step && cursor.intended !== null;
  };

  for (let minutes = 0; minutes < 15 && !(await isAsked('release')); minutes += 1) await desk.clock.wait(MINUTE);
  hands.switchDeactivate(ids.office365, 'ENABLED', clock.now());
  await desk.clock.wait(MINUTE);
  hands.unassign(ids.office365, planned.user, clock.now());
  for (let minutes = 0; minutes < 6; minutes += 1) await desk.clock.wait(MINUTE);

  const told = (await night.notices()).join('\n');
  expect(told).toContain('do not do the step unassign any more');
  expect(told).toMatch(/step verify: not-as-it-should-be: (the Entra account is gone|.*wanted no more)/);
  expect(await night.head('repair-1')).toMatchObject({ state: 'needs-a-person', rule: 'not-as-it-should-be' });
});
