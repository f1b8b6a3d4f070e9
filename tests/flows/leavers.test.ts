import { expect, test } from 'vitest';
import { MINUTE } from '../../shared/time.ts';
import { peopleOf } from '../simulation/people.ts';
import { holdRows, notices, postOf, somebody, tended } from './post.ts';

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
  const told = await notices(post);
  expect(told).toContainEqual(
    expect.objectContaining({
      kind: 'alarm',
      subject: 'Somebody left while Deactivate Users was off',
      body: expect.stringContaining(leaver.user),
    }),
  );
});
