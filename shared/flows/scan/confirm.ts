import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { Finding } from '../../compare/finding.ts';
import { changed, found, type Kind, type Roll, type Rolls } from '../../compare/roll.ts';
import type { AdAccount, Assignment, DeletedUser } from '../../compare/rows.ts';
import { IMPACTS } from '../../compare/verdicts.ts';
import { order } from '../../compare/pair.ts';
import { ACCOUNTS, AD_ACCOUNT, ASSIGNMENT, ASSIGNMENTS, DELETED_USER, ENTRA_USER, USERS } from '../../rosters/lists.ts';
import { type ReadPlan } from '../../state/read-plan.ts';
import { joinKey } from '../../state/keys.ts';
import { packRows, unpackRows } from '../../state/pack.ts';
import type { EntraReader } from '../../ports/entra.ts';
import type { OktaReader } from '../../ports/okta.ts';
import { both } from '../../several.ts';
import type { Instant } from '../../time.ts';
import type { Lease } from '../lease.ts';
import type { Tools } from '../tools.ts';
import type { Past } from './past.ts';

/** One person read again, singly, on all sides. */
const freshSchema = z.object({
  key: z.string(),
  user: z.string().nullable(),
  objectId: z.string().nullable(),
  directory: z.array(AD_ACCOUNT),
  assignments: z.array(ASSIGNMENT),
  entra: z.array(ENTRA_USER),
  /** Soft-deleted holders of the person's source anchors, as AD has them now. */
  deleted: z.array(DELETED_USER),
});
export type Fresh = z.infer<typeof freshSchema>;

export type Confirmation =
  | { readonly state: 'more' }
  | { readonly state: 'complete'; readonly fresh: readonly Fresh[]; readonly unconfirmed: number };

/** People in one stored row: a call that dies loses at most so many reads. */
const CHUNK = 20;

/**
 * Reads every new finding again, one person at a time, worst first, up to the limit of a night. The sides of a list are minutes
 * apart, and in these minutes people join, leave and are renamed: only what is still so is drift. Goes on where the last call
 * stopped; `more` when the time is up.
 */
export async function confirm(
  run: { readonly id: string; readonly plan: ReadPlan },
  findings: readonly Finding[],
  past: Past,
  until: Instant,
  lease: Lease,
  tools: Tools,
): Promise<Confirmation> {
  const fresh = await readChunks(run.id, tools);
  const done = new Set(fresh.map(({ key }) => key));
  const wanted = worstFirst(findings.filter((finding) => isNews(finding, past)));
  const tonight = wanted.slice(0, tools.settings.scan.confirmLimit);
  const left = tonight.filter(({ key }) => !done.has(key));
  let chunk = Math.ceil(fresh.length / CHUNK);
  for (let at = 0; at < left.length; at += CHUNK) {
    if (at > 0 && tools.clock.now() >= until) return { state: 'more' };
    const read: Fresh[] = [];
    for (const finding of left.slice(at, at + CHUNK)) {
      await lease.keep();
      read.push(await readAgain(finding, run.plan, tools));
    }
    await tools.state.pages.put({
      run: run.id,
      list: 'confirm',
      attempt: 1,
      number: chunk,
      packed: packRows(read, 'A chunk of single reads'),
    });
    chunk += 1;
    fresh.push(...read);
  }
  return { state: 'complete', fresh, unconfirmed: wanted.length - tonight.length };
}

/** What the last good run did not have, or had otherwise. */
export function isNews(finding: Finding, past: Past): boolean {
  const before = past.findings.get(finding.key);
  return before === undefined || !before.confirmed || !isSame(before.finding, finding);
}

/** The same verdict on the same anchors. */
export function isSame(one: Finding, other: Finding): boolean {
  return (
    one.verdict === other.verdict &&
    JSON.stringify([one.a, one.o, one.e]) === JSON.stringify([other.a, other.o, other.e])
  );
}

