import type { AdAccount, Assignment, DeletedUser, EntraUser } from '../compare/rows.ts';
import type { EntraReader } from '../ports/entra.ts';
import type { OktaReader, Page } from '../ports/okta.ts';
import type { Instant } from '../time.ts';
import { DELETED, directoryList, type List, USERS } from './lists.ts';
import { type AppName } from '../state/read-plan.ts';

/**
 * The largest pages of the two APIs, which the readers ask for: 500 app users (Okta's OpenAPI, listApplicationUsers) and 999
 * users (Graph, List users). Only the first page of a list is measured by them, later ones by the largest page so far.
 */
const OKTA_PAGE = 500;
const ENTRA_PAGE = 999;

/** Where a list comes from. Everything throws AnchorwatchError. */
export interface ListSource<Row> {
  readonly list: List<Row>;
  readonly fullPage: number;
  page(cursor: string | null, signal: AbortSignal): Promise<Page<Row>>;
  /** How many rows the other side says there are; null where it does not say. */
  count(): Promise<number | null>;
  /** When the newest successful import since `since` ended; null where there was none, and for all but AD instances. */
  freshAsOf(since: Instant): Promise<Instant | null>;
}

async function unknown(): Promise<null> {
  return null;
}

export function directorySource(okta: OktaReader, directory: AppName): ListSource<AdAccount> {
  return {
    list: directoryList(directory),
    fullPage: OKTA_PAGE,
    page: (cursor, signal) => okta.directoryPage(directory.id, cursor, signal),
    count: unknown,
    freshAsOf: async (since) => (await okta.lastImport(directory.id, since))?.ended ?? null,
  };
}

export function assignmentSource(okta: OktaReader, app: string, list: List<Assignment>): ListSource<Assignment> {
  return {
    list,
    fullPage: OKTA_PAGE,
    page: (cursor, signal) => okta.assignmentPage(app, cursor, signal),
    count: unknown,
    freshAsOf: unknown,
  };
}

export function userSource(entra: EntraReader): ListSource<EntraUser> {
  return {
    list: USERS,
    fullPage: ENTRA_PAGE,
    page: (cursor, signal) => entra.usersPage(cursor, signal),
    count: () => entra.userCount(),
    freshAsOf: unknown,
  };
}

export function deletedSource(entra: EntraReader): ListSource<DeletedUser> {
  return {
    list: DELETED,
    fullPage: ENTRA_PAGE,
    page: (cursor, signal) => entra.deletedPage(cursor, signal),
    count: () => entra.deletedCount(),
    freshAsOf: unknown,
  };
}
