import type { PlannedRepair } from '../plan/plan.ts';
import type { Instant } from '../time.ts';

/** The steps of the procedure, in their order. The names stand in stored rows: a new name is a new schema version. */
export const STEPS = [
  'preflight',
  'snapshot',
  'hold',
  'unassign',
  'park',
  'anchor',
  'unpark',
  'assign',
  'release',
  'leave-groups',
  'import-without',
  'rejoin-groups',
  'import-with',
  'verify',
] as const;
export type StepName = (typeof STEPS)[number];

/**
 * `queued` waits for its preflight; `ready` has passed it and waits for a person to lead; `working` is at one of the steps; the rest
 * are ends. `undone`: begun, refused on the way, and brought back to where it was.
 */
export const REPAIR_STATES = ['queued', 'ready', 'working', 'done', 'refused', 'undone', 'needs-a-person'] as const;
export type RepairState = (typeof REPAIR_STATES)[number];

/** How a pilot tries a tenant: writes in Entra alone, the same after the assignment was taken away, or an update that writes nothing in Entra. */
export const PROBES = ['while-assigned', 'after-unassign', 'nudge'] as const;
export type Probe = (typeof PROBES)[number];

/** Why there is a repair: a run found drift; a pilot tries the tenant on a test person; or a person wants an earlier one taken back. */
export type Purpose =
  | { readonly kind: 'drift' }
  | { readonly kind: 'pilot'; readonly probe: Probe }
  | { readonly kind: 'undo'; readonly of: string };

/** What the preflight decided about how this repair is carried out; all later steps go by it. */
export interface Course {
  /** The Office 365 app. */
  readonly app: string;
  /** How the assignment is taken away and given back; `none` where only Entra is written to. */
  readonly unassign: 'direct' | 'exclusion-group' | 'guided' | 'none';
  /** Who writes in Entra: an API call of ours, or a person who is led. */
  readonly writes: 'api' | 'person';
  /** Whether Entra must cease to show the person as synced between unassigning and writing (the second gate). */
  readonly gate: boolean;
  /** How long that took the pilot; null where nothing was measured. */
  readonly lag: number | null;
  /** Whether Okta is merely asked to push again, which makes it compute its copy anew where the pilot has seen that it does. */
  readonly nudge: boolean;
  /** Whether an earlier repair is taken back: then Okta's copy stays AD's anchor, and groups are not waited for. */
  readonly undoes: boolean;
  /** The name on a managed domain for each member, null where nothing is parked. */
  readonly parking: readonly (string | null)[];
}

/** What an `anchor` step sets. Null for every other step. */
export type AnchorTarget = 'final' | 'placeholder' | 'before';

/** One step of one member. */
export interface Place {
  readonly step: StepName;
  readonly member: number;
  readonly target: AnchorTarget | null;
}

/** Where a repair is. */
export interface Cursor extends Place {
  /** `as-before` after a refusal: the same kinds of steps, towards where everybody was. */
  readonly goal: 'repaired' | 'as-before';
  /** When this step was first looked at. */
  readonly since: Instant;
  /** When the intent of the act that may be under way was journalled; null when nothing is. */
  readonly intended: Instant | null;
  /** Acts of this step so far. */
  readonly attempts: number;
  /** Since when every look has shown something that is neither before nor after; null when the last one did not. */
  readonly doubt: Instant | null;
  /** Since when every look has shown the step as done, for steps that want to see it for a while; null when the last one did not. */
  readonly seen: Instant | null;
  /** How often an earlier step had to be done again, because somebody undid it. */
  readonly returns: number;
  /** When a tenant refused this step, where every look since has shown that it might have been done; null when it has not. */
  readonly refused: Instant | null;
  /** Whether a tenant said yes to the last act of this step; one that was never sent, or not answered, proves nothing of it. */
  readonly accepted: boolean;
  /** What the tenants call the last request of this step, by the names of their headers: their support asks for it. */
  readonly requests: Readonly<Record<string, string>>;
}

/** A group of an AD instance that a member leaves for an import or two. */
export interface LeftGroup {
  readonly member: number;
  readonly group: string;
  readonly name: string;
  readonly instance: string;
  /** Whether it was left, or somebody asked to see to that: into no other is anybody put back. */
  readonly asked: boolean;
}

/** A person who said "I am here" and is led through the steps. */
export interface Operator {
  readonly name: string;
  readonly until: Instant;
}

