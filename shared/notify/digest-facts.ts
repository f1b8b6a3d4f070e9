import type { RepairRow, RepairState } from '../state/repair-rows.ts';
import type { Change, SeenFinding } from '../state/rows.ts';
import type { DigestInput, DigestKind } from './digest.ts';
import { isDrift, needsPerson } from './finding-words.ts';

/** What has to be counted before anything can be said. */
export interface Facts {
  readonly input: DigestInput;
  readonly kind: DigestKind;
  /** Drift that is new, worse or back since somebody was told last. */
  readonly fresh: readonly SeenFinding[];
  /** All other drift. */
  readonly open: readonly SeenFinding[];
  readonly ends: RepairsByEnd;
  /** Drift of both kinds that moves only when a person does something. */
  readonly needPerson: number;
}

/** Repairs by what they came to, as a reader asks for them. */
export interface RepairsByEnd {
  readonly repaired: readonly RepairRow[];
  readonly underWay: readonly RepairRow[];
  readonly refused: readonly RepairRow[];
}

const END: Readonly<Record<RepairState, keyof RepairsByEnd>> = {
  queued: 'underWay',
  ready: 'underWay',
  working: 'underWay',
  done: 'repaired',
  refused: 'refused',
  undone: 'refused',
  'needs-a-person': 'refused',
};

const FRESH: ReadonlySet<Change> = new Set(['new', 'worse', 'returned']);

export function factsOf(input: DigestInput): Facts {
  const { run, seen, repairs } = input;
  const drift = seen.filter(({ finding }) => isDrift(finding));
  const fresh = drift.filter((one) => isFresh(one, input));
  const by = (end: keyof RepairsByEnd): readonly RepairRow[] => repairs.filter(({ state }) => END[state] === end);
  const ends = { repaired: by('repaired'), underWay: by('underWay'), refused: by('refused') };
  return {
    input,
    kind: kindOf(input, fresh, ends),
    fresh,
    open: drift.filter((one) => !isFresh(one, input)),
    ends,
    needPerson: run.state === 'good' ? drift.filter(needsPerson).length : 0,
  };
}

/** A run that could not tell has the findings of an earlier one, and knows of nobody anything new. */
function isFresh({ change, firstSeen }: SeenFinding, { run, lastDigest }: DigestInput): boolean {
  if (run.state !== 'good') return false;
  return FRESH.has(change) || lastDigest === null || firstSeen > lastDigest;
}

function kindOf(input: DigestInput, fresh: readonly SeenFinding[], ends: RepairsByEnd): DigestKind {
  const { run, closed, unassigned, baseline, lastDigest } = input;
  if (run.summary === null) return 'could-not-tell';
  if (run.summary.baseline && baseline === null && lastDigest === null) return 'first';
  if (run.summary.freeze !== null) return 'frozen';
  const hasNews = [fresh, closed, ends.repaired, ends.refused, unassigned].some((list) => list.length > 0);
  return hasNews ? 'news' : 'quiet';
}
