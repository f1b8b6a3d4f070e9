import type { Said } from '../../shared/compare/compare.ts';
import type { Person } from '../../shared/compare/pair.ts';
import { isLinked } from '../../shared/compare/standing.ts';
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
const POSITIVE: ReadonlySet<Said> = new Set([
  'duplicate-source',
  'two-directories',
  'unreadable',
  'guest',
  'agent',
  'staged',
  'suspended',
  'deprovisioned',
  'service-account',
  'soft-deleted',
]);
/** Quiet because nobody assigned the account, or because nobody in AD has its anchor. */
const UNASSIGNED: ReadonlySet<Said> = new Set(['no-assignment', 'cloud-only', 'room-or-shared', 'managed-domain']);

/**
 * From which files somebody has to be absent for what is said to be right. *Matched* is among them: whoever has no AD account counts
 * as matched when Okta and Entra agree, and would not if the account stood in a row that was left out.
 */
export function restsOnAbsenceFrom(person: Person, said: Said): readonly Side[] {
  if (POSITIVE.has(said) || person.nameDisputed) return [];
  const { directory, assignment, entra, pairedBy } = person;
  const isInAd = directory.some(isLinked);
  // A cloud-only account without an anchor bears no sign that it might be anybody's.
  if (UNASSIGNED.has(said) && !isInAd && (entra?.anchor ?? null) === null) return [];
  const nameless = entra === null || (assignment !== null && pairedBy === 'anchor');
  return [
    ...(isInAd ? [] : (['ad'] as const)),
    ...(assignment === null ? (['okta'] as const) : []),
    ...(nameless ? (['entra'] as const) : []),
  ];
}
