import { SECOND } from '../../../shared/time.ts';
import { hash32 } from '../dice.ts';
import type { Reply } from '../routes.ts';
import { touch } from '../state.ts';
import { assigned, grantOf, GROUP_PROFILE, newAssignment, unassigned } from './assign.ts';
import type { Act, OktaCall, OktaRoute } from './context.ts';
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

export function rulesLater(act: Act, user: string): void {
  const delay = RULES.least + (hash32(`rules ${user} ${act.now}`) % RULES.spread);
  act.state.agenda.add(act.now + delay, (now) => runRules({ ...act, now }, user));
}

function runRules(act: Act, id: string): void {
  for (const rule of act.state.rules.values()) {
    if (rule.status !== 'ACTIVE') continue;
    for (const group of rule.groups) {
      const user = act.state.oktaUsers.get(id, act.now);
      const record = act.state.groups.get(group);
      if (user === undefined || record === undefined) continue;
      const belongs = holds(rule, user) && !rule.excludedUsers.includes(id);
      if (belongs && !user.groups.includes(group)) join(act, user, record, SYSTEM);
      // A rule takes out only whom it put in; here it alone fills its group.
      else if (!belongs && user.groups.includes(group) && !rule.excludedUsers.includes(id))
        leave(act, user, record, SYSTEM);
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

export function join(act: Act, user: OktaUserRecord, group: GroupRecord, actor: typeof SYSTEM): void {
  changeGroups(act, user, [...user.groups, group.id]);
  tellOf(act, user, group, actor, 'group.user_membership.add', 'Add user to group membership');
}

export function leave(act: Act, user: OktaUserRecord, group: GroupRecord, actor: typeof SYSTEM): void {
  changeGroups(
    act,
    user,
    user.groups.filter((one) => one !== group.id),
  );
  tellOf(act, user, group, actor, 'group.user_membership.remove', "Remove user's group membership");
}

function tellOf(
  { state, requestId, now }: Act,
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

function changeGroups(act: Act, before: OktaUserRecord, groups: readonly string[]): void {
  const user = { ...before, groups, changed: act.now };
  act.state.oktaUsers.put(user, act.now);
  for (const [app, roster] of act.state.assignments) {
    const assignment = roster.get(user.id, act.now);
    if (assignment !== undefined) touch(act.state, app, user.id, assignment.externalId);
  }
  for (const group of groups) if (!before.groups.includes(group)) act.state.joined.set(`${user.id} ${group}`, act.now);
  grantAnew(act, user);
}

/**
 * A group that grants an app gives it to whoever has come, and takes it from whoever has gone. The deactivated stay in their groups,
 * and get nothing by them.
 */
export function grantAnew(act: Act, user: OktaUserRecord): void {
  for (const [id, roster] of act.state.assignments) {
    const app = act.state.apps.get(id);
    if (app === undefined || app.status !== 'ACTIVE') continue;
    const assignment = roster.get(user.id, act.now);
    const grantedBy = user.status === 'DEPROVISIONED' ? null : grantOf(app, user);
    if (grantedBy !== null && assignment === undefined) {
      const given = { userName: user.login, grantedBy, ...GROUP_PROFILE };
      assigned(act, app, user, newAssignment(act, app, user, given));
    } else if (grantedBy === null && assignment?.scope === 'GROUP') unassigned(act, app, user, assignment);
  }
}
