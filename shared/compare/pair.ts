import type { AdAccount, Assignment, EntraUser, Rosters } from './rows.ts';

export type PairedBy = 'name' | 'anchor' | 'directory-name';

/** Everything that the rosters hold of one person. Every row of a roster belongs to exactly one person. */
export interface Person {
  readonly user: string | null;
  readonly directory: readonly AdAccount[];
  readonly assignment: Assignment | null;
  /** Assignments of the same person in further Office 365 apps. */
  readonly further: readonly Assignment[];
  readonly entra: EntraUser | null;
  readonly pairedBy: PairedBy | null;
  /** The name points at an account that another assignment of the same name has the better claim to. */
  readonly nameDisputed: boolean;
}

interface OktaSide {
  readonly user: string;
  readonly directory: AdAccount[];
  assignment: Assignment | null;
  readonly further: Assignment[];
}

interface Claim {
  readonly entra: EntraUser;
  readonly by: PairedBy;
}

/** Pairs never depend on the order in which rows came: everything is decided on sets, and ties by the smaller id. */
export function pair(rosters: Rosters, office365App: string | null): readonly Person[] {
  const sides = oktaSides(rosters, office365App);
  const index = indexEntra(rosters.entra);
  const claims = new Map<string, Claim>();
  const disputed = new Set<string>();
  const taken = new Set<string>();

  const grant = (user: string, entra: EntraUser, by: PairedBy): void => {
    claims.set(user, { entra, by });
    taken.add(entra.id);
  };
  const wanted = (want: (side: OktaSide) => EntraUser | undefined): Map<EntraUser, OktaSide[]> =>
    group(
      sides.filter((side) => !claims.has(side.user)),
      want,
    );

  // 1. The user name Okta pushes is the UPN: by it Okta finds the account.
  for (const [entra, rivals] of wanted((side) => nameOf(side.assignment?.userName, index))) {
    const winner = bestClaim(rivals, entra);
    for (const rival of rivals) if (rival !== winner) disputed.add(rival.user);
    grant(winner.user, entra, 'name');
  }
  // 2. Nobody has the name: the anchor finds an account that no name claims (Okta's copy first, then the source).
  for (const pick of [copyOf, sourceOf]) {
    const free = wanted((side) =>
      side.assignment === null ? undefined : unclaimed(index.byAnchor, pick(side), taken),
    );
    for (const [entra, rivals] of free) grant(lowest(rivals).user, entra, 'anchor');
  }
  // 3. People without an assignment: by the source anchor, then by AD's own name. Reported quietly, never repaired.
  const byAnchor = wanted((side) => (loose(side) ? unclaimed(index.byAnchor, sourceOf(side), taken) : undefined));
  for (const [entra, rivals] of byAnchor) grant(lowest(rivals).user, entra, 'anchor');
  const byName = wanted((side) => {
    const found = loose(side) ? nameOf(side.directory[0]?.userName, index) : undefined;
    return found !== undefined && !taken.has(found.id) ? found : undefined;
  });
  for (const [entra, rivals] of byName) grant(lowest(rivals).user, entra, 'directory-name');

  return [
    ...sides.map((side) => personOf(side, claims.get(side.user), disputed.has(side.user))),
    ...index.sorted.filter((entra) => !taken.has(entra.id)).map(accountAlone),
  ];
}

function oktaSides(rosters: Rosters, office365App: string | null): OktaSide[] {
  const sides = new Map<string, OktaSide>();
  const sideOf = (user: string): OktaSide => {
    const found = sides.get(user);
    if (found !== undefined) return found;
    const made: OktaSide = { user, directory: [], assignment: null, further: [] };
    sides.set(user, made);
    return made;
  };
  for (const account of rosters.ad) sideOf(account.user).directory.push(account);
  for (const assignment of rosters.assignments) {
    const side = sideOf(assignment.user);
    const chosen = office365App === null || assignment.app === office365App;
    if (!chosen || (side.assignment !== null && side.assignment.app <= assignment.app)) side.further.push(assignment);
    else {
      if (side.assignment !== null) side.further.push(side.assignment);
      side.assignment = assignment;
    }
  }
  for (const side of sides.values()) side.directory.sort((one, other) => order(one.instance, other.instance));
  return [...sides.values()].sort((one, other) => order(one.user, other.user));
}

