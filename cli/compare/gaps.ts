import type { Person } from '../../shared/compare/pair.ts';
import type { Verdict } from '../../shared/compare/verdicts.ts';
import type { Files } from './files.ts';

export type Side = 'ad' | 'okta' | 'entra';

/**
 * The files that may lack people: those with rows left out, and those that hold exactly one page of their API, unless somebody who
 * has looked says that they are complete. Nobody's absence from such a file proves anything.
 */
export function gapsOf(files: Files, complete: boolean): ReadonlySet<Side> {
  const sides = [
    ['ad', files.ad],
    ['okta', files.okta],
    ['entra', files.entra],
  ] as const;
  return new Set(
    sides.flatMap(([side, read]) => {
      if (read === null) return [];
      return read.rejected.length > 0 || (read.onePage && !complete) ? [side] : [];
    }),
  );
}

/** Said of rows that are there, whoever else may be missing. */
const POSITIVE: ReadonlySet<Verdict> = new Set(['duplicate-source', 'two-directories', 'unreadable', 'outside']);

/**
 * From which files somebody has to be absent for the verdict to be right. *Matched* is among them: whoever has no AD account counts
 * as matched when Okta and Entra agree, and would not if the account stood in a row that was left out.
 */
export function restsOnAbsenceFrom(person: Person, verdict: Verdict): readonly Side[] {
  if (POSITIVE.has(verdict) || person.nameDisputed) return [];
  const { directory, assignment, entra, pairedBy } = person;
  const nameless = assignment !== null && (entra === null || pairedBy === 'anchor');
  return [
    ...(directory.length === 0 ? (['ad'] as const) : []),
    ...(assignment === null ? (['okta'] as const) : []),
    ...(nameless ? (['entra'] as const) : []),
  ];
}
