import { inShape } from '../answers.ts';
import type { Domain } from '../compare/rows.ts';
import { AnchorwatchError } from '../errors.ts';
import type { EntraDetail, EntraReader, Organization } from '../ports/entra.ts';
import type { Parsing } from '../ports/parsing.ts';
import type { AskDeps } from '../http.ts';
import { createGraphClient, type GraphClient } from './client.ts';
import { anchorChange, holdings, lastSignIn, licenseNames } from './evidence.ts';
import { readAll, readMade, readPage } from './pager.ts';
import { readPrivileges } from './privileges.ts';
import { entraDetail } from './rows.ts';
import {
  CountedSchema,
  CountSchema,
  DETAIL_FIELDS,
  DetailSchema,
  DomainSchema,
  FederationSchema,
  OrganizationSchema,
} from './schemas.ts';
import { readGraphUrl, type GraphSettings } from './settings.ts';
import {
  DELETED_COUNT,
  DELETED_LIST,
  deletedByAnchor,
  toDeleted,
  toUsers,
  USER_LIST,
  usersByAddress,
  usersByAnchor,
  usersOnDomain,
} from './users.ts';

/**
 * Reads Entra ID; the long lists are parsed by `parsing` where it is given. Throws `invalid` at once when the address cannot be right;
 * connects with the first request.
 */
export function createEntraReader(settings: GraphSettings, deps: AskDeps, parsing?: Parsing): EntraReader {
  const client = createGraphClient(readGraphUrl(settings), settings.credential, settings.rateShare, deps);
  const reader = entraReaderOver(client);
  if (parsing === undefined) return reader;
  return {
    ...reader,
    usersPage: (cursor, signal) => readMade(client, USER_LIST, cursor, (body) => parsing.users(body), signal),
    deletedPage: (cursor, signal) => readMade(client, DELETED_LIST, cursor, (body) => parsing.deleted(body), signal),
  };
}

/** The same over a client that is there already. */
export function entraReaderOver(client: GraphClient): EntraReader {
  return {
    async usersPage(cursor, signal) {
      const page = await readPage(client, USER_LIST, cursor, { signal });
      const { people, agents } = toUsers(page.rows);
      return { rows: people, next: page.next, leftOut: agents };
    },
    async deletedPage(cursor, signal) {
      const page = await readPage(client, DELETED_LIST, cursor, { signal });
      const { people, agents } = toDeleted(page.rows);
      return { rows: people, next: page.next, leftOut: agents };
    },
    userCount: () => userCount(client),
    deletedCount: () => deletedCount(client),
    domains: () => domains(client),
    organization: () => organization(client),
    signInHost: (domain) => signInHost(client, domain),
    user: (id) => user(client, id),
    usersByAnchor: (anchor) => usersByAnchor(client, anchor),
    deletedByAnchor: (anchor) => deletedByAnchor(client, anchor),
    usersByAddress: (address) => usersByAddress(client, address),
    usersOnDomain: (domain) => usersOnDomain(client, domain),
    privileges: (id) => readPrivileges(client, id),
    lastSignIn: (id, signal) => lastSignIn(client, id, signal),
    holdings: (id, signal) => holdings(client, id, signal),
    licenseNames: (signal) => licenseNames(client, signal),
    anchorChange: (id, since, signal) => anchorChange(client, id, since, signal),
  };
}

/** Plain text, whose digits are JSON all the same; only with `ConsistencyLevel: eventual`. */
async function userCount(client: GraphClient): Promise<number> {
  const path = '/v1.0/users/$count';
  return inShape(CountSchema, await client.json(path, { eventual: true }), `GET ${path}`);
}

/** Graph documents `$count` on this list, but gives no example of it: whoever refuses it, or leaves the count out, has none. */
async function deletedCount(client: GraphClient): Promise<number | null> {
  try {
    const answer = await client.json(DELETED_COUNT, { eventual: true });
    return inShape(CountedSchema, answer, 'GET /v1.0/directory/deletedItems')['@odata.count'] ?? null;
  } catch (error) {
    if (error instanceof AnchorwatchError && error.fields['status'] === 400) return null;
    throw error;
  }
}

/** Graph ignores `$filter` and `$top` here (its known issues), so the list is taken as it comes. */
async function domains(client: GraphClient): Promise<readonly Domain[]> {
  const rows = await readAll(client, '/v1.0/domains');
  return rows.map((row) => {
    const domain = inShape(DomainSchema, row, 'GET /v1.0/domains');
    return {
      name: domain.id.toLowerCase(),
      federated: domain.authenticationType.toLowerCase() === 'federated',
      initial: domain.isInitial,
      verified: domain.isVerified,
    };
  });
}

/** `passiveSignInUri` is where a browser is sent (Graph, internalDomainFederation). Needs `Domain.Read.All`; knows no query options. */
async function signInHost(client: GraphClient, domain: string): Promise<string | null> {
  const path = `/v1.0/domains/${encodeURIComponent(domain)}/federationConfiguration`;
  const [row] = await readAll(client, path);
  if (row === undefined) return null;
  const { passiveSignInUri } = inShape(FederationSchema, row, 'GET /v1.0/domains/{id}/federationConfiguration');
  return URL.parse(passiveSignInUri ?? '')?.hostname ?? null;
}

async function organization(client: GraphClient): Promise<Organization> {
  const path = '/v1.0/organization?$select=id,displayName,onPremisesSyncEnabled';
  const [row, ...more] = await readAll(client, path);
  if (more.length > 0) throw new AnchorwatchError('invalid', 'Graph answers with more than one organisation.');
  const found = inShape(OrganizationSchema, row, 'GET /v1.0/organization');
  return { id: found.id, displayName: found.displayName ?? '', syncEnabled: found.onPremisesSyncEnabled ?? null };
}

/** Null where Graph itself says that there is nobody; a 404 by anything in between is an error. */
async function user(client: GraphClient, id: string): Promise<EntraDetail | null> {
  const path = `/v1.0/users/${encodeURIComponent(id)}?$select=${DETAIL_FIELDS.join(',')}`;
  try {
    return entraDetail(inShape(DetailSchema, await client.json(path), 'GET /v1.0/users/{id}'));
  } catch (error) {
    const code = error instanceof AnchorwatchError && error.fields['status'] === 404 ? error.fields['code'] : null;
    if (code === 'Request_ResourceNotFound' || code === 'ResourceNotFound') return null;
    throw error;
  }
}