function loose(side: OktaSide): boolean {
  return side.assignment === null;
}

interface EntraIndex {
  readonly sorted: readonly EntraUser[];
  readonly byName: ReadonlyMap<string, EntraUser>;
  /** Entra keeps anchors unique; where two rows share one, the smaller object id stands here. */
  readonly byAnchor: ReadonlyMap<string, EntraUser>;
}

function indexEntra(users: readonly EntraUser[]): EntraIndex {
  const sorted = [...users].sort((one, other) => order(one.id, other.id));
  const byName = new Map<string, EntraUser>();
  const byAnchor = new Map<string, EntraUser>();
  for (const user of sorted) {
    const name = user.userName.toLowerCase();
    if (!byName.has(name)) byName.set(name, user);
    if (typeof user.anchor === 'string' && !byAnchor.has(user.anchor)) byAnchor.set(user.anchor, user);
  }
  return { sorted, byName, byAnchor };
}

function nameOf(userName: string | null | undefined, index: EntraIndex): EntraUser | undefined {
  return userName === null || userName === undefined ? undefined : index.byName.get(userName.toLowerCase());
}

function unclaimed(
  byAnchor: ReadonlyMap<string, EntraUser>,
  anchor: string | null,
  taken: ReadonlySet<string>,
): EntraUser | undefined {
  const found = anchor === null ? undefined : byAnchor.get(anchor);
  return found !== undefined && !taken.has(found.id) ? found : undefined;
}

function copyOf(side: OktaSide): string | null {
  return typeof side.assignment?.anchor === 'string' ? side.assignment.anchor : null;
}

function sourceOf(side: OktaSide): string | null {
  const held = side.directory.map((account) => account.anchor).find((anchor) => typeof anchor === 'string');
  return held ?? null;
}

function group(
  sides: readonly OktaSide[],
  want: (side: OktaSide) => EntraUser | undefined,
): Map<EntraUser, OktaSide[]> {
  const groups = new Map<EntraUser, OktaSide[]>();
  for (const side of sides) {
    const entra = want(side);
    if (entra === undefined) continue;
    const rivals = groups.get(entra);
    if (rivals === undefined) groups.set(entra, [side]);
    else rivals.push(side);
  }
  return groups;
}

/** Two assignments with one user name: whose anchor the account holds, else whose source it is, else the smaller id. */
function bestClaim(rivals: readonly OktaSide[], entra: EntraUser): OktaSide {
  const byCopy = rivals.filter((side) => copyOf(side) !== null && copyOf(side) === entra.anchor);
  const bySource = rivals.filter((side) => sourceOf(side) !== null && sourceOf(side) === entra.anchor);
  return lowest(byCopy.length > 0 ? byCopy : bySource.length > 0 ? bySource : rivals);
}

function lowest(sides: readonly OktaSide[]): OktaSide {
  return sides.reduce((least, side) => (side.user < least.user ? side : least));
}

function personOf(side: OktaSide, claim: Claim | undefined, nameDisputed: boolean): Person {
  const { user, directory, assignment, further } = side;
  return {
    user,
    directory,
    assignment,
    further,
    entra: claim?.entra ?? null,
    pairedBy: claim?.by ?? null,
    nameDisputed,
  };
}

function accountAlone(entra: EntraUser): Person {
  return { user: null, directory: [], assignment: null, further: [], entra, pairedBy: null, nameDisputed: false };
}

/** Ordinal, the same on every machine. */
export function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
