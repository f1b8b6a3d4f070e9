import { partRolls } from '../../shared/compare/crowd.ts';
import type { AdAccount } from '../../shared/compare/rows.ts';
import { ABSENCE_LIMITS } from '../../shared/rosters/limits.ts';
import { memoryPageStore } from '../../shared/rosters/memory.ts';
import { refuteAbsences } from '../../shared/rosters/refute.ts';
import { DAY, type Instant } from '../../shared/time.ts';
import { readersOf } from './readers.ts';
import { load, readSlice } from './run.ts';
import { adAccount, instanceOf, NOW, oktaId, PLAN, type Tenant, tenantOf } from './tenant.ts';

/** Reads a tenant, then changes it (as if the read had missed what is added), then asks. */
export async function refuteAfter(
  change: (tenant: Tenant) => void,
  before: (tenant: Tenant) => void = () => undefined,
) {
  const tenant = tenantOf(30);
  before(tenant);
  const asked: string[] = [];
  const named: string[] = [];
  const readers = readersOf(tenant, { pageSize: 10 });
  const store = memoryPageStore();
  await readSlice(readers, store);
  change(tenant);
  const { rolls, certificates } = await load(store);
  const okta = {
    ...readers.okta,
    directoryAccount: (instance: string, user: string) => {
      asked.push(user);
      return readers.okta.directoryAccount(instance, user);
    },
  };
  const entra = {
    ...readers.entra,
    usersByAddress: (address: string) => {
      named.push(address);
      return readers.entra.usersByAddress(address);
    },
  };
  function refute(salt = 'run-1', sample = ABSENCE_LIMITS.sample, keep = async () => undefined) {
    const limits = { ...ABSENCE_LIMITS, sample };
    return refuteAbsences(PLAN, rolls, partRolls(rolls, null), certificates, { okta, entra }, { salt, limits, keep });
  }
  return { outcome: await refute(), refute, asked, named };
}

export const LONG_AGO = NOW - 300 * DAY;

export function addAd(tenant: Tenant, number: number, created: Instant | null, change: Partial<AdAccount> = {}): void {
  tenant.directories.get(instanceOf(number))!.set(oktaId(number), { ...adAccount(number), created, ...change });
}

export function removeAd(tenant: Tenant, number: number): void {
  tenant.directories.get(instanceOf(number))!.delete(oktaId(number));
}
