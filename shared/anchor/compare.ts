import { type AnchorForm, type Reading, readings } from './forms.ts';
import { guidText } from './spellings.ts';

export type AnchorComparison =
  | { readonly kind: 'equal' }
  | { readonly kind: 'respelled'; readonly left: AnchorForm; readonly right: AnchorForm; readonly guid: string }
  | { readonly kind: 'different' };

const EQUAL: AnchorComparison = Object.freeze({ kind: 'equal' });
const DIFFERENT: AnchorComparison = Object.freeze({ kind: 'different' });

/** Two readings of the same GUID, one a side. */
interface Match {
  readonly left: Reading;
  readonly right: Reading;
}

/**
 * `equal` is the same text, as Entra compares it. `respelled` is the same GUID in two spellings, each named. `different` is all
 * else. Swapping the sides swaps the forms.
 *
 * Of two base64 texts that are each other's byte swap, `big-endian` is the one whose GUID is not of version 4, for AD makes no
 * other. Where that decides nothing (one such pair in sixteen) both are named `big-endian`: one of them is, which one the pair
 * alone cannot say, and `guid` is then the smaller of the two. Two hex texts are treated alike, as `guid-digits`.
 */
export function compareAnchors(left: string, right: string): AnchorComparison {
  if (left === right) return EQUAL;
  const matches = leastDoubtful(readings(left), readings(right));
  const credible = matches.filter((match) => isVersion4(match.left.digits));
  const [first, ...others] = credible.length > 0 ? credible : matches;
  if (first === undefined) return DIFFERENT;
  const match = others.reduce(moreDoubtful, first);
  return {
    kind: 'respelled',
    left: match.left.form,
    right: match.right.form,
    guid: guidText(match.left.digits),
  };
}

/** The pairs of readings that agree, and of these the ones with the least doubt between them. */
function leastDoubtful(lefts: readonly Reading[], rights: readonly Reading[]): readonly Match[] {
  let matches: readonly Match[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const left of lefts) {
    for (const right of rights) {
      const doubt = left.doubt + right.doubt;
      if (left.digits !== right.digits || doubt > least) continue;
      matches = doubt < least ? [{ left, right }] : [...matches, { left, right }];
      least = doubt;
    }
  }
  return matches;
}

/** On each side the reading with more doubt, under the smaller GUID: what two equally good matches leave to be said. */
function moreDoubtful(one: Match, other: Match): Match {
  const digits = one.left.digits < other.left.digits ? one.left.digits : other.left.digits;
  const left = one.left.doubt > other.left.doubt ? one.left : other.left;
  const right = one.right.doubt > other.right.doubt ? one.right : other.right;
  return { left: { ...left, digits }, right: { ...right, digits } };
}

/** RFC 9562: the first digit of the third group. */
function isVersion4(digits: string): boolean {
  return digits[12] === '4';
}
