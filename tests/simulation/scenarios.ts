import type { Switches } from '../../local/world/switches.ts';
import type { CreatedWorld } from '../../local/world/world.ts';
import type { PlannedRepair } from '../../shared/plan/plan.ts';
import type { CapabilityRow, StepName } from '../../shared/state/repair-rows.ts';
import { lead } from '../../shared/flows/lead.ts';
import { MINUTE } from '../../shared/time.ts';
import { settingsOf } from '../flows/night.ts';
import { START } from '../world/callers.ts';
import { drifted, inGroup, peopleOf, peopleOfTheirOwn, type Someone, strangeAnchor } from './people.ts';
import type { Made, Scenario } from './simulation.ts';

/** Nobody is shown as synced, and groups come back by themselves: nothing but the repair itself is at stake. */
const PLAIN = { synced: 'never', switches: { regroup: 'by-itself' } } as const;

function settings(created: CreatedWorld) {
  const { okta, policy, repair } = settingsOf();
  const { groups, signInHost } = created.ids;
  return {
    okta: { ...okta, signInHosts: [signInHost] },
    policy: { ...policy, optedInGroup: groups.optIn, protectedGroup: null },
    repair,
  };
}

function byDirectoriesApi(created: CreatedWorld) {
  const usual = settings(created);
  return { ...usual, repair: { ...usual.repair, directoryGroups: 'directories-api' as const } };
}

/** The first people of the world with that scope, opted in, each drifted as told, each a repair of its own. */
function repairing(
  number: number,
  drift: (created: CreatedWorld, someone: Someone) => PlannedRepair,
  scope: 'USER' | 'GROUP' = 'USER',
): Scenario['repairs'] {
  return (created) => {
    const people = scope === 'USER' ? peopleOfTheirOwn(created, number) : peopleOf(created, scope).slice(0, number);
    inGroup(
      created,
      created.ids.groups.optIn,
      people.map(({ user }) => user),
    );
    return people.map((someone) => [drift(created, someone)]);
  };
}

function entraStale(created: CreatedWorld, someone: Someone): PlannedRepair {
  return drifted(created, someone, { e: strangeAnchor(someone.user) });
}

function bothStale(created: CreatedWorld, someone: Someone): PlannedRepair {
  const old = strangeAnchor(someone.user);
  return drifted(created, someone, { o: old, e: old });
}

function oktaStale(created: CreatedWorld, someone: Someone): PlannedRepair {
  return drifted(created, someone, { o: strangeAnchor(someone.user) }, 'reassign');
}

/** Each member holds what the one before wants. */
function ring(length: number, spoil?: (created: CreatedWorld, last: Someone) => void): Scenario['repairs'] {
  return (created) => {
    const people = peopleOfTheirOwn(created, length);
    inGroup(
      created,
      created.ids.groups.optIn,
      people.map(({ user }) => user),
    );
    const held = people.map(({ directory }) => directory.externalId);
    const members = people.map((someone, at) => drifted(created, someone, { e: held[(at + 1) % length] ?? null }));
    const last = people.at(-1);
    if (last !== undefined) spoil?.(created, last);
    return [members];
  };
}

/** What a pilot would have found out about the tenant. */
function proven(syncedWrites: CapabilityRow['syncedWrites'], nudge = false): NonNullable<Scenario['prepare']> {
  return async ({ state, created }) => {
    const tenant = created.inside.state.tenant.id;
    const app = created.ids.office365;
    await state.capabilities.put({ tenant, app, syncedWrites, lag: null, nudge, proven: START, by: 'pilot', note: '' });
  };
}

/** Something that somebody does once, as soon as the journal shows the outcome of a step. */
function once(
  step: StepName,
  outcome: string,
  act: (made: Made, member: PlannedRepair) => void,
): NonNullable<Scenario['meanwhile']> {
  const done = new WeakSet<object>();
  return (made) => {
    if (done.has(made.mirror)) return;
    if (!made.mirror.journal.some((row) => row.step === step && row.outcome === outcome)) return;
    done.add(made.mirror);
    const member = made.repairs[0]?.[0];
    if (member !== undefined) act(made, member);
  };
}

const plain = { settings, world: PLAIN } as const;

