import type { AdAccount, Assignment, DeletedUser, Domain, EntraUser } from '../compare/rows.ts';
import type { Mode } from '../plan/policy.ts';
import type { PlannedRepair } from '../plan/plan.ts';
import type { License } from '../ports/entra-repairs.ts';
import type { EntraDetail, Organization, Privilege } from '../ports/entra.ts';
import type { AssignmentDetail, GroupRule } from '../ports/okta-repairs.ts';
import type { Office365App, OktaUser, ProvisioningFeature } from '../ports/okta.ts';
import type { CapabilityRow, Purpose } from '../state/repair-rows.ts';
import type { Instant } from '../time.ts';

/** Both sides as they are now, read singly and fresh, for one repair. */
export interface PreflightFacts {
  readonly repair: PlannedRepair;
  readonly app: Office365App;
  readonly provisioning: ProvisioningFeature;
  readonly user: OktaUser | null;
  /** Accounts of the person in every AD instance, linked or not. */
  readonly directory: readonly AdAccount[];
  readonly assignment: AssignmentDetail | null;
  /** Attributes of the assignment that no mapping fills. */
  readonly unmapped: readonly string[];
  /** The first group that grants the app to the person, with what is known of it; null where the assignment is the person’s own. */
  readonly grant: Grant | null;
  /** Assignments in other Office 365 apps. */
  readonly further: readonly Assignment[];
  readonly groups: readonly string[];
  readonly isAdministrator: boolean;
  readonly entra: EntraDetail | null;
  readonly privileges: readonly Privilege[];
  readonly organization: Organization;
  readonly domains: readonly Domain[];
  /** Where Entra sends the sign-ins of the person's domain; null for a managed domain, or when it does not say. */
  readonly signInHost: string | null;
  /** Accounts, live and deleted, that hold the wanted anchor. */
  readonly holders: readonly EntraUser[];
  /** Object ids of everybody in the same repair: in a ring each holds what another wants. */
  readonly together: readonly string[];
  /** Accounts that have the person’s user name as UPN or as an address. */
  readonly named: readonly EntraUser[];
  readonly licenses: readonly License[];
  readonly deletedHolders: readonly DeletedUser[];
  /** Where the UPN would be parked, and who has that address now; null when nothing is parked. */
  readonly parking: { readonly address: string; readonly holders: readonly EntraUser[] } | null;
  /** What a pilot proved about this tenant; null when there never was one. */
  readonly capability: CapabilityRow | null;
  /** What both tenants have granted us. */
  readonly rights: string;
  readonly purpose: Purpose;
  readonly now: Instant;
}

/** A group that grants Office 365. */
export interface Grant {
  readonly group: string;
  /** Ids of all apps that it grants. */
  readonly apps: readonly string[];
  /** Rules that put people into it. */
  readonly rules: readonly GroupRule[];
  /** The exclusion group grants nothing itself, and no rule but these asks for it: joining it does one thing alone. */
  readonly exclusionIsAlone: boolean;
  /** Other groups that grant the app to the same person. */
  readonly others: readonly string[];
}

export interface PreflightPolicy {
  readonly mode: Mode;
  readonly maxRepairs: number;
  readonly maxPercent: number;
  readonly optedInGroup: string | null;
  readonly protectedGroup: string | null;
  readonly protectedUsers: readonly string[];
  /** Hosts under which people sign in to the configured Okta organisation, lower case. */
  readonly signInHosts: readonly string[];
  /** The source anchor is AD's objectGUID: base64 of 16 bytes, and nothing else. */
  readonly anchorIsGuid: boolean;
  /** The type of provisioning that the organisation says it uses; no API tells. */
  readonly provisioningType: 'licenses' | 'profile' | 'user' | 'universal' | null;
  readonly exclusionGroup: string | null;
  readonly allowResidue: boolean;
}
