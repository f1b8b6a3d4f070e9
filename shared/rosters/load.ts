import { found, type Roll, rollOf, type Rolls, rowsOf } from '../compare/roll.ts';
import type { DeletedUser, Domain, EntraUser } from '../compare/rows.ts';
import { type Collected, collect } from './certificate.ts';
import { type Certificate, type Churn } from '../state/certificate.ts';
import { COUNT_LAG } from './limits.ts';
import { ASSIGNMENTS, DELETED, directoryList, furtherList, type List, USERS } from './lists.ts';
import { type ReadPlan } from '../state/read-plan.ts';
import type { PageStore } from './pages.ts';

export interface Loaded {
  /** Complete only if the certificates are good. */
  readonly rolls: Rolls;
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
  for (const directory of plan.directories) directories.push(await load(directoryList(directory)));
  const assignments = [await load(ASSIGNMENTS)];
  for (const app of plan.furtherOffice365) assignments.push(await load(furtherList(app)));
  const users = await collect(USERS, store.pages(USERS));
  const deleted = await collect(DELETED, store.pages(DELETED));
  if (users !== null) certificates.push({ ...users.certificate, churn: churnOf(users, deleted) });
  if (deleted !== null) certificates.push({ ...deleted.certificate, churn: deletionsOf(deleted) });
  const okta = { ad: together(directories), assignments: together(assignments) };
  const gone = deleted === null ? [] : [...rowsOf(deleted.roll)];
  return { rolls: { ...okta, entra: together([users]), deleted: gone, domains }, certificates };
}

function together<Row>(lists: readonly (Collected<Row> | null)[]): Roll<Row> {
  const [only, ...others] = lists;
  return others.length === 0 && only ? only.roll : rollOf(lists.flatMap((list) => list?.roll.batches ?? []));
}

/** The soft-deleted are read after the users, so that whoever left meanwhile is among them. */
function churnOf(users: Collected<EntraUser>, deleted: Collected<DeletedUser> | null): Churn {
  const { began, ended } = users.certificate;
  let arrived = 0;
  for (const created of users.roll.columns().created) if (created >= began) arrived += 1;
  const isGone = ({ deleted: at }: DeletedUser): boolean => at !== null && at >= began && at <= ended;
  const gone = deleted === null ? [] : [...rowsOf(deleted.roll)].filter(isGone);
  const departedRead = found(users.roll, { id: gone.map(({ id }) => id) }).length;
  return { arrived, arrivedBefore: 0, departed: gone.length, departedRead };
}

/** Nobody is known to have left the recycle bin: of whoever is restored or purged meanwhile no list tells. */
function deletionsOf({ roll, certificate }: Collected<DeletedUser>): Churn {
  let [arrived, arrivedBefore] = [0, 0];
  for (const { deleted } of rowsOf(roll)) {
    if (deleted === null || deleted < certificate.began - COUNT_LAG) continue;
    if (deleted < certificate.began) arrivedBefore += 1;
    else arrived += 1;
  }
  return { arrived, arrivedBefore, departed: 0, departedRead: 0 };
}
