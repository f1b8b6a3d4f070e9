import { LICENCE_SKUS } from '../generate/basics.ts';
import {
  DIRECTORY_ROLES,
  type EntraRecord,
  type LicenceRecord,
  NO_EXTRAS,
  type TenantRecord,
} from '../graph/records.ts';
import type { AppRecord, AssignmentRecord } from '../okta/records.ts';

/**
 * The account after a push of the assignment: licences and roles that it has straight in Entra, and not in Okta, are overridden (Okta,
 * Office-365-Roles-are-removed-by-Okta). What groups give stays. With *Update User Attributes* off nothing of both is pushed.
 */
export function pushed(
  account: EntraRecord,
  assignment: AssignmentRecord,
  { provisioning }: AppRecord,
  { syncEnabled }: TenantRecord,
): EntraRecord {
  const present = { ...account, synced: syncEnabled === true ? true : account.synced, enabled: true };
  if (provisioning?.update !== 'ENABLED') return present;
  return withRoles({ ...present, licenses: licencesAfter(account.licenses, assignment.licenses) }, assignment.roles);
}

function licencesAfter(held: readonly LicenceRecord[], named: readonly string[]): readonly LicenceRecord[] {
  const straight = named.flatMap((name): readonly LicenceRecord[] => {
    const skuId = LICENCE_SKUS[name];
    return skuId === undefined ? [] : [{ skuId, group: null }];
  });
  return [...held.filter(({ group }) => group !== null), ...straight];
}

/** `named` has names or template ids; what no tenant has as a role is no role. */
function withRoles(account: EntraRecord, named: readonly string[]): EntraRecord {
  const templates = Object.keys(DIRECTORY_ROLES);
  const roles = named.flatMap(
    (role) => templates.find((template) => template === role || DIRECTORY_ROLES[template] === role) ?? [],
  );
  if (roles.length === 0 && account.extras === null) return account;
  return { ...account, extras: { ...(account.extras ?? NO_EXTRAS), roles } };
}
