import { inShape } from '../answers.ts';
import type { EntraGroup, EntraRepairs, License } from '../ports/entra-repairs.ts';
import type { RetryDeps } from '../retry.ts';
import { createGraphClient, type GraphClient } from './client.ts';
import { filterQuery, odataText } from './filter.ts';
import { readAll } from './pager.ts';
import { EntraGroupSchema, LicensesSchema } from './schemas.ts';
import { type GraphSettings, readGraphUrl } from './settings.ts';

/** What a repair reads and writes in Entra ID. Throws `invalid` at once when the address cannot be right. */
export function createEntraRepairs(settings: GraphSettings, deps: RetryDeps): EntraRepairs {
  return entraRepairsOver(createGraphClient(readGraphUrl(settings), settings.credential, settings.rateShare, deps));
}

/** The same over a client that is there already. By object id in every call; never a password. */
export function entraRepairsOver(client: GraphClient): EntraRepairs {
  return {
    rights: () => client.rights(),
    licenses: (id) => licenses(client, id),
    groupsOf: (id) => groupsOf(client, id),
    twinOf: (group) => twinOf(client, group),
    setUserName: (id, userPrincipalName, effect) => client.patch(userPath(id), { userPrincipalName }, effect),
    setAnchor: (id, onPremisesImmutableId, effect) => client.patch(userPath(id), { onPremisesImmutableId }, effect),
  };
}

function userPath(id: string): string {
  return `/v1.0/users/${encodeURIComponent(id)}`;
}

/** `licenseAssignmentStates` says where each licence comes from; `assignedLicenses` only that it is there. */
async function licenses(client: GraphClient, id: string): Promise<readonly License[]> {
  const body = await client.json(`${userPath(id)}?$select=licenseAssignmentStates`);
  const { licenseAssignmentStates } = inShape(LicensesSchema, body, 'GET /v1.0/users/{id}');
  return licenseAssignmentStates.map(({ skuId, assignedByGroup }) => ({ sku: skuId, group: assignedByGroup ?? null }));
}

const GROUP_FIELDS = '$select=id,displayName,mail,onPremisesSecurityIdentifier';

async function groupsOf(client: GraphClient, id: string): Promise<readonly EntraGroup[]> {
  const rows = await readAll(client, `${userPath(id)}/memberOf/microsoft.graph.group?${GROUP_FIELDS}`);
  return rows.map((row) => entraGroup(row, 'GET /v1.0/users/{id}/memberOf'));
}

async function twinOf(
  client: GraphClient,
  { sid, mail }: { readonly sid: string | null; readonly mail: string | null },
): Promise<EntraGroup | null> {
  if (sid !== null) {
    const found = await groupsWhere(client, `onPremisesSecurityIdentifier eq ${odataText(sid)}`);
    if (found !== null) return found;
  }
  return mail === null ? null : groupsWhere(client, `mail eq ${odataText(mail)}`);
}

async function groupsWhere(client: GraphClient, filter: string): Promise<EntraGroup | null> {
  const [row] = await readAll(client, `/v1.0/groups?${GROUP_FIELDS}&${filterQuery(filter)}`);
  return row === undefined ? null : entraGroup(row, 'GET /v1.0/groups');
}

function entraGroup(row: unknown, what: string): EntraGroup {
  const { id, displayName, mail, onPremisesSecurityIdentifier } = inShape(EntraGroupSchema, row, what);
  return { id, displayName: displayName ?? null, mail: mail ?? null, sid: onPremisesSecurityIdentifier ?? null };
}
