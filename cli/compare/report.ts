import type { AnchorValue } from '../../shared/anchor/value.ts';
import { isUnreadable } from '../../shared/anchor/value.ts';
import { order } from '../../shared/compare/pair.ts';
import type { Keyless } from '../../shared/compare/two-sided.ts';
import type { FileRead, JoinKey } from '../../shared/rosters/files/read.ts';
import type { Sheet } from '../report/sheet.ts';
import { type Files, gapRemarks, rejectedRemarks, shownOf } from './files.ts';
import type { Side } from './gaps.ts';

export type Outcome = 'no-drift' | 'drift' | 'could-not-tell';

export interface Report {
  /** Anchors in full: for files that a program reads. */
  readonly full: Sheet;
  /** Anchors in short: for people. */
  readonly short: Sheet;
  readonly json: unknown;
  readonly outcome: Outcome;
  /** The last line: the counts and the outcome. */
  readonly summary: string;
}

/** What the files were, and how they are compared. */
export interface Question {
  readonly files: Files;
  readonly join: JoinKey;
  /** Files from which somebody's absence proves nothing. */
  readonly gaps: ReadonlySet<Side>;
}

/** How many people nothing is said of, by reason. */
export interface Untold {
  readonly ambiguous: number;
  readonly keyless: number;
  readonly unreadable: number;
  readonly withheld: number;
}

/** Could not tell of everybody, and that comes before drift: whoever relies on the list would rely on half of it. */
export function outcomeOf(files: Files, untold: Untold, drift: number): Outcome {
  const { ambiguous, keyless, unreadable, withheld } = untold;
  if (leftOut(files) + ambiguous + keyless + unreadable + withheld > 0) return 'could-not-tell';
  return drift > 0 ? 'drift' : 'no-drift';
}

const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  'no-drift': 'no drift',
  drift: 'drift',
  'could-not-tell': 'could not tell of everybody',
};

export function summaryOf(counts: readonly string[], files: Files, untold: Untold, outcome: Outcome): string {
  const lost = leftOut(files);
  const more = [
    [untold.ambiguous, 'ambiguous'],
    [untold.keyless, 'without the join key'],
    [untold.unreadable, 'unreadable'],
    [untold.withheld, 'withheld'],
    [lost, `${lost === 1 ? 'row' : 'rows'} left out`],
  ] as const;
  const told = more.filter(([number]) => number > 0).map(([number, words]) => `${number} ${words}`);
  return `${[...counts, ...told].join(', ')}: ${OUTCOME_WORDS[outcome]}.`;
}

/** What stands above every report: first what could not be told, and why. */
export function doubtsOf({ files, join, gaps }: Question, keyless: readonly Keyless[], withheld: number): string[] {
  const are = withheld === 1 ? 'verdict is withheld: it' : 'verdicts are withheld: they';
  const sentence = `${withheld} ${are} would rest on somebody’s absence from a file that may lack people.`;
  return [
    ...rejectedRemarks(files),
    ...keylessRemarks(keyless, join),
    ...(withheld === 0 ? [] : [sentence, ...gapRemarks(files, gaps)]),
  ];
}

function keylessRemarks(keyless: readonly Keyless[], join: JoinKey): string[] {
  if (keyless.length === 0) return [];
  const have = keyless.length === 1 ? 'account has an anchor but no' : 'accounts have an anchor but no';
  const names = keyless.map(({ side, name }) => `${side === 'ad' ? 'AD' : 'Entra'}, ${name}`);
  return [`${keyless.length} ${have} ${join} to be joined by, and nothing is said of them:`, ...shownOf(names)];
}

/** `AD: 14 rows = 10 matched + 4 entra-stale`; what the file holds and was not compared is among them, so that the sum is the file. */
export function sumLine(name: string, counts: Iterable<readonly [string, number]>, read: FileRead<object>): string {
  const places = [...counts, ['left out', read.rejected.length], ['no people', read.leftOut]] as const;
  const parts = places
    .filter(([, rows]) => rows > 0)
    .sort(([one], [other]) => order(one, other))
    .map(([bucket, rows]) => `${rows} ${bucket}`);
  return `${name}: ${read.total} rows = ${parts.join(' + ') || '0'}`;
}

export function ambiguityLines(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [`Ambiguous names, ${names.length}: nobody behind them is judged.`, ...names.map((name) => `  ${name}`), ''];
}

/** What the JSON of every comparison begins with. */
export function envelope({ files, join }: Question, outcome: Outcome, summary: string) {
  const reads = [
    ['ad', files.ad],
    ['okta', files.okta],
    ['entra', files.entra],
  ] as const;
  return {
    version: 1,
    outcome,
    summary,
    join,
    files: reads.flatMap(([side, read]) => {
      if (read === null) return [];
      const { file, total, rows, leftOut: noPeople, rejected, notes } = read;
      return [{ side, file, total, compared: rows.length, noPeople, rejected: rejected.length, notes }];
    }),
    rejected: [files.ad, files.okta, files.entra].flatMap((read) => read?.rejected ?? []),
  };
}

/** A row of a table of which only some cells are filled: CSV has no other place to say that it does not hold everybody. */
export function doubtRows(doubts: readonly string[], columns: readonly string[], column: string): string[][] {
  return doubts.map((doubt) =>
    columns.map((name, at) => (at === 1 ? 'could not tell' : name === column ? doubt.trim() : '')),
  );
}

export function longForm(value: AnchorValue): string {
  if (value === null) return '';
  return isUnreadable(value) ? `(unreadable: ${value.unreadable})` : value;
}

function leftOut(files: Files): number {
  return files.ad.rejected.length + files.entra.rejected.length + (files.okta?.rejected.length ?? 0);
}
