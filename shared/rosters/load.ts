import type { DeletedUser, Domain, EntraUser, Rosters } from '../compare/rows.ts';
import { type Collected, collect } from './certificate.ts';
import { type Certificate, type Churn } from '../state/certificate.ts';
import { COUNT_LAG } from './limits.ts';
import { ASSIGNMENTS, DELETED, directoryList, furtherList, type List, USERS } from './lists.ts';
import { type ReadPlan } from '../state/read-plan.ts';
import type { PageStore } from './pages.ts';

export interface Loaded {
  /** Complete only if the certificates are good. */
  readonly rosters: Rosters;
  /** One for each list of which at least one page is stored, in the order of the plan. */
  readonly certificates: readonly Certificate[];
}

/** Everything a run has stored: rows, each once, and the certificates, in one passage over the pages. */
export async function loadRosters(store: PageStore, plan: ReadPlan, domains: readonly Domain[]): Promise<Loaded> {
  const certificates: Certificate[] = [];
  async function load<Row>(list: List<Row>): Promise<Collected<Row> | null> {
    const collected = await collect(list, store.pages(list));
    if (collected !== null) certificates.push(collected.certificate);
    return collected;
  }
  const directories = [];
  for (const directory of plan.directories) directories.push(rowsOf(await load(directoryList(directory))));
  const assignments = [rowsOf(await load(ASSIGNMENTS))];
  for (const app of plan.furtherOffice365) assignments.push(rowsOf(await load(furtherList(app))));
  const users = await collect(USERS, store.pages(USERS));
  const deleted = await collect(DELETED, store.pages(DELETED));
  if (users !== null) certificates.push({ ...users.certificate, churn: churnOf(users, deleted) });
  if (deleted !== null) certificates.push({ ...deleted.certificate, churn: deletionsOf(deleted) });
  const okta = { ad: directories.flat(), assignments: assignments.flat() };
  return { rosters: { ...okta, entra: rowsOf(users), deleted: rowsOf(deleted), domains }, certificates };
}

function rowsOf<Row>(collected: Collected<Row> | null): readonly Row[] {
  return collected === null ? [] : [...collected.rows.values()];
}

/** The soft-deleted are read after the users, so that whoever left meanwhile is among them. */
function churnOf(users: Collected<EntraUser>, deleted: Collected<DeletedUser> | null): Churn {
  const { began, ended } = users.certificate;
  let [arrived, departed, departedRead] = [0, 0, 0];
  for (const user of users.rows.values()) if (user.created !== null && user.created >= began) arrived += 1;
  for (const user of deleted?.rows.values() ?? []) {
    if (user.deleted === null || user.deleted < began || user.deleted > ended) continue;
    departed += 1;
    if (users.rows.has(user.id)) departedRead += 1;
  }
  return { arrived, arrivedBefore: 0, departed, departedRead };
}

/** Nobody is known to have left the recycle bin: of whoever is restored or purged meanwhile no list tells. */
function deletionsOf({ rows, certificate }: Collected<DeletedUser>): Churn {
  let [arrived, arrivedBefore] = [0, 0];
  for (const { deleted } of rows.values()) {
    if (deleted === null || deleted < certificate.began - COUNT_LAG) continue;
    if (deleted < certificate.began) arrivedBefore += 1;
    else arrived += 1;
  }
  return { arrived, arrivedBefore, departed: 0, departedRead: 0 };
}
