import { describeAnchor } from '../anchor/forms.ts';
import { order } from './pair.ts';
import type { AdAccount, EntraUser } from './rows.ts';
import { isGuest, isLinked } from './standing.ts';
import { type Holders, namesByAnchor, rowOf, type TwoSidedRow } from './two-sided-row.ts';

/** Several rows of one file with one key: which of them belongs to the other file's row is not guessed. */
export interface Ambiguity {
  readonly name: string;
  readonly ad: number;
  readonly entra: number;
}

/** A row that others cannot be compared with: it has an anchor, is nobody's who left, and nothing to join it by. */
export interface Keyless {
  readonly side: 'ad' | 'entra';
  /** By which its owner finds it: a name where it has one, else an id. */
  readonly name: string;
}

export interface TwoSided {
  /** Everything that is not simply the same, by name. */
  readonly rows: readonly TwoSidedRow[];
  readonly same: number;
  readonly ambiguous: readonly Ambiguity[];
  readonly keyless: readonly Keyless[];
  /** Rows that would say that somebody is missing from a file that is not whole. */
  readonly withheld: number;
  /** For each file how many of its rows ended where. Every row is in one place, so the sums are the files. */
  readonly buckets: { readonly ad: Counts; readonly entra: Counts };
}

type Counts = Readonly<Record<string, number>>;

export interface TwoSidedKeys<Entra> {
  readonly ad: (account: AdAccount) => string | null;
  readonly entra: (user: Entra) => string | null;
}

/** Files with rows left out: nobody's absence from them proves anything. */
export type Gaps = ReadonlySet<'ad' | 'entra'>;

/** Pure, and the order of the rows changes nothing. */
export function compareTwoSides<Entra extends EntraUser>(
  ad: readonly AdAccount[],
  entra: readonly Entra[],
  keys: TwoSidedKeys<Entra>,
  gaps: Gaps = new Set(),
): TwoSided {
  const people = entra.filter((user) => !isGuest(user));
  const buckets = { ad: {}, entra: {} } satisfies Record<string, Record<string, number>>;
  const put = (bucket: string, accounts: number, users: number): void => {
    add(buckets.ad, bucket, accounts);
    add(buckets.entra, bucket, users);
  };
  put('guest', 0, entra.length - people.length);
  const left = byKey(ad, keys.ad);
  const right = byKey(people, keys.entra);
  put('without the join key', left.keyless.length, right.keyless.length);
  const keyless = [
    ...left.keyless.filter((account) => outside(account, undefined) === null).map(keylessAccount),
    ...right.keyless
      .filter((user) => outside(undefined, user) === null)
      .map((user) => ({ side: 'entra', name: user.userName }) as const),
  ];
  const holders: Holders = {
    // A disabled account may keep the anchor that its successor was given: it is not a second person.
    ad: namesByAnchor(ad.filter(isLinked), (account) => keys.ad(account) ?? account.userName ?? account.user),
    entra: namesByAnchor(people, (user) => user.userName),
  };
  const rows: TwoSidedRow[] = [];
  const ambiguous: Ambiguity[] = [];
  let same = 0;
  let withheld = 0;
  for (const name of [...new Set([...left.groups.keys(), ...right.groups.keys()])].sort(order)) {
    const accounts = left.groups.get(name) ?? [];
    const users = right.groups.get(name) ?? [];
    // Where the other file has nobody of that name there is nothing to mix up: each row is missing there by itself.
    const alone = accounts.length === 0 || users.length === 0;
    if (!alone && accounts.length + users.length > 2) {
      ambiguous.push({ name, ad: accounts.length, entra: users.length });
      put('ambiguous', accounts.length, users.length);
      continue;
    }
    const pairs: readonly Pair<Entra>[] = alone
      ? [...accounts.map((account) => ({ account })), ...users.map((user) => ({ user }))]
      : [{ account: accounts[0], user: users[0] }];
    for (const { account, user } of pairs) {
      const [accountRows, userRows] = [account === undefined ? 0 : 1, user === undefined ? 0 : 1];
      const row = rowOf(name, account, user, holders);
      const aside = isAbsence(row, account, gaps) ? 'withheld' : outside(account, user);
      put(aside ?? row.word, accountRows, userRows);
      if (aside === 'withheld') withheld += 1;
      if (aside !== null) continue;
      if (row.word === 'same') same += 1;
      if (row.word !== 'same' || row.shared.length > 0) rows.push(row);
    }
  }
  return { rows: rows.sort(byNameAndId), same, ambiguous, keyless: keyless.sort(bySideAndName), withheld, buckets };
}

interface Pair<Entra> {
  readonly account?: AdAccount | undefined;
  readonly user?: Entra | undefined;
}

/** Why nobody is to be told of a row that stands alone. */
function outside(account: AdAccount | undefined, user: EntraUser | undefined): string | null {
  if (account !== undefined && user !== undefined) {
    return account.anchor === null && user.anchor === null ? 'no anchor on either side' : null;
  }
  if (account !== undefined) {
    if (!isLinked(account)) return 'disabled in AD';
    return account.anchor === null ? 'no anchor on either side' : null;
  }
  if (user === undefined || user.anchor === null) return 'cloud-only';
  // Rooms, shared mailboxes and leavers.
  if (!user.enabled) return 'disabled in Entra ID';
  // People whom Okta itself is the source of have no AD account.
  return typeof user.anchor === 'string' && describeAnchor(user.anchor).form === 'okta-user-id'
    ? 'anchored by an Okta id'
    : null;
}

/**
 * Whether what is said, or that nothing is said, rests on absence from a file with gaps. A disabled AD account, and an Entra account
 * without an anchor, bear no sign that they belong to anybody in the other file.
 */
function isAbsence({ missing, e }: TwoSidedRow, account: AdAccount | undefined, gaps: Gaps): boolean {
  if (missing === 'AD account') return gaps.has('ad') && e !== null;
  return missing === 'Entra account' && gaps.has('entra') && account !== undefined && isLinked(account);
}

function byKey<Row>(rows: readonly Row[], keyOf: (row: Row) => string | null) {
  const groups = new Map<string, Row[]>();
  const keyless: Row[] = [];
  for (const row of rows) {
    const key = keyOf(row)?.toLowerCase() ?? null;
    const group = key === null ? undefined : groups.get(key);
    if (key === null) keyless.push(row);
    else if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return { groups, keyless };
}

export function keylessAccount({ userName, samAccountName, dn, user }: AdAccount): Keyless {
  return { side: 'ad', name: userName ?? samAccountName ?? dn ?? user };
}

export function bySideAndName(one: Keyless, other: Keyless): number {
  return order(one.side, other.side) || order(one.name, other.name);
}

function byNameAndId(one: TwoSidedRow, other: TwoSidedRow): number {
  return (
    order(one.name, other.name) ||
    order(one.objectId ?? '', other.objectId ?? '') ||
    order(JSON.stringify(one.a), JSON.stringify(other.a))
  );
}

function add(counts: Record<string, number>, name: string, rows: number): void {
  if (rows > 0) counts[name] = (counts[name] ?? 0) + rows;
}
