import { type Instant, isoTime } from '../../../shared/time.ts';
import type { Reply } from '../routes.ts';
import { seenUpTo } from '../state.ts';
import type { OktaCall, OktaRoute } from './context.ts';
import { exactText, type Fields, looseText, type Predicate, parseFilter, time } from './filter.ts';
import { groupJson } from './group-json.ts';
import { theUser } from './named.ts';
import { page, whole } from './paging.ts';
import type { OktaUserRecord } from './records.ts';
import { userJson } from './user-json.ts';

export const userRoutes: readonly OktaRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/users',
    query: ['filter', 'search', 'q', 'limit', 'after'],
    needs: ['okta.users.read', 'okta.users.manage'],
    handle: listUsers,
  },
  {
    method: 'GET',
    path: '/api/v1/users/{user}',
    query: [],
    needs: ['okta.users.read', 'okta.users.manage'],
    handle: (call) => ({ status: 200, body: userJson(call, theUser(call)) }),
  },
  {
    method: 'GET',
    path: '/api/v1/users/{user}/groups',
    query: [],
    needs: ['okta.users.read', 'okta.users.manage'],
    handle: listGroupsOf,
  },
  {
    method: 'GET',
    path: '/api/v1/users/{user}/roles',
    query: [],
    needs: ['okta.roles.read', 'okta.roles.manage'],
    handle: listRoles,
  },
];

/** Without `filter` or `search` the list leaves out the deprovisioned; `search` may lag behind. */
function listUsers(call: OktaCall): Reply {
  const { query } = call.target;
  const matches = wantedUsers(query.get('search'), query.get('filter'));
  const q = query.get('q')?.toLowerCase() ?? '';
  const asOf: Instant = query.has('search') ? seenUpTo(call.now, call.settings.searchLag, call.random) : call.now;
  const list = {
    name: 'users',
    usual: query.has('q') ? 10 : 200,
    most: 200,
    above: 'clamp',
    rows: function* (after: string | null) {
      for (const user of call.state.oktaUsers.list(after, asOf)) {
        if (matches(user) && (q === '' || startsWith(user, q))) yield user;
      }
    },
    keyOf: (user: OktaUserRecord) => user.id,
  } as const;
  return page(call, list, (user) => userJson(call, user));
}

function wantedUsers(search: string | undefined, filter: string | undefined): Predicate<OktaUserRecord> {
  if (search !== undefined) return parseFilter(search, SEARCHED);
  return filter === undefined ? isNotDeprovisioned : parseFilter(filter, FILTERED);
}

/** `filter` minds the case of values, and knows these attributes alone. */
const FILTERED: Fields<OktaUserRecord> = {
  id: exactText((user) => user.id),
  status: exactText((user) => user.status),
  lastUpdated: time((user) => user.changed),
  'profile.login': exactText((user) => user.login),
  'profile.email': exactText((user) => user.email),
  'profile.firstName': exactText((user) => user.firstName),
  'profile.lastName': exactText((user) => user.lastName),
};

/** `search` does not mind the case. Four attributes can be asked for by a part; `gt` and `lt` stand in for `ne`, which it lacks. */
const SEARCHED: Fields<OktaUserRecord> = {
  id: looseText((user) => user.id),
  status: looseText((user) => user.status, ['eq', 'sw', 'gt', 'lt']),
  created: time((user) => user.created),
  lastUpdated: time((user) => user.changed),
  'profile.login': looseText((user) => user.login, ['eq', 'sw', 'co']),
  'profile.email': looseText((user) => user.email, ['eq', 'sw', 'co']),
  'profile.firstName': looseText((user) => user.firstName, ['eq', 'sw', 'co']),
  'profile.lastName': looseText((user) => user.lastName, ['eq', 'sw', 'co']),
  'profile.displayName': looseText((user) => user.displayName),
  'profile.department': looseText((user) => user.department),
  'profile.employeeNumber': looseText((user) => user.employeeNumber),
};

function isNotDeprovisioned(user: OktaUserRecord): boolean {
  return user.status !== 'DEPROVISIONED';
}

function startsWith(user: OktaUserRecord, q: string): boolean {
  if (user.status === 'DEPROVISIONED') return false;
  return [user.firstName, user.lastName, user.email].some((text) => text.toLowerCase().startsWith(q));
}

function listGroupsOf(call: OktaCall): Reply {
  const groups = theUser(call).groups.flatMap((id) => {
    const group = call.state.groups.get(id);
    return group === undefined ? [] : [groupJson(call, group)];
  });
  return whole(call, groups);
}

function listRoles(call: OktaCall): Reply {
  const user = theUser(call);
  const roles = user.adminRoles.map((type) => ({
    id: `ra1${user.id.slice(3)}`,
    label: ADMIN_ROLES[type] ?? type,
    type,
    status: 'ACTIVE',
    created: isoTime(user.created),
    lastUpdated: isoTime(user.created),
    assignmentType: 'USER',
    _links: { assignee: { href: `${call.origin}/api/v1/users/${user.id}` } },
  }));
  return whole(call, roles);
}

const ADMIN_ROLES: Readonly<Record<string, string>> = {
  SUPER_ADMIN: 'Super Administrator',
  ORG_ADMIN: 'Organization Administrator',
  APP_ADMIN: 'Application Administrator',
  HELP_DESK_ADMIN: 'Help Desk Administrator',
};
