import { AnchorwatchError } from '../../shared/errors.ts';
import { type Instant, MINUTE } from '../../shared/time.ts';
import { noteAnchor } from './graph/user-write.ts';
import { assigned, GROUP_PROFILE, grantOf, newAssignment, unassigned } from './okta/assign.ts';
import type { Act } from './okta/context.ts';
import { SYSTEM, tell } from './okta/events.ts';
import { type ImportSchedule, importCarrying, isStopped } from './okta/imports.ts';
import { deactivated } from './okta/lifecycle.ts';
import { join, leave } from './okta/members.ts';
import type { AppRecord, OktaUserRecord, Switch } from './okta/records.ts';
import type { State } from './state.ts';

/** What people do in consoles and in Active Directory, where no API is asked and no switch of the world refuses. */
export interface Hands {
  /** In Active Directory. Okta hears of it from the next good import that begins later. */
  changeGroup(user: string, group: string, change: 'leave' | 'join', now: Instant): void;
  /** *Import Now*, full: begins at once and takes ten minutes. While imports are paused nothing begins. */
  clickImport(directory: string, now: Instant): void;
  /**
   * What an import would have taken away was too much for Okta's safeguard: it pauses all imports of the org, those that run among
   * them, until somebody lets them run again. Churn that was planned with the world is not held up, for its answer key is written.
   */
  tripSafeguard(directory: string, now: Instant): void;
  resumeImports(directory: string, now: Instant): void;
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

  function scheduleOf(directory: string): ImportSchedule {
    const schedule = imports.find(({ app }) => app === directory);
    if (schedule === undefined) throw new AnchorwatchError('invalid', `${directory} is no Active Directory.`);
    return schedule;
  }

  /** With the first good import that begins from then on and is not stopped. */
  function arriveWithImport(directory: string, from: Instant, arrive: (at: Instant) => void): void {
    const carrier = importCarrying(scheduleOf(directory), from);
    if (carrier === null) return;
    state.agenda.add(carrier.ended, (at) => {
      if (isStopped(carrier, state.pauses)) arriveWithImport(directory, carrier.began + 1, arrive);
      else arrive(at);
    });
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
      arriveWithImport(directory, now, arrive);
    },
    clickImport(directory, now) {
      const schedule = scheduleOf(directory);
      const clicked = {
        schedule,
        began: now,
        ended: now + IMPORT,
        succeeded: true,
        transaction: `import.click.${now}`,
      };
      state.clicked.push(clicked);
      state.agenda.add(clicked.ended, (at) => {
        if (isStopped(clicked, state.pauses)) return;
        for (const change of state.pending)
          if (change.directory === directory && change.changed <= now) change.arrive(at);
      });
    },
    tripSafeguard(directory, now) {
      const { label } = scheduleOf(directory);
      state.pauses.push({ directory, from: now, until: Number.POSITIVE_INFINITY });
      const targets = [{ id: directory, type: 'AppInstance', name: label }] as const;
      const event = {
        eventType: 'system.import.roadblock',
        message: 'Import paused by safeguard',
        actor: SYSTEM,
      } as const;
      tell(state, { ...event, transaction: `safeguard.${now}`, targets }, now);
    },
    resumeImports(directory, now) {
      const { label } = scheduleOf(directory);
      const open = state.pauses.findIndex((pause) => pause.directory === directory && pause.until > now);
      const pause = state.pauses[open];
      if (pause === undefined) return;
      state.pauses[open] = { ...pause, until: now };
      const targets = [{ id: directory, type: 'AppInstance', name: label }] as const;
      const event = { eventType: 'system.import.roadblock.resume', message: 'Imports resumed', actor: ADMIN } as const;
      tell(state, { ...event, transaction: `safeguard.${now}`, targets }, now);
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
