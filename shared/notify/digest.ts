import type { Freeze } from '../plan/policy.ts';
import type { RepairRow } from '../state/repair-rows.ts';
import type { MarkRow, RunRow, SeenFinding } from '../state/rows.ts';
import type { Instant } from '../time.ts';
import type { Capped } from './brief.ts';
import { certificateLines, notLookedAt } from './digest-coverage.ts';
import { type ClosedCase, closedCases, type NewCase, newCases, openAges, type OpenAge } from './digest-people.ts';
import { type RepairEnd, repairEnds, type Unassigned, unassignedPeople } from './digest-repairs.ts';
import { type FrozenPlan, heldSince } from './digest-freeze.ts';
import { figuresOf, headlineOf, nextOf, severityOf, verdictOf } from './digest-words.ts';
import { factsOf } from './digest-facts.ts';
import type { Figure, Severity } from './letter.ts';

/** A run and what has happened since somebody was told last. All of it is data: whoever asks has read it, and says what time it is. */
export interface DigestInput {
  readonly run: RunRow;
  /** The findings of this run; those of the last good one where this run could not tell. */
  readonly seen: readonly SeenFinding[];
  /** The last good run, this one or an earlier; null when there is none. */
  readonly checked: Pick<RunRow, 'id'> | null;
  /** Findings that are over since the last digest: their change is `resolved` or `gone`. */
  readonly closed: readonly SeenFinding[];
  /** Repairs that ended since the last digest, and those that are open. */
  readonly repairs: readonly RepairRow[];
  /** Who lost Office 365 while *Deactivate Users* was off since the last digest, by us or by others. */
  readonly unassigned: readonly Unassigned[];
  /** The plan of this run, where it froze and there is anything to decide on; else null. */
  readonly plan: FrozenPlan | null;
  /** Who has confirmed which run's counts; null while nobody has. */
  readonly baseline: Pick<MarkRow, 'by' | 'run'> | null;
  readonly tenant: string;
  /** Origin of the pages, where all of it can be seen; null where there are none. */
  readonly pageUrl: string | null;
  /** Who gets this and why, in one sentence. */
  readonly recipients: string;
  /** When the next scan is due; null where none is planned. */
  readonly nextRun: Instant | null;
  /** When the last digest was made; null when this is the first. */
  readonly lastDigest: Instant | null;
  readonly now: Instant;
}

/** What a digest is about: the most urgent of what fits. */
export type DigestKind = 'could-not-tell' | 'first' | 'frozen' | 'news' | 'quiet';

/** One night as it is told: mails, cards and the page all say this and nothing else. */
export interface Digest {
  readonly kind: DigestKind;
  readonly run: Pick<RunRow, 'id' | 'mode' | 'scheduled'>;
  readonly tenant: string;
  readonly severity: Severity;
  /** The subject without its prefix: counts alone, nobody's name. */
  readonly headline: string;
  readonly verdict: string;
  /** People paired, matched, cannot sign in, groups only, needs a person; none where the run could not tell. */
  readonly figures: readonly Figure[];
  readonly next: readonly string[];
  readonly notLookedAt: readonly string[];
  readonly fresh: Capped<NewCase>;
  readonly open: readonly OpenAge[];
  readonly closed: Capped<ClosedCase>;
  readonly repaired: Capped<RepairEnd>;
  readonly underWay: Capped<RepairEnd>;
  readonly refused: Capped<RepairEnd>;
  /** How many each rule keeps from being repaired. */
  readonly held: readonly HeldBack[];
  readonly unassigned: Capped<Unassigned>;
  readonly freeze: Freeze | null;
  readonly certificates: readonly string[];
  readonly recipients: string;
  readonly pageUrl: string | null;
}

export interface HeldBack {
  readonly rule: string;
  readonly people: number;
}

/** The digest of a run. It follows from the input alone, so that mail, card and page made from one input never disagree. */
export function digestOf(input: DigestInput): Digest {
  const facts = factsOf(input);
  const { run, tenant, recipients, pageUrl } = input;
  const { summary } = run;
  return {
    kind: facts.kind,
    run: { id: run.id, mode: run.mode, scheduled: run.scheduled },
    tenant,
    severity: severityOf(facts),
    headline: headlineOf(facts),
    verdict: verdictOf(facts),
    figures: figuresOf(facts),
    next: nextOf(facts),
    notLookedAt: notLookedAt(input),
    fresh: newCases(facts.fresh, input.seen),
    open: openAges(facts.open, input.now),
    closed: closedCases(input.closed),
    ...repairEnds(facts.ends),
    held: heldBack(summary === null ? [] : [summary.refused, heldSince(summary, input.plan)]),
    unassigned: unassignedPeople(input.unassigned),
    freeze: summary?.freeze ?? null,
    certificates: certificateLines(run.certificates),
    recipients,
    pageUrl,
  };
}

function heldBack(counts: readonly Readonly<Record<string, number>>[]): HeldBack[] {
  return counts
    .flatMap((one) => Object.entries(one))
    .map(([rule, number]) => ({ rule, people: number }))
    .filter((one) => one.people > 0)
    .sort((one, other) => other.people - one.people || (one.rule < other.rule ? -1 : 1));
}
