import { canonical } from '../canonical.ts';
import type { Office365App } from '../ports/okta.ts';
import type { CapabilityRow } from '../state/repair-rows.ts';
import { DAY, type Instant } from '../time.ts';
import type { PreflightPolicy } from './facts.ts';
import type { RepairTools } from './tools.ts';

/** What a pilot proved is believed for so long; tenants change without a word. */
const BELIEVED = 90 * DAY;

/** Under which rights something is proven: with others both tenants may answer otherwise. */
export async function rightsOf({ okta, entra }: Pick<RepairTools, 'okta' | 'entra'>): Promise<string> {
  const [inOkta, inEntra] = await Promise.all([okta.rights(), entra.rights()]);
  return canonical({ okta: [...inOkta].sort(), entra: [...inEntra].sort() });
}

/** The app as it provisions: its features, but for the one that a hold moves, and the type that the organisation says it uses. */
export function setupOf(
  { features }: Pick<Office365App, 'features'>,
  { provisioningType }: Pick<PreflightPolicy, 'provisioningType'>,
): string {
  return canonical({ features: features.filter((one) => one !== 'PUSH_USER_DEACTIVATION').sort(), provisioningType });
}

/** Why what a pilot proved is not believed any more; null when it is. */
export function lapseOf(
  { proven, rights, setup }: CapabilityRow,
  today: { readonly now: Instant; readonly rights: string; readonly setup: string },
): string | null {
  if (today.now - proven >= BELIEVED) return 'it is older than 90 days';
  if (rights !== today.rights) return 'other rights are granted than then';
  return setup === today.setup ? null : 'the app provisions otherwise than then';
}
