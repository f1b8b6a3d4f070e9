import type { PairedBy } from '../../shared/compare/pair.ts';
import type { AdAccount, Assignment, EntraUser, Rosters } from '../../shared/compare/rows.ts';

/** Who belongs together, by ids alone. */
export interface Paired {
  readonly user: string | null;
  readonly directory: readonly string[];
  readonly assignment: string | null;
  /** In any order. */
  readonly further: ReadonlySet<string>;
  readonly entra: string | null;
  readonly pairedBy: PairedBy | null;
  readonly nameDisputed: boolean;
}

interface Side {
  readonly user: string;
  readonly directory: readonly AdAccount[];
  readonly assignment: Assignment | undefined;
  readonly further: readonly Assignment[];
}

interface Way {
  readonly by: PairedBy;
  readonly wants: (side: Side) => EntraUser | undefined;
}

/**
 * The pairing as one would write it who had all the time in the world: way after way is tried, and in each the accounts one by one are
 * given to whoever wants them most.
 */
export function referencePairs({ ad, assignments, entra }: Rosters, app: string | null): readonly Paired[] {
  const users = [...new Set([...ad, ...assignments].map(({ user }) => user))].sort();
  const sides = users.map((user) => sideOf(user, ad, assignments, app));
  const byId = [...entra].sort((one, other) => (one.id < other.id ? -1 : 1));
  const named = (name: string | null | undefined) =>
    byId.find(({ userName }) => userName.toLowerCase() === name?.toLowerCase());
  const anchored = (anchor: string | undefined) => byId.find((user) => anchor !== undefined && user.anchor === anchor);
  const isAssigned = ({ assignment }: Side) => assignment !== undefined;
  const wanted = (side: Side) => named(side.assignment?.userName);
  const ways: readonly Way[] = [
    { by: 'name', wants: wanted },
    { by: 'anchor', wants: (side) => anchored(copyOf(side)) },
    { by: 'anchor', wants: (side) => (isAssigned(side) ? anchored(sourceOf(side)) : undefined) },
    { by: 'anchor', wants: (side) => (isAssigned(side) ? undefined : anchored(sourceOf(side))) },
    { by: 'directory-name', wants: (side) => (isAssigned(side) ? undefined : named(side.directory[0]?.userName)) },
  ];
  const given = new Map<Side, { readonly user: EntraUser; readonly by: PairedBy }>();
  for (const { by, wants } of ways) {
    for (const user of byId) {
      if ([...given.values()].some((one) => one.user === user)) continue;
      const rivals = sides.filter((side) => !given.has(side) && wants(side) === user);
      const best = by === 'name' ? rivals.toSorted((one, other) => claim(one, user) - claim(other, user)) : rivals;
      if (best[0] !== undefined) given.set(best[0], { user, by });
    }
  }
  const alone = byId.filter((user) => ![...given.values()].some((one) => one.user === user));
  return [
    ...sides.map((side): Paired => {
      const got = given.get(side);
      return {
        user: side.user,
        directory: side.directory.map(({ instance }) => instance),
        assignment: side.assignment?.app ?? null,
        further: new Set(side.further.map((one) => one.app)),
        entra: got?.user.id ?? null,
        pairedBy: got?.by ?? null,
        nameDisputed: wanted(side) !== undefined && got?.by !== 'name',
      };
    }),
    ...alone.map(({ id }): Paired => ({ ...NOBODY, entra: id })),
  ];
}

const NOBODY = {
  user: null,
  directory: [],
  assignment: null,
  further: new Set<string>(),
  pairedBy: null,
  nameDisputed: false,
};

/** Smaller is better; of equal claims the first user has the account. */
function claim(side: Side, { anchor }: EntraUser): number {
  if (anchor !== null && copyOf(side) === anchor) return 1;
  return anchor !== null && sourceOf(side) === anchor ? 2 : 3;
}

function sideOf(user: string, ad: readonly AdAccount[], assignments: readonly Assignment[], app: string | null): Side {
  const own = assignments.filter((one) => one.user === user).sort((one, other) => (one.app < other.app ? -1 : 1));
  const chosen = own.find((one) => app === null || one.app === app);
  return {
    user,
    directory: ad.filter((one) => one.user === user).sort((one, other) => (one.instance < other.instance ? -1 : 1)),
    assignment: chosen,
    further: own.filter((one) => one !== chosen),
  };
}

function copyOf({ assignment }: Side): string | undefined {
  return typeof assignment?.anchor === 'string' ? assignment.anchor : undefined;
}

function sourceOf({ directory }: Side): string | undefined {
  return directory.map(({ anchor }) => anchor).find((anchor) => typeof anchor === 'string');
}
