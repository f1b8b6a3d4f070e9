import { Cron } from 'croner';
import type * as z from 'zod';
import { inShape } from '../answers.ts';
import { AnchorwatchError } from '../errors.ts';
import type { AdImport, AnchorMapping, ProvisioningFeature } from '../ports/okta.ts';
import { isoTime, parseTime, type Instant } from '../time.ts';
import type { OktaClient } from './client.ts';
import { readAll } from './pager.ts';
import {
  FeatureSchema,
  LogEventSchema,
  MappingRefSchema,
  MappingSchema,
  type Feature,
  type LogEvent,
  type MappingRef,
} from './schemas.ts';

/** Okta's mapping of the Office 365 app's immutableId as it ships (Okta help, handling of Immutable ID issues). */
const DEFAULT_EXPRESSION = 'hasDirectoryUser()?findDirectoryUser().externalId:null';

/** Scope `okta.profileMappings.read`. An org with several user types has a mapping for each; all are read. */
export async function readAnchorMapping(client: OktaClient, app: string): Promise<AnchorMapping> {
  const expressions = new Set<string>();
  for (const properties of await mappingsInto(client, app)) {
    const found = Object.entries(properties).find(([name]) => name.toLowerCase() === 'immutableid')?.[1];
    if (typeof found?.expression === 'string') expressions.add(found.expression);
  }
  const isDefault = expressions.size > 0 && [...expressions].every(isDefaultExpression);
  return { expression: expressions.size === 0 ? null : [...expressions].join(' ; '), isDefault };
}

/** Names of the attributes of the app's users that some mapping fills. */
export async function mappedAttributes(client: OktaClient, app: string): Promise<ReadonlySet<string>> {
  const filled = (await mappingsInto(client, app)).flatMap((properties) => Object.entries(properties));
  return new Set(filled.flatMap(([name, { expression }]) => ((expression ?? '') === '' ? [] : [name])));
}

type Properties = NonNullable<z.infer<typeof MappingSchema>['properties']>;

/** The mappings from users into the app, one for each user type. */
async function mappingsInto(client: OktaClient, app: string): Promise<readonly Properties[]> {
  const mappings: Properties[] = [];
  for (const ref of await mappingsOfUsers(client, app)) {
    const path = `/api/v1/mappings/${encodeURIComponent(ref.id)}`;
    mappings.push(inShape(MappingSchema, (await client.get(path)).body, `GET ${path}`).properties ?? {});
  }
  return mappings;
}

/** Which mappings there are from users into the app, without what they map. */
export async function mappingsOfUsers(
  client: OktaClient,
  app: string,
  signal?: AbortSignal,
): Promise<readonly MappingRef[]> {
  const list = `/api/v1/mappings?targetId=${encodeURIComponent(app)}&limit=200`;
  const rows = await readAll(client, list, signal);
  return rows
    .map((row) => inShape(MappingRefSchema, row, 'GET /api/v1/mappings'))
    .filter(({ source, target }) => target.id === app && source.type === 'user');
}

function isDefaultExpression(expression: string): boolean {
  return expression.replaceAll(/\s+/g, '') === DEFAULT_EXPRESSION;
}

/** Scope `okta.apps.read`. Okta answers 400 E0000001 where provisioning is switched off for the app. */
export async function readProvisioning(client: OktaClient, app: string, now: Instant): Promise<ProvisioningFeature> {
  const path = `/api/v1/apps/${encodeURIComponent(app)}/features`;
  let features: readonly Feature[];
  try {
    features = (await readAll(client, path)).map((row) => inShape(FeatureSchema, row, `GET ${path}`));
  } catch (error) {
    if (isProvisioningOff(error)) return { deactivateUsers: null, importSchedule: null, nextImport: null };
    throw error;
  }
  const outbound = features.find((feature) => feature.name === 'USER_PROVISIONING' && feature.status === 'ENABLED');
  const inbound = features.find((feature) => feature.name === 'INBOUND_PROVISIONING' && feature.status === 'ENABLED');
  return {
    deactivateUsers: outbound?.capabilities?.update?.lifecycleDeactivate?.status ?? null,
    importSchedule: scheduleWords(inbound),
    nextImport: nextImportOf(inbound, now),
  };
}

function isProvisioningOff(error: unknown): boolean {
  if (!(error instanceof AnchorwatchError)) return false;
  return error.fields['code'] === 'E0000001' && /provisioning is not enabled/i.test(error.message);
}

/** UNIX cron with an IANA time zone beside it (Okta's OpenAPI, ImportScheduleSettings); the zone is taken for UTC where none is named. */
function nextImportOf(feature: Feature | undefined, now: Instant): ProvisioningFeature['nextImport'] {
  const schedule = feature?.capabilities?.importSettings?.schedule;
  if (schedule === null || schedule === undefined || schedule.status === 'DISABLED') return null;
  const times: Instant[] = [];
  for (const at of [schedule.fullImport, schedule.incrementalImport]) {
    if (at === null || at === undefined) continue;
    try {
      const cron = new Cron(at.expression, { paused: true, timezone: at.timezone ?? 'UTC', mode: '5-part' });
      const next = cron.nextRun(new Date(now));
      if (next !== null) times.push(next.getTime());
    } catch {
      return 'unknown';
    }
  }
  return times.length === 0 ? null : Math.min(...times);
}

function scheduleWords(feature: Feature | undefined): string | null {
  const schedule = feature?.capabilities?.importSettings?.schedule;
  if (schedule === null || schedule === undefined || schedule.status === 'DISABLED') return null;
  const words = [
    { kind: 'full', at: schedule.fullImport },
    { kind: 'incremental', at: schedule.incrementalImport },
  ].flatMap(({ kind, at }) => (at ? [`${kind} ${at.expression}${at.timezone ? ` ${at.timezone}` : ''}`] : []));
  return words.length === 0 ? null : words.join(', ');
}

/**
 * The newest import of an AD instance that ended in success and whose beginning is known: both events bear one transaction id. Scope
 * `okta.logs.read`. `until` is always given, for without it Okta hands out next links for ever.
 */
export async function readLastImport(
  client: OktaClient,
  instance: string,
  since: Instant,
  until: Instant,
): Promise<AdImport | null> {
  const filter = `(eventType eq "system.import.start" or eventType eq "system.import.complete") and target.id eq "${instance}"`;
  const query = new URLSearchParams({
    since: isoTime(since),
    until: isoTime(until),
    filter,
    sortOrder: 'DESCENDING',
    limit: '1000',
  });
  const rows = await readAll(client, `/api/v1/logs?${query.toString()}`);
  const events = rows.map((row) => inShape(LogEventSchema, row, 'GET /api/v1/logs'));
  const imports = events.filter(isGoodEnd).flatMap((end) => {
    const start = events.find((event) => event.eventType === 'system.import.start' && sameTransaction(event, end));
    const began = start === undefined ? null : parseTime(start.published);
    const ended = parseTime(end.published);
    return began === null || ended === null ? [] : [{ began, ended }];
  });
  return imports.sort((one, other) => other.ended - one.ended)[0] ?? null;
}

function isGoodEnd(event: LogEvent): boolean {
  return event.eventType === 'system.import.complete' && event.outcome?.result === 'SUCCESS';
}

function sameTransaction(one: LogEvent, other: LogEvent): boolean {
  const id = one.transaction?.id;
  return typeof id === 'string' && id !== '' && id === other.transaction?.id;
}
