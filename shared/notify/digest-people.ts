import type { Impact, Verdict } from '../compare/verdicts.ts';
import type { Change, SeenFinding } from '../state/rows.ts';
import { DAY, type Instant } from '../time.ts';
import { brief, type Capped, capped } from './brief.ts';
import { beforeAndAfter, besidesOf, worstFirst } from './finding-words.ts';

/** Rows of the table that matters most. */
export const MOST_NEW = 20;
/** Rows of every other list of people. */
export const MOST = 10;
/** Letters of a name, and of a cell that is made of several values. */
export const NAME = 80;
export const CELL = 240;

/** Somebody who has drifted since somebody was told last. */
export interface NewCase {
  readonly userName: string;
  readonly verdict: Verdict;
  readonly impact: Impact;
  readonly change: Change;
  /** Before and after, in short form. */
  readonly values: string;
  /** Who else is entangled, and what else is to be known; empty when nothing is. */
  readonly besides: string;
  /** Why it is not repaired; null when it is queued. */
  readonly rule: string | null;
}

/** Drift of one age that was told of before. */
export interface OpenAge {
  readonly age: string;
  readonly people: number;
  readonly endangered: number;
  readonly lockedOut: number;
}

export interface ClosedCase {
  readonly userName: string;
  readonly change: Change;
  readonly verdict: Verdict;
  readonly firstSeen: Instant;
}

/** The worst first, for a reader who stops early. */
export function newCases(fresh: readonly SeenFinding[], all: readonly SeenFinding[]): Capped<NewCase> {
  const names = new Map(all.map(({ finding }) => [finding.key, finding.userName]));
  const nameOf = (key: string): string => names.get(key) ?? 'another';
  const { shown, more } = capped(sorted(fresh), MOST_NEW);
  const cases = shown.map(({ finding, change, hold }) => ({
    userName: brief(finding.userName, NAME),
    verdict: finding.verdict,
    impact: finding.impact,
    change,
    values: brief(beforeAndAfter(finding), CELL),
    besides: brief(besidesOf(finding, nameOf), CELL),
    rule: hold?.rule ?? null,
  }));
  return { shown: cases, more };
}

/** Days from which on an age begins, the oldest first. */
const AGES: readonly (readonly [days: number, age: string])[] = [
  [30, 'over 30 days'],
  [7, '7 to 30 days'],
  [3, '3 to 7 days'],
  [1, '1 to 3 days'],
  [0, 'less than a day'],
];

export function openAges(open: readonly SeenFinding[], now: Instant): readonly OpenAge[] {
  const byAge = Map.groupBy(open, ({ firstSeen }) => AGES.find(([days]) => now - firstSeen >= days * DAY)?.[1]);
  return AGES.flatMap(([days, age]) => {
    // Whoever was first seen after now, by a clock that is ahead, is as young as can be.
    const found = [...(byAge.get(age) ?? []), ...(days === 0 ? (byAge.get(undefined) ?? []) : [])];
    const hurt = (impact: Impact): number => found.filter(({ finding }) => finding.impact === impact).length;
    if (found.length === 0) return [];
    return [{ age, people: found.length, endangered: hurt('signs in as another'), lockedOut: hurt('cannot sign in') }];
  });
}

export function closedCases(closed: readonly SeenFinding[]): Capped<ClosedCase> {
  const { shown, more } = capped(sorted(closed), MOST);
  const cases = shown.map(({ finding, change, firstSeen }) => ({
    userName: brief(finding.userName, NAME),
    change,
    verdict: finding.verdict,
    firstSeen,
  }));
  return { shown: cases, more };
}

function sorted(seen: readonly SeenFinding[]): SeenFinding[] {
  return [...seen].sort((one, other) => worstFirst(one.finding, other.finding));
}
