import { expect, test } from 'vitest';
import { repairToolsOf } from '../../shared/flows/repair.ts';
import type { Work } from '../../shared/repair/step.ts';
import { anchor } from '../../shared/repair/steps/entra.ts';
import { cursorAt } from '../../shared/repair/turns.ts';
import { courseOf, headRow, parkedName, postOf, somebody } from '../flows/post.ts';

test.each([
  ['under the own name, who need not be parked', false, 'own', 'before'],
  ['under the parked name', true, 'parked', 'before'],
  ['under a name that somebody gave meanwhile', false, 'another', 'neither'],
  ['under a name that somebody gave to whom a repair had parked', true, 'another', 'neither'],
  ['back under the own name, whom a repair had parked', true, 'own', 'undone'],
] as const)('the anchor of somebody %s: is parked %s, is %s: %s', async (_what, isParked, name, seen) => {
  const post = postOf();
  const { planned: member } = somebody(post);
  const parked = parkedName(post, member);
  const course = courseOf(post, { parking: [isParked ? parked : null] });
  const cursor = cursorAt({ step: 'anchor', member: 0, target: 'final' }, 'repaired', post.clock.at);
  const head = headRow(post.clock.at, member, { course, touched: true });
  const work: Work = { head, course, cursor, member, before: null, tools: repairToolsOf(post.tools) };
  const names = { own: member.userName, parked, another: 'edited@contoso.com' };
  post.created.hands.editAccount(member.objectId, { userName: names[name] }, post.clock.at);

  expect(await anchor.look(work)).toMatchObject({ seen });
});
