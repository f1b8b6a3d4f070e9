import { DAY, HOUR, type Instant, isoTime, MINUTE } from '../../../shared/time.ts';
import { hash32 } from '../dice.ts';
import { auditRightMissing, READS_AUDIT } from './access.ts';
import type { GraphCall } from './context.ts';
import type { Fields } from './filter.ts';
import { type EntraRecord, proxyAddressesOf } from './records.ts';
import { badRequest, GraphRefusal } from './refusal.ts';
import { plansOf } from './skus.ts';

/** A sync cycle of Entra: the last one that is over is what synced users say they were last synced in. */
const SYNC_CYCLE = 30 * MINUTE;

type Property = (user: EntraRecord, call: GraphCall) => unknown;

/** The properties that these tenants keep. `onPremisesImmutableId` and most others come only where they are selected. */
const PROPERTIES: Readonly<Record<string, Property>> = {
  id: (user) => user.id,
  userPrincipalName: (user) => user.userName,
  displayName: (user) => user.displayName,
  givenName: (user) => user.givenName,
  surname: (user) => user.surname,
  mail: (user) => user.mail,
  mailNickname: (user) => user.userName.slice(0, user.userName.indexOf('@')),
  jobTitle: () => null,
  mobilePhone: () => null,
  businessPhones: () => [],
  officeLocation: () => null,
  preferredLanguage: () => null,
  department: (user) => user.department,
  accountEnabled: (user) => user.enabled,
  createdDateTime: (user) => isoTime(user.created),
  deletedDateTime: (user) => (user.deleted === null ? null : isoTime(user.deleted)),
  userType: (user) => user.userType,
  creationType: (user) => user.extras?.creationType ?? null,
  externalUserState: (user) => user.extras?.externalUserState ?? null,
  employeeId: (user) => user.employeeId,
  usageLocation: () => 'US',
  isManagementRestricted: (user) => (user.extras?.restricted === true ? true : null),
  isResourceAccount: (user) => (user.extras?.resourceAccount === true ? true : null),
  onPremisesImmutableId: (user) => user.anchor,
  onPremisesSyncEnabled: (user) => user.synced,
  onPremisesLastSyncDateTime: lastSync,
  onPremisesSecurityIdentifier: (user) => user.sid,
  onPremisesSamAccountName: (user) => (user.synced === null ? null : user.samAccountName),
  onPremisesUserPrincipalName: (user) => (user.synced === null ? null : user.userName),
  proxyAddresses: (user, call) => proxyAddressesOf(user, call.state.tenant.initialDomain),
  assignedLicenses: (user) => skus(user).map((skuId) => ({ disabledPlans: [], skuId })),
  assignedPlans: (user) => skus(user).flatMap((skuId) => plansOf(skuId, user.created)),
  signInActivity,
  licenseAssignmentStates: (user) =>
    user.licenses.map(({ skuId, group }) => ({
      skuId,
      assignedByGroup: group,
      disabledPlans: [],
      error: 'None',
      state: 'Active',
      lastUpdatedDateTime: isoTime(user.created),
    })),
};

/** What comes where nothing is selected. */
const USUAL = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
];

/** `eq` is listed for a property where Graph's table of filterable properties has it without advanced query parameters. */
export function userFields(call: GraphCall): Fields<EntraRecord> {
  return {
    id: { operators: ['eq', 'in'], get: (user) => user.id },
    userPrincipalName: { operators: ['eq', 'in', 'startsWith', 'endsWith'], get: (user) => user.userName },
    mail: { operators: ['eq', 'in', 'startsWith', 'endsWith'], get: (user) => user.mail },
    displayName: { operators: ['eq', 'in', 'startsWith'], get: (user) => user.displayName },
    employeeId: { operators: ['eq', 'in', 'startsWith'], get: (user) => user.employeeId },
    onPremisesImmutableId: { operators: ['eq', 'in'], get: (user) => user.anchor },
    onPremisesSecurityIdentifier: { operators: ['eq'], get: (user) => user.sid },
    onPremisesSyncEnabled: { operators: ['eq'], type: 'boolean', get: (user) => user.synced },
    accountEnabled: { operators: ['eq'], type: 'boolean', get: (user) => user.enabled },
    userType: { operators: ['eq', 'in'], get: (user) => user.userType },
    proxyAddresses: {
      operators: ['any'],
      get: (user) => proxyAddressesOf(user, call.state.tenant.initialDomain),
    },
  };
}

/** The names in `$select`, each known; null where nothing is selected. */
export function selected(call: GraphCall, known: (name: string) => boolean, type: string): readonly string[] | null {
  const select = call.target.query.get('$select');
  if (select === undefined) return null;
  const names = select.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !known(name));
  if (unknown === undefined) return names;
  throw badRequest(
    `Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type '${type}'.`,
  );
}

/** Which properties a call for users asks for. Of sign-ins whoever may not know is refused everything else with them. */
export function selectedOfUser(call: GraphCall): readonly string[] {
  const names = selected(call, (name) => Object.hasOwn(PROPERTIES, name), 'microsoft.graph.user') ?? USUAL;
  if (!names.includes('signInActivity')) return names;
  if (!call.roles.has(READS_AUDIT)) throw auditRightMissing();
  if (call.settings.premium) return names;
  const message = "Neither tenant is B2C or tenant doesn't have premium license";
  throw new GraphRefusal(403, 'Authentication_RequestFromNonPremiumTenantOrB2CTenant', message);
}

/** An agent's user says what it is; a person's does not. */
export function userJson(call: GraphCall, user: EntraRecord, names: readonly string[]): Record<string, unknown> {
  const json: Record<string, unknown> =
    user.kind === 'agentUser' ? { '@odata.type': '#microsoft.graph.agentUser' } : {};
  for (const name of names) json[name] = PROPERTIES[name]?.(user, call);
  return json;
}

/** Absent for whoever has never signed in. The last successful one is known since December 2023 alone. */
function signInActivity(user: EntraRecord, { state, asOf }: GraphCall) {
  const works = user.enabled && user.licenses.length > 0;
  const said = state.signIns.get(user.id);
  const at = said === undefined ? (works ? thisMorning(user, asOf) : null) : said;
  if (at === null) return undefined;
  const time = isoTime(at);
  const id = user.id;
  return {
    lastSignInDateTime: time,
    lastSignInRequestId: id,
    lastNonInteractiveSignInDateTime: time,
    lastNonInteractiveSignInRequestId: id,
    ...(time < SUCCESS_KNOWN ? {} : { lastSuccessfulSignInDateTime: time, lastSuccessfulSignInRequestId: id }),
  };
}

const SUCCESS_KNOWN = '2023-12-01T00:00:00Z';

/** Everybody signs in once in a morning, each at an hour of their own: in this one, or the one before; null for who came since. */
export function thisMorning({ id, created }: Pick<EntraRecord, 'id' | 'created'>, now: Instant): Instant | null {
  const hour = 6 * HOUR + (hash32(id) % (4 * HOUR));
  const at = Math.floor((now - hour) / DAY) * DAY + hour;
  return at < created ? null : at;
}

function lastSync(user: EntraRecord, call: GraphCall): string | null {
  if (user.synced === true) return isoTime(Math.floor(call.asOf / SYNC_CYCLE) * SYNC_CYCLE);
  const before = user.extras?.lastSync ?? null;
  return before === null ? null : isoTime(before);
}

function skus(user: EntraRecord): readonly string[] {
  return [...new Set(user.licenses.map((license) => license.skuId))];
}
