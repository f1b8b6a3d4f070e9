/** One verdict a person. DESIGN of each: docs/verdicts.md, which is checked against this list. */
export const VERDICTS = [
  'matched',
  'entra-stale',
  'both-stale',
  'entra-empty',
  'okta-stale',
  'okta-empty',
  'all-differ',
  'crossed',
  'maybe-another-person',
  'renamed',
  'duplicate-source',
  'two-directories',
  'not-provisioned',
  'unassigned',
  'unlinked',
  'orphan',
  'unreadable',
  'outside',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Who is hurt, worst first. */
export const IMPACTS = ['signs in as another', 'cannot sign in', 'groups only', 'none yet', 'nobody'] as const;
export type Impact = (typeof IMPACTS)[number];

/**
 * How a finding hangs together with another account that holds the wanted anchor: `ring` every holder wants another's;
 * `chain` the holder gives it up (an order); `taken` a live account keeps it; `taken-deleted` a soft-deleted one holds it.
 */
export const RELATIONS = ['none', 'ring', 'chain', 'taken', 'taken-deleted'] as const;
export type Relation = (typeof RELATIONS)[number];

/** Why a row is outside, or which quiet kind of a verdict it is. Every row of every roster is in exactly one bucket. */
export const OUTSIDE = [
  'guest',
  'agent',
  'staged',
  'suspended',
  'deprovisioned',
  'service-account',
  'cloud-only',
  'room-or-shared',
  'managed-domain',
  'no-assignment',
  'second-app',
  'soft-deleted',
] as const;
export type OutsideReason = (typeof OUTSIDE)[number];
