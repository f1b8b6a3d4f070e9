import { expect, test } from 'vitest';
import { repairToolsOf } from '../../shared/flows/repair.ts';
import type { Look, Work } from '../../shared/repair/step.ts';
import { takeSnapshot } from '../../shared/repair/steps/snapshot.ts';
import { verify } from '../../shared/repair/steps/verify.ts';
import { cursorAt } from '../../shared/repair/turns.ts';
import { DAY } from '../../shared/time.ts';
import { courseOf, headRow, postOf, somebody } from '../flows/post.ts';

/** Somebody who was repaired two days ago, is in no synchronised group in Entra any more, and, or not, in none of Active Directory either. */
async function lookAt({ isTakenOut }: { readonly isTakenOut: boolean }): Promise<Look> {
  const post = postOf();
  const { clock } = post;
  const { oktaUsers, entraUsers } = post.created.inside.state;
  const { planned: member } = somebody(post);
  const course = courseOf(post);
  const cursor = cursorAt({ step: 'verify', member: 0, target: null }, 'repaired', clock.at - 2 * DAY);
  const head = headRow(clock.at, member, { course });
  const work: Work = { head, course, cursor, member, before: null, tools: repairToolsOf(post.tools) };
  const account = entraUsers.get(member.objectId, clock.at);
  const person = oktaUsers.get(member.user, clock.at);
  if (account === undefined || person === undefined) throw new Error('there is nobody');
  const named = (await takeSnapshot(work))?.before.directoryGroups ?? [];
  const twins = await Promise.all(named.map((group) => work.tools.entra.twinOf(group)));
  entraUsers.put({ ...account, syncedGroups: twins.flatMap((twin) => (twin === null ? [] : [twin.id])) });
  const before = (await takeSnapshot(work))?.before ?? null;
  entraUsers.put({ ...account, anchor: member.before.a, syncedGroups: [] });
  const groups = new Set(named.map(({ id }) => id));
  if (isTakenOut) oktaUsers.put({ ...person, groups: person.groups.filter((group) => !groups.has(group)) });
  return verify.look({ ...work, before });
}

test('whom Entra lacks in the groups that there were is not as it should be', async () => {
  expect(await lookAt({ isTakenOut: false })).toMatchObject({
    seen: 'refused',
    why: expect.stringContaining('not in the groups'),
  });
});

test('whom somebody has taken out of the groups in Active Directory meanwhile Entra lacks with good reason', async () => {
  expect(await lookAt({ isTakenOut: true })).toEqual({ seen: 'after' });
});
