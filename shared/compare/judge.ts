import { type AnchorValue, isUnreadable, type Unreadable } from '../anchor/value.ts';
import type { Verdict } from './verdicts.ts';

/** What one side holds; `undefined` is absent: no AD link, no assignment, no Entra user under the name. */
export type Held = AnchorValue | undefined;

/** Where an anchor stands among the Entra users of other names: nowhere, on one whom no assignment names, or on one who is somebody's. */
export type Whereabouts = 'nowhere' | 'free' | 'claimed';

export interface Holding {
  readonly a: Held;
  readonly o: Held;
  readonly e: Held;
  /** Only asked when no Entra user has the name. */
  readonly elsewhere: { readonly a: Whereabouts; readonly o: Whereabouts };
  /** True when O = E decodes to a GUID that was once read from AD: the link was lost, it never was a cloud identity. */
  readonly onceFromAd: boolean;
}

export interface Ruling {
  readonly verdict: Verdict;
  /** Row of the truth table in docs/verdicts.md. */
  readonly row: number;
}

type Text = string;
type Filled = Text | null;

/** The truth table: total, so every combination of equal, different, empty, unreadable and absent has exactly one verdict. */
export function judge(holding: Holding): Ruling {
  const { a, o, e, elsewhere } = holding;
  if (o === undefined) return judgeUnassigned(a, e);
  if (isBad(o)) return { verdict: 'unreadable', row: 24 };
  if (e === undefined) return judgeNameless(a, o, elsewhere);
  if (isBad(e)) return { verdict: 'unreadable', row: 24 };
  if (isBad(a)) return { verdict: o !== null && o === e ? 'matched' : 'unreadable', row: 24 };
  if (a === null || a === undefined) return judgeWithoutSource(o, e, holding.onceFromAd);
  return judgeThree(a, o, e);
}

export function isBad(value: Held): value is Unreadable {
  return value !== undefined && isUnreadable(value);
}

/** Rows 1 to 10. Anchors are compared as exact text, for Entra does: another spelling of the same GUID is another anchor. */
function judgeThree(a: Text, o: Filled, e: Filled): Ruling {
  if (e === null) {
    if (o === null) return { verdict: 'entra-empty', row: 10 };
    return { verdict: 'entra-empty', row: a === o ? 6 : 7 };
  }
  if (o === null) return a === e ? { verdict: 'okta-empty', row: 8 } : { verdict: 'all-differ', row: 9 };
  if (a === o) return a === e ? { verdict: 'matched', row: 1 } : { verdict: 'entra-stale', row: 2 };
  if (o === e) return { verdict: 'both-stale', row: 3 };
  return a === e ? { verdict: 'okta-stale', row: 4 } : { verdict: 'all-differ', row: 5 };
}

/** Rows 11 to 13: assigned, and nobody in Entra has the user name. */
function judgeNameless(a: Held, o: Filled, elsewhere: Holding['elsewhere']): Ruling {
  if (isBad(a)) return elsewhere.o === 'nowhere' ? { verdict: 'unreadable', row: 24 } : { verdict: 'crossed', row: 13 };
  const agreed = o !== null && (a === o || a === null || a === undefined);
  if (agreed && elsewhere.o === 'free') return { verdict: 'renamed', row: 12 };
  if (elsewhere.o === 'nowhere' && elsewhere.a === 'nowhere') return { verdict: 'not-provisioned', row: 11 };
  return { verdict: 'crossed', row: 13 };
}

/** Rows 14 to 16, and 20 and 21 for accounts that Okta knows nothing of. */
function judgeUnassigned(a: Held, e: Held): Ruling {
  const source = a !== undefined && a !== null;
  if (e === undefined || e === null) return { verdict: 'outside', row: source ? 16 : 21 };
  if (isBad(e)) return { verdict: 'unreadable', row: 24 };
  if (!source) return { verdict: 'orphan', row: 20 };
  if (isBad(a)) return { verdict: 'unreadable', row: 24 };
  return { verdict: 'unassigned', row: a === e ? 14 : 15 };
}

/** Rows 17 to 19: assigned, but without an AD account that has an anchor. */
function judgeWithoutSource(o: Filled, e: Filled, onceFromAd: boolean): Ruling {
  if (o === null) return { verdict: 'unlinked', row: 19 };
  if (o !== e) return { verdict: 'unlinked', row: 18 };
  return { verdict: onceFromAd ? 'unlinked' : 'matched', row: 17 };
}
