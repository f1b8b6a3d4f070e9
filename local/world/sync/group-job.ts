import { HOUR, type Instant } from '../../../shared/time.ts';
import { hash32 } from '../dice.ts';
import type { EntraRecord } from '../graph/records.ts';
import { appTarget, SYSTEM, tell } from '../okta/events.ts';
import type { State } from '../state.ts';

/** From one group job of an Office 365 app to the next. */
const EVERY = HOUR;

/** Puts down the first group job of an app: so long after the world began, whatever hour of the day that was. */
export function groupJobsFrom(state: State, app: string, start: Instant): void {
  groupJobAt(state, app, start + (hash32(`group job ${app}`) % EVERY));
}

function groupJobAt(state: State, app: string, next: Instant): void {
  state.agenda.add(next, (at) => {
    runGroupJob(state, app, at);
    groupJobAt(state, app, at + EVERY);
  });
}

/**
 * Universal Sync's group job. It looks at everybody to whom something happened since the last one: whoever is assigned and has the
 * same anchor in AD and Entra is in the twins of their AD groups, and whoever has not drops out of them without a word.
 */
function runGroupJob(state: State, app: string, at: Instant): void {
  const record = state.apps.get(app);
  if (record === undefined || record.status !== 'ACTIVE') return;
  for (const [user, linked] of state.touched.get(app) ?? []) {
    const account = accountOf(state, app, user, linked, at);
    if (account === null) continue;
    const assigned = isAssigned(state, user, at);
    if (!assigned && state.switches.groupJob === 'keeps') continue;
    const syncedGroups = assigned && isAnchored(state, user, account, at) ? twinsOf(state, user, account, at) : [];
    if (syncedGroups.join() !== account.syncedGroups.join()) state.entraUsers.put({ ...account, syncedGroups }, at);
  }
  state.touched.delete(app);
  const event = {
    eventType: 'app.office365.api.sync.job.complete.group',
    message: 'Group sync job complete',
    actor: SYSTEM,
    transaction: `job.${hash32(`${app} ${at}`).toString(36)}`,
    targets: [appTarget(record)],
  };
  tell(state, event, at);
}

/** By the link of the assignment, or of the one that there was, whatever the account is called meanwhile. */
function accountOf(state: State, app: string, user: string, linked: string | null, at: Instant): EntraRecord | null {
  const id = state.assignments.get(app)?.get(user, at)?.externalId ?? linked;
  return (id === null ? undefined : state.entraUsers.get(id, at)) ?? null;
}

/** In whichever app: a person of two is in scope as long as one has them. */
function isAssigned(state: State, user: string, at: Instant): boolean {
  return [...state.assignments.values()].some((roster) => roster.get(user, at) !== undefined);
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
