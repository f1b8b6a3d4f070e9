import type * as z from 'zod';
import { inShape, parseJson, textOf } from '../answers.ts';
import type { DeletedUser, EntraUser } from '../compare/rows.ts';
import { AnchorwatchError } from '../errors.ts';
import type { GraphPage } from '../ports/parsing.ts';
import type { GraphClient } from './client.ts';
import { filterQuery, odataText } from './filter.ts';
import { readAll } from './pager.ts';
import { deletedUser, entraUser } from './rows.ts';
import {
  DELETED_FIELDS,
  DeletedSchema,
  PageSchema,
  TypedSchema,
  USER_FIELDS,
  UserSchema,
  type User,
} from './schemas.ts';

/** `onPremisesImmutableId` comes only when it is selected. 999 is the most that Graph puts on one page. */
const USERS = `/v1.0/users?$select=${USER_FIELDS.join(',')}`;
export const USER_LIST = `${USERS}&$top=999`;

/** Without the cast to user Graph refuses the list. */
const DELETED_USERS = '/v1.0/directory/deletedItems/microsoft.graph.user';
const DELETED = `${DELETED_USERS}?$select=${DELETED_FIELDS.join(',')}`;
export const DELETED_LIST = `${DELETED}&$top=999`;

/** One row at most, for the count beside it; only with `ConsistencyLevel: eventual`. */
export const DELETED_COUNT = `${DELETED_USERS}?$count=true&$select=id&$top=1`;

interface Sorted<Row> {
  readonly people: readonly Row[];
  /** Agents that Graph lists among users; they are nobody's account. */
  readonly agents: number;
}

export function toUsers(rows: readonly unknown[]): Sorted<EntraUser> {
  const { people, agents } = sort(rows, UserSchema, USERS);
  return { people: people.map(entraUser), agents };
}

export function toDeleted(rows: readonly unknown[]): Sorted<DeletedUser> {
  const { people, agents } = sort(rows, DeletedSchema, DELETED);
  return { people: people.map(deletedUser), agents };
}

/** The page of users that a body holds. Throws `transient` for what is no JSON, and `invalid` for what has another shape. */
export function usersIn(body: Uint8Array): GraphPage<EntraUser> {
  const { rows, next } = pageIn(body, USERS);
  const { people, agents } = toUsers(rows);
  return { rows: people, next, leftOut: agents };
}

/** The page of soft-deleted users that a body holds. Throws like `usersIn`. */
export function deletedIn(body: Uint8Array): GraphPage<DeletedUser> {
  const { rows, next } = pageIn(body, DELETED);
  const { people, agents } = toDeleted(rows);
  return { rows: people, next, leftOut: agents };
}

function pageIn(body: Uint8Array, list: string) {
  const what = nameOf(list);
  const page = inShape(PageSchema, parseJson(textOf(body), what), what);
  return { rows: page.value, next: page['@odata.nextLink'] ?? null };
}

function nameOf(list: string): string {
  return `GET ${list.replace(/\?.*$/s, '')}`;
}

/** Hardly a row says what it is. */
function typeOf(row: unknown, what: string): string | undefined {
  const saysSo = typeof row === 'object' && row !== null && '@odata.type' in row;
  return saysSo ? inShape(TypedSchema, row, what)['@odata.type'] : undefined;
}

function sort<Row>(rows: readonly unknown[], schema: z.ZodType<Row>, list: string): Sorted<Row> {
  const what = nameOf(list);
  const people = rows.filter((row) => typeOf(row, what) !== '#microsoft.graph.agentUser');
  return { people: people.map((row) => inShape(schema, row, what)), agents: rows.length - people.length };
}

/** Graph does not say whether its `eq` minds case, and anchors do: only exact hits are handed on. */
export async function usersByAnchor(client: GraphClient, anchor: string): Promise<readonly EntraUser[]> {
  const rows = await readAll(client, `${USER_LIST}&${anchorFilter(anchor)}`);
  return toUsers(rows).people.filter((one) => one.anchor === anchor);
}

/**
 * No example of this filter on deleted users exists, though their list is said to support what users do: where Graph refuses it, the
 * whole list is read.
 */
export async function deletedByAnchor(client: GraphClient, anchor: string): Promise<readonly DeletedUser[]> {
  let rows: readonly unknown[];
  try {
    rows = await readAll(client, `${DELETED_LIST}&${anchorFilter(anchor)}`);
  } catch (error) {
    if (!(error instanceof AnchorwatchError) || error.fields['status'] !== 400) throw error;
    rows = await readAll(client, DELETED_LIST);
  }
  return toDeleted(rows).people.filter((one) => one.anchor === anchor);
}

function anchorFilter(anchor: string): string {
  return filterQuery(`onPremisesImmutableId eq ${odataText(anchor)}`);
}

/** Two questions, as Graph may refuse one that joins a property and a list. The prefix of the primary address is in capitals. */
export async function usersByAddress(client: GraphClient, address: string): Promise<readonly EntraUser[]> {
  const asName = filterQuery(`userPrincipalName eq ${odataText(address)}`);
  const [primary, alias] = [odataText(`SMTP:${address}`), odataText(`smtp:${address}`)];
  const asProxy = filterQuery(`proxyAddresses/any(p:p eq ${primary}) or proxyAddresses/any(p:p eq ${alias})`);
  const rows = [
    ...(await readAll(client, `${USER_LIST}&${asName}`)),
    ...(await readAll(client, `${USER_LIST}&${asProxy}`)),
  ];
  const { people } = sort(rows, UserSchema, USERS);
  const holders = people.filter((row) => holds(row, address.toLowerCase()));
  return [...new Map(holders.map((row) => [row.id, entraUser(row)])).values()];
}

function holds(row: User, address: string): boolean {
  if (row.userPrincipalName.toLowerCase() === address) return true;
  return row.proxyAddresses.some((proxy) => proxy.toLowerCase() === `smtp:${address}`);
}

/** `endsWith` is answered in advanced queries alone: with `$count=true` beside the header. */
export async function usersOnDomain(client: GraphClient, domain: string): Promise<readonly EntraUser[]> {
  const ending = `@${domain.toLowerCase()}`;
  const filter = filterQuery(`endsWith(userPrincipalName,${odataText(ending)})`);
  const rows = await readAll(client, `${USER_LIST}&$count=true&${filter}`, { eventual: true });
  return toUsers(rows).people.filter(({ userName }) => userName.toLowerCase().endsWith(ending));
}
