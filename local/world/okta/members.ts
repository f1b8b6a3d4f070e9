import { SECOND } from '../../../shared/time.ts';
import { hash32 } from '../dice.ts';
import type { Reply } from '../routes.ts';
import { assigned, grantOf, GROUP_PROFILE, newAssignment, unassigned } from './assign.ts';
import type { OktaCall, OktaRoute } from './context.ts';
import { callerOf, groupTarget, SYSTEM, tell, userTarget } from './events.ts';
import { theGroup, theUser } from './named.ts';
import type { GroupRecord, OktaUserRecord, RuleRecord } from './records.ts';
import { OktaRefusal } from './refusal.ts';

const NEEDS = ['okta.groups.manage'];

export const memberRoutes: readonly OktaRoute[] = [
  { method: 'PUT', path: '/api/v1/groups/{group}/users/{user}', query: [], needs: NEEDS, handle: addMember },
  { method: 'DELETE', path: '/api/v1/groups/{group}/users/{user}', query: [], needs: NEEDS, handle: removeMember },
];

/** Rules run a while after whatever they depend on has changed. */
const RULES = { least: 5 * SECOND, spread: 25 * SECOND };

function addMember(call: OktaCall): Reply {
  const [group, user] = [ownGroup(call), theUser(call)];
  if (!user.groups.includes(group.id)) {
    join(call, user, group, callerOf(call.caller));
    rulesLater(call, user.id);
  }
  return { status: 204, body: '' };
}

/** A member whom a rule put there, and somebody takes out by hand, is left out by the rule from then on. */
function removeMember(call: OktaCall): Reply {
  const [group, user] = [ownGroup(call), theUser(call)];
  if (!user.groups.includes(group.id)) return { status: 204, body: '' };
  for (const rule of call.state.rules.values()) {
    if (rule.status !== 'ACTIVE' || !rule.groups.includes(group.id) || !holds(rule, user)) continue;
    call.state.rules.set(rule.id, { ...rule, excludedUsers: [...rule.excludedUsers, user.id] });
  }
  leave(call, user, group, callerOf(call.caller));
  rulesLater(call, user.id);
  return { status: 204, body: '' };
}

/** Groups of Okta's own can be changed here; those of Active Directory are changed by imports, and Everyone by nobody. */
function ownGroup(call: OktaCall): GroupRecord {
  const group = theGroup(call);
  if (group.kind === 'OKTA_GROUP') return group;
  throw new OktaRefusal(403, 'E0000006', 'You do not have permission to perform the requested action');
}

function rulesLater(call: OktaCall, user: string): void {
  const delay = RULES.least + (hash32(`rules ${user} ${call.now}`) % RULES.spread);
  call.state.agenda.add(call.now + delay, (now) => runRules({ ...call, now }, user));
}

function runRules(call: OktaCall, id: string): void {
  for (const rule of call.state.rules.values()) {
    if (rule.status !== 'ACTIVE') continue;
    for (const group of rule.groups) {
      const user = call.state.oktaUsers.get(id, call.now);
      const record = call.state.groups.get(group);
      if (user === undefined || record === undefined) continue;
      const belongs = holds(rule, user) && !rule.excludedUsers.includes(id);
      if (belongs && !user.groups.includes(group)) join(call, user, record, SYSTEM);
      // A rule takes out only whom it put in; here it alone fills its group.
      else if (!belongs && user.groups.includes(group) && !rule.excludedUsers.includes(id))
        leave(call, user, record, SYSTEM);
    }
  }
}

/** The two conditions that Okta documents for a group from which people can be kept out by another group. */
function holds({ expression }: RuleRecord, user: OktaUserRecord): boolean {
  return expression.split(/ and /i).every((condition) => {
    const exclusion = /^!isMemberOfGroup\("([^"]+)"\)$/.exec(condition.trim());
    if (exclusion !== null) return !user.groups.includes(exclusion[1] ?? '');
    return condition.trim() === 'user.department != null' && user.department !== null;
  });
}

function join(call: OktaCall, user: OktaUserRecord, group: GroupRecord, actor: typeof SYSTEM): void {
  changeGroups(call, user, [...user.groups, group.id]);
  tellOf(call, user, group, actor, 'group.user_membership.add', 'Add user to group membership');
}

function leave(call: OktaCall, user: OktaUserRecord, group: GroupRecord, actor: typeof SYSTEM): void {
  changeGroups(
    call,
    user,
    user.groups.filter((one) => one !== group.id),
  );
  tellOf(call, user, group, actor, 'group.user_membership.remove', "Remove user's group membership");
}

function tellOf(
  { state, requestId, now }: OktaCall,
  user: OktaUserRecord,
  group: GroupRecord,
  actor: typeof SYSTEM,
  eventType: string,
  message: string,
): void {
  tell(
    state,
    { eventType, message, actor, transaction: requestId, targets: [userTarget(user), groupTarget(group)] },
    now,
  );
}

/** A group that grants an app gives it to whoever comes, and takes it from whoever goes. */
function changeGroups(call: OktaCall, before: OktaUserRecord, groups: readonly string[]): void {
  const user = { ...before, groups, changed: call.now };
  call.state.oktaUsers.put(user, call.now);
  call.state.touched.add(user.id);
  for (const [id, roster] of call.state.assignments) {
    const app = call.state.apps.get(id);
    if (app === undefined || app.status !== 'ACTIVE') continue;
    const assignment = roster.get(user.id, call.now);
    const grantedBy = grantOf(app, user);
    if (grantedBy !== null && assignment === undefined) {
      const given = { userName: user.login, grantedBy, ...GROUP_PROFILE };
      assigned(call, app, user, newAssignment(call, user, given));
    } else if (grantedBy === null && assignment?.scope === 'GROUP') unassigned(call, app, user, assignment);
  }
}
