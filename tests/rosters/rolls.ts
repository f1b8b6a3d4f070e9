import { held, type Roll, rollOf, type Rolls, rowsOf } from '../../shared/compare/roll.ts';
import type { Rosters } from '../../shared/compare/rows.ts';
import { ACCOUNTS, ASSIGNMENTS, USERS } from '../../shared/rosters/lists.ts';
import { opened, type Packing, parcelOf } from '../../shared/rosters/parcel.ts';

/** Rosters as a run keeps what it has read. */
export function rollsOf({ ad, assignments, entra, deleted, domains }: Rosters): Rolls {
  return {
    ad: rollOf([held(ad, ACCOUNTS)]),
    assignments: rollOf([held(assignments, ASSIGNMENTS)]),
    entra: rollOf([held(entra, USERS)]),
    deleted,
    domains,
  };
}

/** The same, each row packed by itself, as on a page of its own. */
export function packedRollsOf({ ad, assignments, entra, deleted, domains }: Rosters): Rolls {
  return {
    ad: packedRoll(ad, ACCOUNTS),
    assignments: packedRoll(assignments, ASSIGNMENTS),
    entra: packedRoll(entra, USERS),
    deleted,
    domains,
  };
}

function packedRoll<Row>(rows: readonly Row[], list: Packing<Row>): Roll<Row> {
  return rollOf(rows.map((row) => opened(parcelOf([row], list), list)));
}

/** All rows at hand again. */
export function rostersOf({ ad, assignments, entra, deleted, domains }: Rolls): Rosters {
  return { ad: [...rowsOf(ad)], assignments: [...rowsOf(assignments)], entra: [...rowsOf(entra)], deleted, domains };
}
