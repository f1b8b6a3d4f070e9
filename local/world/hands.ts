import { AnchorwatchError } from '../../shared/errors.ts';
import { type Instant, MINUTE } from '../../shared/time.ts';
import { noteAnchor } from './graph/user-write.ts';
import { assigned, GROUP_PROFILE, grantOf, newAssignment, unassigned } from './okta/assign.ts';
import type { Act } from './okta/context.ts';
import { SYSTEM, tell } from './okta/events.ts';
import { type ImportSchedule, importCarrying } from './okta/imports.ts';
import { deactivated } from './okta/lifecycle.ts';
import { join, leave } from './okta/members.ts';
import type { AppRecord, OktaUserRecord, Switch } from './okta/records.ts';
import type { State } from './state.ts';

/** What people do in consoles and in Active Directory, where no API is asked and no switch of the world refuses. */
export interface Hands {
  /** In Active Directory. Okta hears of it from the next good import that begins later. */
  changeGroup(user: string, group: string, change: 'leave' | 'join', now: Instant): void;
  /** *Import Now*, full: begins at once and takes ten minutes. */
  clickImport(directory: string, now: Instant): void;
  /** *Deactivate Users*, by an administrator or by somebody's automation. */
  switchDeactivate(app: string, status: Switch, now: Instant): void;
  /** In the console, which overrides groups. */
  unassign(app: string, user: string, now: Instant): void;
  /** Offered for nobody who is deactivated. */
  assign(app: string, user: string, now: Instant): void;
  /** By a strong administrator, who may do what an app may not. */
  editAccount(objectId: string, change: { readonly userName?: string; readonly anchor?: string }, now: Instant): void;
  /** Somebody's last day: deactivated in Okta, and thereby unassigned. */
  dismiss(user: string, now: Instant): void;
}

const IMPORT = 10 * MINUTE;

export function handsOf(state: State, imports: readonly ImportSchedule[]): Hands {
  const act = (now: Instant): Act => ({ state, now, caller: ADMIN.id, requestId: `console.${now}` });

  function userOf(id: string, now: Instant): OktaUserRecord {
    const user = state.oktaUsers.get(id, now);
    if (user === undefined) throw new AnchorwatchError('invalid', `There is no Okta user ${id} in this world.`);
    return user;
  }

  function appOf(id: string): AppRecord {
    const app = state.apps.get(id);
    if (app === undefined) throw new AnchorwatchError('invalid', `There is no app ${id} in this world.`);
    return app;
  }

  return {
    changeGroup(user, group, change, now) {
      const record = state.groups.get(group);
      const directory = record?.directory?.app;
      if (record === undefined || directory === undefined)
        throw new AnchorwatchError('invalid', `${group} is no group of an Active Directory.`);
      let arrived = false;
      const arrive = (at: Instant): void => {
        const person = userOf(user, at);
        const isMember = person.groups.includes(group);
        if (!arrived && change === 'join' && !isMember) join(act(at), person, record, SYSTEM);
        if (!arrived && change === 'leave' && isMember) leave(act(at), person, record, SYSTEM);
        arrived = true;
      };
      state.pending.push({ directory, changed: now, arrive });
      const schedule = imports.find(({ app }) => app === directory);
      const carrier = schedule === undefined ? null : importCarrying(schedule, now);
      if (carrier !== null) state.agenda.add(carrier.ended, arrive);
    },
    clickImport(directory, now) {
      const schedule = imports.find(({ app }) => app === directory);
      if (schedule === undefined) throw new AnchorwatchError('invalid', `${directory} is no Active Directory.`);
      const ended = now + IMPORT;
      state.clicked.push({ schedule, began: now, ended, succeeded: true, transaction: `import.click.${now}` });
      state.agenda.add(ended, (at) => {
        for (const change of state.pending)
          if (change.directory === directory && change.changed <= now) change.arrive(at);
      });
    },
    switchDeactivate(app, status, now) {
      const record = appOf(app);
      if (record.provisioning === null) return;
      state.apps.set(app, { ...record, provisioning: { ...record.provisioning, deactivate: status }, changed: now });
      const targets = [{ id: app, type: 'AppInstance', name: record.label }] as const;
      const event = { eventType: 'application.lifecycle.update', message: 'Update application', actor: ADMIN } as const;
      tell(state, { ...event, transaction: `console.${now}`, targets }, now);
    },
    unassign(app, user, now) {
      const assignment = state.assignments.get(app)?.get(user, now);
      if (assignment !== undefined) unassigned(act(now), appOf(app), userOf(user, now), assignment);
    },
    assign(app, user, now) {
      const [record, person] = [appOf(app), userOf(user, now)];
      if (person.status === 'DEPROVISIONED') return;
      const grantedBy = grantOf(record, person);
      const profile = grantedBy === null ? { licenses: [], roles: [] } : GROUP_PROFILE;
      assigned(
        act(now),
        record,
        person,
        newAssignment(act(now), record, person, { userName: person.login, grantedBy, ...profile }),
      );
    },
    editAccount(objectId, change, now) {
      const account = state.entraUsers.get(objectId, now);
      if (account === undefined)
        throw new AnchorwatchError('invalid', `There is no account ${objectId} in this world.`);
      const changed = { ...account, ...change };
      state.entraUsers.put(changed, now);
      if (changed.anchor !== account.anchor) noteAnchor(state, changed, now);
    },
    dismiss(user, now) {
      deactivated(act(now), userOf(user, now), ADMIN);
    },
  };
}

const ADMIN = { id: '00uAdministrator0000', type: 'User', name: 'admin@contoso.com' } as const;
