import { expect, test } from 'vitest';
import { auditBetween } from '../../shared/flows/audit.ts';
import { repairToolsOf } from '../../shared/flows/repair.ts';
import type { PlannedRepair } from '../../shared/plan/plan.ts';
import { readHold } from '../../shared/repair/hold.ts';
import type { Work } from '../../shared/repair/step.ts';
import { STEP } from '../../shared/repair/steps/all.ts';
import { takeSnapshot } from '../../shared/repair/steps/snapshot.ts';
import { cursorAt } from '../../shared/repair/turns.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import type { AuditRow } from '../../shared/state/decision-rows.ts';
import { joinKey } from '../../shared/state/keys.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { peopleOf } from '../simulation/people.ts';
import { courseOf, headRow, holdRows, notices, type Post, postOf, somebody, tended } from './post.ts';

test('who leaves while the switch is being given back is named: nobody looks at a hold that is closed', async () => {
  const post = postOf();
  const { created, tools, clock } = post;
  const app = created.ids.office365;
  const { planned } = somebody(post);
  const leaver = peopleOf(created, 'GROUP').find(({ user }) => user !== planned.user);
  if (leaver === undefined) throw new Error('There is nobody else in this world.');
  created.hands.switchDeactivate(app, 'DISABLED', clock.at);
  const { rest } = await tools.okta.deactivateSwitch(app);
  const settled = { unassigned: clock.at, gone: clock.at, settled: clock.at };
  const [hold, member] = holdRows(post, planned, { hold: { rest, lastUnassigned: clock.at }, member: settled });
  await tools.state.holds.transact([hold, member].map((row) => ({ kind: 'insert', row }) as const));
  clock.at += tools.settings.repair.times.quiet + MINUTE;
  const okta: typeof tools.okta = {
    ...tools.okta,
    async switchDeactivate(...args) {
      created.hands.dismiss(leaver.user, clock.at);
      return tools.okta.switchDeactivate(...args);
    },
  };

  await tended({ ...post, tools: { ...tools, okta } });

  expect((await tools.okta.deactivateSwitch(app)).status).toBe('ENABLED');
  const audited: AuditRow[] = [];
  for await (const row of auditBetween(0, clock.at + DAY, tools)) audited.push(row);
  expect(audited).toMatchObject([
    {
      what: 'hold closed',
      actor: 'Anchorwatch',
      after: 'Deactivate Users ENABLED',
      requests: { 'okta-request-id': expect.any(String) },
    },
  ]);
  const told = await notices(post);
  expect(told).toContainEqual(
    expect.objectContaining({
      kind: 'alarm',
      subject: 'Somebody left while Deactivate Users was off',
      body: expect.stringContaining(leaver.user),
    }),
  );
});

/** A hold that was closed without anybody's looking at it, and in which somebody left. */
async function closedUnseen(post: Post): Promise<{ readonly leaver: string; readonly planned: PlannedRepair }> {
  const { created, tools, clock } = post;
  const { planned } = somebody(post);
  const leaver = peopleOf(created, 'GROUP').find(({ user }) => user !== planned.user)?.user;
  if (leaver === undefined) throw new Error('There is nobody else in this world.');
  const opened = clock.at;
  created.hands.dismiss(leaver, opened + MINUTE);
  const { rest } = await tools.okta.deactivateSwitch(created.ids.office365);
  const [hold] = holdRows(post, planned, { hold: { rest, state: 'closed', opened, since: opened + 10 * MINUTE } });
  await tools.state.holds.insert(hold);
  clock.at = opened + 3 * HOUR;
  return { leaver, planned };
}

function naming(leaver: string): unknown {
  return expect.objectContaining({
    subject: 'Somebody left while Deactivate Users was off',
    body: expect.stringContaining(leaver),
  });
}

test('who left in a hold is named hours later, when nothing ran since it was closed', async () => {
  const post = postOf();
  const { leaver } = await closedUnseen(post);

  await tended(post);

  expect(await notices(post)).toContainEqual(naming(leaver));
  const { office365 } = post.created.ids;
  const kept = await post.tools.state.holds.get('hold', joinKey(office365, 'leaver', leaver));
  const { opened } = (await readHold(office365, repairToolsOf(post.tools))).row?.row ?? {};
  expect(kept?.row).toMatchObject({ kind: 'leaver', opened, at: (opened ?? 0) + MINUTE });

  // Asked again, it is as it was found first.
  post.clock.at += HOUR;
  await tended(post);
  expect(await post.tools.state.holds.get('hold', joinKey(office365, 'leaver', leaver))).toEqual(kept);
});

test('who left in a hold is named before the next hold takes its place', async () => {
  const post = postOf();
  const { leaver, planned } = await closedUnseen(post);
  const course = courseOf(post);
  const cursor = cursorAt({ step: 'hold', member: 0, target: null }, 'repaired', post.clock.at);
  const head = headRow(post.clock.at, planned, { course });
  const tools = repairToolsOf(post.tools);
  const work: Work = { head, course, cursor, member: planned, before: null, tools };
  const before = (await takeSnapshot(work))?.before ?? null;

  await STEP.hold.remember?.({ ...work, before });

  expect((await readHold(course.app, tools)).row?.row).toMatchObject({ state: 'open', opened: post.clock.at });
  expect(await notices(post)).toContainEqual(naming(leaver));
});

test('a week later those who were in a hold are not listed any more, and nobody is taken for a leaver', async () => {
  const post = postOf();
  const { tools, clock } = post;
  const { leaver, planned } = await closedUnseen(post);
  clock.at += 7 * DAY;
  const course = courseOf(post);
  const cursor = cursorAt({ step: 'hold', member: 0, target: null }, 'repaired', clock.at);
  const head = headRow(clock.at, planned, { course });
  const work: Work = { head, course, cursor, member: planned, before: null, tools: repairToolsOf(tools) };

  await tended(post);
  await STEP.hold.remember?.({ ...work, before: (await takeSnapshot(work))?.before ?? null });

  expect(await notices(post)).not.toContainEqual(naming(leaver));
});

async function isDown(): Promise<never> {
  throw new AnchorwatchError('transient', 'the System Log does not answer');
}

test('whoever could not be asked for the leavers is asked again, however long that takes', async () => {
  const post = postOf();
  const { leaver } = await closedUnseen(post);
  const okta = { ...post.tools.okta, events: isDown };

  await expect(tended({ ...post, tools: { ...post.tools, okta } }, 1)).rejects.toThrow('does not answer');
  expect(await notices(post)).not.toContainEqual(naming(leaver));
  await tended(post);
  expect(await notices(post)).toContainEqual(naming(leaver));
});
