import { isoTime } from '../../../shared/time.ts';
import type { Reply } from '../routes.ts';
import { appJson } from './app-json.ts';
import { appUserOf } from './app-users.ts';
import type { OktaCall, OktaRoute } from './context.ts';
import { exactText, type Field, parseFilter } from './filter.ts';
import { theApp } from './named.ts';
import { page } from './paging.ts';
import type { AppRecord } from './records.ts';
import { invalid } from './refusal.ts';

export const appRoutes: readonly OktaRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/apps',
    query: ['filter', 'q', 'limit', 'after', 'expand'],
    needs: ['okta.apps.read', 'okta.apps.manage'],
    handle: listApps,
  },
  {
    method: 'GET',
    path: '/api/v1/apps/{app}',
    query: [],
    needs: ['okta.apps.read', 'okta.apps.manage'],
    handle: (call) => ({ status: 200, body: appJson(call, theApp(call)) }),
  },
  {
    method: 'GET',
    path: '/api/v1/apps/{app}/groups',
    query: ['limit', 'after'],
    needs: ['okta.apps.read', 'okta.apps.manage'],
    handle: listAppGroups,
  },
];

/** Inactive apps are in the list: Okta documents filters for the status, and not dependably what an unfiltered list leaves out. */
function listApps(call: OktaCall): Reply {
  const { query } = call.target;
  const isAssigned: Field<AppRecord> = {
    operators: ['eq'],
    test: (_, user) => (app) => appUserOf(call, app, user) !== undefined,
  };
  const matches = parseFilterOf(query.get('filter'), isAssigned);
  const q = query.get('q')?.toLowerCase() ?? '';
  const expand = expandedUser(query.get('expand'), query.get('filter'));
  const apps = [...call.state.apps.values()]
    .filter((app) => matches(app))
    .filter((app) => [app.name, app.label].some((text) => text.toLowerCase().startsWith(q)))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  const list = {
    name: 'apps',
    usual: 20,
    most: 200,
    above: 'refuse',
    rows: (after: string | null) => apps.filter((app) => after === null || app.id > after),
    keyOf: (app: AppRecord) => app.id,
  } as const;
  return page(call, list, (app) => {
    const user = expand === null ? undefined : appUserOf(call, app, expand);
    return user === undefined ? appJson(call, app) : { ...appJson(call, app), _embedded: { user } };
  });
}

function parseFilterOf(filter: string | undefined, isAssigned: Field<AppRecord>) {
  if (filter === undefined) return () => true;
  return parseFilter<AppRecord>(filter, {
    name: exactText((app) => app.name),
    id: exactText((app) => app.id),
    status: exactText((app) => app.status),
    'user.id': isAssigned,
  });
}

/** `expand=user/{id}` is taken only beside `filter=user.id eq "{id}"`. */
function expandedUser(expand: string | undefined, filter: string | undefined): string | null {
  if (expand === undefined) return null;
  const user = /^user\/(\w+)$/.exec(expand)?.[1];
  if (user === undefined || filter?.includes(`user.id eq "${user}"`) !== true) {
    throw invalid('expand', 'Only user/{userId} beside the filter user.id eq "{userId}" is supported.');
  }
  return user;
}

function listAppGroups(call: OktaCall): Reply {
  const app = theApp(call);
  const list = {
    name: `groups of ${app.id}`,
    usual: 20,
    least: 20,
    most: 200,
    above: 'refuse',
    rows: (after: string | null) => app.groups.slice(after === null ? 0 : app.groups.indexOf(after) + 1),
    keyOf: (group: string) => group,
  } as const;
  return page(call, list, (group) => ({
    id: group,
    priority: app.groups.indexOf(group),
    lastUpdated: isoTime(app.changed),
    profile: {},
    _links: {
      app: { href: `${call.origin}/api/v1/apps/${app.id}` },
      self: { href: `${call.origin}/api/v1/apps/${app.id}/groups/${group}` },
      group: { href: `${call.origin}/api/v1/groups/${group}` },
    },
  }));
}