/** The rosters with the rows of these people as they were read singly; the very same where these are as they were listed. */
export function patched(rolls: Rolls, fresh: readonly Fresh[]): Rolls {
  const users = new Set(fresh.map(({ user }) => user));
  const directory = unique(
    fresh.flatMap((one) => one.directory),
    accountId,
  );
  const assignments = unique(
    fresh.flatMap((one) => one.assignments),
    assignmentId,
  );
  const entra = unique(
    fresh.flatMap((one) => one.entra),
    ({ id }) => id,
  );
  const deleted = unique(
    fresh.flatMap((one) => one.deleted),
    ({ id }) => id,
  );
  const assigned = new Set(assignments.map(assignmentId));
  const accounts = new Set([...fresh.map(({ objectId }) => objectId), ...entra.map(({ id }) => id)]);
  const gone = new Set(deleted.map(({ id }) => id));
  const next = {
    ad: replaced(rolls.ad, users, ({ user }) => users.has(user), directory, { ...ACCOUNTS, key: accountId }),
    assignments: replaced(
      rolls.assignments,
      [...users, ...assignments.map(({ user }) => user)],
      (row) => users.has(row.user) || assigned.has(assignmentId(row)),
      assignments,
      { ...ASSIGNMENTS, key: assignmentId },
    ),
    entra: replaced(rolls.entra, accounts, ({ id }) => accounts.has(id), entra, { ...USERS, key: ({ id }) => id }),
    deleted: [...rolls.deleted.filter(({ id }) => !gone.has(id)), ...deleted],
  };
  const isUnchanged =
    next.ad === rolls.ad &&
    next.assignments === rolls.assignments &&
    next.entra === rolls.entra &&
    isDeepStrictEqual(inOrder(next.deleted), inOrder(rolls.deleted));
  return isUnchanged ? rolls : { ...rolls, ...next };
}

function inOrder(rows: readonly DeletedUser[]): readonly DeletedUser[] {
  return rows.toSorted((one, other) => order(one.id, other.id));
}

/** The rows without those that were read again, and with what was read; the very same where that is the same. */
function replaced<Row>(
  roll: Roll<Row>,
  ids: Iterable<string | null>,
  isReadAgain: (row: Row) => boolean,
  read: readonly Row[],
  kind: Kind<Row> & { readonly key: (row: Row) => string },
): Roll<Row> {
  const known = [...ids].filter((id) => id !== null);
  const keyed = (rows: readonly Row[]): ReadonlyMap<string, Row> => new Map(rows.map((row) => [kind.key(row), row]));
  if (isDeepStrictEqual(keyed(found(roll, { id: known }).filter(isReadAgain)), keyed(read))) return roll;
  return changed(roll, known, isReadAgain, read, kind);
}

function accountId({ user, instance }: AdAccount): string {
  return `${user} ${instance}`;
}

function assignmentId({ user, app }: Assignment): string {
  return `${user} ${app}`;
}

function unique<Row>(rows: readonly Row[], idOf: (row: Row) => string): Row[] {
  return [...new Map(rows.map((row) => [idOf(row), row])).values()];
}

function worstFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (one, other) => IMPACTS.indexOf(one.impact) - IMPACTS.indexOf(other.impact) || order(one.key, other.key),
  );
}

async function readAgain(finding: Finding, plan: ReadPlan, { okta, entra }: Tools): Promise<Fresh> {
  const { key, user, objectId, userName } = finding;
  // The tenants are asked beside each other, each one thing after the other.
  const [{ directory, assignments }, accounts] = await both(
    (stop) => (user === null ? unowned(userName, plan, okta) : inOkta(user, plan, okta, stop)),
    (stop) => inEntra(objectId, userName, entra, stop),
  );
  const sources = new Set(directory.map(({ anchor }) => anchor).filter((anchor) => typeof anchor === 'string'));
  const deleted = [];
  for (const anchor of sources) deleted.push(...(await entra.deletedByAnchor(anchor)));
  return { key, user, objectId, directory, assignments, entra: accounts, deleted };
}

async function unowned(userName: string, { office365 }: ReadPlan, okta: OktaReader) {
  return { directory: [], assignments: [...(await okta.assignmentsNamed(office365, userName))] };
}

async function inOkta(user: string, plan: ReadPlan, okta: OktaReader, stop: AbortSignal) {
  const directory = [];
  for (const { id } of plan.directories) {
    stop.throwIfAborted();
    directory.push(await okta.directoryAccount(id, user));
  }
  const assignments = [];
  for (const id of [plan.office365, ...plan.furtherOffice365.map((app) => app.id)]) {
    stop.throwIfAborted();
    assignments.push(await okta.assignment(id, user));
  }
  return {
    directory: directory.filter((account) => account !== null),
    assignments: assignments.filter((assignment) => assignment !== null),
  };
}

async function inEntra(objectId: string | null, userName: string, entra: EntraReader, stop: AbortSignal) {
  const byId = objectId === null ? null : await entra.user(objectId);
  stop.throwIfAborted();
  const named = await entra.usersByAddress(userName);
  const byName = named.filter((account) => account.userName.toLowerCase() === userName.toLowerCase());
  return unique(byId === null ? byName : [byId, ...byName], ({ id }) => id);
}

async function readChunks(run: string, { state }: Tools): Promise<Fresh[]> {
  const fresh: Fresh[] = [];
  for await (const { row } of state.pages.list(joinKey(run, 'confirm'))) {
    fresh.push(...unpackRows(z.array(freshSchema), row.packed, 'A chunk of single reads'));
  }
  return fresh;
}
