import type { OktaCall } from './context.ts';
import type { AppRecord, GroupRecord, OktaUserRecord, UserTypeRecord } from './records.ts';
import { notFound } from './refusal.ts';

/** The app that the path names; 404 where there is none. */
export function theApp(call: OktaCall): AppRecord {
  const id = call.parameters['app'] ?? '';
  const app = call.state.apps.get(id);
  if (app === undefined) throw notFound(id, 'AppInstance');
  return app;
}

/** The user that the path names, by id or by login. */
export function theUser(call: OktaCall): OktaUserRecord {
  const name = call.parameters['user'] ?? '';
  const byId = call.state.oktaUsers.get(name, call.now);
  if (byId !== undefined) return byId;
  for (const user of call.state.oktaUsers.lookup('login', name.toLowerCase(), call.now)) {
    if (user.login.toLowerCase() === name.toLowerCase()) return user;
  }
  throw notFound(name, 'User');
}

/** The group that the path names; 404 where there is none. */
export function theGroup(call: OktaCall): GroupRecord {
  const id = call.parameters['group'] ?? '';
  const group = call.state.groups.get(id);
  if (group === undefined) throw notFound(id, 'UserGroup');
  return group;
}

/** The type of user with this id. Whatever in the world names one knows it. */
export function theUserType({ state }: Pick<OktaCall, 'state'>, id: string): UserTypeRecord {
  const type = state.userTypes.get(id);
  if (type === undefined) throw notFound(id, 'UserType');
  return type;
}
