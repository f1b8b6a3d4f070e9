import { inShape } from '../answers.ts';
import type { Holdings, SignIn } from '../compare/rows.ts';
import { AnchorwatchError } from '../errors.ts';
import type { AnchorChange, Told, Withheld } from '../ports/entra.ts';
import type { RetryRules } from '../retry.ts';
import { type Instant, isoTime, parseTime, SECOND } from '../time.ts';
import type { GraphClient } from './client.ts';
import { filterQuery, odataText } from './filter.ts';
import { readPage } from './pager.ts';
import { type Audit, AuditSchema, HoldingsSchema, PageSchema, SignInSchema, SkuSchema } from './schemas.ts';

/** Nothing depends on these looks but what a person is shown: nobody waits long for them. */
const RULES: RetryRules = { attempts: 3, totalWait: 30 * SECOND, deadline: 20 * SECOND };

/**
 * By object id: the service behind `signInActivity` knows no names. Needs AuditLog.Read.All, and Entra ID P1 in the tenant (Graph,
 * signInActivity). Before December 2023 only attempts were kept.
 */
export function lastSignIn(client: GraphClient, id: string, signal?: AbortSignal): Promise<Told<SignIn | null>> {
  return orWithheld(async () => {
    const body = await client.json(`${userPath(id)}?$select=id,signInActivity`, { rules: RULES, signal });
    const { signInActivity } = inShape(SignInSchema, body, 'GET /v1.0/users/{id}');
    const success = timeOf(signInActivity?.lastSuccessfulSignInDateTime);
    if (success !== null) return { at: success, attempt: false };
    const at = timeOf(signInActivity?.lastSignInDateTime) ?? timeOf(signInActivity?.lastNonInteractiveSignInDateTime);
    return at === null ? null : { at, attempt: true };
  });
}

/** Entra writes the year 1 for never. */
function timeOf(text: string | null | undefined): Instant | null {
  const at = parseTime(text ?? '');
  return at === null || at < 0 ? null : at;
}

/** Plans of the service `exchange` that come with other licences, and give nobody a mailbox: the foundation and the archive. */
const WITHOUT_MAILBOX: ReadonlySet<string> = new Set([
  '113feb6c-3fe4-4440-bddc-54d774bf0318',
  '176a09a6-7ec5-4039-ac02-b2791c6ba793',
]);

/** With User.Read.All alone. */
export async function holdings(client: GraphClient, id: string, signal?: AbortSignal): Promise<Holdings> {
  const body = await client.json(`${userPath(id)}?$select=id,assignedLicenses,assignedPlans`, { rules: RULES, signal });
  const { assignedLicenses, assignedPlans } = inShape(HoldingsSchema, body, 'GET /v1.0/users/{id}');
  const mailbox = assignedPlans.some(({ service, servicePlanId, capabilityStatus }) => {
    const isInForce = capabilityStatus === 'Enabled' || capabilityStatus === 'Warning';
    return (
      isInForce && service?.toLowerCase() === 'exchange' && !WITHOUT_MAILBOX.has(servicePlanId?.toLowerCase() ?? '')
    );
  });
  return { licenses: assignedLicenses.map(({ skuId }) => skuId), mailbox };
}

/**
 * One list for everybody. A user's own `licenseDetails` has the same names, but is documented for no app of its own (Graph, user: list
 * licenseDetails); this needs Organization.Read.All, which the scan has.
 */
export async function licenseNames(client: GraphClient, signal?: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const what = 'GET /v1.0/subscribedSkus';
  const body = await client.json('/v1.0/subscribedSkus?$select=skuId,skuPartNumber', { rules: RULES, signal });
  const rows = inShape(PageSchema, body, what).value.map((row) => inShape(SkuSchema, row, what));
  return new Map(rows.map(({ skuId, skuPartNumber }) => [skuId, skuPartNumber]));
}

const PAGE = 100;
/** One person is not changed as often as these hold, and the log answers five times in ten seconds. */
const MOST_PAGES = 3;

/** The property is called `SourceAnchor` there. Needs AuditLog.Read.All; kept for a week, and for a month with Entra ID P1. */
export function anchorChange(
  client: GraphClient,
  id: string,
  since: Instant,
  signal?: AbortSignal,
): Promise<Told<AnchorChange | null>> {
  return orWithheld(async () => {
    const own = new Set(await client.names());
    const changes = (await auditsOf(client, id, since, signal))
      .filter((audit) => isAnchorOf(audit, id) && !isBy(audit, own))
      .map(changeOf)
      .sort((one, other) => other.at - one.at);
    return changes[0] ?? null;
  });
}

async function auditsOf(
  client: GraphClient,
  id: string,
  since: Instant,
  signal?: AbortSignal,
): Promise<readonly Audit[]> {
  const about = `targetResources/any(t:t/id eq ${odataText(id)})`;
  const filter = `activityDisplayName eq 'Update user' and activityDateTime ge ${isoTime(since)} and ${about}`;
  const list = `/v1.0/auditLogs/directoryAudits?${filterQuery(filter)}&$top=${PAGE}`;
  const audits: Audit[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await readPage(client, list, cursor, { rules: RULES, signal });
    audits.push(...page.rows.map((row) => inShape(AuditSchema, row, 'GET /v1.0/auditLogs/directoryAudits')));
    cursor = page.next;
    if (cursor === null) break;
  }
  return audits;
}

function isAnchorOf({ result, targetResources }: Audit, id: string): boolean {
  if (result !== 'success') return false;
  const target = targetResources?.find((one) => one.id?.toLowerCase() === id.toLowerCase());
  return target?.modifiedProperties?.some(({ displayName }) => displayName === 'SourceAnchor') === true;
}

function isBy({ initiatedBy: { app } }: Audit, own: ReadonlySet<string>): boolean {
  return own.has(app?.appId ?? '') || own.has(app?.servicePrincipalId ?? '');
}

function changeOf({ activityDateTime, initiatedBy: { app, user } }: Audit): AnchorChange {
  const person = user?.userPrincipalName ?? user?.displayName ?? user?.id ?? '';
  const program = app?.displayName ?? app?.appId ?? app?.servicePrincipalId ?? '';
  const by = person !== '' ? ({ kind: 'user', name: person } as const) : ({ kind: 'app', name: program } as const);
  return { at: activityDateTime, by: by.name === '' ? null : by };
}

/** What the reporting service answers where it tells this app of nobody (microsoft-graph-docs#12772, graph-explorer#2731). */
const REFUSALS: ReadonlyMap<string, Withheld> = new Map([
  ['Authentication_MSGraphPermissionMissing', 'right'],
  ['Authentication_ApplicationHasNoReadAuditLogDataAccess', 'right'],
  ['Authorization_RequestDenied', 'right'],
  ['Authentication_RequestFromNonPremiumTenantOrB2CTenant', 'licence'],
]);

async function orWithheld<Value>(look: () => Promise<Value>): Promise<Told<Value>> {
  try {
    return { told: await look() };
  } catch (error) {
    const withheld = error instanceof AnchorwatchError ? REFUSALS.get(String(error.fields['code'])) : undefined;
    if (withheld === undefined) throw error;
    return { withheld };
  }
}

function userPath(id: string): string {
  return `/v1.0/users/${encodeURIComponent(id)}`;
}
