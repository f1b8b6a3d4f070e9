import type { Window } from './window.ts';
import type { TIMES } from './settings/repair.ts';

/** Everything that is configured, read and checked. Durations in milliseconds. */
export interface Config {
  readonly mode: Mode;
  /** Six fields, seconds first. */
  readonly schedule: string;
  readonly okta: OktaConfig;
  readonly entra: EntraConfig;
  readonly storage: StorageConfig;
  readonly scan: ScanConfig;
  readonly certificate: CertificateConfig;
  readonly causes: CausesConfig;
  readonly policy: PolicyConfig;
  readonly repair: RepairConfig;
  readonly tend: TendConfig;
  readonly telling: TellingConfig;
}

/** What is needed to read the two tenants; nothing is stored. */
export type TenantConfig = Omit<Config, 'storage'>;

/** What is needed to lead a repair: where it is kept, and how it is carried out. */
export type DeskConfig = Pick<Config, 'storage' | 'repair'>;

/** What is needed to send something through every channel. */
export type ChannelsConfig = Pick<Config, 'entra' | 'telling'>;

/** What needs neither tenant nor storage. */
export type LimitsConfig = Pick<Config, 'scan' | 'certificate' | 'causes'>;

export type Mode = 'observe' | 'propose' | 'remediate';

export interface OktaConfig {
  /** Without a slash at the end. */
  readonly url: string;
  readonly credential: OktaCredential;
  /** Id or label of the Office 365 app; null: there is only one. */
  readonly office365App: string | null;
  /** Domains of the Office 365 app, lower case; empty: those that the app names. */
  readonly appDomains: readonly string[];
  /** Ids or labels of the AD instances; empty: all that are active. */
  readonly directories: readonly string[];
  /** Attribute of the AD app user that holds the source anchor. */
  readonly anchorAttribute: string;
  /** Hosts under which people sign in to this organisation, lower case; the address's own is the first. */
  readonly signInHosts: readonly string[];
}

export type OktaCredential =
  | { readonly kind: 'private-key'; readonly clientId: string; readonly privateKey: string; readonly keyId?: string }
  | { readonly kind: 'ssws'; readonly token: string };

export interface EntraConfig {
  /** Without a slash at the end and without the API's version. */
  readonly graphUrl: string;
  readonly authorityHost: string;
  /** Null only where the credential brings its own tenant. */
  readonly tenantId: string | null;
  readonly credential: EntraCredential;
}

export type EntraCredential =
  | { readonly kind: 'managed-identity'; readonly clientId?: string }
  | {
      readonly kind: 'client-secret';
      readonly tenantId: string;
      readonly clientId: string;
      readonly secret: string;
      readonly authorityHost: string;
    }
  | {
      readonly kind: 'client-certificate';
      readonly tenantId: string;
      readonly clientId: string;
      readonly authorityHost: string;
      /** Path of a PEM file with certificate and private key. */
      readonly certificate: { readonly path: string };
    }
  | { readonly kind: 'azure-cli'; readonly tenantId?: string };

export type StorageConfig =
  | { readonly kind: 'connection-string'; readonly connectionString: string }
  | {
      readonly kind: 'identity';
      readonly tableServiceUri: string;
      readonly queueServiceUri: string;
      readonly clientId?: string;
    };

export interface ScanConfig {
  /** How long one call works before it leaves the rest to the next. */
  readonly budget: number;
  /** Share of the other side's rate limit that a scan takes, above 0 up to 1. */
  readonly rateShare: number;
  /** New findings that one run reads again, at most. */
  readonly confirmLimit: number;
}

/** When a read is not believed. Shares from 0 to 1. */
export interface CertificateConfig {
  /** Rows by which a list may miss the counts. */
  readonly rows: number;
  /** The same as a share of the list; the larger of the two counts. */
  readonly share: number;
  readonly shrink: number;
  readonly fill: number;
  /** How old the newest import of an AD instance may be. */
  readonly sourceAge: number;
}

/** When many findings are taken for one cause: both must be reached. */
export interface CausesConfig {
  readonly people: number;
  readonly percent: number;
}

export interface PolicyConfig {
  /** Okta group; never null in mode remediate. */
  readonly optedInGroup: string | null;
  readonly protectedGroup: string | null;
  /** The account that Okta's app uses and the mailbox that tells people are among them. */
  readonly protectedUsers: readonly string[];
  readonly maxRepairs: number;
  readonly maxPercent: number;
  /** Milliseconds for which a proposal can be approved, and what was approved may begin. */
  readonly approvalFor: number;
  /** Milliseconds for which nobody is repaired after a repair that failed. */
  readonly coolDown: number;
  /** When repairs may begin; null: at any time. */
  readonly window: Window | null;
  readonly timeZone: string;
  readonly parkDomain: string | null;
  readonly provisioningType: ProvisioningType | null;
}

/** How repairs are carried out; what each time is for stands with its setting. All times in milliseconds. */
export interface RepairConfig {
  readonly times: Readonly<Record<keyof typeof TIMES, number>>;
  readonly attempts: number;
  readonly unsettled: number;
  readonly wave: number;
  readonly exclusionGroup: string | null;
  readonly allowResidue: boolean;
  readonly directoryGroups: 'operator' | 'directories-api';
}

/** What `tend` does beside the repairs. */
export interface TendConfig {
  /** After which it is missed. */
  readonly late: number;
  /** From one of its longer rounds to the next. */
  readonly sweep: number;
  readonly retention: number;
}

/** Whom a mail is for: what is only worth reading, what somebody has to decide, and what cannot wait. */
export type Audience = 'digest' | 'decisions' | 'alarms';

/** Who is told, and how; a channel that is not set is null. */
export interface TellingConfig {
  readonly mail: MailConfig | null;
  /** Lets in whoever knows it. */
  readonly teams: { readonly url: string } | null;
  readonly webhook: { readonly url: string; readonly secret: string } | null;
  /** Without a slash at the end. */
  readonly pageUrl: string | null;
  /** For subjects. */
  readonly tenantName: string | null;
  /** How often a channel is tried for one notice. */
  readonly attempts: number;
}

export interface MailConfig {
  /** User principal name of the mailbox. */
  readonly from: string;
  /** At least one for each. */
  readonly to: Readonly<Record<Audience, readonly string[]>>;
  /** The mailbox may be read: a mail is made as a draft first, and looked up before it is sent again. */
  readonly drafts: boolean;
}

export type ProvisioningType = 'licenses' | 'profile' | 'user' | 'universal';
