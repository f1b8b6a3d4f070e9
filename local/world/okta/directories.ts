import { z } from 'zod';
import type { Reply } from '../routes.ts';
import { bodyOf } from './body.ts';
import type { OktaCall, OktaRoute } from './context.ts';
import { callerOf } from './events.ts';
import { within } from './imports.ts';
import { join, leave } from './members.ts';
import { theApp } from './named.ts';
import { invalid, notFound, OktaRefusal } from './refusal.ts';

export const directoryRoutes: readonly OktaRoute[] = [
  {
    method: 'POST',
    path: '/api/v1/directories/{app}/groups/modify',
    query: [],
    needs: ['okta.directories.groups.manage'],
    oauthOnly: true,
    handle: modify,
  },
];

const actionSchema = z.strictObject({
  id: z.string(),
  parameters: z.strictObject({
    action: z.enum(['ADD', 'REMOVE']),
    attribute: z.literal('member'),
    values: z.array(z.string()).min(1),
  }),
});

/** The agent writes into Active Directory at once, and Okta's own copy follows at once; Entra hears of it from the next group job. */
function modify(call: OktaCall): Reply {
  const app = theApp(call);
  if (app.name !== 'active_directory') throw notFound(app.id, 'AppInstance');
  if (call.state.switches.directoriesApi === 'refused') {
    throw new OktaRefusal(403, 'E0000006', 'You do not have permission to perform the requested action');
  }
  const schedule = call.settings.imports.find((one) => one.app === app.id);
  if (schedule !== undefined && within(schedule.stopped, call.now)) {
    throw new OktaRefusal(502, 'E0000241', 'There are no connected agents.');
  }
  const read = actionSchema.safeParse(bodyOf(call));
  if (!read.success) throw invalid('agentAction', 'The action is not well formed.');
  const { id, parameters } = read.data;
  const group = call.state.groups.get(id);
  if (group?.directory?.app !== app.id) throw notFound(id, 'UserGroup');
  for (const user of parameters.values) {
    const person = call.state.oktaUsers.get(user, call.now);
    const account = call.state.directories.get(app.id)?.get(user, call.now);
    if (person === undefined || account === undefined) throw notFound(user, 'User');
    const isMember = person.groups.includes(id);
    if (parameters.action === 'ADD' && !isMember) join(call, person, group, callerOf(call.caller));
    if (parameters.action === 'REMOVE' && isMember) leave(call, person, group, callerOf(call.caller));
  }
  return { status: 200, body: '' };
}
