import { compareAnchors } from '../anchor/compare.ts';
import type { AnchorForm } from '../anchor/forms.ts';
import type { AnchorValue } from '../anchor/value.ts';
import { insteadOf } from './describe.ts';
import { order } from './pair.ts';
import type { AdAccount, EntraUser } from './rows.ts';
import { isGuest, isLinked } from './standing.ts';

/** AD and Entra alone: without Okta nobody can say who is hurt, or what to do. */
export type Word = 'same' | 'differs' | 'missing';

export interface TwoSidedRow {
  /** The value of the join key. */
  readonly name: string;
  readonly word: Word;
  /** What is missing where; null when nothing is. */
  readonly missing: 'Entra account' | 'AD account' | 'Entra anchor' | 'AD anchor' | null;
  readonly objectId: string | null;
  readonly a: AnchorValue;
  readonly e: AnchorValue;
  /** The spelling of Entra's value when it is the same GUID. */
  readonly spelling: AnchorForm | null;
  /** Name of the AD attribute whose value Entra holds. */
  readonly instead: string | null;
  /** Another name under which Entra holds AD's anchor. */
  readonly elsewhere: string | null;
}

/** Two rows of one file with one key: which of them belongs to the other file's row is not guessed. */
export interface Ambiguity {
  readonly name: string;
  readonly ad: number;
  readonly entra: number;
}

export interface TwoSided {
  /** Everything that is not the same, by name. */
  readonly rows: readonly TwoSidedRow[];
  readonly same: number;
  readonly ambiguous: readonly Ambiguity[];
  /** Rows that are nobody's to compare, by reason. With `same`, `rows` and `ambiguous` they are all rows of both files. */
  readonly counted: Readonly<Record<string, number>>;
}

export interface TwoSidedKeys<Entra> {
  readonly ad: (account: AdAccount) => string | null;
  readonly entra: (user: Entra) => string | null;
}

export function compareTwoSides<Entra extends EntraUser>(
  ad: readonly AdAccount[],
  entra: readonly Entra[],
  keys: TwoSidedKeys<Entra>,
): TwoSided {
  const counted: Record<string, number> = {};
  const count = (reason: string, rows: number): void => {
    if (rows > 0) counted[reason] = (counted[reason] ?? 0) + rows;
  };
  const people = entra.filter((user) => !isGuest(user));
  count('Entra guests', entra.length - people.length);
  const left = byKey(ad, keys.ad);
  const right = byKey(people, keys.entra);
  count('AD accounts without the join key', left.keyless);
  count('Entra accounts without the join key', right.keyless);
  const holders = new Map(
    people.flatMap((user) => (typeof user.anchor === 'string' ? [[user.anchor, user.userName]] : [])),
  );
  const rows: TwoSidedRow[] = [];
  const ambiguous: Ambiguity[] = [];
  let same = 0;
  for (const key of [...new Set([...left.groups.keys(), ...right.groups.keys()])].sort(order)) {
    const accounts = left.groups.get(key) ?? [];
    const users = right.groups.get(key) ?? [];
    const [account] = accounts;
    const [user] = users;
    if (accounts.length > 1 || users.length > 1)
      ambiguous.push({ name: key, ad: accounts.length, entra: users.length });
    else if (user === undefined && account !== undefined && !isLinked(account)) count('disabled AD accounts', 1);
    else if (account === undefined && user?.anchor === null)
      count('Entra accounts without an anchor and without an AD account', 1);
    else {
      const row = rowOf(key, account, user, holders);
      if (row.word === 'same') same += 1;
      else rows.push(row);
    }
  }
  return { rows, same, ambiguous, counted };
}

function rowOf(
  name: string,
  account: AdAccount | undefined,
  user: EntraUser | undefined,
  holders: ReadonlyMap<string, string>,
): TwoSidedRow {
  const a = account?.anchor ?? null;
  const e = user?.anchor ?? null;
  const holder = typeof a === 'string' ? holders.get(a) : undefined;
  const elsewhere = holder !== undefined && holder !== user?.userName ? holder : null;
  const row = { name, objectId: user?.id ?? null, a, e, spelling: null, instead: null, elsewhere };
  if (user === undefined) return { ...row, word: 'missing', missing: 'Entra account' };
  if (account === undefined) return { ...row, word: 'missing', missing: 'AD account' };
  if (e === null) return { ...row, word: a === null ? 'same' : 'missing', missing: a === null ? null : 'Entra anchor' };
  if (a === null) return { ...row, word: 'missing', missing: 'AD anchor' };
  if (typeof a !== 'string' || typeof e !== 'string') return { ...row, word: 'differs', missing: null };
  if (a === e) return { ...row, word: 'same', missing: null };
  const comparison = compareAnchors(a, e);
  const spelling = comparison.kind === 'respelled' ? comparison.right : null;
  return {
    ...row,
    word: 'differs',
    missing: null,
    spelling,
    instead: spelling === null ? insteadOf([account], a, e) : null,
  };
}

function byKey<Row>(rows: readonly Row[], keyOf: (row: Row) => string | null) {
  const groups = new Map<string, Row[]>();
  let keyless = 0;
  for (const row of rows) {
    const key = keyOf(row)?.toLowerCase() ?? null;
    if (key === null) keyless += 1;
    else groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return { groups, keyless };
}
