import { order, type Person } from '../../shared/compare/pair.ts';
import type { AdAccount, Assignment } from '../../shared/compare/rows.ts';
import { isOktaId } from '../../shared/rosters/files/ad.ts';
import { JOIN_FIELDS, type JoinKey } from '../../shared/rosters/files/read.ts';

/** Several AD accounts, or several Okta users, with one key: who is who is not guessed. */
export interface Ambiguity {
  readonly name: string;
  readonly ad: number;
  readonly okta: number;
}

export interface Links {
  /** Every AD account, under the Okta user it belongs to where that is known. */
  readonly ad: readonly AdAccount[];
  readonly ambiguous: readonly Ambiguity[];
  readonly isAmbiguous: (person: Person) => boolean;
  /** Okta users with an assignment for whom no AD account was found. */
  readonly unfound: number;
}

/**
 * Gives every AD account its Okta user, for exports of AD know no Okta ids: by the join key and the user name of the assignment, then,
 * where that found nobody on either side, by the anchor that Okta copied, if one account and one user alone have it.
 */
export function linkAccounts(ad: readonly AdAccount[], assignments: readonly Assignment[], join: JoinKey): Links {
  const nameless = ad.filter(({ user }) => !isOktaId(user));
  const accounts = groupBy(nameless, (account) => account[JOIN_FIELDS[join]]?.toLowerCase());
  const users = usersBy(assignments, ({ userName }) => keyOf(userName, join));
  const found = new Map<AdAccount, string>();
  const ambiguous: Ambiguity[] = [];
  const unclear = new Set<AdAccount | string>();
  for (const [name, rows] of accounts) {
    const named = [...(users.get(name) ?? [])];
    const [account, user] = [rows[0], named[0]];
    if (account === undefined || user === undefined) continue;
    if (rows.length === 1 && named.length === 1) found.set(account, user);
    else {
      ambiguous.push({ name, ad: rows.length, okta: named.length });
      for (const one of [...rows, ...named]) unclear.add(one);
    }
  }
  linkByCopy(nameless, assignments, found, unclear);
  const linked = ad.map((account) => ({ account, user: found.get(account) ?? account.user }));
  const known = new Set(linked.map(({ user }) => user));
  return {
    ad: linked.map(({ account, user }) => (user === account.user ? account : { ...account, user })),
    ambiguous: ambiguous.sort((one, other) => order(one.name, other.name)),
    isAmbiguous: ({ user, directory }) =>
      (user !== null && unclear.has(user)) || directory.some((account) => unclear.has(account)),
    unfound: [...new Set(assignments.map(({ user }) => user))].filter((user) => !known.has(user) && !unclear.has(user))
      .length,
  };
}

function linkByCopy(
  accounts: readonly AdAccount[],
  assignments: readonly Assignment[],
  found: Map<AdAccount, string>,
  unclear: ReadonlySet<AdAccount | string>,
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
