import { expect, test } from 'vitest';
import { repairToolsOf } from '../../shared/flows/repair.ts';
import type { Work } from '../../shared/repair/step.ts';
import { leaveGroups } from '../../shared/repair/steps/groups.ts';
import { takeSnapshot } from '../../shared/repair/steps/snapshot.ts';
import { advance, cursorAt, refuse } from '../../shared/repair/turns.ts';
import type { RepairRow } from '../../shared/state/repair-rows.ts';
import { DAY } from '../../shared/time.ts';
import { settingsOf } from '../flows/night.ts';
import { courseOf, headRow, type Post, postOf, somebody } from '../flows/post.ts';

const usual = settingsOf();
const byTheApi = { repair: { ...usual.repair, directoryGroups: 'directories-api' as const } };

interface Lacking {
  readonly work: Work;
  readonly groups: readonly string[];
}

function namesIn({ before }: Work): string {
  return (before?.directoryGroups ?? []).map(({ name }) => name).join(', ');
}

/** Somebody who was repaired two days ago, and whom Entra lacks in every group that sync made. */
async function lacking(post: Post): Promise<Lacking> {
  const { created, clock } = post;
  const { planned: member } = somebody(post);
  const tools = repairToolsOf(post.tools);
  const course = courseOf(post);
  const head = headRow(clock.at, member, { course });
  const cursor = cursorAt({ step: 'leave-groups', member: 0, target: null }, 'repaired', clock.at - 2 * DAY);
  const work: Work = { head, course, cursor, member, before: null, tools };
  const taken = await takeSnapshot(work);
  if (taken === null) throw new Error('there is nobody');
  const { entraUsers } = created.inside.state;
  const account = entraUsers.get(member.objectId, clock.at);
  if (account !== undefined) entraUsers.put({ ...account, syncedGroups: [] });
  const { before } = taken;
  return { work: { ...work, before }, groups: before.directoryGroups.map(({ id }) => id) };
}

test('a group that Entra still lacks somebody of is left, to be joined again', async () => {
  const { work, groups } = await lacking(postOf());

  const look = await leaveGroups.look(work);

  expect(groups.length).toBeGreaterThan(0);
  expect(look).toMatchObject({ seen: 'before', groups: [expect.objectContaining({ member: 0 })] });
});

function takeOut({ created, clock }: Post, user: string, groups: readonly string[]): void {
  const { oktaUsers } = created.inside.state;
  const person = oktaUsers.get(user, clock.at);
  if (person === undefined) throw new Error('there is nobody');
  oktaUsers.put({ ...person, groups: person.groups.filter((group) => !groups.includes(group)) });
}

/** The same, with the groups to leave written down already, and an act sent for as many of them. */
function listed({ work }: Lacking, asked = 0): Work {
  const groups = (work.before?.directoryGroups ?? []).map(({ id, name, instance }, at) => {
    return { member: 0, group: id, name, instance, asked: at < asked };
  });
  return { ...work, head: { ...work.head, groups, cursor: work.cursor } };
}

async function advanced(work: Work, { tools }: Post): Promise<RepairRow> {
  const { etag } = await tools.state.repairs.insert(work.head);
  return (await advance({ row: work.head, etag }, work, {})).head.row;
}

test('whom an administrator has taken out of the group meanwhile nobody takes out, and so puts back', async () => {
  const post = postOf();
  const { work, groups } = await lacking(post);
  takeOut(post, work.member.user, groups);

  const look = await leaveGroups.look(work);

  expect(look).toEqual({ seen: 'after', facts: { out: namesIn(work) } });
});

test('nor does anybody who was listed already, while an import was waited for: the list is dropped', async () => {
  const post = postOf();
  const found = await lacking(post);
  const work = listed(found);
  takeOut(post, work.member.user, found.groups);

  expect(await leaveGroups.look(work)).toEqual({ seen: 'after', facts: { out: namesIn(work) } });
  expect(await advanced(work, post)).toMatchObject({ groups: [], cursor: { step: 'import-without' } });
});

test('the next group is left at once when one was, and what an administrator takes away in between is not put back', async () => {
  const post = postOf({}, byTheApi);
  const found = await lacking(post);
  const work = listed(found, 1);
  const [first, second] = work.head.groups;
  if (first === undefined || second === undefined) throw new Error('there are no two groups');
  takeOut(post, work.member.user, [first.group]);

  expect(await leaveGroups.look(work)).toMatchObject({ seen: 'before', groups: [{ asked: true }, { asked: true }] });

  takeOut(post, work.member.user, [second.group]);
  expect(await leaveGroups.look(work)).toEqual({ seen: 'after' });
  expect((await advanced(work, post)).groups).toEqual([first]);
});

test('whoever was refused to be taken out is looked at afresh, for Entra may have caught up', async () => {
  const post = postOf({}, byTheApi);
  const work = listed(await lacking(post), 1);
  const { entraUsers } = post.created.inside.state;
  const account = entraUsers.get(work.member.objectId, post.clock.at);
  if (account === undefined) throw new Error('there is nobody');
  const twins = await Promise.all((work.before?.directoryGroups ?? []).map((group) => work.tools.entra.twinOf(group)));
  entraUsers.put({ ...account, syncedGroups: twins.flatMap((twin) => (twin === null ? [] : [twin.id])) });

  expect(await leaveGroups.look({ ...work, cursor: { ...work.cursor, attempts: 1 } })).toEqual({ seen: 'after' });
});

test('who was taken out by a repair that then needed a person still has that group to go back to', async () => {
  const post = postOf({}, byTheApi);
  const work = listed(await lacking(post), 1);
  const [first] = work.head.groups;
  if (first === undefined) throw new Error('there are no groups');
  takeOut(post, work.member.user, [first.group]);
  const { etag } = await post.tools.state.repairs.insert(work.head);

  const turn = await refuse({ row: work.head, etag }, work, 'E0000006', 'no permission');
  const waits = turn.head.row;
  const look = await leaveGroups.look({ ...work, head: waits, cursor: waits.cursor ?? work.cursor });

  expect(waits).toMatchObject({ state: 'needs-a-person', groups: work.head.groups });
  expect(look).toMatchObject({ seen: 'before', groups: expect.arrayContaining([first]) });
});
