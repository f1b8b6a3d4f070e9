import { bears, type MassCause } from '../../compare/causes.ts';
import type { Background, Comparison } from '../../compare/compare.ts';
import {
  fromBytes,
  hashesOf,
  NOTHING,
  remember,
  type Remembered,
  remembers,
  sourceText,
  toBytes,
} from '../../compare/remembered.ts';
import type { Rolls } from '../../compare/roll.ts';
import type { RunRow, SeenFinding } from '../../state/rows.ts';
import { explain, kindOf } from '../../errors.ts';
import { findRun, goodRunsBefore } from '../run.ts';
import type { Tools } from '../tools.ts';
import { readMemory, readSeen, writeMemory } from './snapshot.ts';

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
  /** What is lost of it, in whole sentences. */
  readonly warnings: readonly string[];
}

/** The median of seven needs seven; the newest of them is what tonight's findings are compared with. */
const RUNS = 7;

export async function lookBack(run: RunRow, tools: Tools): Promise<Past> {
  const { state } = tools;
  const good = await goodRunsBefore(state, run.scheduled, RUNS);
  const baseline = await state.marks.get('mark', 'baseline');
  return {
    runs: await measuredBy(good, baseline?.row.run ?? null, tools),
    ...(await memoryOf(good, tools)),
    baselineConfirmed: baseline !== null,
  };
}

type Memory = Pick<Past, 'findings' | 'causes' | 'matched' | 'sources' | 'warnings'>;

/**
 * What the newest good run remembers whose snapshot can be read. An older memory knows less, never something wrong: more findings
 * count as new, and fewer people have a witness, so that fewer are repaired.
 */
async function memoryOf(good: readonly RunRow[], tools: Tools): Promise<Memory> {
  const warnings: string[] = [];
  for (const run of good) {
    const { id, summary } = run;
    try {
      const findings = await readSeen(run, tools);
      return {
        findings: new Map(findings.map((seen) => [seen.finding.key, seen])),
        causes: summary?.causes ?? [],
        matched: fromBytes(await readMemory(id, 'matched', tools)),
        sources: fromBytes(await readMemory(id, 'sources', tools)),
        warnings,
      };
    } catch (error) {
      if (kindOf(error) !== 'invalid') throw error;
      tools.log.error('a snapshot cannot be read', { run: id, reason: explain(error) });
      warnings.push(
        `What run ${id} remembered cannot be read, so findings may count as new that are not: ${explain(error)}`,
      );
    }
  }
  return { findings: new Map(), causes: [], matched: NOTHING, sources: NOTHING, warnings };
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
  now: Background['now'],
): Background {
  return {
    office365App: tenant.office365,
    appDomains: tenant.appDomains,
    seenMatched: (user, objectId) => remembers(past.matched, pairText(user, objectId)),
    onceFromAd: (anchor) => remembers(past.sources, sourceText(anchor)),
    known: (key) => isOld(past, key),
    causes,
    now,
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
  { ad }: Rolls,
  { matched }: Comparison,
  tools: Tools,
): Promise<void> {
  if (tools.forgets === true) return;
  const pairs = hashesOf(matched, matched.length, ({ user, objectId }) => pairText(user, objectId));
  await writeMemory(run, 'matched', toBytes(remember(past.matched, pairs)), tools);
  await writeMemory(
    run,
    'sources',
    toBytes(
      remember(
        past.sources,
        hashesOf(anchorsOf(ad), ad.length, (text) => (text === '' ? null : sourceText(text))),
      ),
    ),
    tools,
  );
}

function* anchorsOf(ad: Rolls['ad']): Generator<string> {
  for (let place = 0; place < ad.length; place += 1) yield ad.textAt(place);
}

function pairText(user: string, objectId: string): string {
  return `${user}\n${objectId}`;
}
