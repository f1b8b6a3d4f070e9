import type { Scenario } from '../simulation.ts';
import { entraStale, once, plain, repairing, settings } from '../staging.ts';

/** People do things while a repair is under way. */
export const MEANWHILE: readonly Scenario[] = [
  {
    name: 'the switch comes on between look and unassignment',
    ...plain,
    repairs: repairing(2, entraStale),
    meanwhile: once('unassign', 'intent', (made) =>
      made.created.hands.switchDeactivate(made.created.ids.office365, 'ENABLED', made.scheduler.now),
    ),
    excused: ['UPN', 'enabled', 'licences', 'memberships', 'assignment', 'old anchor'],
    tells: 'The hold on Deactivate Users was broken',
    // Whoever comes later opens a hold of his own, with the switch as the administrator left it.
    end: ['needs-a-person', 'refused', 'undone', 'done'],
  },
  {
    name: 'the switch comes on before the unassignment',
    ...plain,
    repairs: repairing(1, entraStale),
    meanwhile: once('hold', 'over', (made) =>
      made.created.hands.switchDeactivate(made.created.ids.office365, 'ENABLED', made.scheduler.now),
    ),
    end: 'refused',
  },
  {
    name: 'a rename before the park',
    settings,
    world: { synced: 'never', switches: { regroup: 'by-itself', latePush: 'never' } },
    repairs: repairing(1, entraStale),
    meanwhile: once('unassign', 'over', (made, { objectId }) =>
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
    meanwhile: once('anchor', 'over', (made, { user }) => made.created.hands.dismiss(user, made.scheduler.now)),
    excused: ['assignment', 'copy'],
    end: 'needs-a-person',
  },
  {
    name: 'a rename in the gap',
    settings,
    world: { synced: 'never', switches: { regroup: 'by-itself', latePush: 'never' } },
    repairs: repairing(1, entraStale),
    meanwhile: once('park', 'over', (made, { objectId }) =>
      made.created.hands.editAccount(objectId, { userName: 'somebody.else@contoso.com' }, made.scheduler.now),
    ),
    excused: ['UPN', 'assignment', 'copy'],
    end: 'needs-a-person',
  },
  {
    name: 'an administrator mends the anchor first',
    ...plain,
    repairs: repairing(1, entraStale),
    meanwhile: once('park', 'over', (made, { objectId, before }) =>
      made.created.hands.editAccount(objectId, { anchor: before.a }, made.scheduler.now),
    ),
    end: 'done',
  },
];
