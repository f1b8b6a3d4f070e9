import type { AnchorForm } from '../../../shared/anchor/forms.ts';
import type { Impact, OutsideReason, Relation, Verdict } from '../../../shared/compare/verdicts.ts';
import type { Instant } from '../../../shared/time.ts';

/**
 * What is true of one planted or decoy person, written by the code that planted it. Null in `impact` or `relation` means that the
 * truth table leaves it open.
 */
export interface KeyEntry {
  /** What was planted, such as `entra-stale` or `shared-mailbox`. */
  readonly kind: string;
  /** True for what looks like drift and is none: it must not be reported. */
  readonly decoy: boolean;
  readonly oktaUser: string | null;
  readonly objectId: string | null;
  /** The user name that Okta pushes, else Entra's, else AD's. */
  readonly userName: string;
  readonly verdict: Verdict;
  /** Why the person is outside: any of these words is right. Empty unless the verdict is `outside`. */
  readonly outside: readonly OutsideReason[];
  /** Row of the truth table; null where it has none. */
  readonly row: number | null;
  readonly relation: Relation | null;
  readonly impact: Impact | null;
  /** The unusual spelling in which Entra, or Okta and Entra, hold the anchor. */
  readonly encoding: AnchorForm | null;
  /** The AD attribute whose value Entra holds in the anchor's place. */
  readonly instead: string | null;
  /** Why a repair of this person must be refused although the verdict is clear. */
  readonly guard: string | null;
  readonly optedIn: boolean;
}

/** Something that happens to a person after the world was made. */
export interface KeyChange {
  /** From when on it shows: what begins in Active Directory shows once an import has carried it into Okta. */
  readonly at: Instant;
  readonly kind: ChurnKind;
  readonly oktaUser: string;
  readonly objectId: string;
  /** What is true from then on; null once the person is gone. */
  readonly verdict: Verdict | null;
  readonly row: number | null;
}

export type ChurnKind = 'created' | 'deleted' | 'renamed' | 're-anchored' | 'drifted' | 'healed';

export type CauseKind = 'ou' | 'directory' | 'encoding' | 'attribute';

/** One reason that many people share. */
export interface KeyCause {
  readonly kind: CauseKind;
  /** The unit's distinguished name, the AD app's id, the spelling or the attribute. */
  readonly value: string;
  readonly people: number;
}

export interface AnswerKey {
  readonly entries: readonly KeyEntry[];
  /** In the order in which they happen. */
  readonly changes: readonly KeyChange[];
  readonly causes: readonly KeyCause[];
  /** People of whom nothing else is said: A = O = E. */
  readonly healthy: number;
  /** Rows of each roster when the world was made. */
  readonly rows: {
    readonly directories: Readonly<Record<string, number>>;
    readonly assignments: Readonly<Record<string, number>>;
    readonly entraUsers: number;
    readonly agents: number;
    readonly deletedUsers: number;
  };
}
