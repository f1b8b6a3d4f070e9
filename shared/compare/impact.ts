import { type Holding, isBad, type Ruling } from './judge.ts';
import type { Impact } from './verdicts.ts';

export interface Harm {
  readonly ruling: Ruling;
  readonly holding: Holding;
  /** Okta presents, now or after its next push, what a live account of somebody else holds. */
  readonly another: boolean;
  readonly federated: boolean;
  readonly pending: boolean;
}

/**
 * Who is hurt. Sign-in to a federated domain finds the account by the anchor that Okta presents (O = E); group membership is
 * matched by AD's (A = E). In a managed domain the anchor plays no part in signing in.
 */
export function impactOf(harm: Harm): Impact {
  const { ruling, holding, federated } = harm;
  if (harm.another) return 'signs in as another';
  switch (ruling.verdict) {
    case 'matched':
    case 'outside':
    case 'orphan':
      return 'nobody';
    case 'unassigned':
      return ruling.row === 15 ? 'none yet' : 'nobody';
    case 'renamed':
      return 'none yet';
    case 'not-provisioned':
      return harm.pending ? 'none yet' : 'cannot sign in';
    default:
      return byAnchors(holding, federated);
  }
}

function byAnchors({ a, o, e }: Holding, federated: boolean): Impact {
  if (typeof o === 'string' && o === e) return typeof a === 'string' && a !== e ? 'groups only' : 'nobody';
  if (isBad(o) || isBad(e)) return 'none yet';
  if (federated) return 'cannot sign in';
  return typeof a === 'string' && a !== e ? 'groups only' : 'none yet';
}
