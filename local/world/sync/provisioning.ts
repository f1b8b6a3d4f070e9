import { type Instant, MINUTE, SECOND } from '../../../shared/time.ts';
import { diceOf, hash32 } from '../dice.ts';
import { noteUpdate } from '../graph/audits.ts';
import { softDelete } from '../graph/bin.ts';
import { BARE_ACCOUNT, type EntraRecord } from '../graph/records.ts';
import { holderOf } from '../graph/user-write.ts';
import { guid } from '../ids.ts';
import { appTarget, SYSTEM, tell, userTarget } from '../okta/events.ts';
import type { AssignmentRecord, OktaUserRecord } from '../okta/records.ts';
import { type State, touch } from '../state.ts';
import { pushed } from './push.ts';

/** One person's assignment of one Office 365 app, as a task of Okta's provisioning knows it. */
export interface Subject {
  readonly state: State;
  readonly app: string;
  readonly user: OktaUserRecord;
  readonly assignment: AssignmentRecord;
  /** Of the call that caused the task. */
  readonly transaction: string;
}

/** Tasks run half a minute to two minutes later; whoever is unassigned and assigned again has both run in that order. */
const UNASSIGN = { least: 20 * SECOND, spread: 40 * SECOND };
const ASSIGN = { least: 70 * SECOND, spread: 50 * SECOND };
/** A push that was under way when somebody was unassigned arrives within minutes, for one person in three. */
const LATE = { least: MINUTE, spread: 3 * MINUTE, share: 3 };
/** Where the synced flag goes with the assignment, it goes this much later. */
const UNSYNC = 2 * MINUTE;

function delayOf({ least, spread }: { readonly least: number; readonly spread: number }, seed: string): number {
  return least + (hash32(seed) % spread);
}

/** Queues what Okta does in Entra once somebody is assigned: it looks for the account by the user name, and by nothing else. */
export function provisionLater(subject: Subject, at: Instant): void {
  const { state, user } = subject;
  state.agenda.add(at + delayOf(ASSIGN, `assign ${user.id} ${at}`), (due) => provision(subject, due));
}

/** Queues what Okta does in Entra once somebody is unassigned. With *Deactivate Users* off that is nothing. */
export function deprovisionLater(subject: Subject, at: Instant): void {
  const { state, app, user, assignment } = subject;
  const queued = state.apps.get(app)?.provisioning?.deactivate ?? 'DISABLED';
  state.agenda.add(at + delayOf(UNASSIGN, `unassign ${user.id} ${at}`), (due) => {
    const now = state.apps.get(app)?.provisioning?.deactivate ?? 'DISABLED';
    const deactivate = state.switches.unassignReads === 'when-queued' ? queued : now;
    if (deactivate === 'ENABLED') deactivateAccount(subject, due);
    else if (state.switches.syncedWrites === 'after-unassign') unsyncLater(subject, due);
  });
  const seed = `late ${user.id} ${at}`;
  if (state.switches.latePush === 'arrives' && hash32(seed) % LATE.share === 0) {
    state.agenda.add(at + delayOf(LATE, seed), (due) => pushName(state, assignment, due));
  }
}

function provision(subject: Subject, at: Instant): void {
  const { state, app, user, transaction } = subject;
  const roster = state.assignments.get(app);
  const assignment = roster?.get(user.id, at);
  const record = state.apps.get(app);
  if (roster === undefined || assignment === undefined || record?.provisioning?.create !== 'ENABLED') return;
  const linked = linkedAccount(state, assignment, at);
  const failed = typeof linked === 'string' ? linked : null;
  roster.put(
    typeof linked === 'string'
      ? { ...assignment, syncState: 'ERROR', changed: at }
      : { ...assignment, status: 'PROVISIONED', syncState: 'SYNCHRONIZED', externalId: linked.id, changed: at },
    at,
  );
  if (typeof linked !== 'string') putByOkta(state, pushed(linked, assignment, record, state.tenant), at);
  if (typeof linked !== 'string') touch(state, app, user.id, linked.id);
  const event = {
    eventType: 'application.provision.user.push',
    message: 'Push user to external application',
    actor: SYSTEM,
    transaction,
    targets: [appTarget(record), userTarget(user)],
  };
  tell(state, event, at, failed);
}

