import { expect, test } from 'vitest';
import { repairToolsOf } from '../../shared/flows/repair.ts';
import { observe, readHold } from '../../shared/repair/hold.ts';
import { tendHold } from '../../shared/repair/tend-hold.ts';
import { HOUR } from '../../shared/time.ts';
import { headRow, holdRows, notices, type Post, postOf, somebody } from '../flows/post.ts';

/** A hold in which somebody was unassigned three hours ago and has not settled. */
async function unsettled(post: Post, isKnown: boolean) {
  const { planned } = somebody(post);
  const { state } = post.tools;
  const then = post.clock.at;
  post.clock.at += 3 * HOUR;
  const app = post.created.ids.office365;
  const { rest } = await post.tools.okta.deactivateSwitch(app);
  const rows = holdRows(post, planned, { hold: { opened: then, off: null, rest }, member: { unassigned: then } });
  for (const row of rows) await state.holds.put(row);
  if (isKnown) await state.repairs.insert(headRow(then, planned));
  return { planned, app, tools: repairToolsOf(post.tools) };
}

test('a hold that is open for too long names by user name who has not settled', async () => {
  const post = postOf();
  const { planned, app, tools } = await unsettled(post, true);
  await tendHold(app, tools);

  const told = (await notices(post)).find(({ notice }) => notice.endsWith('.long'));
  expect(told?.body).toContain(`${planned.userName} has not settled (r-1)`);
});

test('a hold that was broken names by user name who was unassigned, and by Okta id whose repair is not there', async () => {
  for (const isKnown of [true, false]) {
    const post = postOf();
    const { planned, app, tools } = await unsettled(post, isKnown);
    await observe(
      await readHold(app, tools),
      { status: 'DISABLED', pushesDeactivation: false, rest: 'changed' },
      tools,
    );

    const told = (await notices(post)).find(({ notice }) => notice.endsWith('.broken'));
    const name = isKnown ? planned.userName : planned.user;
    expect(told?.body).toContain(`${name} was unassigned and is assigned again (r-1).`);
  }
});
