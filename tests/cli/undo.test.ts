import { expect, test } from 'vitest';
import { MINUTE } from '../../shared/time.ts';
import { peopleOfTheirOwn } from '../simulation/people.ts';
import { ring } from '../simulation/staging.ts';
import { type Office, office, queued, staleIn } from './night.ts';
import { anchorwatch } from './run.ts';

/** A tenant where nobody is shown as synchronised, and nothing comes late. */
const QUIET = {
  people: 12,
  plants: 'none',
  synced: 'never',
  switches: { regroup: 'by-itself', latePush: 'never' },
} as const;

/** Somebody who was repaired by the function app, in a tenant where nobody is shown as synchronised. */
async function repaired() {
  const night = await office({ ...QUIET, seed: 'undo' });
  const [someone] = peopleOfTheirOwn(night.created, 1);
  if (someone === undefined) throw new Error('there is nobody');
  const planned = staleIn(night, someone);
  await queued(night, planned);
  await untilDone(night, 'repair-1');
  return { night, planned };
}

async function untilDone(night: Office, id: string): Promise<void> {
  for (let minutes = 0; minutes < 600 && (await night.head(id)).state !== 'done'; minutes += 1)
    await night.desk.clock.wait(MINUTE);
  expect((await night.head(id)).state).toBe('done');
}

function accountOf({ created, clock }: Office, objectId: string) {
  return created.inside.state.entraUsers.get(objectId, clock.now());
}

test('a repair that is done is taken back through the same engine, and the rest stays as it is', {
  timeout: 60_000,
}, async () => {
  const { night, planned } = await repaired();
  const { created, clock, desk } = night;
  const before = accountOf(night, planned.objectId);
  const assignmentNow = () =>
    created.inside.state.assignments.get(created.ids.office365)?.get(planned.user, clock.now());
  const assignment = assignmentNow();

  const { code, out, err } = await anchorwatch(['undo', 'repair-1', '--by', 'ada', '--yes'], { tools: desk });
  for (let minutes = 0; minutes < 20; minutes += 1) await desk.clock.wait(MINUTE);

  expect([code, err]).toEqual([0, '']);
  const account = accountOf(night, planned.objectId);
  expect(account).toMatchObject({ anchor: planned.before.e, userName: before?.userName, enabled: true });
  expect(account?.licenses).toEqual(before?.licenses);
  expect(assignmentNow()).toEqual(assignment);
  const id = /^(?<id>r-\S+) takes it back/m.exec(out)?.groups?.['id'] ?? '';
  expect(await night.head(id)).toMatchObject({
    state: 'done',
    purpose: { kind: 'undo', of: 'repair-1' },
    members: [{ before: { a: planned.before.e } }],
  });
  expect(out).toContain('anchor: done');
  expect(await anchorwatch(['undo', id, '--by', 'ada', '--yes'], { tools: desk })).toMatchObject({ code: 2 });
});

test('two who held each other’s anchors are taken back together, or neither is', { timeout: 60_000 }, async () => {
  const night = await office({ ...QUIET, seed: 'undo a ring' });
  const { created, desk } = night;
  const [members = []] = ring(2)(created);
  const before = members.map(({ objectId }) => accountOf(night, objectId));
  await queued(night, ...members);
  await untilDone(night, 'repair-1');
  const anchors = () => members.map(({ objectId }) => accountOf(night, objectId)?.anchor);
  expect(anchors()).toEqual(members.map((member) => member.before.a));

  const { code, out, err } = await anchorwatch(['undo', 'repair-1', '--by', 'ada', '--yes'], { tools: desk });
  await untilDone(night, /^(?<id>r-\S+) takes it back/m.exec(out)?.groups?.['id'] ?? '');

  expect([code, err]).toEqual([0, '']);
  expect(anchors()).toEqual(members.map((member) => member.before.e));
  for (const [at, { objectId }] of members.entries()) {
    const { userName, licenses } = before[at] ?? {};
    expect(accountOf(night, objectId)).toMatchObject({ userName, licenses, enabled: true });
  }
});

test('all that a run has repaired is taken back at once, but for what has no way back, and no second time', {
  timeout: 60_000,
}, async () => {
  const { night, planned } = await repaired();
  const { desk } = night;
  const found = await night.head('repair-1');
  const [member] = found.members;
  if (member === undefined) throw new Error('there is nobody');
  const other = { ...found, id: 'repair-2', members: [{ ...member, recipe: 'reassign' }] } as const;
  await night.tools.state.repairs.insert(other);
  await night.tools.state.repairs.put({ kind: 'ended', repair: 'repair-2', at: other.changed });
  for (let minutes = 0; minutes < 20; minutes += 1) await desk.clock.wait(MINUTE);

  const { code, out, err } = await anchorwatch(['undo', found.run, '--by', 'ada', '--yes'], { tools: desk });
  await untilDone(night, /^(?<id>r-\S+) takes repair-1 back/m.exec(out)?.groups?.['id'] ?? '');

  expect([code, err]).toEqual([1, '']);
  expect(out).toMatch(/computes its copy from Active Directory/);
  expect(out).toContain('1 of 2 are taken back');
  expect(accountOf(night, planned.objectId)?.anchor).toBe(planned.before.e);
  for (let minutes = 0; minutes < 10; minutes += 1) await desk.clock.wait(MINUTE);
  expect(await anchorwatch(['undo', found.run, '--by', 'ada', '--yes'], { tools: desk })).toMatchObject({ code: 2 });
});

test('the guards of every repair hold for one that is taken back', { timeout: 60_000 }, async () => {
  const { night, planned } = await repaired();
  night.created.hands.editAccount(planned.objectId, { anchor: 'AAECAwQFBgcICQoLDA0ODw==' }, night.clock.now());

  const { code, out } = await anchorwatch(['undo', 'repair-1', '--by', 'ada', '--yes'], { tools: night.desk });

  expect([code, out]).toEqual([1, expect.stringContaining('before-image')]);
});

test('nobody is asked twice, and whoever does not say yes leaves all as it is', { timeout: 60_000 }, async () => {
  const { night, planned } = await repaired();
  const io = { tools: night.desk };

  const silent = await anchorwatch(['undo', 'repair-1', '--by', 'ada'], io);
  const no = await anchorwatch(['undo', 'repair-1', '--by', 'ada'], { ...io, ask: async () => 'n' });

  expect([silent.code, no.code]).toEqual([1, 1]);
  expect(accountOf(night, planned.objectId)?.anchor).toBe(planned.before.a);
});

test.each([
  [{ recipe: 'reassign' }, /computes its copy/],
  [{ recipe: 'set', before: { a: 'A', o: 'A', e: null } }, /no empty anchor/],
  [{ before: { a: 'A', o: 'E', e: 'E' } }, /could sign in then/],
] as const)('what has no way back is refused with the reason: %j', { timeout: 60_000 }, async (over, words) => {
  const { night } = await repaired();
  const found = await night.tools.state.repairs.get('repair-1', 'head');
  if (found?.row.kind !== 'head') throw new Error('there is no head');
  const members = found.row.members.map((member) => ({ ...member, ...over }));
  await night.tools.state.repairs.replace({ ...found.row, members }, found.etag);

  const told = await anchorwatch(['undo', 'repair-1', '--by', 'ada', '--yes'], { tools: night.desk });

  expect(told).toMatchObject({ code: 2, err: expect.stringMatching(words) });
});
