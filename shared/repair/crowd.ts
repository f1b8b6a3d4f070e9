import type { HoldMemberRow, HoldRow } from '../state/repair-rows.ts';
import type { RepairTools } from './tools.ts';

/**
 * Whether as many people wait for their turn in an open hold as may be out at a time: then nobody further need be looked at yet. What is
 * read hours before it is needed is read twice, and would keep workers and Okta's bucket from those who are out. A hold by hand waits
 * for a person, and crowds nobody.
 */
export async function isCrowded({ state, repair }: Pick<RepairTools, 'state' | 'repair'>): Promise<boolean> {
  const holds: HoldRow[] = [];
  const waiting: HoldMemberRow[] = [];
  for await (const { row } of state.holds.list('hold')) {
    if (row.kind === 'member' && row.unassigned === null) waiting.push(row);
    if (row.kind === 'hold' && row.state === 'open' && row.broken === null && !row.byHand) holds.push(row);
  }
  return holds.some(({ app, opened }) => {
    const here = waiting.filter((member) => member.app === app && member.opened === opened);
    return here.length >= repair.unsettled;
  });
}
