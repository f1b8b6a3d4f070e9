import type { GraphCall, GraphRoute } from './context.ts';
import { isAdvanced } from './context.ts';
import { type Fields, parseFilter } from './filter.ts';
import { matches } from './match.ts';
import { groupProperties } from './memberships.ts';
import { page } from './paging.ts';
import type { EntraGroupRecord } from './records.ts';
import { selected } from './user-properties.ts';

export const groupRoutes: readonly GraphRoute[] = [
  {
    method: 'GET',
    path: '/v1.0/groups',
    query: ['$select', '$filter', '$top', '$count', '$skiptoken'],
    needs: ['GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'],
    handle: listGroups,
  },
];

const FIELDS: Fields<EntraGroupRecord> = {
  id: { operators: ['eq', 'in'], get: (group) => group.id },
  displayName: { operators: ['eq', 'in', 'startsWith'], get: (group) => group.displayName },
  mail: { operators: ['eq', 'in', 'startsWith'], get: (group) => group.mail },
  onPremisesSecurityIdentifier: { operators: ['eq'], get: (group) => group.sid },
};

function listGroups(call: GraphCall) {
  const filter = call.target.query.get('$filter');
  const clause = filter === undefined ? null : parseFilter(filter, FIELDS, isAdvanced(call));
  const names = selected(
    call,
    (name) => name === 'id' || Object.hasOwn(groupProperties(EMPTY), name),
    'microsoft.graph.group',
  );
  const groups = [...call.state.entraGroups.values()]
    .filter((group) => clause === null || matches(clause, FIELDS, group))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  const list = {
    name: 'groups',
    context: 'groups',
    rows: (after: string | null) => groups.filter((group) => after === null || group.id > after),
    keyOf: (group: EntraGroupRecord) => group.id,
    count: () => groups.length,
  };
  return page(call, list, (group) => {
    const json: Record<string, unknown> = { id: group.id, ...groupProperties(group) };
    return names === null ? json : Object.fromEntries(names.map((name) => [name, json[name]]));
  });
}

const EMPTY: EntraGroupRecord = {
  id: '',
  displayName: '',
  mail: null,
  securityEnabled: false,
  assignableToRole: false,
  sid: null,
  memberOf: [],
  roles: [],
};