/** Somebody has said that this very repair may be carried out. */
export interface Approval {
  readonly by: string;
  readonly at: Instant;
  /** Of the proposal that was decided on. */
  readonly checksum: string;
  /** What has not begun by then does not begin. */
  readonly expires: Instant;
}

/** The head of a repair: one person, or a ring of them. */
export interface RepairRow {
  readonly kind: 'head';
  readonly id: string;
  readonly run: string;
  readonly purpose: Purpose;
  /** Ordinal of the last journal row: every journal row is written with the head, in one transaction. */
  readonly sequence: number;
  readonly state: RepairState;
  readonly members: readonly PlannedRepair[];
  /** Null before the preflight, and in rows of before there were steps behind it. */
  readonly course: Course | null;
  /** AD groups that members were taken out of, or are about to be: whatever happens, they go back into exactly these. */
  readonly groups: readonly LeftGroup[];
  /** Whether anything of anybody was written to in a tenant. */
  readonly touched: boolean;
  readonly cursor: Cursor | null;
  /** Since when a UPN of it may be parked; null when none is. */
  readonly parked: Instant | null;
  /** When the preflight was passed last; null before that. */
  readonly passed: Instant | null;
  /** Since when it is not waited for any more to begin, neither for room nor for a person; null before that. */
  readonly begun: Instant | null;
  /** When it wants to be looked at again; a message that is lost is sent again by then. Null at an end, and while a person is awaited. */
  readonly due: Instant | null;
  readonly operator: Operator | null;
  /** Null where nobody had to be asked. */
  readonly approval: Approval | null;
  /** Messages that `tend` had to send again without a new journal row since. */
  readonly lost: number;
  readonly rule: string | null;
  readonly reason: string | null;
  readonly created: Instant;
  readonly changed: Instant;
  /** Rises with every worker that takes the lease; a journal row of an older fence is not written. */
  readonly fence: number;
  readonly leaseOwner: string | null;
  readonly leaseUntil: Instant | null;
}

/** The list of repairs that are not at an end: a partition is read at once, and repairs are partitions of their own. */
export interface OpenRow {
  readonly kind: 'open';
  readonly repair: string;
  /** Names under which its people are claimed: they are freed by it when the repair was never written. */
  readonly people: readonly string[];
  readonly created: Instant;
}

/** The list of repairs that are at an end, the newest first: repairs are partitions of their own, and one day they are deleted. */
export interface EndedRow {
  readonly kind: 'ended';
  readonly repair: string;
  /** When its head was last written. */
  readonly at: Instant;
}

export interface JournalRow {
  readonly kind: 'step';
  readonly repair: string;
  readonly sequence: number;
  readonly fence: number;
  readonly at: Instant;
  readonly step: StepName;
  readonly member: number;
  /** `intent` before an act; whatever it came to after it. */
  readonly outcome: 'intent' | 'done' | 'seen' | 'refused' | 'again' | 'back' | 'ready' | 'ended';
  /** What was looked at, in words and numbers, and the ids of requests; never a full anchor. */
  readonly facts: Readonly<Record<string, string>>;
}

/** Everything of one member that must be the same again afterwards, packed. Written once, before anything is changed. */
export interface BeforeRow {
  readonly kind: 'before';
  readonly repair: string;
  readonly member: number;
  /** Which preflight it was taken after: what there was before an earlier one need not be so any more. */
  readonly passed: Instant | null;
  readonly packed: Uint8Array;
}

/** What a pilot proved about this tenant. */
export interface CapabilityRow {
  readonly tenant: string;
  readonly app: string;
  /** Whether Graph takes UPN and anchor of people who are shown as synced. */
  readonly syncedWrites: 'refused' | 'after-unassign' | 'anyway' | 'unknown';
  /** Longest seen from an unassignment until the person was no longer shown as synced, in milliseconds. */
  readonly lag: number | null;
  /** Whether an update of the assignment has Okta compute its copy anew. */
  readonly nudge: boolean;
  readonly proven: Instant;
  readonly by: string;
  readonly note: string;
  /** What Okta and Entra had granted, and the app's features and type of provisioning, when it was proven: with others it says nothing. */
  readonly rights: string;
  readonly setup: string;
  /** What was tried, and what came of it. */
  readonly probes: readonly ProbeResult[];
}

export interface ProbeResult {
  readonly probe: Probe;
  readonly at: Instant;
  readonly repair: string;
  readonly outcome: 'accepted' | 'refused' | 'unclear';
  /** At which step it was refused, and with which code and words. */
  readonly step: StepName | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly lag: number | null;
}
