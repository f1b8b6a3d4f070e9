import { kindOf } from '../../../shared/errors.ts';
import { awaitsOperator, here } from '../../../shared/flows/lead.ts';
import { HOUR, MINUTE } from '../../../shared/time.ts';
import { START } from '../../world/callers.ts';
import type { Made, Scenario } from '../simulation.ts';
import {
  byDirectoriesApi,
  byExclusionGroup,
  entraStale,
  inWorld,
  plain,
  PLAIN,
  repairing,
  settings,
} from '../staging.ts';

/** Office 365 by a group. */
export const GRANTED: readonly Scenario[] = [
  {
    name: 'granted by a group, with an exclusion group',
    settings: byExclusionGroup,
    world: PLAIN,
    repairs: repairing(1, entraStale, 'GROUP'),
    end: 'done',
  },
  { name: 'granted by a group, without one', ...plain, repairs: repairing(1, entraStale, 'GROUP'), end: 'ready' },
];

/** Comes as soon as somebody waits for a person: to be led, or to leave groups. */
function comes({ mirror, scheduler, desk }: Made): void {
  for (const head of mirror.heads.values()) {
    if (awaitsOperator(head, scheduler.now) === null || COME.has(head)) continue;
    COME.add(head);
    void here(head.id, 'operator', desk).catch(unlessBusy);
  }
}

/** Whoever is named does what the journal asks of a person, a minute after it asks. */
export function operator(made: Made): void {
  const { created, mirror, scheduler, repairs } = made;
  const { office365 } = created.ids;
  comes(made);
  const asked = mirror.journal.at(-1);
  if (asked?.outcome !== 'intent' || asked.facts['by'] !== 'person') return;
  if (scheduler.now - asked.at < MINUTE || OBEYED.has(asked)) return;
  OBEYED.add(asked);
  const member = repairs[0]?.[asked.member];
  const head = mirror.heads.get(asked.repair);
  if (member === undefined || head === undefined) return;
  const does = created.hands;
  const { user, objectId, before } = member;
  const { now } = scheduler;
  if (asked.step === 'hold') does.switchDeactivate(office365, 'DISABLED', now);
  if (asked.step === 'release') does.switchDeactivate(office365, 'ENABLED', now);
  if (asked.step === 'unassign') does.unassign(office365, user, now);
  if (asked.step === 'assign') does.assign(office365, user, now);
  if (asked.step === 'park') does.editAccount(objectId, { userName: head.course?.parking[asked.member] ?? '' }, now);
  if (asked.step === 'anchor') does.editAccount(objectId, { anchor: before.a }, now);
  if (asked.step === 'unpark') does.editAccount(objectId, { userName: member.userName }, now);
  for (const { group, instance } of head.groups) {
    if (asked.step === 'leave-groups') does.changeGroup(user, group, 'leave', now);
    if (asked.step === 'rejoin-groups') does.changeGroup(user, group, 'join', now);
    if (asked.step === 'leave-groups' || asked.step === 'rejoin-groups') does.clickImport(instance, now + 1);
  }
}

/** What the operator has come to, and done, already: the rows are the tables' own. */
export const COME = new WeakSet<object>();
export const OBEYED = new WeakSet<object>();

/** A worker is at it at this very moment, or it does not wait any more: whoever comes tries again at the next change. */
function unlessBusy(error: unknown): void {
  if (kindOf(error) !== 'conflict' && kindOf(error) !== 'invalid') throw error;
}

/** Comes, switches off what is asked, and goes away before the assignment is removed. */
function leaves(made: Made): void {
  comes(made);
  const asked = made.mirror.journal.at(-1);
  if (asked?.outcome !== 'intent' || (asked.step !== 'hold' && asked.step !== 'release') || OBEYED.has(asked)) return;
  OBEYED.add(asked);
  const status = asked.step === 'hold' ? 'DISABLED' : 'ENABLED';
  made.created.hands.switchDeactivate(made.created.ids.office365, status, made.scheduler.now);
}

/** From about when a group is left. */
const FAILING = { failing: [{ from: START + 2.5 * HOUR, until: START + 6 * HOUR }] };

/** Where Entra does not catch up with the groups by itself. */
export const REGROUPING: readonly Scenario[] = [
  {
    name: 'groups are left and rejoined by an operator',
    settings,
    world: { synced: 'never', switches: { regroup: 'after-rejoin' } },
    repairs: repairing(1, entraStale),
    meanwhile: operator,
    regroups: true,
    end: 'done',
  },
  {
    name: 'groups are left and rejoined by the API',
    settings: byDirectoriesApi,
    world: { synced: 'never', switches: { regroup: 'after-rejoin', directoriesApi: 'works' } },
    repairs: repairing(1, entraStale),
    regroups: true,
    end: 'done',
  },
  {
    name: 'the imports that a left group waits for fail for hours',
    settings: byDirectoriesApi,
    world: {
      synced: 'never',
      switches: { regroup: 'after-rejoin', directoriesApi: 'works' },
      imports: { 'contoso.com': FAILING, 'emea.contoso.com': FAILING },
    },
    repairs: repairing(1, entraStale),
    regroups: true,
    end: 'done',
  },
  {
    name: 'a group that grants another app is not left',
    settings: byDirectoriesApi,
    world: { synced: 'never', switches: { regroup: 'after-rejoin', directoriesApi: 'works' } },
    repairs: (created) => {
      const repairs = repairing(1, entraStale)(created);
      const user = created.inside.state.oktaUsers.get(repairs[0]?.[0]?.user ?? '', START);
      const other = created.inside.state.apps.get(created.ids.inactiveOffice365);
      if (user !== undefined && other !== undefined)
        created.inside.state.apps.set(other.id, { ...other, groups: [...other.groups, ...user.groups] });
      return repairs;
    },
    end: 'done',
  },
  {
    name: 'synced, nothing proven, and a person is led through',
    ...inWorld({ syncedWrites: 'refused', regroup: 'by-itself', latePush: 'never' }),
    repairs: repairing(1, entraStale),
    meanwhile: operator,
    excused: ['assignment', 'licences'],
    end: 'done',
  },
  {
    name: 'synced, nothing proven, and whoever leads goes away before the unassignment',
    ...inWorld({ syncedWrites: 'refused', regroup: 'by-itself', latePush: 'never' }),
    repairs: repairing(1, entraStale),
    meanwhile: leaves,
    end: 'undone',
  },
  {
    name: 'granted by a group, and a person is led through',
    ...plain,
    repairs: repairing(1, entraStale, 'GROUP'),
    meanwhile: operator,
    end: 'done',
  },
  {
    name: 'granted by a group, led through, and an assignment that was converted can be taken away',
    settings,
    world: { synced: 'never', switches: { regroup: 'by-itself', deleteConverted: 'allowed' } },
    repairs: repairing(1, entraStale, 'GROUP'),
    meanwhile: operator,
    end: 'done',
  },
];
