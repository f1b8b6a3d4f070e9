import type { Instant } from '../../../shared/time.ts';

export interface TenantRecord {
  readonly id: string;
  readonly displayName: string;
  readonly initialDomain: string;
  /** Whether directory sync is on for the tenant. */
  readonly syncEnabled: boolean | null;
  readonly created: Instant;
}

export interface DomainRecord {
  readonly name: string;
  readonly federated: boolean;
  /** Host to which the sign-ins of a federated domain go; null for a managed one. */
  readonly signInHost: string | null;
  readonly initial: boolean;
  readonly isDefault: boolean;
  readonly verified: boolean;
}

/** A mail in a mailbox of the tenant: a draft, or sent, which is as far as these tenants deliver it. */
export interface FileRecord {
  readonly name: string;
  readonly contentType: string;
  /** In base64. */
  readonly contentBytes: string;
}

export interface MailRecord {
  readonly id: string;
  /** Object id of the account whose mailbox it is. */
  readonly mailbox: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly content: string;
  readonly importance: 'low' | 'normal' | 'high';
  /** The sender's own, by names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly internetMessageId: string;
  readonly attachments: readonly FileRecord[];
  readonly created: Instant;
  /** Null for a draft. */
  readonly sent: Instant | null;
  /** Whether a copy is in Sent Items. */
  readonly kept: boolean;
}

/** Who changed something in Entra: an app by its service principal, or a person. */
export type Actor =
  | { readonly kind: 'app'; readonly principal: string; readonly name: string }
  | { readonly kind: 'user'; readonly id: string; readonly name: string };

/** One change of a user, as the audit log tells it once it has heard of it. */
export interface AuditRecord {
  readonly at: Instant;
  readonly by: Actor;
  readonly target: { readonly id: string; readonly userName: string };
  readonly modified: readonly {
    readonly property: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
}

/** A licence and where it comes from: straight, or by a group. */
export interface LicenceRecord {
  readonly skuId: string;
  readonly group: string | null;
}

/** What few users have. */
export interface EntraExtras {
  readonly restricted: boolean;
  readonly resourceAccount: boolean;
  /** Template ids of the directory roles that the user holds. */
  readonly roles: readonly string[];
  /** Template ids of the roles that the user may take on. */
  readonly eligibleRoles: readonly string[];
  /** Ids of Entra groups that the user is in, direct ones. */
  readonly groups: readonly string[];
  /** Ids of Entra groups that the user owns. */
  readonly owns: readonly string[];
  readonly creationType: string | null;
  readonly externalUserState: string | null;
  /** Every proxy address, where they do not follow from the mail address. */
  readonly proxyAddresses: readonly string[] | null;
  /** When sync last touched a user that it no longer touches. */
  readonly lastSync: Instant | null;
}

export interface EntraRecord {
  readonly id: string;
  readonly kind: 'user' | 'agentUser';
  readonly userName: string;
  readonly anchor: string | null;
  readonly displayName: string;
  readonly givenName: string | null;
  readonly surname: string | null;
  readonly mail: string | null;
  readonly enabled: boolean;
  readonly userType: 'Member' | 'Guest';
  readonly employeeId: string | null;
  readonly department: string | null;
  readonly sid: string | null;
  readonly samAccountName: string | null;
  /** Three states: true synced, false fallen out of sync, null never synced. */
  readonly synced: boolean | null;
  readonly licenses: readonly LicenceRecord[];
  /** Entra groups that sync has put the user in. People with the same groups share one list. */
  readonly syncedGroups: readonly string[];
  readonly created: Instant;
  /** When the user was soft-deleted; null for a live one. */
  readonly deleted: Instant | null;
  readonly extras: EntraExtras | null;
}

export interface EntraGroupRecord {
  readonly id: string;
  readonly displayName: string;
  readonly mail: string | null;
  readonly securityEnabled: boolean;
  readonly assignableToRole: boolean;
  readonly sid: string | null;
  /** Groups that this group is a member of. */
  readonly memberOf: readonly string[];
  /** Template ids of the directory roles that its members hold through it. */
  readonly roles: readonly string[];
}

/** What an account is where nothing else is said: live, and without anchor, mailbox or licence. */
export const BARE_ACCOUNT = {
  kind: 'user',
  anchor: null,
  givenName: null,
  surname: null,
  mail: null,
  enabled: true,
  userType: 'Member',
  employeeId: null,
  department: null,
  sid: null,
  samAccountName: null,
  synced: null,
  licenses: [],
  syncedGroups: [],
  deleted: null,
  extras: null,
} as const satisfies Partial<EntraRecord>;

/** Exchange gives everybody with a mailbox the same name on the tenant's initial domain beside the real address. */
export function proxyAddressesOf(user: EntraRecord, initialDomain: string): readonly string[] {
  if (user.extras?.proxyAddresses !== null && user.extras?.proxyAddresses !== undefined)
    return user.extras.proxyAddresses;
  if (user.mail === null) return [];
  return [`SMTP:${user.mail}`, `smtp:${user.mail.slice(0, user.mail.indexOf('@'))}@${initialDomain}`];
}

/** The user with one more address, beside those that there were. */
function withProxyAddress(user: EntraRecord, name: string, initialDomain: string): EntraRecord {
  const held = proxyAddressesOf(user, initialDomain);
  if (held.some((address) => address.toLowerCase() === `smtp:${name.toLowerCase()}`)) return user;
  return { ...user, extras: { ...(user.extras ?? NO_EXTRAS), proxyAddresses: [...held, `smtp:${name}`] } };
}

/** Exchange keeps every name that a mailbox ever had as an address, and never takes it away. */
export function renamed(user: EntraRecord, userName: string, initialDomain: string): EntraRecord {
  const named = { ...user, userName };
  return user.mail === null ? named : withProxyAddress(named, userName, initialDomain);
}

export const NO_EXTRAS: EntraExtras = {
  restricted: false,
  resourceAccount: false,
  roles: [],
  eligibleRoles: [],
  groups: [],
  owns: [],
  creationType: null,
  externalUserState: null,
  proxyAddresses: null,
  lastSync: null,
};

/** Directory roles by template id. Template ids are the same in every tenant. */
export const DIRECTORY_ROLES: Readonly<Record<string, string>> = {
  '62e90394-69f5-4237-9190-012177145e10': 'Global Administrator',
  '7be44c8a-adaf-4e2a-84d6-ab2649e08a13': 'Privileged Authentication Administrator',
  'fe930be7-5e62-47db-91af-98c3a49a38b1': 'User Administrator',
  '29232cdf-9323-42fd-ade2-1d097af3e4de': 'Exchange Administrator',
  '88d8e3e3-8f55-4a1e-953a-9b9898b8876b': 'Directory Readers',
};
