import { inShape } from '../answers.ts';
import { AnchorwatchError } from '../errors.ts';
import { canonical } from '../canonical.ts';
import {
  type AssignmentDetail,
  type DeactivateSwitch,
  EVENT_TYPES,
  type EventQuery,
  type OktaEvent,
  type OktaGroup,
  type OktaRepairs,
} from '../ports/okta-repairs.ts';
import type { RetryDeps } from '../retry.ts';
import { isoTime, parseTime } from '../time.ts';
import { createOktaClient, type OktaClient } from './client.ts';
import { orGone } from './gone.ts';
import { readGroupRules } from './group-rules.ts';
import { readAll } from './pager.ts';
import { mappedAttributes } from './provisioning.ts';
import { assignment } from './rows.ts';
import {
  AppGroupSchema,
  AppSchema,
  AppSchemaSchema,
  AppUserSchema,
  FeatureSchema,
  IdSchema,
  LogEventSchema,
  OktaGroupSchema,
} from './schemas.ts';
import { type OktaSettings, readSettings } from './settings.ts';

/** What a repair reads and writes in Okta. Throws `invalid` at once when address or credentials cannot be right. */
export function createOktaRepairs(settings: OktaSettings, deps: RetryDeps): OktaRepairs {
  return oktaRepairsOver(createOktaClient(readSettings(settings), settings.rateShare, deps));
}

/** The same over a client that is there already. */
export function oktaRepairsOver(client: OktaClient): OktaRepairs {
  return {
    rights: () => client.rights(),
    untilRoom: (share) => client.untilRoom(share),
    deactivateSwitch: (app) => deactivateSwitch(client, app),
    assignmentDetail: (app, user) => assignmentDetail(client, app, user),
    unmappedAttributes: (app) => unmappedAttributes(client, app),
    groupsGranting: (app) => groupsGranting(client, app),
    appsOf: (group) => idsOf(client, `${groupPath(group)}/apps?limit=200`),
    groupRules: () => readGroupRules(client),
    oktaGroups: (user) => oktaGroups(client, user),
    events: (query) => events(client, query),
    // The body has no `capabilities` around it, though the answer has (Okta's OpenAPI, ApplicationFeatures).
    switchDeactivate: (app, status, effect) =>
      client.send(
        { method: 'PUT', path: featurePath(app), body: { update: { lifecycleDeactivate: { status } } } },
        effect,
      ),
    unassign: (app, user, effect) =>
      client.send({ method: 'DELETE', path: `${appUserPath(app, user)}?sendEmail=false` }, effect),
    assign: (app, { user, scope, userName, profile }, effect) =>
      client.send(
        {
          method: 'POST',
          path: `${appPath(app)}/users`,
          body: { id: user, scope, credentials: { userName }, profile },
        },
        effect,
      ),
    changeAssignment: (app, user, change, effect) =>
      client.send({ method: 'POST', path: appUserPath(app, user), body: change }, effect),
    joinGroup: (group, user, effect) => client.send({ method: 'PUT', path: memberPath(group, user) }, effect),
    leaveGroup: (group, user, effect) => client.send({ method: 'DELETE', path: memberPath(group, user) }, effect),
    changeDirectoryGroup(instance, group, user, change, effect) {
      const action = change === 'leave' ? 'REMOVE' : 'ADD';
      return client.send(
        {
          method: 'POST',
          path: `/api/v1/directories/${encodeURIComponent(instance)}/groups/modify`,
          body: { id: group, parameters: { action, attribute: 'member', values: [user] } },
        },
        effect,
      );
    },
  };
}

function appPath(app: string): string {
  return `/api/v1/apps/${encodeURIComponent(app)}`;
}

function appUserPath(app: string, user: string): string {
  return `${appPath(app)}/users/${encodeURIComponent(user)}`;
}

function featurePath(app: string): string {
  return `${appPath(app)}/features/USER_PROVISIONING`;
}

function groupPath(group: string): string {
  return `/api/v1/groups/${encodeURIComponent(group)}`;
}

function memberPath(group: string, user: string): string {
  return `${groupPath(group)}/users/${encodeURIComponent(user)}`;
}