/** Every repairable row of the truth table. */
const ROWS: readonly Scenario[] = [
  { name: 'entra-stale', ...plain, repairs: repairing(1, entraStale), end: 'done' },
  { name: 'both-stale', ...plain, repairs: repairing(1, bothStale), end: 'done' },
  {
    name: 'a managed domain needs no parking',
    ...plain,
    repairs: (created) => {
      const { domains } = created.inside.state;
      for (const [name, domain] of domains) domains.set(name, { ...domain, federated: false, signInHost: null });
      return repairing(1, entraStale)(created);
    },
    end: 'done',
  },
  {
    name: 'entra-empty',
    ...plain,
    repairs: repairing(1, (created, someone) => drifted(created, someone, { e: null }, 'set')),
    end: 'done',
  },
  { name: 'okta-stale', ...plain, repairs: repairing(1, oktaStale), end: 'done' },
  {
    name: 'okta-empty',
    ...plain,
    repairs: repairing(1, (created, someone) => drifted(created, someone, { o: null }, 'reassign')),
    end: 'done',
  },
];

/** A tenant that is as unkind as can be, but for what is named. */
function inWorld(switches: Partial<Switches>) {
  return { settings, world: { switches } };
}

const TOGETHER: readonly Scenario[] = [
  { name: 'two people in one hold', ...plain, repairs: repairing(2, entraStale), end: 'done' },
  { name: 'ring of two', ...plain, repairs: ring(2), end: 'done' },
  { name: 'ring of three', ...plain, repairs: ring(3), end: 'done' },
  {
    name: 'ring with a refused member',
    ...plain,
    repairs: ring(3, ({ inside }, last) => {
      inside.state.entraUsers.put({
        ...last.account,
        anchor: inside.state.entraUsers.get(last.account.id, START)?.anchor ?? null,
        enabled: false,
      });
    }),
    excused: ['enabled'],
    end: 'refused',
  },
];

/** Where people are shown as synced, in each tenant that there may be. */
const SYNCED: readonly Scenario[] = [
  {
    name: 'synced, writable anyway',
    ...inWorld({ syncedWrites: 'anyway', regroup: 'by-itself' }),
    repairs: repairing(1, entraStale),
    prepare: proven('anyway'),
    end: 'done',
  },
  {
    name: 'synced, writable after the unassignment',
    ...inWorld({ syncedWrites: 'after-unassign', regroup: 'by-itself' }),
    repairs: repairing(1, entraStale),
    prepare: proven('after-unassign'),
    end: 'done',
  },
  {
    name: 'synced, proven writable and refused all the same',
    ...inWorld({ syncedWrites: 'refused', regroup: 'by-itself' }),
    repairs: repairing(1, entraStale),
    prepare: proven('anyway'),
    end: 'undone',
  },
  {
    name: 'synced, let go of too late',
    settings: (created) => {
      const usual = settings(created);
      return { ...usual, repair: { ...usual.repair, times: { ...usual.repair.times, quiet: 4 * MINUTE } } };
    },
    world: { switches: { syncedWrites: 'refused', regroup: 'by-itself' } },
    repairs: repairing(1, entraStale),
    prepare: proven('after-unassign'),
    end: 'undone',
  },
  {
    name: 'synced, nothing proven',
    ...inWorld({ syncedWrites: 'refused' }),
    repairs: repairing(1, entraStale),
    end: 'ready',
  },
];

/** Each of the other questions that nobody can answer from outside. */
const SWITCHED: readonly Scenario[] = [
  {
    name: 'a late push puts the UPN back',
    settings,
    world: { synced: 'never', switches: { regroup: 'by-itself', latePush: 'arrives' } },
    repairs: repairing(2, bothStale),
    end: 'done',
  },
  {
    name: 'the unassign task reads the switch when queued',
    settings,
    world: { synced: 'never', switches: { regroup: 'by-itself', unassignReads: 'when-queued' } },
    repairs: repairing(1, entraStale),
    end: 'done',
  },
  {
    name: 'replicas lag',
    settings,
    world: {
      ...PLAIN,
      graph: {
        quota: 1e9,
        replicaLag: 100_000,
        roles: ['User.ReadWrite.All', 'Directory.Read.All', 'RoleManagement.Read.Directory'],
      },
    },
    repairs: repairing(1, bothStale),
    end: 'done',
  },
  {
    name: 'a stale copy is computed anew by an update alone',
    settings,
    world: { synced: 'never', switches: { regroup: 'by-itself', nudge: 'recomputes' } },
    repairs: repairing(1, oktaStale),
    prepare: proven('anyway', true),
    end: 'done',
  },
];

