import type { Reply } from '../routes.ts';
import { seenUpTo } from '../state.ts';
import { appJson } from './app-json.ts';
import type { OktaCall, OktaRoute } from './context.ts';
import { parseFilter, textField } from './filter.ts';
import { groupJson } from './group-json.ts';
import { theGroup } from './named.ts';
import { page } from './paging.ts';
import type { AppRecord, GroupRecord, OktaUserRecord } from './records.ts';
import { userJson } from './user-json.ts';

const NEEDS = ['okta.groups.read', 'okta.groups.manage'];

export const groupRoutes: readonly OktaRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/groups',
    query: ['filter', 'search', 'q', 'limit', 'after'],
    needs: NEEDS,
    handle: listGroups,
  },
  {
    method: 'GET',
    path: '/api/v1/groups/{group}',
    query: [],
    needs: NEEDS,
    handle: (call) => ({ status: 200, body: groupJson(call, theGroup(call)) }),
  },
  {
    method: 'GET',
    path: '/api/v1/groups/{group}/users',
    query: ['limit', 'after'],
    needs: NEEDS,
    handle: listMembers,
  },
  {
    method: 'GET',
    path: '/api/v1/groups/{group}/apps',
    query: ['limit', 'after'],
    needs: NEEDS,
    handle: listGroupApps,
  },
];

function listGroups(call: OktaCall): Reply {
  const { query } = call.target;
  const expression = query.get('search') ?? query.get('filter');
  const matches = expression === undefined ? () => true : parseFilter(expression, FIELDS);
  const q = query.get('q')?.toLowerCase() ?? '';
  const asOf = query.has('search') ? seenUpTo(call.now, call.settings.searchLag, call.random) : call.now;
  const groups = [...call.state.groups.values()]
    .filter((group) => group.created <= asOf && matches(group) && group.name.toLowerCase().startsWith(q))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  const list = {
    name: 'groups',
    usual: query.has('q') ? 300 : 10_000,
    most: 10_000,
    above: 'clamp',
    rows: (after: string | null) => groups.filter((group) => after === null || group.id > after),
    keyOf: (group: GroupRecord) => group.id,
  } as const;
  return page(call, list, (group) => groupJson(call, group));
}

const FIELDS = {
  id: textField((group: GroupRecord) => [group.id]),
  type: textField((group: GroupRecord) => [group.kind]),
  'source.id': textField((group: GroupRecord) => (group.directory === null ? [] : [group.directory.app])),
  'profile.name': textField((group: GroupRecord) => [group.name]),
};

function listMembers(call: OktaCall): Reply {
  const { id } = theGroup(call);
  const list = {
    name: `members of ${id}`,
    usual: 1_000,
    most: 1_000,
    above: 'clamp',
    rows: function* (after: string | null) {
      for (const user of call.state.oktaUsers.list(after, call.now)) if (user.groups.includes(id)) yield user;
    },
    keyOf: (user: OktaUserRecord) => user.id,
  } as const;
  return page(call, list, (user) => userJson(call, user));
}

function listGroupApps(call: OktaCall): Reply {
  const { id } = theGroup(call);
  const apps = [...call.state.apps.values()]
    .filter((app) => app.groups.includes(id))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  const list = {
    name: `apps of ${id}`,
    usual: 20,
    most: 200,
    above: 'refuse',
    rows: (after: string | null) => apps.filter((app) => after === null || app.id > after),
    keyOf: (app: AppRecord) => app.id,
  } as const;
  return page(call, list, (app) => appJson(call, app));
}
