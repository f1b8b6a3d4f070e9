import { compareAnchors } from '../anchor/compare.ts';
import type { AnchorForm } from '../anchor/forms.ts';
import { type AnchorValue, isUnreadable } from '../anchor/value.ts';
import { insteadOf } from './describe.ts';
import { order } from './pair.ts';
import type { AdAccount, EntraUser } from './rows.ts';

/** AD and Entra alone: without Okta nobody can say who is hurt, or what to do. `unreadable`: nobody can say even this. */
export type Word = 'same' | 'differs' | 'missing' | 'unreadable';

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
  /** Another name to which Entra's anchor belongs in AD. */
  readonly owner: string | null;
  /** Names of others in the same file who carry the same anchor: one account can hold it. */
  readonly shared: readonly string[];
}

/** Names by the anchor they hold, in order. */
export interface Holders {
  readonly ad: ReadonlyMap<string, readonly string[]>;
  readonly entra: ReadonlyMap<string, readonly string[]>;
}

export function rowOf(
  name: string,
  account: AdAccount | undefined,
  user: EntraUser | undefined,
  holders: Holders,
): TwoSidedRow {
  const a = account?.anchor ?? null;
  const e = user?.anchor ?? null;
  const others = (names: readonly string[] | undefined): readonly string[] =>
    (names ?? []).filter((one) => one.toLowerCase() !== name && one !== user?.userName);
  const inAd = (anchor: AnchorValue): readonly string[] =>
    typeof anchor === 'string' ? others(holders.ad.get(anchor)) : [];
  const inEntra = (anchor: AnchorValue): readonly string[] =>
    typeof anchor === 'string' ? others(holders.entra.get(anchor)) : [];
  const spelled = typeof a === 'string' && typeof e === 'string' ? compareAnchors(a, e) : null;
  const spelling = spelled?.kind === 'respelled' ? spelled.right : null;
  return {
    name,
    ...wordOf(account, user),
    objectId: user?.id ?? null,
    a,
    e,
    spelling,
    instead: account === undefined || spelling !== null ? null : insteadOf([account], a, e),
    elsewhere: a === e ? null : (inEntra(a)[0] ?? null),
    owner: a === e ? null : (inAd(e)[0] ?? null),
    shared: [...new Set([...inAd(a), ...inEntra(e)])].sort(order),
  };
}

function wordOf(account: AdAccount | undefined, user: EntraUser | undefined): Pick<TwoSidedRow, 'word' | 'missing'> {
  if (user === undefined) return { word: 'missing', missing: 'Entra account' };
  if (account === undefined) return { word: 'missing', missing: 'AD account' };
  if (isUnreadable(account.anchor) || isUnreadable(user.anchor)) return { word: 'unreadable', missing: null };
  if (account.anchor === user.anchor) return { word: 'same', missing: null };
  if (user.anchor === null) return { word: 'missing', missing: 'Entra anchor' };
  if (account.anchor === null) return { word: 'missing', missing: 'AD anchor' };
  return { word: 'differs', missing: null };
}

export function namesByAnchor<Row extends { readonly anchor: AnchorValue }>(
  rows: readonly Row[],
  nameOf: (row: Row) => string,
): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const row of rows) {
    if (typeof row.anchor !== 'string') continue;
    const held = names.get(row.anchor);
    if (held === undefined) names.set(row.anchor, [nameOf(row)]);
    else held.push(nameOf(row));
  }
  for (const held of names.values()) held.sort(order);
  return names;
}
