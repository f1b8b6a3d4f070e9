import { guidOf } from '../../anchor/forms.ts';
import { bears, type MassCause } from '../../compare/causes.ts';
import type { Background, Comparison } from '../../compare/compare.ts';
import { fromBytes, NOTHING, remember, type Remembered, remembers, toBytes } from '../../compare/remembered.ts';
import type { Rosters } from '../../compare/rows.ts';
import type { RunRow, SeenFinding } from '../../state/rows.ts';
import { findRun, goodRunsBefore } from '../run.ts';
import type { Tools } from '../tools.ts';
import { readFindings, readMemory, writeMemory } from './snapshot.ts';

/** What earlier good runs left for this one. */
export interface Past {
  /** The runs whose reads measure tonight's, newest first. */
  readonly runs: readonly RunRow[];
  /** The findings of the last good run, by key. */
  readonly findings: ReadonlyMap<string, SeenFinding>;
  /** Mass causes that the last good run named. */
  readonly causes: readonly MassCause[];
  /** Pairs of Okta user and object id that were once seen matched. */
  readonly matched: Remembered;
  /** Anchors that were once read from AD. */
  readonly sources: Remembered;
  /** A person has looked at the counts of some run and found them right. */
  readonly baselineConfirmed: boolean;
}

/** The median of seven needs seven; the newest of them is what tonight's findings are compared with. */
const RUNS = 7;

export async function lookBack(run: RunRow, tools: Tools): Promise<Past> {
  const { state } = tools;
  const good = await goodRunsBefore(state, run.scheduled, RUNS);
  const [last] = good;
  const baseline = await state.marks.get('mark', 'baseline');
  const findings = last === undefined ? [] : await readFindings(last.id, tools);
  return {
    runs: await measuredBy(good, baseline?.row.run ?? null, tools),
    findings: new Map(findings.map((seen) => [seen.finding.key, seen])),
    causes: last?.summary?.causes ?? [],
    matched: last === undefined ? NOTHING : fromBytes(await readMemory(last.id, 'matched', tools)),
    sources: last === undefined ? NOTHING : fromBytes(await readMemory(last.id, 'sources', tools)),
    baselineConfirmed: baseline !== null,
  };
}

/** A confirmation is a new beginning: whatever ran before the confirmed run no longer measures anything. */
async function measuredBy(good: readonly RunRow[], confirmed: string | null, { state }: Tools): Promise<RunRow[]> {
  const run = confirmed === null ? null : await findRun(state, confirmed);
  if (run === null) return [...good];
  return [...good.filter((one) => one.scheduled > run.row.scheduled), run.row];
}

export function backgroundOf(
  past: Past,
  tenant: { readonly office365: string; readonly appDomains: readonly string[] },
  causes: Background['causes'],
): Background {
  return {
    office365App: tenant.office365,
    appDomains: tenant.appDomains,
    seenMatched: (user, objectId) => remembers(past.matched, pairText(user, objectId)),
    onceFromAd: (anchor) => remembers(past.sources, sourceText(anchor)),
    known: (key) => isOld(past, key),
    causes,
  };
}

/** What a mass cause brought stays new for as long as the cause is named: one night's waiting must not thaw the plan. */
function isOld({ findings, causes }: Past, key: string): boolean {
  const before = findings.get(key);
  return before !== undefined && !causes.some((cause) => bears(before.finding, cause));
}

/** Hands this run's knowledge to the next: it only ever grows. */
export async function leaveMemory(
  run: string,
  past: Past,
  rosters: Rosters,
  comparison: Comparison,
  tools: Tools,
): Promise<void> {
  const pairs = comparison.matched.map(({ user, objectId }) => pairText(user, objectId));
  const sources = rosters.ad.flatMap(({ anchor }) => (typeof anchor === 'string' ? [sourceText(anchor)] : []));
  await writeMemory(run, 'matched', toBytes(remember(past.matched, pairs)), tools);
  await writeMemory(run, 'sources', toBytes(remember(past.sources, sources)), tools);
}

function pairText(user: string, objectId: string): string {
  return `${user}\n${objectId}`;
}

/** By GUID where there is one: the same account in another spelling was read from AD all the same. */
function sourceText(anchor: string): string {
  return guidOf(anchor) ?? anchor;
}
