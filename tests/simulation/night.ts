import { findingOf, seenOf } from '../../cli/mail/sample-people.ts';
import { runOf } from '../../cli/mail/sample-run.ts';
import { kindOf } from '../../shared/errors.ts';
import { approve, reject } from '../../shared/flows/approve.ts';
import { type Decision, proposals } from '../../shared/flows/proposals.ts';
import type { RepairFlowTools } from '../../shared/flows/repair.ts';
import { findRun } from '../../shared/flows/run.ts';
import { tellAlarms } from '../../shared/flows/scan/alarms.ts';
import { conclude } from '../../shared/flows/scan/conclude.ts';
import { lookBack } from '../../shared/flows/scan/past.ts';
import { propose } from '../../shared/flows/scan/propose.ts';
import { writeFindings } from '../../shared/flows/scan/snapshot.ts';
import type { Freeze } from '../../shared/plan/policy.ts';
import type { PlannedRepair } from '../../shared/plan/plan.ts';
import type { RunRow, RunSummary, SeenFinding } from '../../shared/state/rows.ts';
import { START } from '../world/callers.ts';

// The end of a scan, and what people decide on it.

const FREEZE: Freeze = { rule: 'over-limit', reason: 'there are more repairs than the limit of a night' };

function seenIn(repairs: readonly (readonly PlannedRepair[])[]): readonly SeenFinding[] {
  return repairs.flat().map(({ key, user, objectId, userName, before }, at) => {
    const finding = findingOf(at, userName, { key, user, objectId, ...before });
    return seenOf(finding, { firstSeen: START, hold: FREEZE });
  });
}

export function summaryOf(seen: readonly SeenFinding[], freeze: Freeze | null): RunSummary {
  const { summary } = runOf(seen, { freeze });
  if (summary === null) throw new Error('A good run has a summary.');
  return summary;
}

/** As a scan ends whose plan froze: what it found is put down, proposed, and told of. Whoever says it again goes on, as the scan does. */
export async function endFrozen(
  run: RunRow['id'],
  repairs: readonly (readonly PlannedRepair[])[],
  tools: RepairFlowTools,
): Promise<void> {
  const stored = await findRun(tools.state, run);
  if (stored === null || stored.row.state !== 'reading') return;
  const seen = seenIn(repairs);
  await writeFindings(run, seen, tools);
  const past = await lookBack(stored.row, tools);
  await tellAlarms(stored.row, seen, past, tools);
  const release = { queue: [], held: [], proposed: repairs.flat(), freeze: FREEZE };
  await propose(stored.row, release, [], ({ why, members }) => ({ why, members, sides: [] }), past, tools);
  await conclude(stored, [], summaryOf(seen, FREEZE), seen, tools);
}

/** Somebody decides on the newest proposal, on all of it or on some. What is over is refused, and that is that. */
export async function decide(
  what: 'approve' | 'reject',
  people: Decision['people'],
  tools: RepairFlowTools,
): Promise<void> {
  const [newest] = await proposals(tools);
  if (newest === undefined) throw new Error('Nothing was ever proposed.');
  const decision = { checksum: newest.row.checksum, people, by: what === 'approve' ? 'ada' : 'bob' };
  try {
    await (what === 'approve' ? approve(decision, tools) : reject(decision, tools));
  } catch (error) {
    if (kindOf(error) !== 'invalid') throw error;
  }
}
