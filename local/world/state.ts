import type { Instant } from '../../shared/time.ts';
import {
  type AuditRecord,
  type DomainRecord,
  type EntraGroupRecord,
  type EntraRecord,
  type MailRecord,
  proxyAddressesOf,
  type TenantRecord,
} from './graph/records.ts';
import type {
  AppRecord,
  AssignmentRecord,
  DirectoryRecord,
  EventRecord,
  GroupRecord,
  MappingRecord,
  OktaUserRecord,
  OrgRecord,
  RuleRecord,
  UserTypeRecord,
} from './okta/records.ts';
import type { Agenda } from './agenda.ts';
import type { Import, Pause } from './okta/imports.ts';
import { Roster } from './roster.ts';
import type { Switches } from './switches.ts';
import type { Windows } from './windows.ts';

/**
 * Everything that the tenants know. Records are plain and are replaced whole, never changed in place, so that a replica that lags
 * can still show the one before.
 */
export interface State {
  readonly switches: Switches;
  readonly agenda: Agenda;
  /** What the System Log tells beside the imports, in the order of time. */
  readonly events: EventRecord[];
  /** By app the Okta users whom its next group job has to look at, each with the account that was linked when it happened. */
  readonly touched: Map<string, Map<string, string | null>>;
  /** A read, and whatever Okta looks up in Entra, may see the directory as it was up to this long ago. */
  readonly replicaLag: number;
  /** When Okta users came into groups since the world began, by `user group`. */
  readonly joined: Map<string, Instant>;
  /** When the anchor of an account was last set, by object id. */
  readonly anchored: Map<string, Instant>;
  /** Imports that somebody started by hand. */
  readonly clicked: Import[];
  readonly pauses: Pause[];
  /** Changes in Active Directory of which Okta may not have heard yet. */
  readonly pending: { readonly directory: string; readonly changed: Instant; readonly arrive: (at: Instant) => void }[];
  readonly org: OrgRecord;
  readonly oktaUsers: Roster<OktaUserRecord>;
  readonly apps: Map<string, AppRecord>;
  /** App users of each Active Directory app, by app id. */
  readonly directories: ReadonlyMap<string, Roster<DirectoryRecord>>;
  /** App users of each Office 365 app, by app id. */
  readonly assignments: ReadonlyMap<string, Roster<AssignmentRecord>>;
  readonly groups: Map<string, GroupRecord>;
  readonly rules: Map<string, RuleRecord>;
  readonly mappings: Map<string, MappingRecord>;
  readonly userTypes: Map<string, UserTypeRecord>;
  readonly tenant: TenantRecord;
  readonly domains: Map<string, DomainRecord>;
  readonly entraUsers: Roster<EntraRecord>;
  readonly entraGroups: Map<string, EntraGroupRecord>;
  /** The Entra group that sync made of each AD group, by the group's id in Okta. */
  readonly twins: ReadonlyMap<string, string>;
  readonly deletedUsers: Roster<EntraRecord>;
  /** By id, in the order in which they were made. */
  readonly mails: Map<string, MailRecord>;
  /** What each mailbox has sent in this minute. */
  readonly mailRates: Windows;
  /** Changes of users, in the order of time. */
  readonly audits: AuditRecord[];
  /** Requests for the audit log. */
  readonly auditRates: Windows;
  /** When somebody last signed in, by Okta user id and by object id; null for never. Whoever is not in it did so today. */
  readonly signIns: Map<string, Instant | null>;
}

/** The instant up to which one call sees changes: `now`, less what its replica lags behind. */
export function seenUpTo(now: Instant, lag: number, random: () => number): Instant {
  return lag === 0 ? now : now - random() * lag;
}

/** The next group job of the app has to look at this person. */
export function touch({ touched }: State, app: string, user: string, objectId: string | null): void {
  const people = touched.get(app) ?? new Map<string, string | null>();
  touched.set(app, people.set(user, objectId ?? people.get(user) ?? null));
}

export function emptyRosters(directories: readonly string[], office365: readonly string[], initialDomain: string) {
  return {
    oktaUsers: new Roster<OktaUserRecord>((user) => user.id, {
      login: (user) => [user.login.toLowerCase()],
    }),
    directories: new Map(directories.map((app) => [app, new Roster<DirectoryRecord>((account) => account.user)])),
    assignments: new Map(office365.map((app) => [app, assignmentRoster()])),
    entraUsers: new Roster<EntraRecord>((user) => user.id, {
      userPrincipalName: (user) => [user.userName.toLowerCase()],
      onPremisesImmutableId: (user) => (user.anchor === null ? [] : [user.anchor.toLowerCase()]),
      proxyAddresses: (user) => proxyAddressesOf(user, initialDomain).map((address) => address.toLowerCase()),
    }),
    deletedUsers: new Roster<EntraRecord>((user) => user.id),
  };
}

function assignmentRoster(): Roster<AssignmentRecord> {
  return new Roster<AssignmentRecord>((assignment) => assignment.user, {
    userName: ({ userName }) => [userName.toLowerCase()],
    externalId: ({ externalId }) => (externalId === null ? [] : [externalId]),
  });
}
