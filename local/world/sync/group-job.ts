import { HOUR, type Instant } from '../../../shared/time.ts';
import { hash32 } from '../dice.ts';
import type { EntraRecord } from '../graph/records.ts';
import { appTarget, SYSTEM, tell } from '../okta/events.ts';
import type { State } from '../state.ts';

/** From one group job of an Office 365 app to the next. */
const EVERY = HOUR;

/** Puts down the next group job of an app, which puts down the one after it. */
export function groupJobLater(state: State, app: string, after: Instant): void {
  const phase = hash32(`group job ${app}`) % EVERY;
  const next = Math.floor((after - phase) / EVERY + 1) * EVERY + phase;
  state.agenda.add(next, (at) => {
    runGroupJob(state, app, at);
    groupJobLater(state, app, at);
  });
}

/**
 * Universal Sync's group job. It looks at everybody to whom something happened since the last one: whoever is assigned and has the
 * same anchor in AD and Entra is in the twins of their AD groups, and whoever has not drops out of them without a word.
 */
function runGroupJob(state: State, app: string, at: Instant): void {
  const record = state.apps.get(app);
  if (record === undefined || record.status !== 'ACTIVE') return;
  for (const user of state.touched) {
    const assignment = state.assignments.get(app)?.get(user, at);
    const account = accountOf(state, app, user, at);
    if (account === null) continue;
    if (assignment === undefined && state.switches.groupJob === 'keeps') continue;
    const syncedGroups =
      assignment !== undefined && isAnchored(state, user, account, at) ? twinsOf(state, user, account, at) : [];
    if (syncedGroups.join() !== account.syncedGroups.join()) state.entraUsers.put({ ...account, syncedGroups }, at);
  }
  state.touched.clear();
  const event = {
    eventType: 'app.office365.api.sync.job.complete.group',
    message: 'Group sync job complete',
    actor: SYSTEM,
    transaction: `job.${hash32(`${app} ${at}`).toString(36)}`,
    targets: [appTarget(record)],
  };
  tell(state, event, at);
}

/** By the link of the assignment, or by the login of somebody who has none. */
function accountOf(state: State, app: string, user: string, at: Instant): EntraRecord | null {
  const externalId = state.assignments.get(app)?.get(user, at)?.externalId ?? null;
  const linked = externalId === null ? undefined : state.entraUsers.get(externalId, at);
  if (linked !== undefined) return linked;
  const login = state.oktaUsers.get(user, at)?.login.toLowerCase() ?? '';
  for (const account of state.entraUsers.lookup('userPrincipalName', login, at)) {
    if (account.userName.toLowerCase() === login) return account;
  }
  return null;
}

function isAnchored(state: State, user: string, { anchor }: EntraRecord, at: Instant): boolean {
  return [...state.directories.values()].some(
    (roster) => roster.get(user, at)?.externalId === anchor && anchor !== null,
  );
}

/** The twins of a person's AD groups that this job sends: those that the account is in, and those that it comes into now. */
function twinsOf(state: State, user: string, account: EntraRecord, at: Instant): readonly string[] {
  const anchored = state.anchored.get(account.id) ?? 0;
  return (state.oktaUsers.get(user, at)?.groups ?? []).flatMap((group) => {
    const twin = state.twins.get(group);
    if (twin === undefined) return [];
    const rejoined = (state.joined.get(`${user} ${group}`) ?? 0) > anchored;
    return account.syncedGroups.includes(twin) || rejoined || state.switches.regroup === 'by-itself' ? [twin] : [];
  });
}
