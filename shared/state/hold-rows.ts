import type { SwitchStatus } from '../ports/okta-repairs.ts';
import type { Instant } from '../time.ts';

/** *Deactivate Users* of one app, while it is ours to keep off. */
export interface HoldRow {
  readonly kind: 'hold';
  readonly app: string;
  readonly state: 'open' | 'closing' | 'closed';
  /** When the state was taken on. */
  readonly since: Instant;
  readonly opened: Instant;
  /** What the switch said before, and ends as. */
  readonly prior: SwitchStatus;
  /** The rest of the feature, canonical, as it must stay. */
  readonly rest: string;
  /** Whether a person moves the switch: then no call of ours does. */
  readonly byHand: boolean;
  /** When the switch was first read as off in this hold: if it is on after that, somebody else switched it on. */
  readonly off: Instant | null;
  readonly lastUnassigned: Instant | null;
  /** The repair whose person goes alone, and since when that person was seen intact. */
  readonly first: string | null;
  readonly firstIntact: Instant | null;
  /** Somebody switched it on, or changed the rest, while it was ours: nobody further is unassigned. */
  readonly broken: string | null;
  /** When a person was told that it is open for too long; null when nobody was. */
  readonly alarmed: Instant | null;
  /** When its leavers were named last, after it was closed; null before that. */
  readonly named: Instant | null;
  /** What the System Log said of the app's group jobs when one of its people asked last: then the others need not. Null before that. */
  readonly jobs: KnownJobs | null;
}

export interface KnownJobs {
  /** When the next one is expected; null where they show no rhythm, or one too short for anybody to keep out of its way. */
  readonly next: Instant | null;
  readonly asked: Instant;
}

/** Somebody for whom the switch is off. A set, never a count: whoever comes twice is there once. */
export interface HoldMemberRow {
  readonly kind: 'member';
  readonly app: string;
  /** When the hold that this is of was opened: rows of an earlier one are nobody's. */
  readonly opened: Instant;
  readonly user: string;
  readonly objectId: string;
  readonly repair: string;
  readonly entered: Instant;
  /** Since when it is this person's turn to be looked at and unassigned, which lapses by itself; null before that. */
  readonly turn: Instant | null;
  /** When the right to unassign was taken; null when it never was. */
  readonly unassigned: Instant | null;
  /** The first of the reads that showed the assignment gone. */
  readonly gone: Instant | null;
  /** When the unassignment was seen to have done nothing else: then the switch is no longer off for this person's sake. */
  readonly settled: Instant | null;
  /** Entra's licences before, canonical. */
  readonly licenses: string;
}

/** Somebody who lost Office 365 while the switch was off and whose Microsoft account nobody deactivated: an alarm, and a line of the digest. */
export interface LeaverRow {
  readonly kind: 'leaver';
  readonly app: string;
  /** When the hold was opened. */
  readonly opened: Instant;
  /** Okta user id, and what the System Log calls the person. */
  readonly user: string;
  readonly userName: string;
  /** When it happened, and when we heard of it. */
  readonly at: Instant;
  readonly found: Instant;
}
