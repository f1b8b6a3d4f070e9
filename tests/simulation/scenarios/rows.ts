import { START } from '../../world/callers.ts';
import { drifted } from '../people.ts';
import type { Scenario } from '../simulation.ts';
import { bothStale, entraStale, oktaStale, plain, repairing, ring } from '../staging.ts';

/** Every repairable row of the truth table. */
export const ROWS: readonly Scenario[] = [
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

/** Several people at a time. */
export const TOGETHER: readonly Scenario[] = [
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
