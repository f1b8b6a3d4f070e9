import { lapseOf, rightsOf, setupOf } from '../../repair/capability.ts';
import { capabilityOf } from '../../repair/look.ts';
import type { CapabilityRow } from '../../state/repair-rows.ts';
import { policyOf } from '../first-step.ts';
import type { RepairFlowTools } from '../repair.ts';

/** What a pilot has proven of this tenant and app, and why that is not believed any more, if it is not. */
export async function provenOf(
  tools: RepairFlowTools,
): Promise<{ readonly row: CapabilityRow | null; readonly lapse: string | null }> {
  const { office365 } = await tools.okta.apps();
  const { id } = await tools.entra.organization();
  const row = await capabilityOf(id, office365.id, tools.state);
  if (row === null) return { row, lapse: null };
  const today = {
    now: tools.clock.now(),
    rights: await rightsOf(tools),
    setup: setupOf(office365, policyOf(tools)),
  };
  return { row, lapse: lapseOf(row, today) };
}
