import { inShape } from '../answers.ts';
import type { AdAccount, Assignment } from '../compare/rows.ts';
import { AnchorwatchError } from '../errors.ts';
import type { OktaReader, OktaUser, Page, Rows } from '../ports/okta.ts';
import type { Body, Parsing } from '../ports/parsing.ts';
import type { AskDeps } from '../http.ts';
import type { RetryDeps } from '../retry.ts';
import { parseTime } from '../time.ts';
import { findApps } from './apps.ts';
import { accountsOf, assignmentsOf, usersOf } from './app-users.ts';
import { createOktaClient, type OktaBodies, type OktaClient } from './client.ts';
import { readEditableAttributes } from './editable.ts';
import { orGone } from './gone.ts';
import { readGroupRules } from './group-rules.ts';
import { readAll, readLinked, readPage } from './pager.ts';
import { readAnchorMapping, readLastImport, readProvisioning } from './provisioning.ts';
import { adAccount, assignment } from './rows.ts';
import { AppUserSchema, IdSchema, UserSchema, type AppUser } from './schemas.ts';
import { readSettings, SCHEMA_SCOPES, withScopes, type OktaSettings } from './settings.ts';

/** The most app users that Okta puts on one page. */
const PAGE = 500;

/** Okta's advice for lists of a group's members (a thousand are allowed, and slow). */
const GROUP_PAGE = 200;

/** What of the settings says how answers are read. */
export type OktaReading = Pick<OktaSettings, 'office365App' | 'appDomains' | 'directories' | 'anchorAttribute'>;

/**
 * Reads Okta; the long lists are parsed by `parsing` where it is given. Throws `invalid` at once when the address or the credentials cannot
 * be right; connects with the first request.
 */
export function createOktaReader(settings: OktaSettings, deps: AskDeps, parsing?: Parsing): OktaReader {
  const connect = (chosen: OktaSettings) => createOktaClient(readSettings(chosen), chosen.rateShare, deps);
  const client = connect(settings);
  const reader = oktaReaderOver(client, settings, deps, connect(withScopes(settings, SCHEMA_SCOPES)));
  return parsing === undefined ? reader : { ...reader, ...longLists(client, settings, parsing) };
}

function longLists(
  client: OktaBodies,
  { anchorAttribute }: OktaReading,
  parsing: Parsing,
): Pick<OktaReader, 'directoryPage' | 'assignmentPage'> {
  async function page<Row>(
    app: string,
    cursor: string | null,
    signal: AbortSignal,
    make: (body: Body) => Promise<Rows<Row>>,
  ): Promise<Page<Row>> {
    const ask = (path: string) => client.read(path, make, signal);
    const { body: rows, next } = await readLinked(client.origin, listOf(app), cursor, ask);
    return { rows, next, leftOut: 0 };
  }

  return {
    directoryPage: (instance, cursor, signal) =>
      page(instance, cursor, signal, (body) => parsing.accounts(body, { instance, anchorAttribute })),
    assignmentPage: (app, cursor, signal) => page(app, cursor, signal, (body) => parsing.assignments(body, app)),
  };
}

/** The same over clients that are there already; `schemas` may read the schemas of profiles, where anybody may. */
export function oktaReaderOver(
  client: OktaClient,
  settings: OktaReading,
  deps: Pick<RetryDeps, 'clock' | 'log'>,
  schemas: OktaClient = client,
): OktaReader {
  const { anchorAttribute } = settings;
  const account = (row: AppUser, instance: string): AdAccount => adAccount(row, instance, anchorAttribute);

  return {
    apps: () => findApps(client, settings),
    async directoryPage(instance, cursor, signal) {
      const { rows, next } = await readPage(client, listOf(instance), cursor, signal);
      return { rows: accountsOf(rows, { instance, anchorAttribute }), next, leftOut: 0 };
    },
    async assignmentPage(app, cursor, signal) {
      const { rows, next } = await readPage(client, listOf(app), cursor, signal);
      return { rows: assignmentsOf(rows, app), next, leftOut: 0 };
    },
    anchorMapping: (app) => readAnchorMapping(client, app),
    provisioning: (app) => readProvisioning(client, app, deps.clock.now()),
    lastImport: (instance, since) => readLastImport(client, instance, since, deps.clock.now()),
    directoryAccount: (instance, user) => appUser(client, instance, user, account),
    assignment: (app, user) => appUser(client, app, user, assignment),
    assignmentsNamed: (app, userName) => assignmentsNamed(client, app, userName),
    user: (id, signal) => oktaUser(client, id, signal),
    groupsOf: (id) => idsOf(client, `/api/v1/users/${encodeURIComponent(id)}/groups`),
    groupMembers: (group) => idsOf(client, `/api/v1/groups/${encodeURIComponent(group)}/users`, GROUP_PAGE),
    rulesFeeding: async (groups, signal) =>
      (await readGroupRules(client, signal)).filter((rule) => rule.groups.some((group) => groups.includes(group))),
    editableAttributes: (app, signal) => readEditableAttributes(client, schemas, app, signal),
    isAdministrator: (id) => isAdministrator(client, id, deps),
  };
}

function listOf(app: string): string {
  return `${usersOf(app)}?limit=${PAGE}`;
}

async function appUser<Row>(
  client: OktaClient,
  app: string,
  id: string,
  toRow: (row: AppUser, app: string) => Row,
): Promise<Row | null> {
  const path = `${usersOf(app)}/${encodeURIComponent(id)}`;
  const row = await orGone(client, AppUserSchema, path);
  return row === null ? null : toRow(row, app);
}

/** Okta's `q` finds beginnings, in more fields than the name; only exact names are handed on. */
async function assignmentsNamed(client: OktaClient, app: string, userName: string): Promise<readonly Assignment[]> {
  const path = usersOf(app);
  const rows = await readAll(client, `${path}?q=${encodeURIComponent(userName.toWellFormed())}&limit=${PAGE}`);
  return assignmentsOf(rows, app).filter((row) => row.userName?.toLowerCase() === userName.toLowerCase());
}

async function oktaUser(client: OktaClient, id: string, signal?: AbortSignal): Promise<OktaUser | null> {
  const path = `/api/v1/users/${encodeURIComponent(id)}`;
  const row = await orGone(client, UserSchema, path, signal);
  if (row === null) return null;
  return {
    id: row.id,
    login: row.profile.login,
    status: row.status,
    created: parseTime(row.created ?? ''),
    lastLogin: parseTime(row.lastLogin ?? ''),
  };
}

async function idsOf(client: OktaClient, path: string, limit?: number): Promise<readonly string[]> {
  const rows = await readAll(client, limit === undefined ? path : `${path}?limit=${limit}`);
  return rows.map((row) => inShape(IdSchema, row, `GET ${path}`).id);
}

/** Direct roles and those through groups (`assignmentType`). Scope `okta.roles.read`; without it everybody counts as one. */
async function isAdministrator(client: OktaClient, id: string, deps: Pick<RetryDeps, 'log'>): Promise<boolean> {
  try {
    return (await readAll(client, `/api/v1/users/${encodeURIComponent(id)}/roles`)).length > 0;
  } catch (error) {
    if (!(error instanceof AnchorwatchError) || error.kind !== 'denied') throw error;
    deps.log.warn('Okta administrator roles cannot be read: the person is taken for an administrator', {
      user: id,
      ...error.fields,
    });
    return true;
  }
}
