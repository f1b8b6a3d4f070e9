import { expect, test } from 'vitest';
import { repairToolsOf } from '../../shared/flows/repair.ts';
import type { Look, Work } from '../../shared/repair/step.ts';
import { assign } from '../../shared/repair/steps/assign.ts';
import { takeSnapshot } from '../../shared/repair/steps/snapshot.ts';
import { cursorAt } from '../../shared/repair/turns.ts';
import type { Cursor } from '../../shared/state/repair-rows.ts';
import { HOUR } from '../../shared/time.ts';
import { courseOf, headRow, postOf, somebody } from '../flows/post.ts';

/** What an update of the assignment looks like for which Okta was given its time, and whose copy is still the old one. */
async function lookOfNudge(known: Partial<Cursor>): Promise<Look> {
  const post = postOf();
  const { planned } = somebody(post);
  const stale = { ...planned.before, a: 'ANOTHERANCHOROFAD1234=='.slice(0, 24) };
  const member = { ...planned, before: stale };
  const course = courseOf(post, { unassign: 'none', nudge: true });
  const asked = { intended: post.clock.at - HOUR, attempts: 2, ...known };
  const cursor = {
    ...cursorAt({ step: 'assign', member: 0, target: null }, 'repaired', post.clock.at - HOUR),
    ...asked,
  };
  const head = headRow(post.clock.at, member, { course });
  const work: Work = { head, course, cursor, member, before: null, tools: repairToolsOf(post.tools) };
  const before = (await takeSnapshot(work))?.before ?? null;
  return assign.look({ ...work, before });
}

test('an update that Okta took and that changed nothing says what this tenant does not do', async () => {
  expect(await lookOfNudge({ accepted: true })).toMatchObject({ seen: 'refused', rule: 'nudge-without-effect' });
});

test('an update that was sent, and of which nobody knows whether Okta took it, is sent again', async () => {
  const requests = { 'x-okta-request-id': 'req-1' };

  expect(await lookOfNudge({ accepted: false, requests })).toEqual({ seen: 'before' });
});

test.each([
  [false, 'neither'],
  [true, 'before'],
] as const)(
  'who is turned back and not assigned any more is assigned again only where this repair has taken it away (%s: %s)',
  async (touched, seen) => {
    const post = postOf();
    const { planned: member } = somebody(post);
    const course = courseOf(post);
    const cursor = cursorAt({ step: 'assign', member: 0, target: null }, 'as-before', post.clock.at);
    const head = headRow(post.clock.at, member, { course, touched });
    const work: Work = { head, course, cursor, member, before: null, tools: repairToolsOf(post.tools) };
    post.created.hands.unassign(course.app, member.user, post.clock.at);

    expect(await assign.look(work)).toMatchObject({ seen });
  },
);
