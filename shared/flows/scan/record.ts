import type { Comparison } from '../../compare/compare.ts';
import type { Finding } from '../../compare/finding.ts';
import { IMPACTS } from '../../compare/verdicts.ts';
import { once } from '../../once.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Circumstances, Release } from '../../plan/policy.ts';
import type { Change, FindingRow, HistoryRow, RunRow, SeenFinding } from '../../state/rows.ts';
import { personPartition } from '../../state/keys.ts';
import { several } from '../../several.ts';
import { repairId } from '../claims.ts';
import type { Tools } from '../tools.ts';
import type { Past } from './past.ts';
import { writeFindings } from './snapshot.ts';

/** What the scan decided about one run, before it is written down. */
export interface Verdicts {
  readonly comparison: Comparison;
  readonly plan: Plan;
  readonly release: Release;
  /** Read again singly, tonight or when it was first named. */
  readonly confirmed: (key: string) => boolean;
  readonly earlier: Circumstances['earlier'];
}

/** Findings of the last good run that are no more. */
interface Closed {
  readonly seen: SeenFinding;
  readonly change: 'resolved' | 'gone';
}

/** The findings as this run sees them, beside the last good run. */
export async function seenBy(run: RunRow, verdicts: Verdicts, past: Past, tools: Tools): Promise<SeenFinding[]> {
  const { comparison, plan, release, confirmed, earlier } = verdicts;
  const holds = new Map([...plan.refusals, ...release.held].map(({ key, rule, reason }) => [key, { rule, reason }]));
  const queued = new Set(release.queue.map(({ key }) => key));
  const closed = await closedBefore(run, comparison.findings, past, tools);
  return comparison.findings.map((finding) => {
    const before = past.findings.get(finding.key);
    // Whoever comes back may have been repaired: that somebody has changed it again is only seen by that.
    const last = before?.repair ?? closed.get(finding.key)?.repair ?? null;
    return {
      finding,
      change: changeOf(finding, before, closed.has(finding.key)),
      firstSeen: before?.firstSeen ?? run.scheduled,
      confirmed: confirmed(finding.key),
      hold: holds.get(finding.key) ?? null,
      repair: queued.has(finding.key) ? repairId(run.id, finding.key) : last,
      failed: earlier(finding.key)?.failed ?? before?.failed ?? [],
    };
  });
}

/** Writes the snapshot first: rows and history are made from it, and may be made again. Returns the number of each change. */
export async function record(
  run: RunRow,
  seen: readonly SeenFinding[],
  comparison: Comparison,
  past: Past,
  tools: Tools,
): Promise<Record<Change, number>> {
  await writeFindings(run.id, seen, tools);
  const closed = closedNow(comparison, past);
  const rows = [...seen.filter((one) => isWorthARow(one, past)), ...closed.map(asClosed)];
  const { findings, history } = tools.state;
  await findings.putAll(rows.map((one): FindingRow => ({ ...one, run: run.id, lastSeen: run.scheduled })));
  const changed = rows.filter(({ change }) => change !== 'open');
  await history.putAll(changed.map((one) => historyOf(run, one)));
  return countChanges([...seen, ...closed.map(asClosed)]);
}

function changeOf(finding: Finding, before: SeenFinding | undefined, returned: boolean): Change {
  if (before === undefined) return returned ? 'returned' : 'new';
  return IMPACTS.indexOf(finding.impact) < IMPACTS.indexOf(before.finding.impact) ? 'worse' : 'open';
}

/** Partitions that are listed at a time: findings that are new may lie in any of 256. */
const LISTED_AT_ONCE = 8;

/** Findings that were once closed and are back, by key; what this very run wrote before a crash says the same again. */
async function closedBefore(
  run: RunRow,
  findings: readonly Finding[],
  past: Past,
  { state }: Tools,
): Promise<ReadonlyMap<string, FindingRow>> {
  const closed = new Map<string, FindingRow>();
  const fresh = new Set(findings.map(({ key }) => key).filter((key) => !past.findings.has(key)));
  if (past.findings.size === 0 && past.runs.length === 0) return closed;
  await several(new Set([...fresh].map(personPartition)), LISTED_AT_ONCE, async (partition) => {
    for await (const { row } of state.findings.list(partition)) {
      const { finding, change } = row;
      const isBack = row.run === run.id ? change === 'returned' : change === 'resolved' || change === 'gone';
      if (fresh.has(finding.key) && isBack) closed.set(finding.key, row);
    }
  });
  return closed;
}

/** *Resolved* is said only of people seen matched; of the others nothing is known but that they are gone. */
function closedNow(comparison: Comparison, past: Past): Closed[] {
  const open = new Set(comparison.findings.map(({ key }) => key));
  const closed = [...past.findings.values()].filter(({ finding }) => !open.has(finding.key));
  const users = once(() => new Set(Array.from(comparison.matched, ({ user }) => user)));
  const accounts = once(() => new Set(Array.from(comparison.matched, ({ objectId }) => objectId)));
  return closed.map((seen) => {
    const { user, objectId } = seen.finding;
    const isMatched = user !== null ? users().has(user) : objectId !== null && accounts().has(objectId);
    return { seen, change: isMatched ? 'resolved' : 'gone' };
  });
}

function asClosed({ seen, change }: Closed): SeenFinding {
  return { ...seen, change, hold: null, failed: [] };
}

/** A row is written only where something changed. */
function isWorthARow(one: SeenFinding, past: Past): boolean {
  const before = past.findings.get(one.finding.key);
  if (before === undefined || one.change !== 'open' || one.repair !== before.repair) return true;
  return (
    before.hold?.rule !== one.hold?.rule ||
    before.confirmed !== one.confirmed ||
    JSON.stringify(before.finding) !== JSON.stringify(one.finding)
  );
}

function historyOf(run: RunRow, { finding, change }: SeenFinding): HistoryRow {
  const { key, verdict, impact } = finding;
  return { person: key, at: run.scheduled, run: run.id, change, verdict, impact };
}

function countChanges(seen: readonly SeenFinding[]): Record<Change, number> {
  const counts: Record<Change, number> = { new: 0, open: 0, worse: 0, returned: 0, resolved: 0, gone: 0 };
  for (const { change } of seen) counts[change] += 1;
  return counts;
}
