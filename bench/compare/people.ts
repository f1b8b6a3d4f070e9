import type { AdAccount, Assignment, EntraUser, Rosters } from '../../shared/compare/rows.ts';
import { adAccount, assignment, DOMAINS, entraUser } from '../../tests/rosters/tenant.ts';
import { personOf } from '../findings/people.ts';

/** Of every thousand people so many have drifted: Entra holds an anchor of before. */
const DRIFTED = 2;

/** The rosters of a company, each list in an order of its own. Nobody is in two directories. */
export function rostersOf(people: number): Rosters {
  const [ad, assignments, entra]: [AdAccount[], Assignment[], EntraUser[]] = [[], [], []];
  for (let at = 0; at < people; at += 1) {
    const { user, objectId, anchor } = personOf(at);
    const userName = `given.surname${at}@contoso.com`;
    const dn = `CN=Given Surname ${at},OU=Team ${at % 40},OU=People,DC=contoso,DC=com`;
    const employeeId = String(100_000 + at);
    ad.push({ ...adAccount(0), user, anchor, userName, dn, employeeId });
    assignments.push({ ...assignment(0), user, userName, anchor, externalId: objectId });
    const held = at % 1_000 < DRIFTED ? personOf(at + 5_000_000).anchor : anchor;
    entra.push({ ...entraUser(0), id: objectId, userName, anchor: held, employeeId });
  }
  return { ad, assignments: turned(assignments, 0.3), entra: turned(entra, 0.6), deleted: [], domains: DOMAINS };
}

/** The same rows, begun elsewhere. */
function turned<Row>(rows: readonly Row[], share: number): readonly Row[] {
  const from = Math.floor(rows.length * share);
  return [...rows.slice(from), ...rows.slice(0, from)];
}