/** The account that Okta takes for the person's, made where there is none; a text where it can neither find nor make one. */
function linkedAccount(state: State, assignment: AssignmentRecord, at: Instant): EntraRecord | string {
  const { user, userName } = assignment;
  const accounts = [...state.directories.values()].flatMap((roster) => roster.get(user, at) ?? []);
  const live = accounts.filter(({ status }) => status !== 'DEPROVISIONED');
  if (live.length > 1)
    return 'User is assigned to more than one instance of Active Directory, could not set Immutable ID.';
  const anchor = assignment.immutableId ?? substituteOf(assignment);
  const named = namedAccount(state, userName, seenUpTo(state, assignment, at));
  const binned = [...state.deletedUsers.list(null, at)].find((account) => account.anchor === anchor);
  if (binned !== undefined) return restored(state, binned, userName, named, at);
  const holder = holderOf(state, anchor, named?.id ?? '', at);
  if (named !== null) {
    if (named.anchor !== null) return named;
    return holder === null ? { ...named, anchor } : 'The Immutable ID belongs to another account.';
  }
  return holder === null
    ? twinOf({ ...assignment, immutableId: anchor }, at)
    : 'The account cannot be made: its Immutable ID exists already.';
}

/** Where the mapping gives nothing, Okta's own number for the app user is pushed. */
function substituteOf({ user }: AssignmentRecord): string {
  return `0ua${user.slice(3)}`;
}

/** Okta looks where any read looks: at a replica that may not have heard yet. */
function seenUpTo({ replicaLag }: State, { user }: AssignmentRecord, at: Instant): Instant {
  return replicaLag === 0 ? at : at - (hash32(`seen ${user} ${at}`) % replicaLag);
}

/** A sync that presents the anchor of a soft-deleted account has Entra restore it; its name is somebody else's by then, perhaps. */
function restored(
  state: State,
  binned: EntraRecord,
  userName: string,
  named: EntraRecord | null,
  at: Instant,
): EntraRecord {
  state.deletedUsers.remove(binned.id, at);
  const local = userName.slice(0, userName.indexOf('@'));
  const name = named === null ? userName : `${local}.${binned.id.slice(0, 8)}@${state.tenant.initialDomain}`;
  return { ...binned, userName: name, deleted: null, enabled: true };
}

function namedAccount(state: State, userName: string, at: Instant): EntraRecord | null {
  for (const account of state.entraUsers.lookup('userPrincipalName', userName.toLowerCase(), at)) {
    if (account.userName.toLowerCase() === userName.toLowerCase()) return state.entraUsers.get(account.id, at) ?? null;
  }
  return null;
}

/** A second account for somebody whose first one Okta did not find. */
function twinOf(
  { user, userName, immutableId, firstName, lastName, displayName }: AssignmentRecord,
  at: Instant,
): EntraRecord {
  const id = guid(diceOf(`twin ${user} ${at}`).next);
  const names = { userName, displayName, givenName: firstName, surname: lastName };
  return { ...BARE_ACCOUNT, ...names, id, anchor: immutableId, created: at };
}

/** The account that the assignment was linked to; by name where it never was. */
function accountOf(state: State, assignment: AssignmentRecord, at: Instant): EntraRecord | null {
  const { externalId, userName } = assignment;
  const linked = externalId === null ? undefined : state.entraUsers.get(externalId, at);
  return linked ?? namedAccount(state, userName, at);
}

/** What the app's deprovisioning option says: nobody can read it through the API. */
function deactivateAccount({ state, app, user, assignment, transaction }: Subject, at: Instant): void {
  const account = accountOf(state, assignment, at);
  const record = state.apps.get(app);
  if (account === null || record === undefined) return;
  const { deprovisioning } = state.switches;
  const licenses = deprovisioning === 'block' ? account.licenses : [];
  const blocked = { ...account, enabled: false, licenses };
  if (deprovisioning === 'delete') softDelete(state, { ...account, enabled: false }, at);
  else state.entraUsers.put(blocked, at);
  const event = {
    eventType: 'application.provision.user.deactivate',
    message: 'Deactivate user in external application',
    actor: SYSTEM,
    transaction,
    targets: [appTarget(record), userTarget(user)],
  };
  tell(state, event, at);
}

function unsyncLater({ state, app, user, assignment }: Subject, at: Instant): void {
  state.agenda.add(at + UNSYNC, (due) => {
    const account = accountOf(state, assignment, due);
    const back = state.assignments.get(app)?.get(user.id, due) !== undefined;
    if (account !== null && !back) state.entraUsers.put({ ...account, synced: null }, due);
  });
}

/** A push that was under way knows the name of then, and puts it back. */
function pushName(state: State, assignment: AssignmentRecord, at: Instant): void {
  const account = accountOf(state, assignment, at);
  if (account === null || account.userName === assignment.userName) return;
  if (namedAccount(state, assignment.userName, at) !== null) return;
  putByOkta(state, { ...account, userName: assignment.userName }, at);
}

/** Entra knows the account with which the app was connected, and says that it was a person. */
function putByOkta(state: State, account: EntraRecord, at: Instant): void {
  const name = `okta.sync@${state.tenant.initialDomain}`;
  const before = state.entraUsers.get(account.id, at);
  noteUpdate(state, before, account, { kind: 'user', id: '0c7a50f4-5d0c-4a35-8f6a-1d6f6d2b9a44', name }, at);
  state.entraUsers.put(account, at);
}
