import { expect, test } from 'vitest';
import { repair, repairToolsOf, type RepairFlowTools } from '../../shared/flows/repair.ts';
import { openRun } from '../../shared/flows/run.ts';
import { headOf } from '../../shared/repair/journal.ts';
import type { Work } from '../../shared/repair/step.ts';
import { STEP } from '../../shared/repair/steps/all.ts';
import { proceed } from '../../shared/repair/runner.ts';
import { PATIENT } from '../../shared/repair/tools.ts';
import { cursorAt } from '../../shared/repair/turns.ts';
import type { StepName } from '../../shared/state/repair-rows.ts';
import { SECOND } from '../../shared/time.ts';
import { courseOf, headRow, type Post, postOf, somebody } from '../flows/post.ts';
import { watched } from '../flows/watched.ts';

const ROOM = 40 * SECOND;

function untilRoom(share: number): number {
  return share === PATIENT ? ROOM : 0;
}

/** Okta has told that its bucket is fuller than whoever can wait may make it; every call is counted. */
function inTheRush({ tools }: Post, called: () => void): RepairFlowTools {
  const calls = Object.keys(tools.okta).filter((name) => name !== 'untilRoom');
  return { ...tools, okta: { ...watched(tools.okta, calls, 'before', called), untilRoom } };
}

async function callsAt(step: StepName): Promise<{ readonly calls: number; readonly due: number | null }> {
  const post = postOf();
  const { clock } = post;
  const { planned } = somebody(post);
  const cursor = cursorAt({ step, member: 0, target: null }, 'repaired', clock.at);
  const row = headRow(clock.at, planned, {
    state: 'working',
    touched: step !== 'unassign',
    course: courseOf(post),
    cursor,
  });
  const head = await post.tools.state.repairs.insert(row);
  let calls = 0;
  await proceed({ row, etag: head.etag }, repairToolsOf(inTheRush(post, () => void (calls += 1))));
  const due = (await headOf('r-1', post.tools))?.row.due ?? null;
  return { calls, due: due === null ? null : due - clock.at };
}

test.each(['unassign', 'leave-groups', 'verify'] as const)(
  'while others need what Okta allows, the step %s of somebody who can wait is put off and asks nothing',
  async (step) => {
    expect(await callsAt(step)).toEqual({ calls: 0, due: ROOM });
  },
);

test('whoever may be unassigned or out of a group already is looked at all the same', async () => {
  const post = postOf();
  const { planned } = somebody(post);
  const course = courseOf(post);
  const cursor = cursorAt({ step: 'unassign', member: 0, target: null }, 'repaired', post.clock.at);
  const asked = { member: 0, group: '00g1', name: 'news', instance: '0oa1', asked: true };
  const head = headRow(post.clock.at, planned, { course, touched: true, groups: [asked] });
  const work: Work = { head, course, cursor, member: planned, before: null, tools: repairToolsOf(post.tools) };

  expect(STEP.unassign.canWait?.(work)).toBe(false);
  expect(STEP['leave-groups'].canWait?.(work)).toBe(false);
});

test('whoever is unassigned waits for nobody', async () => {
  expect((await callsAt('assign')).calls).toBeGreaterThan(0);
});

test('a repair that has not begun begins when there is room', async () => {
  const post = postOf();
  const { tools, clock } = post;
  const scheduled = Date.parse('2026-11-23T02:00:00Z');
  const run = await openRun(tools.state, { scheduled, trigger: 'timer', mode: 'remediate', now: clock.at });
  await tools.state.runs.replace({ ...run.row, state: 'good' }, run.etag);
  await tools.state.repairs.insert(headRow(clock.at, somebody(post).planned));
  let calls = 0;

  expect(
    await repair(
      'r-1',
      inTheRush(post, () => void (calls += 1)),
    ),
  ).toBe('waiting');

  expect(calls).toBe(0);
  expect((await headOf('r-1', tools))?.row).toMatchObject({ state: 'queued', due: clock.at + ROOM, leaseOwner: null });
  clock.at += ROOM;
  expect(post.repairs.take()).toMatchObject({ repair: 'r-1' });
});
