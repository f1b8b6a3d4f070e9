import type { EntraGroupRecord, EntraRecord } from '../../local/world/graph/records.ts';
import { NO_EXTRAS } from '../../local/world/graph/records.ts';
import { READ_ROLES, type WorldOptions, WRITE_ROLES } from '../../local/world/options.ts';
import type { CreatedWorld } from '../../local/world/world.ts';
import type { Effect } from '../../shared/ports/effect.ts';
import type { EntraRepairs } from '../../shared/ports/entra-repairs.ts';
import type { EntraReader } from '../../shared/ports/entra.ts';
import { MINUTE } from '../../shared/time.ts';
import type { FakeClock } from '../loopback.ts';

/** One face of the port, over a world of its own that shares its clock. */
export interface Opened {
  readonly created: CreatedWorld;
  readonly entra: EntraReader & EntraRepairs;
  readonly clock: FakeClock;
}

export type Open<Face extends Opened = Opened> = (
  world: Partial<WorldOptions> & Pick<WorldOptions, 'seed' | 'people'>,
) => Promise<Face>;

/** Two ordinary people of a federated domain: synced, assigned, licensed, with a mailbox. */
export interface Office extends Opened {
  readonly ada: EntraRecord;
  readonly bob: EntraRecord;
  readonly effect: () => Effect;
  /** Gives an account other properties, as if it had always had them. */
  readonly make: (account: EntraRecord, change: Partial<EntraRecord>) => EntraRecord;
}

export const CORRELATION = '3f0c1f0e-7a44-4d6b-9a53-0d3f6c1f2b11';

/** With plus signs and slashes, which mean something else in a query. */
export const ANCHOR = '+/+/+/+/+/+/+/+/+/+/+w==';

export const MAY_WRITE = { roles: [...READ_ROLES, ...WRITE_ROLES] };

/** In a kind world, but for what `options` says. */
export async function enter<Face extends Opened>(
  open: Open<Face>,
  options: Partial<WorldOptions> = {},
): Promise<Face & Office> {
  const opened = await open({
    seed: 'repairs',
    people: 40,
    plants: 'none',
    graph: MAY_WRITE,
    ...options,
    switches: { syncedWrites: 'anyway', latePush: 'never', ...options.switches },
  });
  const { created, clock } = opened;
  const [ada, bob] = ordinary(created, clock.now());
  if (ada === undefined || bob === undefined) throw new Error('There are too few people in this world.');
  return {
    ...opened,
    ada,
    bob,
    effect: () => ({ until: clock.now() + MINUTE, correlation: CORRELATION }),
    make(account, change) {
      const made = { ...account, ...change };
      created.inside.state.entraUsers.put(made);
      return made;
    },
  };
}

function ordinary({ inside, ids }: CreatedWorld, now: number): readonly EntraRecord[] {
  const assigned = inside.state.assignments.get(ids.office365);
  return [...inside.state.entraUsers.list(null, now)].filter((account) => {
    const { id, userName, mail, anchor, synced, licenses } = account;
    if (!userName.endsWith('@contoso.com') || mail === null || anchor === null || synced !== true) return false;
    return licenses.length > 0 && [...(assigned?.lookup('externalId', id, now) ?? [])].length === 1;
  });
}

/** The person's own name on the managed domain, which is one of the mailbox's addresses already. */
export function parkedName({ userName }: EntraRecord): string {
  return userName.replace('@contoso.com', '@contoso.onmicrosoft.com');
}

export function extrasOf(account: EntraRecord): NonNullable<EntraRecord['extras']> {
  return account.extras ?? NO_EXTRAS;
}

export function groupOf({ created }: Opened, fits: (group: EntraGroupRecord) => boolean): EntraGroupRecord {
  const found = [...created.inside.state.entraGroups.values()].find(fits);
  if (found === undefined) throw new Error('There is no such group in this world.');
  return found;
}