/** Two reads of two things: the feature, and the features that the app itself names. */
async function deactivateSwitch(client: OktaClient, app: string): Promise<DeactivateSwitch> {
  const { features } = inShape(AppSchema, (await client.get(appPath(app))).body, `GET ${appPath(app)}`);
  const pushesDeactivation = features?.includes('PUSH_USER_DEACTIVATION') === true;
  const path = featurePath(app);
  let body: unknown;
  try {
    ({ body } = await client.get(path));
  } catch (error) {
    const off = error instanceof AnchorwatchError && error.fields['code'] === 'E0000001';
    if (off) return { status: null, rest: '', pushesDeactivation };
    throw error;
  }
  const { capabilities } = inShape(FeatureSchema, body, `GET ${path}`);
  const status = capabilities?.update?.lifecycleDeactivate?.status ?? null;
  return { status, rest: restOf(body, `GET ${path}`), pushesDeactivation };
}

/** The whole feature as text, without the switch itself and without links. */
function restOf(feature: unknown, what: string): string {
  try {
    return canonical(
      JSON.parse(
        JSON.stringify(feature, (key, value: unknown) =>
          key === 'lifecycleDeactivate' || key === '_links' ? undefined : value,
        ),
      ),
    );
  } catch (cause) {
    throw new AnchorwatchError('invalid', `The answer to ${what} is nested too deep to be compared.`, { cause });
  }
}

async function assignmentDetail(client: OktaClient, app: string, user: string): Promise<AssignmentDetail | null> {
  const row = await orGone(client, AppUserSchema, appUserPath(app, user));
  if (row === null) return null;
  const grantedBy = row._links?.group?.href?.split('/').at(-1) ?? null;
  return { ...assignment(row, app), profile: row.profile ?? {}, grantedBy };
}

/** The name of the app user is given beside the profile, whatever the schema calls it. */
async function unmappedAttributes(client: OktaClient, app: string): Promise<readonly string[]> {
  const path = `/api/v1/meta/schemas/apps/${encodeURIComponent(app)}/default`;
  const { definitions } = inShape(AppSchemaSchema, (await client.get(path)).body, `GET ${path}`);
  const names = Object.keys({ ...definitions.base.properties, ...definitions.custom?.properties });
  const mapped = await mappedAttributes(client, app);
  return names.filter((name) => name !== 'userName' && !mapped.has(name)).sort();
}

async function groupsGranting(client: OktaClient, app: string): Promise<readonly string[]> {
  const path = `${appPath(app)}/groups`;
  const rows = await readAll(client, `${path}?limit=200`);
  return rows
    .map((row) => inShape(AppGroupSchema, row, `GET ${path}`))
    .sort((one, other) => (one.priority ?? 0) - (other.priority ?? 0))
    .map(({ id }) => id);
}

async function oktaGroups(client: OktaClient, user: string): Promise<readonly OktaGroup[]> {
  const path = `/api/v1/users/${encodeURIComponent(user)}/groups`;
  return (await readAll(client, path)).map((row) => {
    const { id, type, profile, _links } = inShape(OktaGroupSchema, row, `GET ${path}`);
    const instance = _links?.source?.href.split('/').at(-1);
    const { name, groupType = null, objectSid = null, mail = null } = profile;
    const isDirectory = type === 'APP_GROUP' && instance !== undefined;
    return { id, name, kind: type, directory: isDirectory ? { instance, groupType, sid: objectSid, mail } : null };
  });
}

/** Always with an end: without `until` Okta hands out next links for ever. */
async function events(client: OktaClient, { types, target, since, until }: EventQuery): Promise<readonly OktaEvent[]> {
  const ofType = types.map((type) => `eventType eq "${type}"`).join(' or ');
  const filter = target === undefined ? ofType : `(${ofType}) and target.id eq "${target}"`;
  const query = new URLSearchParams({
    since: isoTime(since),
    until: isoTime(until),
    filter,
    sortOrder: 'ASCENDING',
    limit: '1000',
  });
  const rows = await readAll(client, `/api/v1/logs?${query.toString()}`);
  return rows.flatMap((row): readonly OktaEvent[] => {
    const event = inShape(LogEventSchema, row, 'GET /api/v1/logs');
    const at = parseTime(event.published);
    const type = EVENT_TYPES.find((known) => known === event.eventType);
    if (at === null || type === undefined) return [];
    return [
      {
        type,
        at,
        succeeded: event.outcome?.result === 'SUCCESS',
        actor: { id: event.actor?.id ?? '', name: event.actor?.displayName ?? '' },
        transaction: event.transaction?.id ?? null,
        targets: (event.target ?? []).map((one) => ({
          id: one.id ?? '',
          type: one.type ?? '',
          name: one.alternateId ?? '',
        })),
      },
    ];
  });
}

async function idsOf(client: OktaClient, path: string): Promise<readonly string[]> {
  return (await readAll(client, path)).map((row) => inShape(IdSchema, row, `GET ${path}`).id);
}
