import type { Finding } from '../compare/finding.ts';
import type { MassCause } from '../compare/causes.ts';
import type { RefusedRepair } from '../plan/plan.ts';
import type { Freeze, Mode } from '../plan/policy.ts';
import type { Certificate } from './certificate.ts';
import type { Doubt } from './doubt.ts';
import type { ReadPlan } from './read-plan.ts';
import type { Instant } from '../time.ts';

/** How the Office 365 app is set, as far as a repair depends on it. */
export interface Setup {
  /** The expression that gives the Immutable ID; null where there is none. */
  readonly mapping: string | null;
  /** Null where provisioning is off. */
  readonly deactivateUsers: 'ENABLED' | 'DISABLED' | null;
}

export type Counts = Readonly<Record<string, number>>;

/** What a finding is beside the last good run. */
export type Change = 'new' | 'open' | 'worse' | 'returned' | 'resolved' | 'gone';

/** One run of the scan. Its id comes from its scheduled time, so that however often it is started it is one run. */
export interface RunRow {
  /** `2026-11-23T02-00-00Z` */
  readonly id: string;
  readonly scheduled: Instant;
  readonly trigger: 'timer' | 'manual';
  readonly mode: Mode;
  /** `reading` until the verdicts are recorded; then for ever `good` or `could-not-tell`. */
  readonly state: 'reading' | 'good' | 'could-not-tell';
  readonly began: Instant;
  readonly ended: Instant | null;
  /** Function calls that shared the run. */
  readonly slices: number;
  /** What the run reads, chosen by its first call so that all calls read the same. */
  readonly plan: ReadPlan | null;
  readonly certificates: readonly Certificate[];
  readonly doubts: readonly Doubt[];
  /** Null unless the state is `good`. */
  readonly summary: RunSummary | null;
}

/** The figures of a good run, for lists and reports; the findings themselves are in its snapshot. */
export interface RunSummary {
  /** Nobody has confirmed any counts yet: this run shows them, and repairs nothing. */
  readonly baseline: boolean;
  readonly paired: number;
  readonly matched: number;
  readonly verdicts: Counts;
  readonly impacts: Counts;
  readonly changes: Counts;
  /** New findings beyond the limit of single reads: named, and never queued. */
  readonly unconfirmed: number;
  /** For each roster the rows in each bucket. */
  readonly buckets: Readonly<Record<'directories' | 'assignments' | 'entra' | 'deleted', Counts>>;
  readonly causes: readonly MassCause[];
  readonly checksum: string;
  /** Repairs and refusals by rule. */
  readonly queued: number;
  /** Repairs that a person may release. */
  readonly proposed: number;
  readonly held: Counts;
  readonly refused: Counts;
  readonly freeze: Freeze | null;
  /** Null in rows of before it was kept. */
  readonly setup: Setup | null;
  /** Things about the tenant that an admin should know: a mapping that is not the default, two Office 365 apps. */
  readonly warnings: readonly string[];
}

/** One page of one list of one run, packed; as attempt 0 the place behind the last one. */
export interface PageRow {
  readonly run: string;
  readonly list: string;
  readonly attempt: number;
  readonly number: number;
  readonly packed: Uint8Array;
}

/** What a snapshot holds of one finding, and what findings and history are made from. */
export interface SeenFinding {
  readonly finding: Finding;
  readonly change: Change;
  readonly firstSeen: Instant;
  /** Read again singly in this run, or unchanged since a run in which it was. */
  readonly confirmed: boolean;
  /** Why it is not repaired; null when it is queued. */
  readonly hold: Omit<RefusedRepair, 'key'> | null;
  /** Id of the person's last repair, by whichever run; null when none is remembered. */
  readonly repair: string | null;
  /** Ids of repairs of it that began and could not be brought to their end. */
  readonly failed: readonly string[];
}

/** The current finding of a person. Written only when something changed. */
export interface FindingRow extends SeenFinding {
  readonly run: string;
  readonly lastSeen: Instant;
}

export interface HistoryRow {
  /** Key of the finding. */
  readonly person: string;
  readonly at: Instant;
  readonly run: string;
  readonly change: Change;
  readonly verdict: string;
  readonly impact: string;
}

