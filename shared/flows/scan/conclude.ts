import type { Doubt } from '../../state/doubt.ts';
import type { Certificate } from '../../state/certificate.ts';
import type { Change, Counts, RunRow, RunSummary, SeenFinding, Setup } from '../../state/rows.ts';
import { count } from '../../notify/count.ts';
import type { Notice } from '../../ports/teller.ts';
import type { Stored } from '../../ports/state.ts';
import { tell } from '../tell.ts';
import type { Tools } from '../tools.ts';
import type { Past } from './past.ts';
import type { Verdicts } from './record.ts';

/** Ends the run without a verdict: nothing was compared, nothing is queued, and somebody is told why. */
export async function couldNotTell(
  stored: Stored<RunRow>,
  certificates: readonly Certificate[],
  doubts: readonly Doubt[],
  tools: Tools,
): Promise<void> {
  const { state, clock, log } = tools;
  const run: RunRow = { ...stored.row, state: 'could-not-tell', ended: clock.now(), certificates, doubts };
  await tell(couldNotTellNotice(run), tools);
  await state.runs.replace(run, stored.etag);
  for (const { rule, list, message } of doubts)
    log.warn('could not tell', { run: run.id, rule, list, reason: message });
}

/** Every reason for which nothing was compared. */
export function couldNotTellNotice(run: Pick<RunRow, 'id' | 'scheduled' | 'doubts'>): Notice {
  const lines = run.doubts.map(({ message }) => message);
  return { kind: 'could-not-tell', run, subject: 'The scan could not tell; nothing was changed', lines };
}

export function summaryOf(
  verdicts: Verdicts,
  seen: readonly SeenFinding[],
  facts: {
    readonly past: Past;
    readonly setup: Setup;
    readonly changes: Record<Change, number>;
    readonly unconfirmed: number;
    readonly warnings: readonly string[];
  },
): RunSummary {
  const { comparison, plan, release } = verdicts;
  const { buckets } = comparison;
  return {
    baseline: !facts.past.baselineConfirmed,
    paired: comparison.paired,
    matched: comparison.matched.length,
    verdicts: countBy(seen.map(({ finding }) => finding.verdict)),
    impacts: countBy(seen.map(({ finding }) => finding.impact)),
    changes: facts.changes,
    unconfirmed: facts.unconfirmed,
    buckets: {
      directories: Object.fromEntries(buckets.directories),
      assignments: Object.fromEntries(buckets.assignments),
      entra: Object.fromEntries(buckets.entra),
      deleted: Object.fromEntries(buckets.deleted),
    },
    causes: comparison.causes,
    checksum: plan.checksum,
    queued: release.queue.length,
    proposed: release.proposed.length,
    held: countBy(release.held.map(({ rule }) => rule)),
    refused: countBy(plan.refusals.map(({ rule }) => rule)),
    freeze: release.freeze,
    setup: facts.setup,
    warnings: facts.warnings,
  };
}

/** The counts that somebody has to confirm before anything is repaired. */
export function baselineNotice(
  run: Pick<RunRow, 'id' | 'scheduled'>,
  { paired, matched }: Pick<RunSummary, 'paired' | 'matched'>,
): Notice {
  const lines = [
    `${count(paired)} people are paired and ${count(matched)} match. Confirm that these counts are right.`,
  ];
  return { kind: 'baseline', run, subject: 'The counts of the first good run want confirming', lines };
}

/** Ends a good run. The notice is written before the run is done: a crash repeats it under the same key. */
export async function conclude(
  stored: Stored<RunRow>,
  certificates: readonly Certificate[],
  summary: RunSummary,
  seen: readonly SeenFinding[],
  tools: Tools,
): Promise<void> {
  const { state, clock, log } = tools;
  const run: RunRow = { ...stored.row, state: 'good', ended: clock.now(), certificates, doubts: [], summary };
  // Where there is a digest it says the same; where no channel is there yet, one that comes within days sends this.
  if (summary.baseline && tools.telling === undefined) await tell(baselineNotice(run, summary), tools);
  await state.runs.replace(run, stored.etag);
  log.info('scan done', { run: run.id, paired: summary.paired, findings: seen.length, queued: summary.queued });
}

function countBy(words: readonly string[]): Counts {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
