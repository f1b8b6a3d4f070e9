import { HOUR, type Instant, MINUTE } from '../../../shared/time.ts';
import type { EntraRecord, LicenceRecord } from '../graph/records.ts';
import type { AssignmentRecord, DirectoryRecord, OktaUserRecord } from '../okta/records.ts';

/** What all sides know of one healthy person. */
export interface Basics {
  readonly user: string;
  readonly objectId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly displayName: string;
  readonly userName: string;
  readonly anchor: string;
  readonly employeeId: string | null;
  readonly department: string;
  /** `OU=Sales,OU=People,DC=contoso,DC=com` */
  readonly unit: string;
  readonly samAccountName: string;
  readonly sid: string;
  readonly created: Instant;
  readonly changed: Instant;
  readonly groups: readonly string[];
  /** The group that grants Microsoft 365; null where the assignment is the person's own. */
  readonly grantedBy: string | null;
}

const E3 = '05e9a617-0261-4cee-bb44-138d3ef5d965';
const E5 = '06ebc4ee-1bb5-47dd-8120-11324bc54e06';
export const DIRECT_E3: readonly LicenceRecord[] = [{ skuId: E3, group: null }];
const DIRECT_E5: readonly LicenceRecord[] = [{ skuId: E5, group: null }];

/** Okta's names of licences, and Microsoft's numbers for them. */
export const LICENCE_SKUS: Readonly<Record<string, string>> = { SPE_E3: E3, SPE_E5: E5 };

/** What a person is licensed for: given by Okta and therefore straight in Entra, or by a group in Entra and not in Okta. */
export interface Licensing {
  readonly okta: readonly string[];
  readonly entra: readonly LicenceRecord[];
}

export function licensings(group: string): readonly [Licensing, ...Licensing[]] {
  return [
    { okta: ['SPE_E3'], entra: DIRECT_E3 },
    { okta: ['SPE_E5'], entra: DIRECT_E5 },
    { okta: [], entra: [{ skuId: E3, group }] },
  ];
}

export function oktaUserOf(basics: Basics): OktaUserRecord {
  const { user, userName, firstName, lastName, displayName, employeeId, department, created, changed, groups } = basics;
  return {
    id: user,
    login: userName,
    email: userName,
    firstName,
    lastName,
    displayName,
    employeeNumber: employeeId,
    department,
    status: 'ACTIVE',
    created,
    changed,
    groups,
    adminRoles: [],
  };
}

export function directoryOf(basics: Basics, consistencyGuid: string | null): DirectoryRecord {
  const { user, userName, firstName, lastName, displayName, employeeId, department, created, changed } = basics;
  return {
    user,
    externalId: basics.anchor,
    userName,
    samAccountName: basics.samAccountName,
    mail: userName,
    firstName,
    lastName,
    displayName,
    unit: basics.unit,
    sid: basics.sid,
    employeeId,
    department,
    consistencyGuid,
    status: 'ACTIVE',
    created,
    changed,
  };
}

/** `externalId` is what Okta noted as the account's key: the object id, for nearly everybody. */
export function assignmentOf(
  basics: Basics,
  { okta }: Licensing,
  { externalId, status }: Pick<AssignmentRecord, 'externalId' | 'status'>,
): AssignmentRecord {
  const { user, userName, firstName, lastName, displayName, created, changed, grantedBy } = basics;
  return {
    user,
    userName,
    immutableId: basics.anchor,
    externalId,
    email: userName,
    firstName,
    lastName,
    displayName,
    scope: grantedBy === null ? 'USER' : 'GROUP',
    status,
    syncState: 'SYNCHRONIZED',
    grantedBy,
    licenses: okta,
    roles: [],
    created: created + 5 * MINUTE,
    changed,
  };
}

/** Made by Okta's provisioning, within a day of the person's coming. */
export function entraOf(
  basics: Basics,
  { entra }: Licensing,
  { synced, sid, hours }: { readonly synced: boolean | null; readonly sid: string | null; readonly hours: number },
): EntraRecord {
  const { objectId, userName, firstName, lastName, displayName, employeeId, department, created } = basics;
  return {
    id: objectId,
    kind: 'user',
    userName,
    anchor: basics.anchor,
    displayName,
    givenName: firstName,
    surname: lastName,
    mail: userName,
    enabled: true,
    userType: 'Member',
    employeeId,
    department,
    sid,
    samAccountName: basics.samAccountName,
    synced,
    licenses: entra,
    syncedGroups: [],
    created: created + 10 * MINUTE + hours * HOUR,
    deleted: null,
    extras: null,
  };
}
