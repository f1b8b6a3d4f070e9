import fc from 'fast-check';
import { type Batch, held, type Roll, rollOf, type Rolls } from '../../shared/compare/roll.ts';
import type { Rosters } from '../../shared/compare/rows.ts';
import { ACCOUNTS, ASSIGNMENTS, USERS } from '../../shared/rosters/lists.ts';
import { opened, type Packing, parcelOf } from '../../shared/rosters/parcel.ts';

/** How a list comes in pages. */
export interface Cut {
  /** Of how many rows each page is, and whether it lies packed; the last page has what is left over. */
  readonly pages: readonly { readonly rows: number; readonly isPacked: boolean }[];
  /** So many of the first pages were the roll of a list of their own before. */
  readonly earlier: number;
}

/** To pack takes longer than all else that is done with so few rows. */
const isPacked = fc.nat({ max: 5 }).map((chance) => chance === 5);

export const cuts: fc.Arbitrary<Cut> = fc.record({
  pages: fc.array(fc.record({ rows: fc.nat({ max: 5 }), isPacked }), { minLength: 1, maxLength: 4 }),
  earlier: fc.nat({ max: 3 }),
});

export function batchesOf<Row>(rows: readonly Row[], { pages }: Cut, list: Packing<Row>): readonly Batch<Row>[] {
  let at = 0;
  return pages.map((page, number) => {
    const some = rows.slice(at, number === pages.length - 1 ? rows.length : at + page.rows);
    at += some.length;
    return page.isPacked ? opened(parcelOf(some, list), list) : held(some, list);
  });
}

export function rollIn<Row>(rows: readonly Row[], cut: Cut, list: Packing<Row>): Roll<Row> {
  const batches = batchesOf(rows, cut, list);
  rollOf(batches.slice(0, cut.earlier)).columns();
  return rollOf(batches);
}

export const cutsOfAll = fc.record({ ad: cuts, assignments: cuts, entra: cuts });

/** Rosters as a run keeps them that has read them page by page. */
export function rollsIn(is: Rosters, cut: Readonly<Record<'ad' | 'assignments' | 'entra', Cut>>): Rolls {
  return {
    ad: rollIn(is.ad, cut.ad, ACCOUNTS),
    assignments: rollIn(is.assignments, cut.assignments, ASSIGNMENTS),
    entra: rollIn(is.entra, cut.entra, USERS),
    deleted: is.deleted,
    domains: is.domains,
  };
}
