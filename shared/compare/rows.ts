import type { AnchorValue } from '../anchor/value.ts';
import type { Instant } from '../time.ts';

/** One Active Directory account as Okta's AD app user holds it. One person may have several, one an instance. */
export interface AdAccount {
  /** Okta user id, `00u…` */
  readonly user: string;
  /** Id of the AD app instance in Okta, `0oa…` */
  readonly instance: string;
  /** A: the source anchor, from `externalId` or from the configured AD attribute. */
  readonly anchor: AnchorValue;
  /** AD's userPrincipalName. */
  readonly userName: string | null;
  readonly samAccountName: string | null;
  readonly mail: string | null;
  /** Distinguished name; its OU is one of the places where a mass cause shows. */
  readonly dn: string | null;
  readonly sid: string | null;
  readonly employeeId: string | null;
  /** Other attributes that an organisation may have used as the anchor, by name: exact text. */
  readonly others: Readonly<Record<string, string>>;
  /** Status of the app user: ACTIVE, STAGED, SUSPENDED … */
  readonly status: string;
  readonly created: Instant | null;
}

/** One assignment of the Office 365 app. */
export interface Assignment {
  readonly user: string;
  readonly app: string;
  /** `credentials.userName`: the UPN that Okta pushes, and the name by which it finds the Entra account. */
  readonly userName: string | null;
  /** O: Okta's copy, `profile.immutableId`. */
  readonly anchor: AnchorValue;
  /** Whatever Okta recorded as the account's key in Microsoft 365; the object id only where measured to be so. */
  readonly externalId: string | null;
  readonly scope: 'USER' | 'GROUP' | null;
  readonly status: string;
  readonly syncState: string | null;
  readonly created: Instant | null;
}

/** One Entra user. */
export interface EntraUser {
  /** Object id. */
  readonly id: string;
  readonly userName: string;
  /** E: the Immutable ID. */
  readonly anchor: AnchorValue;
  readonly displayName: string | null;
  readonly mail: string | null;
  readonly enabled: boolean;
  readonly licensed: boolean;
  readonly userType: string | null;
  readonly creationType: string | null;
  readonly externalUserState: string | null;
  readonly employeeId: string | null;
  readonly sid: string | null;
  /** Three states: true synced; false fell out of sync; null never synced. Never coerce to a boolean. */
  readonly synced: boolean | null;
  readonly lastSync: Instant | null;
  readonly created: Instant | null;
}

/** When somebody was last seen at Entra's door. `attempt`: Entra says of this one only that it was tried. */
export interface SignIn {
  readonly at: Instant;
  readonly attempt: boolean;
}

/** What an account was given. */
export interface Holdings {
  /** Sku ids. */
  readonly licenses: readonly string[];
  /** Whether an Exchange plan that comes with a mailbox is in force: so say the licences, and Exchange itself was not asked. */
  readonly mailbox: boolean;
}

/** One soft-deleted Entra user: kept 30 days, and still holding its anchor. */
export interface DeletedUser {
  readonly id: string;
  readonly userName: string;
  readonly anchor: AnchorValue;
  readonly deleted: Instant | null;
}

export interface Domain {
  readonly name: string;
  readonly federated: boolean;
  readonly initial: boolean;
  readonly verified: boolean;
}

/** Everything one run read, complete by its certificates. */
export interface Rosters {
  readonly ad: readonly AdAccount[];
  readonly assignments: readonly Assignment[];
  readonly entra: readonly EntraUser[];
  readonly deleted: readonly DeletedUser[];
  readonly domains: readonly Domain[];
}
