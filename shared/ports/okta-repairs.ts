import type { Assignment } from '../compare/rows.ts';
import type { Instant } from '../time.ts';
import type { Effect, Receipt } from './effect.ts';

export type SwitchStatus = 'ENABLED' | 'DISABLED';

/** *Deactivate Users* as Okta says it now, uncached. */
export interface DeactivateSwitch {
  /** `capabilities.update.lifecycleDeactivate.status` of USER_PROVISIONING; null where provisioning is off. */
  readonly status: SwitchStatus | null;
  /** Everything else that the feature says but its links, in canonical JSON: equal before and after the switch is moved. */
  readonly rest: string;
  /** The second opinion: whether the app's own `features` name PUSH_USER_DEACTIVATION. */
  readonly pushesDeactivation: boolean;
}

/** An assignment with what must come back as it was. */
export interface AssignmentDetail extends Assignment {
  /** The app user's profile as Okta gives it, every attribute. */
  readonly profile: Readonly<Record<string, unknown>>;
  /** The Okta group that grants it, where Okta names one (`_links.group`). */
  readonly grantedBy: string | null;
}

/** A group of an Okta user. AD groups are those that an import brought. */
export interface OktaGroup {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** What only a group of an AD instance has. */
  readonly directory: {
    readonly instance: string;
    /** `Security` or `Distribution`, as Okta writes it; null where it does not. */
    readonly groupType: string | null;
    readonly sid: string | null;
    readonly mail: string | null;
  } | null;
}

export interface GroupRule {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly expression: string;
  /** Groups into which the rule puts people. */
  readonly groups: readonly string[];
  readonly excludedUsers: readonly string[];
}

/** System Log events that a repair looks for (Okta's event type catalogue). */
export const EVENT_TYPES = [
  'system.import.start',
  'system.import.complete',
  'system.import.roadblock',
  'system.import.roadblock.resume',
  'app.office365.api.sync.job.complete.group',
  'application.user_membership.add',
  'application.user_membership.remove',
  'application.provision.user.push',
  'application.provision.user.deactivate',
  'user.lifecycle.deactivate',
  'application.lifecycle.update',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export interface OktaEvent {
  readonly type: EventType;
  readonly at: Instant;
  readonly succeeded: boolean;
  /** Okta user, service app or system that did it. */
  readonly actor: { readonly id: string; readonly name: string };
  /** The same in all events of one cause; null where the event has none. */
  readonly transaction: string | null;
  readonly targets: readonly { readonly id: string; readonly type: string; readonly name: string }[];
}

export interface EventQuery {
  readonly types: readonly EventType[];
  /** An app, a user or a group that the event is about. */
  readonly target?: string;
  readonly since: Instant;
  readonly until: Instant;
}

/** How an assignment is made, or made again. */
export interface Assigning {
  readonly user: string;
  readonly scope: 'USER' | 'GROUP';
  /** The UPN by which Okta looks for the account. */
  readonly userName: string;
  /** Unmapped attributes alone: Okta computes the mapped ones, and refuses them (E0000075). */
  readonly profile: Readonly<Record<string, unknown>>;
}

/**
 * What a repair reads of Okta beside the preflight, and everything that it changes there. Reads are uncached. Writes are sent once and
 * never repeated here: whoever calls looks first whether a lost one arrived. Throws AnchorwatchError; `refused` with `code` E0000046
 * where a group grants what is to be unassigned.
 */
export interface OktaRepairs {
  /** What was granted: the client and the scopes of its token. It asks for nothing but the token. */
  rights(): Promise<readonly string[]>;
  /**
   * Milliseconds until less than that share of what Okta allows a minute is used, as far as its last answers told; 0 where there is room. It
   * asks nobody: whoever can wait leaves the rest to those who cannot.
   */
  untilRoom(share: number): number;
  deactivateSwitch(app: string): Promise<DeactivateSwitch>;
  assignmentDetail(app: string, user: string): Promise<AssignmentDetail | null>;
  /** Attributes of the app's users that no mapping fills, and that are lost with an assignment unless they are given back. */
  unmappedAttributes(app: string): Promise<readonly string[]>;
  /** Ids of the groups that grant the app, by priority. */
  groupsGranting(app: string): Promise<readonly string[]>;
  /** Ids of the apps that a group grants. */
  appsOf(group: string): Promise<readonly string[]>;
  groupRules(): Promise<readonly GroupRule[]>;
  oktaGroups(user: string): Promise<readonly OktaGroup[]>;
  /** Oldest first, from `since` up to but not including `until`. */
  events(query: EventQuery): Promise<readonly OktaEvent[]>;

  switchDeactivate(app: string, status: SwitchStatus, effect: Effect): Promise<Receipt>;
  unassign(app: string, user: string, effect: Effect): Promise<Receipt>;
  assign(app: string, assigning: Assigning, effect: Effect): Promise<Receipt>;
  /** Scope and unmapped attributes of an assignment that is there; an empty change has Okta push again. */
  changeAssignment(
    app: string,
    user: string,
    change: Partial<Pick<Assigning, 'scope' | 'profile'>>,
    effect: Effect,
  ): Promise<Receipt>;
  /** Groups of Okta's own only. A member whom a rule put there is excepted from the rule for ever by `leaveGroup`: never do that. */
  joinGroup(group: string, user: string, effect: Effect): Promise<Receipt>;
  leaveGroup(group: string, user: string, effect: Effect): Promise<Receipt>;
  /** Has the AD agent change a group in Active Directory (`groups/modify`): OAuth only, and not in every tenant. */
  changeDirectoryGroup(
    instance: string,
    group: string,
    user: string,
    change: 'leave' | 'join',
    effect: Effect,
  ): Promise<Receipt>;
}
