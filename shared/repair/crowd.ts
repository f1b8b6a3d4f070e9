import type { HoldMemberRow, HoldRow } from '../state/hold-rows.ts';
import { knownWait } from './jobs.ts';
import type { RepairTimes, RepairTools } from './tools.ts';
import type { Instant } from '../time.ts';

/**
 * Whether as many people wait for their turn in an open hold as may be out at a time: then nobody further need be looked at yet. What is
 * read hours before it is needed is read twice, and would keep workers and Okta's bucket from those who are out. A hold by hand waits for a
 * person, and crowds nobody.
 */
export async function isCrowded({
  state,
  clock,
  repair,
}: Pick<RepairTools, 'state' | 'clock' | 'repair'>): Promise<boolean> {
  const holds: HoldRow[] = [];
  const waiting: HoldMemberRow[] = [];
  for await (const { row } of state.holds.list('hold')) {
    if (row.kind === 'member' && row.unassigned === null) waiting.push(row);
    if (row.kind === 'hold' && row.state === 'open' && row.broken === null && !row.byHand) holds.push(row);
  }
  const now = clock.now();
  return holds.some((hold) => {
    const here = waiting.filter(({ app, opened }) => app === hold.app && opened === hold.opened);
    // While the first person is out alone there is time to look at all whom the hold takes.
    const most = hold.firstIntact === null ? Math.max(repair.unsettled, repair.wave) : repair.unsettled;
    return here.length >= most && !isPause(hold, now, repair.times);
  });
}

/** A group job is waited for, and all are back: nobody can have the turn, and whoever comes next can be looked at. */
function isPause({ opened, lastUnassigned, jobs }: HoldRow, now: Instant, times: RepairTimes): boolean {
  const isBack = now - (lastUnassigned ?? opened) > times.parked;
  return isBack && knownWait(jobs, now, times) > 0;
}
