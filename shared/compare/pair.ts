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

/** A person in the making. */
interface OktaSide extends Person {
  readonly user: string;
  directory: readonly AdAccount[];
  assignment: Assignment | null;
  further: readonly Assignment[];
  entra: EntraUser | null;
  pairedBy: PairedBy | null;
  nameDisputed: boolean;
}

/** Pairs never depend on the order in which rows came: everything is decided on sets, and ties by the smaller id. No two accounts share an id. */
export function pair(rosters: Rosters, office365App: string | null, index: EntraIndex): readonly Person[] {
  const sides = oktaSides(rosters, office365App);
  const taken = new Map<string, OktaSide>();

  const grant = (side: OktaSide, entra: EntraUser, by: PairedBy): void => {
    side.entra = entra;
    side.pairedBy = by;
    taken.set(entra.id, side);
  };
  /** The sides come by their ids: of several who want one account the smallest has it. */
  const grantWanted = (by: PairedBy, want: (side: OktaSide) => EntraUser | undefined): void => {
    for (const side of sides) {
      const entra = side.entra === null ? want(side) : undefined;
      if (entra !== undefined && !taken.has(entra.id)) grant(side, entra, by);
    }
  };

  // 1. The user name Okta pushes is the UPN: by it Okta finds the account.
  const contested = new Map<EntraUser, OktaSide[]>();
  for (const side of sides) {
    const entra = nameOf(side.assignment?.userName, index);
    if (entra === undefined) continue;
    const first = taken.get(entra.id);
    if (first === undefined) grant(side, entra, 'name');
    else contested.set(entra, [...(contested.get(entra) ?? [first]), side]);
  }
  for (const [entra, rivals] of contested) {
    for (const rival of rivals) Object.assign(rival, { entra: null, pairedBy: null, nameDisputed: true });
    const winner = bestClaim(rivals, entra);
    winner.nameDisputed = false;
    grant(winner, entra, 'name');
  }
  // 2. Nobody has the name: the anchor finds an account that no name claims (Okta's copy first, then the source).
  for (const pick of [copyOf, sourceOf])
    grantWanted('anchor', (side) => (loose(side) ? undefined : anchored(pick(side), index)));
  // 3. People without an assignment: by the source anchor, by which all others have asked, then by AD's own name. Reported quietly,
  // never repaired.
  grantWanted('anchor', (side) => anchored(sourceOf(side), index));
  grantWanted('directory-name', (side) => (loose(side) ? nameOf(side.directory[0]?.userName, index) : undefined));

  const alone = rosters.entra.filter(({ id }) => !taken.has(id)).sort((one, other) => order(one.id, other.id));
  return [...sides, ...alone.map(accountAlone)];
}

function oktaSides(rosters: Rosters, office365App: string | null): OktaSide[] {
  const sides = new Map<string, OktaSide>();
  const sideOf = (user: string): OktaSide => {
    const found = sides.get(user);
    if (found !== undefined) return found;
    const made: OktaSide = { user, ...NOTHING };
    sides.set(user, made);
    return made;
  };
  for (const account of rosters.ad) {
    const side = sideOf(account.user);
    side.directory = [...side.directory, account].sort((one, other) => order(one.instance, other.instance));
  }
  for (const assignment of rosters.assignments) {
    const side = sideOf(assignment.user);
    const chosen = office365App === null || assignment.app === office365App;
    if (!chosen || (side.assignment !== null && side.assignment.app <= assignment.app))
      side.further = [...side.further, assignment];
    else {
      if (side.assignment !== null) side.further = [...side.further, side.assignment];
      side.assignment = assignment;
    }
  }
  return [...sides.values()].sort((one, other) => order(one.user, other.user));
}

/** What nobody has yet. */
const NOTHING = { directory: [], assignment: null, further: [], entra: null, pairedBy: null, nameDisputed: false };

function loose(side: OktaSide): boolean {
  return side.assignment === null;
}

/** Of two accounts with one name, or one anchor, the one with the smaller object id stands here; Entra keeps both unique. */
export interface EntraIndex {
  readonly byName: ReadonlyMap<string, EntraUser>;
  readonly byAnchor: ReadonlyMap<string, EntraUser>;
}

export function indexEntra(users: readonly EntraUser[]): EntraIndex {
  const byName = new Map<string, EntraUser>();
  const byAnchor = new Map<string, EntraUser>();
  for (const user of users) {
    putSmaller(byName, user.userName.toLowerCase(), user);
    if (typeof user.anchor === 'string') putSmaller(byAnchor, user.anchor, user);
  }
  return { byName, byAnchor };
}

function putSmaller(users: Map<string, EntraUser>, key: string, user: EntraUser): void {
  const there = users.get(key);
  if (there === undefined || user.id < there.id) users.set(key, user);
}

function nameOf(userName: string | null | undefined, index: EntraIndex): EntraUser | undefined {
  return userName === null || userName === undefined ? undefined : index.byName.get(userName.toLowerCase());
}

function anchored(anchor: string | null, index: EntraIndex): EntraUser | undefined {
  return anchor === null ? undefined : index.byAnchor.get(anchor);
}

function copyOf(side: OktaSide): string | null {
  return typeof side.assignment?.anchor === 'string' ? side.assignment.anchor : null;
}

function sourceOf(side: OktaSide): string | null {
  const held = side.directory.map((account) => account.anchor).find((anchor) => typeof anchor === 'string');
  return held ?? null;
}

/** Several assignments with one user name: whose anchor the account holds, else whose source it is, else the smaller id, who comes first. */
function bestClaim(rivals: readonly OktaSide[], entra: EntraUser): OktaSide {
  return rivals.reduce((best, side) => (claimOf(side, entra) > claimOf(best, entra) ? side : best));
}

function claimOf(side: OktaSide, { anchor }: EntraUser): number {
  if (anchor === null) return 0;
  if (copyOf(side) === anchor) return 2;
  return sourceOf(side) === anchor ? 1 : 0;
}

function accountAlone(entra: EntraUser): Person {
  return { user: null, ...NOTHING, entra };
}

/** Ordinal, the same on every machine. */
export function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
