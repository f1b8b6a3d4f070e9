import type { CreatedWorld } from '../../local/world/world.ts';
import type { PlannedRepair } from '../../shared/plan/plan.ts';
import { settingsOf } from '../flows/night.ts';
import { drifted, inGroup, peopleOf, type Someone, strangeAnchor } from './people.ts';
import type { Scenario } from './simulation.ts';

/** A tenant in which nobody is shown as synced, and groups come back by themselves: nothing but the repair itself is at stake. */
const PLAIN = { synced: 'never', switches: { regroup: 'by-itself' } } as const;

function settings(created: CreatedWorld) {
  const { okta, policy } = settingsOf();
  const { groups, signInHost } = created.ids;
  return {
    okta: { ...okta, signInHosts: [signInHost] },
    policy: { ...policy, optedInGroup: groups.optIn, protectedGroup: null },
  };
}

/** The first people of the world, opted in, each drifted as told. */
function repairing(
  number: number,
  drift: (created: CreatedWorld, someone: Someone, at: number) => PlannedRepair,
): Scenario['repairs'] {
  return (created) => {
    const people = peopleOf(created, 'USER').slice(0, number);
    const all = people.map((someone, at) => [drift(created, someone, at)]);
    inGroup(
      created,
      created.ids.groups.optIn,
      people.map(({ user }) => user),
    );
    return all;
  };
}

const stale = (created: CreatedWorld, someone: Someone): PlannedRepair =>
  drifted(created, someone, { e: strangeAnchor(someone.user) });

export const SCENARIOS: readonly Scenario[] = [
  { name: 'entra-stale', world: PLAIN, settings, repairs: repairing(1, stale), end: 'done' },
  {
    name: 'both-stale',
    world: PLAIN,
    settings,
    repairs: repairing(1, (created, someone) => {
      const old = strangeAnchor(someone.user);
      return drifted(created, someone, { o: old, e: old });
    }),
    end: 'done',
  },
  {
    name: 'entra-empty',
    world: PLAIN,
    settings,
    repairs: repairing(1, (created, someone) => drifted(created, someone, { e: null }, 'set')),
    end: 'done',
  },
  {
    name: 'okta-stale',
    world: PLAIN,
    settings,
    repairs: repairing(1, (created, someone) =>
      drifted(created, someone, { o: strangeAnchor(someone.user) }, 'reassign'),
    ),
    end: 'done',
  },
  {
    name: 'okta-empty',
    world: PLAIN,
    settings,
    repairs: repairing(1, (created, someone) => drifted(created, someone, { o: null }, 'reassign')),
    end: 'done',
  },
  { name: 'two people in one hold', world: PLAIN, settings, repairs: repairing(2, stale), end: 'done' },
];
