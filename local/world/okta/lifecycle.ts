import { unassigned } from './assign.ts';
import type { Act, OktaCall, OktaRoute } from './context.ts';
import { callerOf, tell, userTarget } from './events.ts';
import { grantAnew } from './members.ts';
import { theUser } from './named.ts';
import type { EventRecord, OktaUserRecord, OktaUserStatus } from './records.ts';
import { invalid, OktaRefusal } from './refusal.ts';

type Actor = EventRecord['actor'];

/** What people go through; Okta answers each with an empty object once it is done. */
export const lifecycleRoutes: readonly OktaRoute[] = [
  lifecycle('deactivate', (call, user) => {
    if (user.status === 'DEPROVISIONED') throw invalid('deactivateUser', 'The user is deactivated already.');
    deactivated(call, user, callerOf(call.caller));
  }),
  lifecycle('activate', (call, user) => {
    if (user.status !== 'STAGED' && user.status !== 'DEPROVISIONED') {
      throw new OktaRefusal(403, 'E0000016', 'Activation failed because the user is already active');
    }
    activated(call, user, callerOf(call.caller));
  }),
  lifecycle('suspend', (call, user) => {
    if (user.status !== 'ACTIVE') throw invalid('suspendUser', 'Cannot suspend a user that is not active');
    become(call, user, 'SUSPENDED', 'suspend', callerOf(call.caller));
  }),
  lifecycle('unsuspend', (call, user) => {
    if (user.status !== 'SUSPENDED') throw invalid('unsuspendUser', 'Cannot unsuspend a user that is not suspended');
    become(call, user, 'ACTIVE', 'unsuspend', callerOf(call.caller));
  }),
];

function lifecycle(name: string, act: (call: OktaCall, user: OktaUserRecord) => void): OktaRoute {
  return {
    method: 'POST',
    path: `/api/v1/users/{user}/lifecycle/${name}`,
    query: ['sendEmail'],
    needs: ['okta.users.manage'],
    handle(call) {
      act(call, theUser(call));
      return { status: 200, body: {} };
    },
  };
}

/** Takes every app away; what the apps then do with the accounts is a matter of their provisioning. Group memberships stay. */
export function deactivated(act: Act, user: OktaUserRecord, actor: Actor): void {
  const gone = become(act, user, 'DEPROVISIONED', 'deactivate', actor);
  for (const [id, roster] of act.state.assignments) {
    const app = act.state.apps.get(id);
    const assignment = roster.get(user.id, act.now);
    if (app !== undefined && assignment !== undefined) unassigned(act, app, gone, assignment);
  }
}

/** Whoever signs in through Active Directory is active at once. What groups grant comes back, what was assigned by hand does not. */
function activated(act: Act, user: OktaUserRecord, actor: Actor): void {
  const accounts = [...act.state.directories.values()].flatMap((roster) => roster.get(user.id, act.now) ?? []);
  const status = accounts.length > 0 ? 'ACTIVE' : 'PROVISIONED';
  grantAnew(act, become(act, user, status, 'activate', actor));
}

const MESSAGES = {
  activate: 'Activate Okta user',
  deactivate: 'Deactivate Okta user',
  suspend: 'Suspend Okta user',
  unsuspend: 'Unsuspend Okta user',
} as const;

function become(
  act: Act,
  before: OktaUserRecord,
  status: OktaUserStatus,
  step: keyof typeof MESSAGES,
  actor: Actor,
): OktaUserRecord {
  const user = { ...before, status, changed: act.now };
  act.state.oktaUsers.put(user, act.now);
  const event = { eventType: `user.lifecycle.${step}`, message: MESSAGES[step], actor } as const;
  tell(act.state, { ...event, transaction: act.requestId, targets: [userTarget(user)] }, act.now);
  return user;
}
