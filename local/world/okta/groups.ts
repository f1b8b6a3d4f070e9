import type { Reply } from '../routes.ts';
import { seenUpTo } from '../state.ts';
import { appJson } from './app-json.ts';
import type { OktaCall, OktaRoute } from './context.ts';
import { exactText, type Fields, type Predicate, parseFilter, time } from './filter.ts';
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
  const matches = wantedGroups(query.get('search'), query.get('filter'));
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

function wantedGroups(search: string | undefined, filter: string | undefined): Predicate<GroupRecord> {
  if (search !== undefined) return parseFilter(search, SEARCHED);
  return filter === undefined ? () => true : parseFilter(filter, FILTERED);
}

const FILTERED: Fields<GroupRecord> = {
  id: exactText((group) => group.id),
  type: exactText((group) => group.kind),
  lastUpdated: time((group) => group.changed),
  lastMembershipUpdated: time((group) => group.changed),
};

/** Name and description alone can be asked for by a part. */
const SEARCHED: Fields<GroupRecord> = {
  id: exactText((group) => group.id, ['eq', 'sw']),
  type: exactText((group) => group.kind, ['eq', 'sw']),
  created: time((group) => group.created, ['eq']),
  lastUpdated: time((group) => group.changed, ['eq']),
  lastMembershipUpdated: time((group) => group.changed, ['eq']),
  'source.id': exactText((group) => group.directory?.app ?? null, ['eq', 'sw']),
  'profile.name': exactText((group) => group.name, ['eq', 'sw', 'co']),
  'profile.description': exactText((group) => group.description, ['eq', 'sw', 'co']),
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
