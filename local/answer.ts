import type { Finding } from '../shared/compare/finding.ts';
import type { Counts, RunRow, RunSummary } from '../shared/state/rows.ts';
import type { AnswerKey, KeyEntry } from './world/generate/key.ts';

/** What a run found, held against what was planted. */
export interface Answer {
  readonly planted: number;
  /** Planted people with exactly what the key says of them. */
  readonly found: number;
  /** Accounts planted to look like drift, of which nobody may be told. */
  readonly decoys: number;
  /** One sentence for each thing that is not as it should be. */
  readonly wrong: readonly string[];
}

/**
 * The key counts as it is when the run begins. Who changes while the run reads must be matched before and after, or both answers would
 * be right.
 */
export function checkAnswer(
  run: { readonly began: RunRow['began']; readonly summary: Pick<RunSummary, 'matched' | 'buckets'> | null },
  findings: readonly Finding[],
  key: AnswerKey,
): Answer {
  const entries = entriesAt(key, run.began);
  const planted = entries.filter(({ verdict }) => verdict !== 'matched' && verdict !== 'outside');
  const decoys = entries.filter((entry) => !planted.includes(entry));
  const known = new Set<Finding>();
  const wrong: string[] = run.summary === null ? [] : wrongCounts(run.summary, entries, healthyAt(key, run.began));
  let found = 0;
  for (const entry of planted) {
    const finding = findings.find((one) => isOf(one, entry));
    const fault = finding === undefined ? 'is missing' : faultOf(finding, entry);
    if (finding !== undefined) known.add(finding);
    if (fault === null) found += 1;
    else wrong.push(`${entry.userName} (${entry.kind}) ${fault}`);
  }
  for (const entry of decoys) {
    const finding = findings.find((one) => isOf(one, entry));
    if (finding === undefined) continue;
    known.add(finding);
    wrong.push(`${entry.userName} (${entry.kind}) is called ${finding.verdict} and is ${entry.verdict}`);
  }
  for (const finding of findings) {
    if (!known.has(finding))
      wrong.push(`${finding.userName} is called ${finding.verdict}, and nothing was planted there`);
  }
  return { planted: planted.length, found, decoys: decoys.length, wrong };
}

/** The entries with what has happened to their people since. Who is gone lies in Entra's recycle bin. */
function entriesAt({ entries, changes }: AnswerKey, at: number): readonly KeyEntry[] {
  const changed = new Map(changes.filter((change) => change.at <= at).map((change) => [change.oktaUser, change]));
  return entries.map((entry) => {
    const change = entry.oktaUser === null ? undefined : changed.get(entry.oktaUser);
    if (change === undefined) return entry;
    if (change.verdict === null) return { ...entry, verdict: 'outside', row: null, outside: ['soft-deleted'] };
    return { ...entry, verdict: change.verdict, row: change.row, relation: null, impact: null };
  });
}

/** People of whom the entries do not speak, with those who have come since. */
function healthyAt({ healthy, changes }: AnswerKey, at: number): number {
  return healthy + changes.filter((change) => change.kind === 'created' && change.at <= at).length;
}

function isOf(finding: Finding, { oktaUser, objectId }: KeyEntry): boolean {
  return oktaUser === null ? objectId !== null && finding.objectId === objectId : finding.user === oktaUser;
}

/** Null in the key is what the truth table leaves open; but for a spelling or an attribute null means that there is none. */
function faultOf(finding: Finding, entry: KeyEntry): string | null {
  for (const part of ['verdict', 'row', 'relation', 'impact'] as const) {
    const expected = entry[part];
    if (expected !== null && finding[part] !== expected) return `has ${part} ${finding[part]}, not ${expected}`;
  }
  if (finding.encoding.entra !== entry.encoding)
    return `has Entra's anchor spelled ${finding.encoding.entra}, not ${entry.encoding}`;
  if (finding.instead !== entry.instead) return `has ${finding.instead} in the anchor's place, not ${entry.instead}`;
  return null;
}

/**
 * Where the sums of the run are not those of the key. A matched person has one Entra account, and so has whoever is outside and whose
 * object id is known; agents are in no bucket. Where several reasons to be outside are right, each bucket may hold any of them.
 */
function wrongCounts(
  { matched, buckets }: Pick<RunSummary, 'matched' | 'buckets'>,
  entries: readonly KeyEntry[],
  healthy: number,
): string[] {
  const outside = entries.filter(({ verdict, objectId }) => verdict === 'outside' && objectId !== null);
  const deleted = outside.filter((entry) => entry.outside.includes('soft-deleted'));
  const live = outside.filter((entry) => !deleted.includes(entry) && !entry.outside.includes('agent'));
  const expected = healthy + entries.filter(({ verdict }) => verdict === 'matched').length;
  const sums = [
    ['people match', matched, expected],
    ['accounts are in the bucket of the matched', buckets.entra['matched'] ?? 0, expected],
    ['accounts are outside', outsideIn(buckets.entra), live.length],
    ['accounts are deleted', outsideIn(buckets.deleted), deleted.length],
  ] as const;
  return [
    ...sums.flatMap(([what, is, should]) => (is === should ? [] : [`${is} ${what}, not ${should}`])),
    ...Object.entries(buckets.entra).flatMap(([bucket, rows]) => {
      const fitting = live.filter((entry) => entry.outside.some((reason) => bucket === `outside: ${reason}`));
      const sure = fitting.filter((entry) => entry.outside.length === 1).length;
      if (!bucket.startsWith('outside: ') || (rows >= sure && rows <= fitting.length)) return [];
      return [`${rows} accounts are in the bucket ${bucket}, not ${sure} to ${fitting.length}`];
    }),
  ];
}

function outsideIn(bucket: Counts): number {
  return Object.entries(bucket).reduce((sum, [name, rows]) => (name.startsWith('outside: ') ? sum + rows : sum), 0);
}
