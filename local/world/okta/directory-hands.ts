import { AnchorwatchError } from '../../../shared/errors.ts';
import { type Instant, MINUTE } from '../../../shared/time.ts';
import type { Begin } from '../hands.ts';
import type { State } from '../state.ts';
import { SYSTEM, tell } from './events.ts';
import { ADMIN, userOf } from './hands.ts';
import { type ImportSchedule, importCarrying, isStopped } from './imports.ts';
import { join, leave } from './members.ts';

export interface DirectoryHands {
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
}

const IMPORT = 10 * MINUTE;

export function directoryHands(state: State, imports: readonly ImportSchedule[], begin: Begin): DirectoryHands {
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
      const act = begin(now);
      const record = state.groups.get(group);
      const directory = record?.directory?.app;
      if (record === undefined || directory === undefined)
        throw new AnchorwatchError('invalid', `${group} is no group of an Active Directory.`);
      let arrived = false;
      const arrive = (at: Instant): void => {
        const person = userOf(state, user, at);
        const isMember = person.groups.includes(group);
        if (!arrived && change === 'join' && !isMember) join({ ...act, now: at }, person, record, SYSTEM);
        if (!arrived && change === 'leave' && isMember) leave({ ...act, now: at }, person, record, SYSTEM);
        arrived = true;
      };
      state.pending.push({ directory, changed: now, arrive });
      arriveWithImport(directory, now, arrive);
    },
    clickImport(directory, now) {
      begin(now);
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
      begin(now);
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
      begin(now);
      const { label } = scheduleOf(directory);
      const open = state.pauses.findIndex((pause) => pause.directory === directory && pause.until > now);
      const pause = state.pauses[open];
      if (pause === undefined) return;
      state.pauses[open] = { ...pause, until: now };
      const targets = [{ id: directory, type: 'AppInstance', name: label }] as const;
      const event = { eventType: 'system.import.roadblock.resume', message: 'Imports resumed', actor: ADMIN } as const;
      tell(state, { ...event, transaction: `safeguard.${now}`, targets }, now);
    },
  };
}
