import type { Instant } from '../../../shared/time.ts';
import type { DomainRecord, EntraGroupRecord, TenantRecord } from '../graph/records.ts';
import type { AppRecord, GroupRecord, MappingRecord, OrgRecord, RuleRecord, UserTypeRecord } from '../okta/records.ts';

/** One Active Directory domain of the company. */
export interface DirectoryPlan {
  /** `contoso.com` */
  readonly name: string;
  /** Share of the people whose account is here; the shares of all directories make 1. */
  readonly share: number;
}

export interface CompanyPlan {
  readonly seed: string;
  readonly start: Instant;
  readonly directories: readonly DirectoryPlan[];
  readonly office365Apps: number;
  /** Whether directory sync is on for the tenant; null where it never was. */
  readonly syncEnabled: boolean | null;
  readonly anchorExpression: string;
}

export interface Directory extends DirectoryPlan {
  readonly app: string;
  /** `DC=contoso,DC=com` */
  readonly root: string;
  /** `S-1-5-21-…`, without the last part. */
  readonly sid: string;
  /** Security and distribution group of each department, by department. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

/** The company without its people: apps, groups, rules, mappings and domains. */
export interface Company {
  readonly org: OrgRecord;
  readonly tenant: TenantRecord;
  readonly directories: readonly [Directory, ...Directory[]];
  /** The Office 365 app that people are assigned, then any further active ones. */
  readonly office365: readonly [string, ...string[]];
  /** An app of a migration long past: INACTIVE, and still there. */
  readonly inactiveOffice365: string;
  readonly groups: Readonly<Record<'everyone' | 'granting' | 'optIn' | 'exclusion', string>>;
  readonly entraGroups: Readonly<Record<'licensing' | 'roleAssignable' | 'nested', string>>;
  readonly records: {
    readonly apps: readonly AppRecord[];
    readonly groups: readonly GroupRecord[];
    readonly rules: readonly RuleRecord[];
    readonly userTypes: readonly UserTypeRecord[];
    readonly mappings: readonly MappingRecord[];
    readonly domains: readonly DomainRecord[];
    readonly entraGroups: readonly EntraGroupRecord[];
  };
}

/** The organisation's custom domain in Okta, which is where Entra sends its people. */
export const SIGN_IN_HOST = 'login.contoso.com';

export const DOMAINS = {
  main: 'contoso.com',
  /** Federated, but not among the Office 365 app's domains. */
  foreign: 'fabrikam.com',
  managed: 'contoso-labs.com',
  initial: 'contoso.onmicrosoft.com',
} as const;
