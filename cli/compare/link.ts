import { order, type Person } from '../../shared/compare/pair.ts';
import type { AdAccount, Assignment, EntraUser } from '../../shared/compare/rows.ts';
import { isLinked } from '../../shared/compare/standing.ts';
import { isOktaId } from '../../shared/rosters/files/ad.ts';
import { JOIN_FIELDS, type JoinKey } from '../../shared/rosters/files/read.ts';

/** Several AD accounts or Okta users with one key, or several Entra accounts with one user name: who is who is not guessed. */
export interface Ambiguity {
  readonly name: string;
  readonly ad: number;
  readonly okta: number;
  readonly entra: number;
}

export interface Links {
  /** Every AD account, under the Okta user it belongs to where that is known. */
  readonly ad: readonly AdAccount[];
  readonly ambiguous: readonly Ambiguity[];
  readonly isAmbiguous: (person: Person) => boolean;
  /** Live accounts with an anchor, of whom neither key nor anchor says whether they are somebody's in Okta. */
  readonly keyless: ReadonlySet<AdAccount>;
  /** Okta users with an assignment for whom no AD account was found. */
  readonly unfound: number;
}

/**
 * Gives every AD account its Okta user, for exports of AD know no Okta ids: by the join key and the user name of the assignment, then,
 * where that found nobody on either side, by the anchor that Okta copied, if one account and one user alone have it.
 */
export function linkAccounts(
  ad: readonly AdAccount[],
  assignments: readonly Assignment[],
  entra: readonly EntraUser[],
  join: JoinKey,
): Links {
  const nameless = ad.filter(({ user }) => !isOktaId(user));
  const keyed = (account: AdAccount): string | undefined => account[JOIN_FIELDS[join]]?.toLowerCase();
  const accounts = groupBy(nameless, keyed);
  const users = usersBy(assignments, ({ userName }) => keyOf(userName, join));
  const named = groupBy(entra, ({ userName }) => keyOf(userName, join));
  const found = new Map<AdAccount, string>();
  const ambiguous = new Map<string, Ambiguity>();
  const unclear = new Set<AdAccount | EntraUser | string>();
  for (const [name, rows] of accounts) {
    const holders = [...(users.get(name) ?? [])];
    const [account, user] = [rows[0], holders[0]];
    if (rows.length === 1 && holders.length < 2) {
      if (account !== undefined && user !== undefined) found.set(account, user);
      continue;
    }
    // Where nobody else has the name there is nobody to be mixed up with.
    if (user === undefined && !named.has(name)) continue;
    ambiguous.set(name, { name, ad: rows.length, okta: holders.length, entra: named.get(name)?.length ?? 0 });
    for (const one of [...rows, ...holders]) unclear.add(one);
  }
  linkByCopy(nameless, assignments, found, unclear);
  const twins = twinsOf(entra);
  const everyKey = groupBy(ad, keyed);
  for (const [name, rows] of twins) {
    const key = keyOf(name, join) ?? name;
    const [inAd, inOkta] = [everyKey.get(key)?.length ?? 0, users.get(key)?.size ?? 0];
    if (!ambiguous.has(name)) ambiguous.set(name, { name, ad: inAd, okta: inOkta, entra: rows.length });
    for (const one of rows) unclear.add(one);
  }
  const linked = ad.map((account) => ({ account, user: found.get(account) ?? account.user }));
  const known = new Set(linked.map(({ user }) => user));
  const assigned = [...new Set(assignments.map(({ user }) => user))];
  const unfound = assigned.filter((user) => !known.has(user) && !unclear.has(user)).length;
  // When everybody with an assignment has an account of their own, nobody is left whose account this could be.
  const orphaned =
    unfound === 0 ? [] : nameless.filter((account) => keyed(account) === undefined && !found.has(account));
  return {
    ad: linked.map(({ account, user }) => (user === account.user ? account : { ...account, user })),
    ambiguous: [...ambiguous.values()].sort((one, other) => order(one.name, other.name)),
    isAmbiguous: ({ user, directory, assignment, entra: account }) =>
      (user !== null && unclear.has(user)) ||
      (account !== null && unclear.has(account)) ||
      twins.has(assignment?.userName?.toLowerCase() ?? '') ||
      directory.some((one) => unclear.has(one)),
    keyless: new Set(orphaned.filter((account) => isLinked(account) && account.anchor !== null)),
    unfound,
  };
}

/** Entra keeps user names unique, so two rows of one name come from a file put together of two: which is the account is not known. */
function twinsOf(entra: readonly EntraUser[]): ReadonlyMap<string, readonly EntraUser[]> {
  const named = groupBy(entra, ({ userName }) => userName.toLowerCase());
  return new Map([...named].filter(([, rows]) => rows.length > 1));
}

function linkByCopy(
  accounts: readonly AdAccount[],
  assignments: readonly Assignment[],
  found: Map<AdAccount, string>,
  unclear: ReadonlySet<AdAccount | EntraUser | string>,
): void {
  const taken = new Set(found.values());
  const held = groupBy(
    accounts.filter((account) => !found.has(account) && !unclear.has(account)),
    ({ anchor }) => anchor,
  );
  const copies = usersBy(
    assignments.filter(({ user }) => !taken.has(user) && !unclear.has(user)),
    ({ anchor }) => anchor,
  );
  for (const [anchor, rows] of held) {
    const [account, user] = [rows[0], [...(copies.get(anchor) ?? [])][0]];
    const alone = rows.length === 1 && copies.get(anchor)?.size === 1;
    if (alone && account !== undefined && user !== undefined) found.set(account, user);
  }
}

/** Account names are joined with what stands before the @ in the user name. */
function keyOf(userName: string | null, join: JoinKey): string | undefined {
  const name = userName?.toLowerCase();
  return join === 'samAccountName' ? name?.replace(/@.*$/s, '') : name;
}

/** Okta users by a text of their assignments; a user who is assigned twice is one. */
function usersBy(
  assignments: readonly Assignment[],
  textOf: (assignment: Assignment) => unknown,
): Map<string, ReadonlySet<string>> {
  const groups = groupBy(assignments, textOf);
  return new Map([...groups].map(([text, rows]) => [text, new Set(rows.map(({ user }) => user))]));
}

/** Rows whose text is none, or not readable, are in no group. */
function groupBy<Row>(rows: readonly Row[], textOf: (row: Row) => unknown): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const text = textOf(row);
    if (typeof text !== 'string') continue;
    const group = groups.get(text);
    if (group === undefined) groups.set(text, [row]);
    else group.push(row);
  }
  return groups;
}
