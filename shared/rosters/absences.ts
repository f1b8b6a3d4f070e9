import { describeAnchor } from '../anchor/forms.ts';
import type { AnchorValue } from '../anchor/value.ts';
import type { Parted } from '../compare/part.ts';
import type { Roll, Rolls } from '../compare/roll.ts';
import type { AdAccount, Assignment, EntraUser } from '../compare/rows.ts';
import { isGuest } from '../compare/standing.ts';
import { once } from '../once.ts';

/**
 * A row that other rows make likely and that no list has. Either it does not exist, which is a finding, or a list was incomplete,
 * for which Okta gives no count: asking for the one row tells which.
 */
export type Suspect =
  /** An AD account: the person's assignment, or the Entra account it names, carries an anchor that looks as AD's do. */
  | { readonly missing: 'directory'; readonly user: string }
  /** An assignment, of a known Okta user: the person's AD anchor is on a licensed Entra account. */
  | { readonly missing: 'assignment'; readonly user: string }
  /** An assignment, by name: a licensed Entra account of a federated domain is anchored, and Okta has nothing of it. */
  | { readonly missing: 'assignment-named'; readonly userName: string }
  /** An Entra user: the person's assignment is provisioned. */
  | { readonly missing: 'entra-user'; readonly userName: string };

/** Provisioning is over and done, so that both ends ought to be there. */
const PROVISIONED = new Set(['ACTIVE', 'PROVISIONED']);

export function isProvisioned(assignment: Assignment): boolean {
  return PROVISIONED.has(assignment.status);
}

/** Everybody whose absence from a list is unlikely, in the order of the rosters. Nobody plain misses anything. Pure. */
export function suspectAbsences(all: Rolls, parted: Parted): readonly Suspect[] {
  const { rest } = parted;
  const seen = indexOf(all, parted);
  const suspects: Suspect[] = [];
  const asked = new Set<string>();
  for (const assignment of rest.assignments) {
    if (!isProvisioned(assignment)) continue;
    const { userName, anchor } = assignment;
    const entra = userName === null ? undefined : seen.entraByName.get(userName.toLowerCase());
    const isUnlinked = !seen.linked.has(assignment.user) && !asked.has(assignment.user);
    if (isUnlinked && (seen.isSourceLike(anchor) || seen.isSourceLike(entra?.anchor ?? null))) {
      asked.add(assignment.user);
      suspects.push({ missing: 'directory', user: assignment.user });
    }
    if (userName === null || entra !== undefined) continue;
    if (seen.isHeld(anchor)) continue;
    suspects.push({ missing: 'entra-user', userName });
  }
  for (const user of rest.entra) {
    const suspect = missingAssignment(user, seen);
    if (suspect !== null) suspects.push(suspect);
  }
  return suspects;
}

/** What the rest of the rosters holds, each made when it is first asked for: in a healthy tenant most of it never is. */
interface Seen {
  /** Okta ids of people with an AD account. */
  readonly linked: ReadonlySet<string>;
  readonly entraByName: ReadonlyMap<string, EntraUser>;
  /** Whether any account holds the anchor, plain or not. */
  isHeld(anchor: AnchorValue): boolean;
  /** Okta ids by the anchor of their AD accounts. */
  readonly owners: () => ReadonlyMap<AnchorValue, readonly string[]>;
  readonly assigned: () => ReadonlySet<string>;
  readonly assignedNames: ReadonlySet<string | undefined>;
  readonly assignedAnchors: () => ReadonlySet<AnchorValue>;
  readonly federated: ReadonlySet<string>;
  isSourceLike(anchor: AnchorValue): boolean;
}

function indexOf(all: Rolls, { rest: { ad, assignments, entra, domains }, holder }: Parted): Seen {
  const anchors = once(() => new Set(entra.map(({ anchor }) => anchor)));
  return {
    linked: new Set(ad.map((account) => account.user)),
    entraByName: new Map(entra.map((user) => [user.userName.toLowerCase(), user])),
    isHeld: (anchor) => isText(anchor) && (anchors().has(anchor) || holder(anchor) !== undefined),
    owners: once(() => ownersOf(ad)),
    assigned: once(() => new Set(assignments.map((assignment) => assignment.user))),
    assignedNames: new Set(assignments.map(({ userName }) => userName?.toLowerCase())),
    assignedAnchors: once(() => new Set(assignments.map(({ anchor }) => anchor))),
    federated: new Set(domains.filter((domain) => domain.federated).map((domain) => domain.name.toLowerCase())),
    isSourceLike: sourceLike(all.ad),
  };
}

function ownersOf(ad: readonly AdAccount[]): ReadonlyMap<AnchorValue, readonly string[]> {
  const owners = new Map<AnchorValue, string[]>();
  for (const { anchor, user } of ad) {
    const others = owners.get(anchor);
    if (others === undefined) owners.set(anchor, [user]);
    else others.push(user);
  }
  return owners;
}

function missingAssignment(user: EntraUser, seen: Seen): Suspect | null {
  if (!user.enabled || !user.licensed || isGuest(user) || typeof user.anchor !== 'string') return null;
  if (seen.assignedNames.has(user.userName.toLowerCase()) || !seen.federated.has(domainOf(user.userName))) return null;
  if (seen.assignedAnchors().has(user.anchor)) return null;
  const owners = seen.owners().get(user.anchor) ?? [];
  const [owner] = owners;
  if (owner === undefined)
    return seen.isSourceLike(user.anchor) ? { missing: 'assignment-named', userName: user.userName } : null;
  return owners.some((one) => seen.assigned().has(one)) ? null : { missing: 'assignment', user: owner };
}

/**
 * Whether an anchor looks as if it came from AD: it holds a GUID; or, where most AD accounts carry a value of the organisation's
 * own, it is such a value. Okta ids and names are what the contractors have whom no AD knows.
 */
function sourceLike(ad: Roll<AdAccount>): (anchor: AnchorValue) => boolean {
  const isCustom = once(() => {
    let [texts, custom] = [0, 0];
    for (let place = 0; place < ad.length; place += 1) {
      const anchor = ad.textAt(place);
      if (anchor === '') continue;
      texts += 1;
      if (describeAnchor(anchor).form === 'custom') custom += 1;
    }
    return custom * 2 > texts;
  });
  return (anchor) => {
    if (typeof anchor !== 'string') return false;
    const { form, guid } = describeAnchor(anchor);
    return guid !== null || (form === 'custom' && isCustom());
  };
}

function isText(value: AnchorValue): value is string {
  return typeof value === 'string';
}

function domainOf(userName: string): string {
  return userName.slice(userName.lastIndexOf('@') + 1).toLowerCase();
}
