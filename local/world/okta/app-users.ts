import type { Reply } from '../routes.ts';
import { assignmentJson, directoryJson } from './app-user-json.ts';
import type { OktaCall, OktaRoute } from './context.ts';
import { theApp } from './named.ts';
import { page } from './paging.ts';
import type { AppRecord } from './records.ts';
import { invalid, notFound } from './refusal.ts';
import { userJson } from './user-json.ts';

const NEEDS = ['okta.apps.read', 'okta.apps.manage'];

export const appUserRoutes: readonly OktaRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/apps/{app}/users',
    query: ['limit', 'after', 'q', 'expand'],
    needs: NEEDS,
    handle: listAppUsers,
  },
  {
    method: 'GET',
    path: '/api/v1/apps/{app}/users/{user}',
    query: ['expand'],
    needs: NEEDS,
    handle: getAppUser,
  },
];

/** What of an app user its list looks at, whichever kind of app it belongs to. */
interface AppUser {
  readonly user: string;
  /** Texts that `q` is matched against from their beginning. */
  readonly named: readonly string[];
  readonly json: Readonly<Record<string, unknown>>;
}

/** One app user as JSON; undefined where the person does not have the app. */
export function appUserOf(call: OktaCall, app: AppRecord, user: string): AppUser['json'] | undefined {
  const account = call.state.directories.get(app.id)?.get(user, call.now);
  if (account !== undefined) return directoryJson(call, app, account);
  const assignment = call.state.assignments.get(app.id)?.get(user, call.now);
  return assignment === undefined ? undefined : assignmentJson(call, app, assignment);
}

function* appUsers(call: OktaCall, app: AppRecord, after: string | null): Generator<AppUser> {
  for (const account of call.state.directories.get(app.id)?.list(after, call.now) ?? []) {
    const { user, userName, firstName, lastName, mail } = account;
    yield { user, named: [userName, firstName, lastName, mail], json: directoryJson(call, app, account) };
  }
  for (const assignment of call.state.assignments.get(app.id)?.list(after, call.now) ?? []) {
    const { user, userName, firstName, lastName, email } = assignment;
    yield { user, named: [userName, firstName, lastName, email], json: assignmentJson(call, app, assignment) };
  }
}

function listAppUsers(call: OktaCall): Reply {
  const app = theApp(call);
  const expand = expandsUser(call);
  const q = call.target.query.get('q')?.toLowerCase() ?? '';
  const list = {
    name: `users of ${app.id}`,
    usual: 50,
    most: 500,
    above: 'refuse',
    rows: function* (after: string | null) {
      for (const row of appUsers(call, app, after)) {
        if (q === '' || row.named.some((text) => text.toLowerCase().startsWith(q))) yield row;
      }
    },
    keyOf: (row: AppUser) => row.user,
  } as const;
  return page(call, list, (row) => (expand ? withUser(call, row.user, row.json) : row.json));
}

function getAppUser(call: OktaCall): Reply {
  const user = call.parameters['user'] ?? '';
  const json = appUserOf(call, theApp(call), user);
  if (json === undefined) throw notFound(user, 'AppUser');
  return { status: 200, body: expandsUser(call) ? withUser(call, user, json) : json };
}

function expandsUser(call: OktaCall): boolean {
  const expand = call.target.query.get('expand');
  if (expand !== undefined && expand !== 'user') throw invalid('expand', 'Only user is supported.');
  return expand === 'user';
}

function withUser(call: OktaCall, id: string, json: AppUser['json']) {
  const user = call.state.oktaUsers.get(id, call.now);
  return user === undefined ? json : { ...json, _embedded: { user: userJson(call, user) } };
}
