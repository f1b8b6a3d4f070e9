import type { AdAccount, Assignment } from '../compare/rows.ts';
import type { EditableAttribute } from '../plan/fed-groups.ts';
import type { Instant } from '../time.ts';
import type { GroupRule } from './okta-repairs.ts';

export type { EditableAttribute } from '../plan/fed-groups.ts';

/** Rows at hand, as of a list, or packed until somebody goes through them. */
export interface Rows<Row> extends Iterable<Row> {
  readonly length: number;
}

/** One page of a list. `next` is the opaque cursor of the following page, null at the end. */
export interface Page<Row> {
  readonly rows: Rows<Row>;
  readonly next: string | null;
  /** Rows of the answer that are no people (`agentUser`) and were left out. */
  readonly leftOut: number;
}

export interface OktaApp {
  readonly id: string;
  readonly label: string;
  readonly status: string;
}

/** An instance of Active Directory. */
export interface OktaDirectory extends OktaApp {
  /** Whether its people's profiles in Okta come from it (`PROFILE_MASTERING` of the app's `features`). */
  readonly isProfileSource: boolean;
}

/** The Office 365 app as far as the scan and the preflight look at it. */
export interface Office365App extends OktaApp {
  /** The domains that its settings name, or that the organisation names in their place; they must be domains of the Graph tenant. */
  readonly domains: readonly string[];
  /** `features` of the app: PUSH_NEW_USERS, PUSH_PROFILE_UPDATES, PUSH_USER_DEACTIVATION, IMPORT_NEW_USERS … */
  readonly features: readonly string[];
}

export interface OktaApps {
  readonly directories: readonly OktaDirectory[];
  readonly office365: Office365App;
  /** Other active Office 365 apps: a person assigned in two of them is pushed by both. */
  readonly otherOffice365: readonly OktaApp[];
}

/** Where Okta computes the Immutable ID from. */
export interface AnchorMapping {
  /** The expression as the organisation wrote it; null when no mapping for the anchor was found. */
  readonly expression: string | null;
  /** True when it is Okta's default, `hasDirectoryUser()?findDirectoryUser().externalId:null`. */
  readonly isDefault: boolean;
}

export interface ProvisioningFeature {
  /** *Deactivate Users*: `capabilities.update.lifecycleDeactivate.status`, null when provisioning is off. */
  readonly deactivateUsers: 'ENABLED' | 'DISABLED' | null;
  /** Import schedule from Office 365 into Okta, as Okta words it; null when there is none. */
  readonly importSchedule: string | null;
  /** When that import runs next; null when there is none, `unknown` when there is a schedule that cannot be read. */
  readonly nextImport: Instant | 'unknown' | null;
}

export interface AdImport {
  readonly began: Instant;
  readonly ended: Instant;
}

export interface OktaUser {
  readonly id: string;
  readonly login: string;
  readonly status: string;
  readonly created: Instant | null;
  /** When they last signed in to Okta; null for never. */
  readonly lastLogin: Instant | null;
}

/** What the scan and the preflight read of Okta. Every read is uncached. Throws AnchorwatchError. */
export interface OktaReader {
  apps(): Promise<OktaApps>;
  directoryPage(instance: string, cursor: string | null, signal: AbortSignal): Promise<Page<AdAccount>>;
  assignmentPage(app: string, cursor: string | null, signal: AbortSignal): Promise<Page<Assignment>>;
  anchorMapping(app: string): Promise<AnchorMapping>;
  provisioning(app: string): Promise<ProvisioningFeature>;
  /** The newest successful import of that AD instance since `since`, by the System Log; null when there was none. */
  lastImport(instance: string, since: Instant): Promise<AdImport | null>;
  directoryAccount(instance: string, user: string): Promise<AdAccount | null>;
  assignment(app: string, user: string): Promise<Assignment | null>;
  /** Assignments whose user name is exactly this one, without regard to case. */
  assignmentsNamed(app: string, userName: string): Promise<readonly Assignment[]>;
  user(id: string, signal?: AbortSignal): Promise<OktaUser | null>;
  /** Ids of the Okta groups the user is in. */
  groupsOf(user: string): Promise<readonly string[]>;
  /** Okta user ids of the members of an Okta group, by the group's id. */
  groupMembers(group: string): Promise<readonly string[]>;
  /** Group rules that put people into one of these groups, whatever their status. */
  rulesFeeding(groups: readonly string[], signal: AbortSignal): Promise<readonly GroupRule[]>;
  /**
   * Attributes of their own profile that people may write, by the schemas of every user type that is mapped to the app (Okta's OpenAPI,
   * UserSchema: permission READ_WRITE for SELF). Those whose source is an app alone (`OVERRIDE`) are nobody's to write. The only read that
   * needs the scope `okta.schemas.read`: throws `denied` where it was not granted.
   */
  editableAttributes(app: string, signal: AbortSignal): Promise<readonly EditableAttribute[]>;
  /** True when the user holds an Okta administrator role, or when that cannot be read. */
  isAdministrator(user: string): Promise<boolean>;
}
