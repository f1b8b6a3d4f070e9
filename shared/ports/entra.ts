import type { DeletedUser, Domain, EntraUser, Holdings, SignIn } from '../compare/rows.ts';
import type { Instant } from '../time.ts';
import type { Page } from './okta.ts';

export interface Organization {
  readonly id: string;
  readonly displayName: string;
  /** Whether directory sync is switched on for the tenant; null when Entra says nothing. */
  readonly syncEnabled: boolean | null;
}

/** An Entra user read singly, with what only the preflight needs. */
export interface EntraDetail extends EntraUser {
  readonly proxyAddresses: readonly string[];
  /** Sku ids. */
  readonly licenses: readonly string[];
  /** Member of a restricted management administrative unit. */
  readonly restricted: boolean;
  readonly resourceAccount: boolean;
}

/** Why a user counts as privileged; `unknown` when a look-up was denied, which counts as privileged. */
export interface Privilege {
  readonly kind: 'directory-role' | 'role-assignable-group' | 'eligible-role' | 'unknown';
  readonly name: string;
}

/** What the tenant tells this app of nobody: `right` AuditLog.Read.All is not granted, `licence` it has no Entra ID P1. */
export type Withheld = 'right' | 'licence';

/** What only some tenants tell, and to some apps. */
export type Told<Value> = { readonly told: Value } | { readonly withheld: Withheld };

/** A change of an account's anchor. `by` is null where Entra names nobody. */
export interface AnchorChange {
  readonly at: Instant;
  readonly by: { readonly kind: 'app' | 'user'; readonly name: string } | null;
}

/** What the scan and the preflight read of Entra ID. Throws AnchorwatchError. */
export interface EntraReader {
  usersPage(cursor: string | null, signal: AbortSignal): Promise<Page<EntraUser>>;
  deletedPage(cursor: string | null, signal: AbortSignal): Promise<Page<DeletedUser>>;
  /** `/users/$count`, asked beside the list; eventually consistent. */
  userCount(): Promise<number>;
  /** The same of the soft-deleted; null where the tenant gives no such count. */
  deletedCount(): Promise<number | null>;
  domains(): Promise<readonly Domain[]>;
  organization(): Promise<Organization>;
  /** The host to which Entra sends the sign-ins of a federated domain, lower case; null when it names none. */
  signInHost(domain: string): Promise<string | null>;
  user(id: string): Promise<EntraDetail | null>;
  usersByAnchor(anchor: string): Promise<readonly EntraUser[]>;
  deletedByAnchor(anchor: string): Promise<readonly DeletedUser[]>;
  /** Users that hold this address as UPN or as a proxy address. */
  usersByAddress(address: string): Promise<readonly EntraUser[]>;
  /** Users whose UPN is on this very domain, guests among them; from an index that lags. */
  usersOnDomain(domain: string): Promise<readonly EntraUser[]>;
  privileges(id: string): Promise<readonly Privilege[]>;
  /** Null for whoever never signed in. What is said of nobody is no error; it is not tried for long, as all that follows. */
  lastSignIn(id: string, signal?: AbortSignal): Promise<Told<SignIn | null>>;
  holdings(id: string, signal?: AbortSignal): Promise<Holdings>;
  /** `skuPartNumber` by sku id, of every licence that the tenant has bought. */
  licenseNames(signal?: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /**
   * The newest change of the account's anchor since then that was not this app's own, by the audit log; null where that has none, or not
   * yet: it is minutes late.
   */
  anchorChange(id: string, since: Instant, signal?: AbortSignal): Promise<Told<AnchorChange | null>>;
}
