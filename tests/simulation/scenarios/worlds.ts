import { MINUTE } from '../../../shared/time.ts';
import type { Scenario } from '../simulation.ts';
import {
  bothStale,
  entraStale,
  inWorld,
  lately,
  leftAlone,
  oktaStale,
  once,
  PLAIN,
  proven,
  repairing,
  ring,
  settings,
} from '../staging.ts';
import { drifted } from '../people.ts';

/** Where people are shown as synced, in each tenant that there may be. */
export const SYNCED: readonly Scenario[] = [
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
    isGated: true,
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
    isGated: true,
    end: 'undone',
  },
  {
    name: 'synced, without an anchor, and let go of too late',
    ...inWorld({ syncedWrites: 'refused', regroup: 'by-itself' }),
    repairs: repairing(1, (created, someone) => drifted(created, someone, { e: null }, 'set')),
    prepare: proven('after-unassign'),
    isGated: true,
    // Assigning again gives the account Okta's anchor, which is the right one.
    excused: ['old anchor'],
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
export const SWITCHED: readonly Scenario[] = [
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
  {
    name: 'a stale copy that an update does not mend, though a pilot proved it',
    settings,
    world: { synced: 'never', switches: { regroup: 'by-itself', nudge: 'nothing' } },
    repairs: repairing(1, oktaStale),
    prepare: proven('anyway', true),
    end: 'undone',
  },
  {
    name: 'a pilot that nobody looks on at is brought to rest',
    ...inWorld({ syncedWrites: 'anyway', regroup: 'by-itself' }),
    repairs: repairing(1, entraStale),
    prepare: leftAlone,
    end: 'refused',
  },
  {
    name: 'the group job leaves the unassigned where they are',
    settings,
    world: { synced: 'never', switches: { regroup: 'by-itself', groupJob: 'keeps' } },
    repairs: repairing(1, lately),
    end: 'done',
  },
  {
    name: 'an anchor may be null on a managed domain',
    settings,
    world: { synced: 'never', switches: { regroup: 'by-itself', nullAnchor: 'accepted' } },
    repairs: ring(2),
    end: 'done',
  },
  ...(['remove-licences', 'block'] as const).map(
    (deprovisioning): Scenario => ({
      name: `the switch comes on, and unassigning does this: ${deprovisioning}`,
      settings,
      world: { synced: 'never', switches: { regroup: 'by-itself', deprovisioning } },
      repairs: repairing(2, entraStale),
      meanwhile: once('unassign', 'intent', (made) =>
        made.created.hands.switchDeactivate(made.created.ids.office365, 'ENABLED', made.scheduler.now),
      ),
      excused: ['UPN', 'enabled', 'licences', 'memberships', 'groups of its own', 'assignment', 'old anchor'],
      end: ['needs-a-person', 'refused', 'undone'],
    }),
  ),
];
