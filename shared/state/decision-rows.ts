import type { Freeze } from '../plan/policy.ts';
import type { Instant } from '../time.ts';

/** What the run of a night would have repaired if somebody had said so: a plan that froze, or whoever is not repaired without a click. */
export interface ProposalRow {
  readonly kind: 'proposal';
  readonly run: string;
  readonly scheduled: Instant;
  /** SHA-256, hex, over the canonical form of the repairs: a decision is on exactly these. */
  readonly checksum: string;
  readonly rule: Freeze['rule'] | 'wants-approval';
  readonly reason: string;
  /** How many repairs there are, and how many more were due, which a later run proposes. */
  readonly repairs: number;
  readonly more: number;
  readonly created: Instant;
  /** From then on nobody can approve it, and what was approved and has not begun does not begin. */
  readonly expires: Instant;
  /** The repairs, worst first, packed. */
  readonly packed: Uint8Array;
}

/** What one person has decided on one repair of a proposal; the insert of this row is the decision. */
export interface DecisionRow {
  readonly kind: 'decision';
  readonly run: string;
  readonly scheduled: Instant;
  readonly checksum: string;
  /** Key of the first member's finding. */
  readonly key: string;
  /** Those of all members. */
  readonly keys: readonly string[];
  readonly decision: 'approved' | 'rejected';
  /** The recipe and the anchors that were decided on, as a hash: of other values it says nothing. */
  readonly of: string;
  readonly by: string;
  readonly at: Instant;
  /** A rejection that holds no more: by whose word. What is proposed is not decided anew by that, but may be proposed again. */
  readonly withdrawn: { readonly by: string; readonly at: Instant } | null;
}

/** Somebody is to be left alone. */
export interface IgnoreRow {
  readonly kind: 'ignore';
  /** Okta user id, or Entra object id where there is no Okta user. */
  readonly person: string;
  readonly userName: string;
  readonly reason: string;
  readonly until: Instant;
  readonly by: string;
  readonly at: Instant;
}

/** One decision or one effect. Rows are only ever added. */
export interface AuditRow {
  readonly at: Instant;
  /** Makes it one row, however often it is written. */
  readonly id: string;
  readonly run: string | null;
  readonly repair: string | null;
  /** User name of whom it is about; null for what is about nobody. */
  readonly person: string | null;
  /** Who decided or did it: a person's name, or `Anchorwatch`. */
  readonly actor: string;
  /** What was decided or done, such as `approved` or `anchor`. */
  readonly what: string;
  /** In words; an anchor in its short form. */
  readonly before: string;
  readonly after: string;
  /** What the tenants call the requests, by the names of their headers. */
  readonly requests: Readonly<Record<string, string>>;
}
