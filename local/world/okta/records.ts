import type { Instant } from '../../../shared/time.ts';

export interface OrgRecord {
  readonly id: string;
  readonly subdomain: string;
  readonly companyName: string;
  readonly created: Instant;
}

export type OktaUserStatus = 'ACTIVE' | 'STAGED' | 'SUSPENDED' | 'DEPROVISIONED' | 'PROVISIONED';

export interface OktaUserRecord {
  readonly id: string;
  readonly login: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly displayName: string;
  readonly employeeNumber: string | null;
  readonly department: string | null;
  readonly status: OktaUserStatus;
  readonly created: Instant;
  readonly changed: Instant;
  /** Group ids. People with the same groups share one list. */
  readonly groups: readonly string[];
  /** Administrator roles, such as `APP_ADMIN`. */
  readonly adminRoles: readonly string[];
}

/** An Active Directory account as the AD app user in Okta holds it. */
export interface DirectoryRecord {
  readonly user: string;
  /** Base64 of `objectGUID` for an imported account; whatever else was planted. */
  readonly externalId: string | null;
  readonly userName: string;
  readonly samAccountName: string;
  readonly mail: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly displayName: string;
  /** `OU=Sales,OU=People,DC=contoso,DC=com` */
  readonly unit: string;
  readonly sid: string | null;
  readonly employeeId: string | null;
  readonly department: string | null;
  readonly consistencyGuid: string | null;
  readonly status: string;
  readonly created: Instant;
  readonly changed: Instant;
}

/** One person's assignment of an Office 365 app. */
export interface AssignmentRecord {
  readonly user: string;
  readonly userName: string;
  readonly immutableId: string | null;
  readonly externalId: string | null;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly displayName: string;
  readonly scope: 'USER' | 'GROUP';
  readonly status: string;
  readonly syncState: string;
  /** The group that grants it, where the scope is GROUP. */
  readonly grantedBy: string | null;
  readonly licenses: readonly string[];
  readonly roles: readonly string[];
  readonly created: Instant;
  readonly changed: Instant;
}

export type Switch = 'ENABLED' | 'DISABLED';

/** The outbound provisioning switches of one app; `deactivate` is *Deactivate Users*. */
export interface Provisioning {
  readonly create: Switch;
  readonly update: Switch;
  readonly deactivate: Switch;
  readonly password: Switch;
}

/** Cron expressions as Okta words them. */
export interface InboundSchedule {
  readonly fullImport: string;
  readonly incrementalImport: string;
  readonly timezone: string;
}

export interface AppRecord {
  readonly id: string;
  /** `active_directory`, `office365` or another app's key. */
  readonly name: string;
  readonly label: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly signOnMode: string | null;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Features beside those that follow from the provisioning switches. */
  readonly features: readonly string[];
  /** How a directory's app users spell the profile keys that Okta's own pages spell in two ways. */
  readonly profileKeys: 'usual' | 'variant';
  /** Null where provisioning is off or the app has no such settings. */
  readonly provisioning: Provisioning | null;
  readonly inbound: InboundSchedule | null;
  /** Ids of the groups that grant the app, by priority. */
  readonly groups: readonly string[];
  readonly created: Instant;
  readonly changed: Instant;
}

export interface GroupRecord {
  readonly id: string;
  readonly kind: 'OKTA_GROUP' | 'APP_GROUP' | 'BUILT_IN';
  readonly name: string;
  readonly description: string | null;
  /** What only a group imported from Active Directory has. */
  readonly directory: DirectoryGroup | null;
  readonly created: Instant;
  readonly changed: Instant;
}

export interface DirectoryGroup {
  /** The AD app it comes from. */
  readonly app: string;
  readonly groupType: 'Security' | 'Distribution';
  readonly groupScope: 'Global' | 'Universal' | 'DomainLocal';
  readonly objectSid: string;
  readonly externalId: string;
  readonly dn: string;
  readonly samAccountName: string;
  readonly domain: string;
}

export interface RuleRecord {
  readonly id: string;
  readonly name: string;
  /** INVALID where it asks for what is not there any more. */
  readonly status: 'ACTIVE' | 'INACTIVE' | 'INVALID';
  readonly expression: string;
  readonly groups: readonly string[];
  readonly excludedUsers: readonly string[];
  readonly created: Instant;
}

/** A type of user, with the attributes that its people's profiles have in Okta. */
export interface UserTypeRecord {
  readonly id: string;
  /** Of the schema, by which it can be read. */
  readonly schema: string;
  readonly name: string;
  readonly isDefault: boolean;
  readonly attributes: readonly ProfileAttribute[];
  readonly created: Instant;
  readonly changed: Instant;
}

export interface ProfileAttribute {
  readonly name: string;
  readonly title: string;
  /** `base`: Okta's own. */
  readonly part: 'base' | 'custom';
  readonly required: boolean;
  /** What people may do with their own. */
  readonly self: 'READ_WRITE' | 'READ_ONLY' | 'HIDE';
  readonly master: 'PROFILE_MASTER' | 'OKTA' | 'OVERRIDE';
  /** The apps that override the profile's source, by priority. */
  readonly apps: readonly string[];
}

export interface MappingRecord {
  readonly id: string;
  readonly source: MappingEnd;
  readonly target: MappingEnd;
  readonly properties: Readonly<
    Record<string, { readonly expression: string; readonly pushStatus: 'PUSH' | 'DONT_PUSH' }>
  >;
}

export interface MappingEnd {
  readonly id: string;
  readonly name: string;
  readonly type: 'user' | 'appuser';
}

/** One line of the System Log. */
export interface EventRecord {
  readonly eventType: string;
  readonly message: string;
  readonly published: Instant;
  readonly result: 'SUCCESS' | 'FAILURE';
  /** Why it failed. */
  readonly reason: string | null;
  readonly actor: { readonly id: string; readonly type: string; readonly name: string };
  /** The same in all events of one cause. */
  readonly transaction: string;
  readonly targets: readonly EventTarget[];
}

export interface EventTarget {
  readonly id: string;
  readonly type: 'AppInstance' | 'User' | 'UserGroup' | 'AppUser';
  readonly name: string;
}
