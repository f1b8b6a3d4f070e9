import { expect, test } from 'vitest';
import { repairToolsOf } from '../../shared/flows/repair.ts';
import type { Work } from '../../shared/repair/step.ts';
import { leaveGroups } from '../../shared/repair/steps/groups.ts';
import { takeSnapshot } from '../../shared/repair/steps/snapshot.ts';
import { cursorAt } from '../../shared/repair/turns.ts';
import { DAY } from '../../shared/time.ts';
import { headRow, type Post, postOf, somebody } from '../flows/post.ts';

/** Somebody who was repaired two days ago, and whom Entra lacks in every group that sync made. */
async function lacking(post: Post): Promise<{ readonly work: Work; readonly groups: readonly string[] }> {
  const { created, clock } = post;
  const { planned: member } = somebody(post);
  const tools = repairToolsOf(post.tools);
  const course = {
    app: created.ids.office365,
    unassign: 'direct',
    writes: 'api',
    gate: false,
    lag: null,
    nudge: false,
    undoes: false,
    parking: [null],
  } as const;
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

test('whom an administrator has taken out of the group meanwhile nobody takes out, and so puts back', async () => {
  const post = postOf();
  const { work, groups } = await lacking(post);
  const { oktaUsers } = post.created.inside.state;
  const person = oktaUsers.get(work.member.user, post.clock.at);
  if (person === undefined) throw new Error('there is nobody');
  oktaUsers.put({ ...person, groups: person.groups.filter((group) => !groups.includes(group)) });

  const look = await leaveGroups.look(work);

  expect(look).toEqual({ seen: 'after' });
});
