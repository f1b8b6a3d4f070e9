import type { Reply } from '../routes.ts';
import { type GraphCall, type GraphRoute, isAdvanced } from './context.ts';
import { parseFilter } from './filter.ts';
import { indexed, matches, type Narrowed } from './match.ts';
import { page } from './paging.ts';
import type { EntraRecord } from './records.ts';
import { badRequest, notFound, unsupported } from './refusal.ts';
import { selectedOfUser, userFields, userJson } from './user-properties.ts';

export const READS_USERS = ['User.Read.All', 'User.ReadUpdate.All', 'User.ReadWrite.All', 'Directory.Read.All'];

const INDEXES = ['userPrincipalName', 'onPremisesImmutableId', 'proxyAddresses'];

export const userRoutes: readonly GraphRoute[] = [
  {
    method: 'GET',
    path: '/v1.0/users',
    query: ['$select', '$filter', '$top', '$count', '$skiptoken'],
    needs: READS_USERS,
    handle: listUsers,
  },
  { method: 'GET', path: '/v1.0/users/$count', query: ['$filter'], needs: READS_USERS, handle: countUsers },
  { method: 'GET', path: '/v1.0/users/{user}', query: ['$select'], needs: READS_USERS, handle: getUser },
];

/** The user that the path names, by object id or by user name. */
export function theUser(call: GraphCall): EntraRecord {
  const name = call.parameters['user'] ?? '';
  const byId = call.state.entraUsers.get(name.toLowerCase(), call.asOf);
  if (byId !== undefined) return byId;
  for (const user of call.state.entraUsers.lookup('userPrincipalName', name.toLowerCase(), call.asOf)) {
    if (user.userName.toLowerCase() === name.toLowerCase()) return user;
  }
  throw notFound(name);
}

/** With what is known of sign-ins a page is smaller (Graph, user: list). */
const MOST_WITH_SIGN_INS = 500;

function listUsers(call: GraphCall): Reply {
  const names = selectedOfUser(call);
  const top = Number(call.target.query.get('$top') ?? 0);
  if (names.includes('signInActivity') && top > MOST_WITH_SIGN_INS)
    throw unsupported(`Invalid page size specified: '${top}'. Must be between 1 and ${MOST_WITH_SIGN_INS} inclusive.`);
  const list = {
    name: 'users',
    context: `users(${names.join(',')})`,
    rows: (after: string | null) => usersAfter(call, after),
    keyOf: (user: EntraRecord) => user.id,
    count: () => counted(call),
  };
  return page(call, list, (user) => userJson(call, user, names));
}

/** Users that the filter lets through, in the order of their ids; by an index where the filter names one. */
function* usersAfter(call: GraphCall, after: string | null): Generator<EntraRecord> {
  const { entraUsers } = call.state;
  const filter = call.target.query.get('$filter');
  if (filter === undefined) {
    yield* entraUsers.list(after, call.asOf);
    return;
  }
  const fields = userFields(call);
  const clause = parseFilter(filter, fields, isAdvanced(call));
  const narrowed = indexed(clause, INDEXES);
  const candidates = narrowed === null ? entraUsers.list(after, call.asOf) : lookedUp(call, after, narrowed);
  for (const user of candidates) if (matches(clause, fields, user)) yield user;
}

function lookedUp(call: GraphCall, after: string | null, { index, texts }: Narrowed): readonly EntraRecord[] {
  const found = new Set(texts.flatMap((text) => [...call.state.entraUsers.lookup(index, text, call.asOf)]));
  return [...found]
    .filter((user) => after === null || user.id > after)
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** `/users/$count` comes from an index that lags, counts agents' users too, and is plain text. */
function countUsers(call: GraphCall): Reply {
  if (!call.eventual) {
    throw unsupported(
      "Raw count (/$count) is not supported because the 'ConsistencyLevel:eventual' header is missing.",
    );
  }
  return { status: 200, body: String(counted(call)), headers: { 'content-type': 'text/plain' } };
}

function counted(call: GraphCall): number {
  const asOf = call.now - call.settings.countLag;
  if (!call.target.query.has('$filter')) return call.state.entraUsers.size(asOf);
  let count = 0;
  for (const _ of usersAfter({ ...call, asOf }, null)) count++;
  return count;
}

function getUser(call: GraphCall): Reply {
  const names = selectedOfUser(call);
  // The service that knows of sign-ins knows no names.
  if (names.includes('signInActivity') && call.parameters['user']?.includes('@') === true)
    throw badRequest('Get By Key only supports UserId and the key has to be a valid Guid');
  const context = { '@odata.context': `${call.origin}/v1.0/$metadata#users(${names.join(',')})/$entity` };
  return { status: 200, body: { ...context, ...userJson(call, theUser(call), names) } };
}