/** People do things while a repair is under way. */
const MEANWHILE: readonly Scenario[] = [
  {
    name: 'the switch comes on between look and unassignment',
    ...plain,
    repairs: repairing(2, entraStale),
    meanwhile: once('unassign', 'intent', (made) =>
      made.created.hands.switchDeactivate(made.created.ids.office365, 'ENABLED', made.scheduler.now),
    ),
    excused: ['UPN', 'enabled', 'licences', 'memberships', 'assignment', 'old anchor'],
    // Whoever comes later opens a hold of his own, with the switch as the administrator left it.
    end: ['needs-a-person', 'refused', 'undone', 'done'],
  },
  {
    name: 'the switch comes on before the unassignment',
    ...plain,
    repairs: repairing(1, entraStale),
    meanwhile: once('hold', 'done', (made) =>
      made.created.hands.switchDeactivate(made.created.ids.office365, 'ENABLED', made.scheduler.now),
    ),
    end: 'refused',
  },
  {
    name: 'a rename before the park',
    settings,
    world: { synced: 'never', switches: { regroup: 'by-itself', latePush: 'never' } },
    repairs: repairing(1, entraStale),
    meanwhile: once('unassign', 'done', (made, { objectId }) =>
      made.created.hands.editAccount(objectId, { userName: 'somebody.else@contoso.com' }, made.scheduler.now),
    ),
    excused: ['UPN', 'assignment', 'copy'],
    // A read from before the rename, at the very moment of the park, cannot be told from a true one.
    end: ['needs-a-person', 'done'],
  },
  {
    name: 'a leaver in the gap',
    ...plain,
    repairs: repairing(1, entraStale),
    meanwhile: once('anchor', 'done', (made, { user }) => made.created.hands.dismiss(user, made.scheduler.now)),
    excused: ['assignment', 'copy'],
    end: 'needs-a-person',
  },
  {
    name: 'a rename in the gap',
    settings,
    world: { synced: 'never', switches: { regroup: 'by-itself', latePush: 'never' } },
    repairs: repairing(1, entraStale),
    meanwhile: once('park', 'done', (made, { objectId }) =>
      made.created.hands.editAccount(objectId, { userName: 'somebody.else@contoso.com' }, made.scheduler.now),
    ),
    excused: ['UPN', 'assignment', 'copy'],
    end: 'needs-a-person',
  },
  {
    name: 'an administrator mends the anchor first',
    ...plain,
    repairs: repairing(1, entraStale),
    meanwhile: once('park', 'done', (made, { objectId, before }) =>
      made.created.hands.editAccount(objectId, { anchor: before.a }, made.scheduler.now),
    ),
    end: 'done',
  },
];

/** Office 365 by a group. */
const GRANTED: readonly Scenario[] = [
  {
    name: 'granted by a group, with an exclusion group',
    settings: (created) => {
      const usual = settings(created);
      return { ...usual, repair: { ...usual.repair, exclusionGroup: created.ids.groups.exclusion } };
    },
    world: PLAIN,
    repairs: repairing(1, entraStale, 'GROUP'),
    end: 'done',
  },
  { name: 'granted by a group, without one', ...plain, repairs: repairing(1, entraStale, 'GROUP'), end: 'ready' },
];

/** Whoever is named does what the journal asks of a person, a minute after it asks. */
function operator({ created, mirror, scheduler, repairs }: Made): void {
  const { office365 } = created.ids;
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

/** What the operator has done already: the rows are the journal's own. */
const OBEYED = new WeakSet<object>();

/** Somebody comes and says "I am here" as soon as a repair waits for a person, and then does what is asked. */
function led(made: Made): void {
  const ready = [...made.mirror.heads.values()].find(({ state }) => state === 'ready');
  if (ready !== undefined && !OBEYED.has(ready)) {
    OBEYED.add(ready);
    void lead(ready.id, 'operator', made.desk);
  }
  operator(made);
}

/** Where Entra does not catch up with the groups by itself. */
const REGROUPING: readonly Scenario[] = [
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
    meanwhile: led,
    excused: ['assignment', 'licences'],
    end: 'done',
  },
  {
    name: 'granted by a group, and a person is led through',
    ...plain,
    repairs: repairing(1, entraStale, 'GROUP'),
    meanwhile: led,
    end: 'done',
  },
];

export const SCENARIOS: readonly Scenario[] = [
  ...ROWS,
  ...TOGETHER,
  ...SYNCED,
  ...SWITCHED,
  ...MEANWHILE,
  ...GRANTED,
  ...REGROUPING,
];