/** A chunk of a run's packed findings, or of its memory of who was once matched. */
export interface SnapshotRow {
  readonly run: string;
  readonly part: 'findings' | 'matched' | 'sources' | 'sides';
  readonly chunk: number;
  readonly chunks: number;
  readonly packed: Uint8Array;
}

/** The insert of this row is the claim: never two open repairs for one person. */
export interface ClaimRow {
  readonly person: string;
  readonly repair: string;
  readonly at: Instant;
}

/** What somebody must be told, under a key that makes it one. */
export interface NoticeRow {
  /** `2026-11-23` */
  readonly day: string;
  readonly notice: string;
  readonly kind: NoticeKind;
  readonly run: string | null;
  readonly subject: string;
  readonly body: string;
  /** What comes next; null where it is what is usual of the kind. */
  readonly next: string | null;
  /** The letter, packed; null where subject and body are all there is to say. */
  readonly letter: Uint8Array | null;
  readonly created: Instant;
  /** When the last channel had taken it. */
  readonly sent: Instant | null;
  /** By channel; one that is not among them has not begun. */
  readonly deliveries: Readonly<Partial<Record<ChannelName, Delivery>>>;
}

export const NOTICE_KINDS = [
  'could-not-tell',
  'alarm',
  'baseline',
  'freeze',
  'proposal',
  'needs-a-person',
  'digest',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

export const CHANNELS = ['mail', 'teams', 'webhook'] as const;
export type ChannelName = (typeof CHANNELS)[number];

/** Whom a notice is for: what is only worth reading, what somebody has to decide, and what cannot wait. */
export type Audience = 'digest' | 'decisions' | 'alarms';

export const DELIVERY_STATES = ['waiting', 'drafted', 'sent', 'unknown', 'refused'] as const;

/** How far one channel is with one notice. */
export interface Delivery {
  /**
   * `unknown` is written before anything is sent, so that whoever finds it knows that something may have been. `drafted`: a draft is
   * there and surely not sent. `refused`: the last attempt surely sent nothing.
   */
  readonly state: (typeof DELIVERY_STATES)[number];
  readonly attempts: number;
  /** When the last attempt began, or ended. */
  readonly at: Instant;
  /** The draft's id, or what the other side called it when it took it. */
  readonly id: string | null;
  /** What the last attempt met; null where all went well. */
  readonly why: string | null;
  /** When it is taken up again; null when it is at its end: sent, or given up. */
  readonly due: Instant | null;
  /** It may have been sent by an attempt whose answer was lost: since when. Sent again, it is marked as a possible repeat. */
  readonly gone: Instant | null;
}

/** Where a notice stands that some channel has not sent yet: few rows, which are all that has to be looked through. */
export interface UnsentRow {
  readonly day: string;
  readonly notice: string;
  readonly kind: NoticeKind;
  readonly since: Instant;
}

/** How a channel fares. */
export interface ChannelRow {
  readonly channel: ChannelName;
  /** Since when nothing but failures; null while it works. */
  readonly failing: Instant | null;
  readonly why: string | null;
  /** It asked not to be asked again before. */
  readonly resumes: Instant | null;
  /** Notices that were given up, and the last time of that; forgotten when it works a day later. */
  readonly lost: number;
  readonly lastLost: Instant | null;
}

/** Who works on something; expired when `until` has passed. */
export interface LeaseRow {
  readonly name: string;
  readonly owner: string | null;
  readonly until: Instant;
  readonly fence: number;
}

/** Somebody whose UPN was found parked, and whom no repair is going to bring back. There for as long as that is so. */
export interface ParkedRow {
  readonly objectId: string;
  /** The name on the park domain. */
  readonly userName: string;
  /** The name that has to come back. */
  readonly wanted: string;
  /** When it was first found. */
  readonly since: Instant;
}

/**
 * A fact about the installation: when the nightly timer, `tend` and its longer round last came by, the confirmed baseline, and that
 * repairs are stopped.
 */
export interface MarkRow {
  readonly name: 'heartbeat' | 'tended' | 'swept' | 'baseline' | 'stop' | 'digest' | 'change';
  readonly at: Instant;
  readonly run: string | null;
  readonly by: string;
  readonly note: string;
}
