import { anchorValue } from '../anchor/value.ts';
import type { DeletedUser, EntraUser } from '../compare/rows.ts';
import type { EntraDetail } from '../ports/entra.ts';
import { parseTime, type Instant } from '../time.ts';
import type { Deleted, Detail, User } from './schemas.ts';

export function entraUser(row: User): EntraUser {
  return {
    id: row.id,
    userName: row.userPrincipalName,
    anchor: anchorValue(row.onPremisesImmutableId),
    displayName: row.displayName ?? null,
    mail: row.mail ?? null,
    enabled: row.accountEnabled === true,
    licensed: row.assignedLicenses.length > 0,
    userType: row.userType ?? null,
    creationType: row.creationType ?? null,
    externalUserState: row.externalUserState ?? null,
    employeeId: row.employeeId ?? null,
    sid: row.onPremisesSecurityIdentifier ?? null,
    synced: row.onPremisesSyncEnabled,
    lastSync: instantOf(row.onPremisesLastSyncDateTime),
    created: instantOf(row.createdDateTime),
  };
}

/** Graph answers null, not false, where nothing was ever set: an ordinary user is neither restricted nor a resource. */
export function entraDetail(row: Detail): EntraDetail {
  return {
    ...entraUser(row),
    proxyAddresses: row.proxyAddresses,
    licenses: row.assignedLicenses.map((license) => license.skuId),
    restricted: row.isManagementRestricted === true,
    resourceAccount: row.isResourceAccount === true,
  };
}

export function deletedUser(row: Deleted): DeletedUser {
  return {
    id: row.id,
    userName: row.userPrincipalName,
    anchor: anchorValue(row.onPremisesImmutableId),
    deleted: instantOf(row.deletedDateTime),
  };
}

function instantOf(text: string | null | undefined): Instant | null {
  return typeof text === 'string' ? parseTime(text) : null;
}
