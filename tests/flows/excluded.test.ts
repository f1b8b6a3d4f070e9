import { expect, test } from 'vitest';
import { licenseText } from '../../shared/repair/before.ts';
import { inGroup } from '../simulation/people.ts';
import { START } from '../world/callers.ts';
import { courseOf, headRow, holdRows, postOf, somebody, tended } from './post.ts';

test('a hold stays open for whoever is in the exclusion group, though the rule has not come to them yet', async () => {
  const { created, tools: usual } = postOf();
  const { office365, groups } = created.ids;
  const post = postOf({}, { repair: { ...usual.settings.repair, exclusionGroup: groups.exclusion } });
  const { tools, clock } = post;
  const { planned } = somebody(post);
  // As it is where the rule takes longer than anybody thought: in the group, and still assigned.
  inGroup(post.created, groups.exclusion, [planned.user]);
  post.created.hands.switchDeactivate(office365, 'DISABLED', clock.at);
  const { rest } = await tools.okta.deactivateSwitch(office365);
  const licenses = licenseText(await tools.entra.licenses(planned.objectId));
  const times = { opened: clock.at, since: clock.at, off: clock.at };
  const rows = holdRows(post, planned, {
    hold: { ...times, rest, lastUnassigned: clock.at },
    member: { opened: clock.at, unassigned: clock.at, licenses },
  });
  await tools.state.holds.transact(rows.map((row) => ({ kind: 'insert', row }) as const));
  const course = courseOf(post, { unassign: 'exclusion-group' });
  await tools.state.repairs.insert(headRow(START, planned, { id: 'r-1', course, due: null }));

  await tended(post, 6);

  const members = [];
  for await (const { row } of tools.state.holds.list('hold')) members.push(row);
  expect(members).toContainEqual(expect.objectContaining({ kind: 'member', settled: null }));
  expect((await tools.okta.deactivateSwitch(office365)).status).toBe('DISABLED');
});
