import { type Instant, isoTime } from '../../../shared/time.ts';
import { LICENCE_SKUS } from '../generate/basics.ts';
import type { TenantRecord } from './records.ts';

interface Plan {
  readonly servicePlanId: string;
  readonly servicePlanName: string;
  /** What `assignedPlans` calls the service. */
  readonly service: string;
}

/** With nearly every licence; it gives nobody a mailbox. */
const FOUNDATION: Plan = {
  servicePlanId: '113feb6c-3fe4-4440-bddc-54d774bf0318',
  servicePlanName: 'EXCHANGE_S_FOUNDATION',
  service: 'exchange',
};
const MAILBOX: Plan = {
  servicePlanId: 'efb87545-963c-4e0d-99df-69c6916d9eb0',
  servicePlanName: 'EXCHANGE_S_ENTERPRISE',
  service: 'exchange',
};
const TEAMS: Plan = {
  servicePlanId: '57ff2da0-773e-42df-b2af-ffb7a2317929',
  servicePlanName: 'TEAMS1',
  service: 'TeamspaceAPI',
};

function plansIn(skuId: string): readonly Plan[] {
  return Object.values(LICENCE_SKUS).includes(skuId) ? [MAILBOX, TEAMS] : [FOUNDATION];
}

/** What a licence adds to somebody's `assignedPlans`. */
export function plansOf(skuId: string, since: Instant) {
  return plansIn(skuId).map(({ servicePlanId, service }) => ({
    assignedDateTime: isoTime(since),
    capabilityStatus: 'Enabled',
    service,
    servicePlanId,
  }));
}

/** The licences that the company has bought. */
export function skusOf(tenant: TenantRecord): readonly Readonly<Record<string, unknown>>[] {
  return Object.entries(LICENCE_SKUS).map(([skuPartNumber, skuId]) => ({
    id: `${tenant.id}_${skuId}`,
    skuId,
    skuPartNumber,
    accountId: tenant.id,
    accountName: tenant.displayName,
    appliesTo: 'User',
    capabilityStatus: 'Enabled',
    consumedUnits: 0,
    prepaidUnits: { enabled: 1_000_000, suspended: 0, warning: 0, lockedOut: 0 },
    servicePlans: plansIn(skuId).map(({ servicePlanId, servicePlanName }) => ({
      servicePlanId,
      servicePlanName,
      provisioningStatus: 'Success',
      appliesTo: 'User',
    })),
    subscriptionIds: [],
  }));
}
