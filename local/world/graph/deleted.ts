import type { Reply } from '../routes.ts';
import { type GraphCall, type GraphRoute, isAdvanced } from './context.ts';
import { parseFilter } from './filter.ts';
import { matches } from './match.ts';
import { page } from './paging.ts';
import type { EntraRecord } from './records.ts';
import { badRequest } from './refusal.ts';
import { selectedOfUser, userFields, userJson } from './user-properties.ts';
import { READS_USERS } from './users.ts';

export const deletedRoutes: readonly GraphRoute[] = [
  {
    method: 'GET',
    path: '/v1.0/directory/deletedItems',
    query: ['$select', '$filter', '$top', '$count', '$skiptoken'],
    needs: READS_USERS,
    handle() {
      throw badRequest('The type of the deleted items must be given as a cast, such as microsoft.graph.user.');
    },
  },
  {
    method: 'GET',
    path: '/v1.0/directory/deletedItems/{type}',
    query: ['$select', '$filter', '$top', '$count', '$skiptoken'],
    needs: READS_USERS,
    handle: listDeleted,
  },
];

/** Soft-deleted users keep their anchor; their user names are prefixed with the object id, so that the old name is free. */
function listDeleted(call: GraphCall): Reply {
  const type = call.parameters['type'] ?? '';
  if (type !== 'microsoft.graph.user' && type !== 'graph.user') {
    throw badRequest(`The type '${type}' is not supported for deleted items.`);
  }
  const names = selectedOfUser(call);
  const filter = call.target.query.get('$filter');
  const fields = userFields(call);
  const clause = filter === undefined ? null : parseFilter(filter, fields, isAdvanced(call));
  const list = {
    name: 'deleted users',
    context: `directoryObjects/microsoft.graph.user(${names.join(',')})`,
    rows: function* (after: string | null) {
      for (const user of call.state.deletedUsers.list(after, call.asOf)) {
        if (clause === null || matches(clause, fields, user)) yield user;
      }
    },
    keyOf: (user: EntraRecord) => user.id,
    count: () => call.state.deletedUsers.size(call.now - call.settings.countLag),
  };
  return page(call, list, (user) => userJson(call, user, names));
}
