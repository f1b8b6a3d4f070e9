import { expect, test } from 'vitest';
import { repairToolsOf } from '../../shared/flows/repair.ts';
import type { Work } from '../../shared/repair/step.ts';
import { leaveGroups } from '../../shared/repair/steps/groups.ts';
import { takeSnapshot } from '../../shared/repair/steps/snapshot.ts';
import { advance, cursorAt, refuse } from '../../shared/repair/turns.ts';
import { DAY } from '../../shared/time.ts';
import { courseOf, headRow, type Post, postOf, somebody } from '../flows/post.ts';

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

/** The same, with the groups to leave written down already. */
function listed({ work }: Lacking): Work {
  const groups = (work.before?.directoryGroups ?? []).map(({ id, name, instance }) => ({
    member: 0,
    group: id,
    name,
    instance,
  }));
  return { ...work, head: { ...work.head, groups, cursor: work.cursor } };
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

  const look = await leaveGroups.look(work);
  const head = await post.tools.state.repairs.insert(work.head);
  const turn = await advance({ row: work.head, etag: head.etag }, work, {});

  expect(look).toEqual({ seen: 'after', facts: { out: namesIn(work) } });
  expect(turn.head.row).toMatchObject({ groups: [], cursor: { step: 'import-without' } });
});

test('who was taken out by a repair that then needed a person still has all groups to go back to', async () => {
  const post = postOf();
  const work = listed(await lacking(post));
  const [first] = work.head.groups;
  if (first === undefined) throw new Error('there are no groups');
  takeOut(post, work.member.user, [first.group]);
  const cursor = { ...work.cursor, attempts: 2 };
  const begun = { ...work.head, cursor };
  const { etag } = await post.tools.state.repairs.insert(begun);

  const turn = await refuse({ row: begun, etag }, { ...work, head: begun, cursor }, 'E0000006', 'no permission');
  const waits = turn.head.row;
  const look = await leaveGroups.look({ ...work, head: waits, cursor: waits.cursor ?? cursor });

  expect(waits).toMatchObject({ state: 'needs-a-person', groups: work.head.groups });
  expect(look).not.toHaveProperty('groups');
});
