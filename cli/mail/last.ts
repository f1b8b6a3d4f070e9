import { nextScheduled } from '../../shared/config/schedule.ts';
import { goodRunsBefore } from '../../shared/flows/run.ts';
import { planOf, unassignedSince } from '../../shared/flows/tend/digest.ts';
import { readFindings } from '../../shared/flows/scan/snapshot.ts';
import type { DigestInput } from '../../shared/notify/digest.ts';
import { personPartition } from '../../shared/state/keys.ts';
import type { RunRow, SeenFinding } from '../../shared/state/rows.ts';
import { type History, lastRuns, viewOf } from '../history.ts';

/** What a digest of the last run would be made from, had the last one been made after the good run before it. Reads, and writes nothing. */
export async function lastInput(tenant: string, schedule: string, history: History): Promise<DigestInput> {
  const [last] = await lastRuns(history, 1);
  const { run, seen, checked, repairs, baseline } = await viewOf(last, history);
  const [before] = await goodRunsBefore(history.state, run.scheduled, 1);
  const now = history.clock.now();
  return {
    run,
    seen,
    checked: checked === null ? null : { id: checked },
    closed: run.state === 'good' && before !== undefined ? await closedSince(before, run, seen, history) : [],
    repairs,
    plan: await planOf(run, history),
    unassigned: await unassignedSince(before?.ended ?? run.scheduled, repairs, history),
    baseline,
    tenant,
    pageUrl: null,
    recipients: 'This is a preview, and was sent to nobody.',
    nextRun: nextScheduled(schedule, now),
    lastDigest: before?.ended ?? null,
    now,
  };
}

/** Findings of the run before that are in this one no more, as this run closed them. */
async function closedSince(
  before: RunRow,
  run: RunRow,
  seen: readonly SeenFinding[],
  { state }: History,
): Promise<readonly SeenFinding[]> {
  const open = new Set(seen.map(({ finding }) => finding.key));
  const over = (await readFindings(before.id, { state }))
    .map(({ finding }) => finding.key)
    .filter((key) => !open.has(key));
  const closed: SeenFinding[] = [];
  for (const partition of new Set(over.map(personPartition))) {
    for await (const { row } of state.findings.list(partition)) {
      if (row.run === run.id && (row.change === 'resolved' || row.change === 'gone')) closed.push(row);
    }
  }
  return closed;
}
