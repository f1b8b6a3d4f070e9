import { AnchorwatchError } from '../../../shared/errors.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Begin } from '../hands.ts';
import type { State } from '../state.ts';
import { provisionLater } from '../sync/provisioning.ts';
import { assigned, GROUP_PROFILE, grantOf, newAssignment, unassigned } from './assign.ts';
import { appTarget, tell, userTarget } from './events.ts';
import { deactivated } from './lifecycle.ts';
import type { AppRecord, OktaUserRecord, Switch } from './records.ts';

export interface OktaHands {
  /** *Deactivate Users*, by an administrator or by somebody's automation. */
  switchDeactivate(app: string, status: Switch, now: Instant): void;
  /** In the console, which overrides groups. */
  unassign(app: string, user: string, now: Instant): void;
  /** Offered for nobody who is deactivated, or assigned already. */
  assign(app: string, user: string, now: Instant): void;
  /** Somebody's last day: deactivated in Okta, and thereby unassigned. */
  dismiss(user: string, now: Instant): void;
  /**
   * Another login, and with it another user name in Office 365. The push that follows looks for an account of the new name: it finds
   * none, and cannot make one while the old one holds the anchor, until somebody gives the account the new name.
   */
  rename(user: string, login: string, now: Instant): void;
}

export const ADMIN = { id: '00uAdministrator0000', type: 'User', name: 'admin@contoso.com' } as const;

export function userOf(state: State, id: string, now: Instant): OktaUserRecord {
  const user = state.oktaUsers.get(id, now);
  if (user === undefined) throw new AnchorwatchError('invalid', `There is no Okta user ${id} in this world.`);
  return user;
}

export function oktaHands(state: State, begin: Begin): OktaHands {
  function appOf(id: string): AppRecord {
    const app = state.apps.get(id);
    if (app === undefined) throw new AnchorwatchError('invalid', `There is no app ${id} in this world.`);
    return app;
  }

  return {
    switchDeactivate(app, status, now) {
      const { requestId } = begin(now);
      const record = appOf(app);
      if (record.provisioning === null) return;
      state.apps.set(app, { ...record, provisioning: { ...record.provisioning, deactivate: status }, changed: now });
      const event = { eventType: 'application.lifecycle.update', message: 'Update application', actor: ADMIN } as const;
      tell(state, { ...event, transaction: requestId, targets: [appTarget(record)] }, now);
    },
    unassign(app, user, now) {
      const act = begin(now);
      const assignment = state.assignments.get(app)?.get(user, now);
      if (assignment !== undefined) unassigned(act, appOf(app), userOf(state, user, now), assignment);
    },
    assign(app, user, now) {
      const act = begin(now);
      const [record, person] = [appOf(app), userOf(state, user, now)];
      if (person.status === 'DEPROVISIONED' || state.assignments.get(app)?.get(user, now) !== undefined) return;
      const grantedBy = grantOf(record, person);
      const profile = grantedBy === null ? { licenses: [], roles: [] } : GROUP_PROFILE;
      assigned(
        act,
        record,
        person,
        newAssignment(act, record, person, { userName: person.login, grantedBy, ...profile }),
      );
    },
    dismiss(user, now) {
      const act = begin(now);
      deactivated(act, userOf(state, user, now), ADMIN);
    },
    rename(user, login, now) {
      const { requestId: transaction } = begin(now);
      const before = userOf(state, user, now);
      for (const { id, login: held } of state.oktaUsers.lookup('login', login.toLowerCase(), now)) {
        if (id !== user && held.toLowerCase() === login.toLowerCase())
          throw new AnchorwatchError('conflict', `${login} is the login of ${id}.`);
      }
      const renamed = { ...before, login, changed: now };
      state.oktaUsers.put(renamed, now);
      const told = { actor: ADMIN, transaction };
      const profile = { eventType: 'user.account.update_profile', message: "Update user's profile for Okta" } as const;
      tell(state, { ...told, ...profile, targets: [userTarget(renamed)] }, now);
      const name = {
        eventType: 'application.user_membership.change_username',
        message: "Change user's application username",
      } as const;
      for (const [app, roster] of state.assignments) {
        const assignment = roster.get(user, now);
        if (assignment === undefined) continue;
        const changed = { ...assignment, userName: login, changed: now };
        roster.put(changed, now);
        tell(state, { ...told, ...name, targets: [userTarget(renamed), appTarget(appOf(app))] }, now);
        provisionLater({ state, app, user: renamed, assignment: changed, transaction }, now);
      }
    },
  };
}
