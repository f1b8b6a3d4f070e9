import { type Instant, isoTime, SECOND } from '../../../shared/time.ts';
import { diceOf } from '../dice.ts';
import { guid } from '../ids.ts';
import type { State } from '../state.ts';
import { auditRightMissing, READS_AUDIT } from './access.ts';
import type { GraphCall, GraphRoute } from './context.ts';
import { type Fields, parseFilter } from './filter.ts';
import { matches } from './match.ts';
import { page } from './paging.ts';
import type { Actor, AuditRecord, EntraRecord } from './records.ts';
import { GraphRefusal } from './refusal.ts';

export const auditRoutes: readonly GraphRoute[] = [
  {
    method: 'GET',
    path: '/v1.0/auditLogs/directoryAudits',
    query: ['$filter', '$top', '$skiptoken'],
    needs: [READS_AUDIT],
    handle: listAudits,
  },
];

/** Five requests in ten seconds for an app in a tenant (Graph, throttling limits: identity and access reports). */
const REQUESTS = 5;
const WINDOW = 10 * SECOND;

const UPDATE_USER = 'Update user';

/** Puts down what was changed in a user, under the names that the audit log has for it. */
export function noteUpdate(state: State, before: EntraRecord | undefined, after: EntraRecord, by: Actor, at: Instant) {
  if (before === undefined) return;
  const modified = [
    { property: 'SourceAnchor', before: before.anchor, after: after.anchor },
    { property: 'UserPrincipalName', before: before.userName, after: after.userName },
  ].filter((one) => one.before !== one.after);
  if (modified.length === 0) return;
  state.audits.push({ at, by, target: { id: after.id, userName: before.userName }, modified });
}

const FIELDS: Fields<AuditRecord> = {
  activityDisplayName: { operators: ['eq', 'startsWith'], get: () => UPDATE_USER },
  activityDateTime: { operators: ['eq', 'ge', 'le'], type: 'number', get: ({ at }) => at },
  'targetResources/id': { operators: ['any'], get: ({ target }) => [target.id] },
};

/** A change and its place among all. */
interface Heard {
  readonly audit: AuditRecord;
  readonly key: string;
}

/** The newest first. */
function listAudits(call: GraphCall) {
  const { state, settings, roles, principal, now } = call;
  if (!roles.has(READS_AUDIT)) throw auditRightMissing();
  const room = state.auditRates.take(principal, now, WINDOW, REQUESTS);
  if (!room.allowed) {
    throw new GraphRefusal(429, 'TooManyRequests', 'Too many requests.', {
      'retry-after': String(Math.ceil((room.reset - now) / SECOND)),
    });
  }
  const filter = call.target.query.get('$filter');
  const clause = filter === undefined ? null : parseFilter(filter, FIELDS, false);
  const heard = state.audits
    .map((audit, at) => ({ audit, key: String(at).padStart(9, '0') }))
    .filter(({ audit }) => audit.at <= now - settings.auditLag && (clause === null || matches(clause, FIELDS, audit)))
    .toReversed();
  const list = {
    name: 'directoryAudits',
    context: 'auditLogs/directoryAudits',
    rows: (after: string | null) => heard.filter(({ key }) => after === null || key < after),
    keyOf: ({ key }: Heard) => key,
  };
  return page(call, list, ({ audit, key }) => auditJson(audit, guid(diceOf(`audit ${key}`).next)));
}

function auditJson({ at, by, target, modified }: AuditRecord, correlationId: string) {
  return {
    id: `Directory_${correlationId}_${at}`,
    category: 'UserManagement',
    correlationId,
    result: 'success',
    resultReason: '',
    activityDisplayName: UPDATE_USER,
    activityDateTime: isoTime(at),
    loggedByService: 'Core Directory',
    operationType: 'Update',
    initiatedBy: initiatorJson(by),
    targetResources: [
      {
        id: target.id,
        displayName: null,
        type: 'User',
        userPrincipalName: target.userName,
        groupType: null,
        modifiedProperties: [
          ...modified.map(({ property, before, after }) => ({
            displayName: property,
            oldValue: listed(before),
            newValue: listed(after),
          })),
          {
            displayName: 'Included Updated Properties',
            oldValue: null,
            newValue: JSON.stringify(modified.map(({ property }) => property).join(', ')),
          },
        ],
      },
    ],
    additionalDetails: [],
  };
}

/** An app is often named by its service principal alone. */
function initiatorJson(by: Actor) {
  if (by.kind === 'user') {
    const user = { id: by.id, displayName: null, userPrincipalName: by.name, ipAddress: '' };
    return { app: null, user };
  }
  const { principal, name } = by;
  return {
    app: { appId: null, displayName: name, servicePrincipalId: principal, servicePrincipalName: null },
    user: null,
  };
}

function listed(value: string | null): string {
  return JSON.stringify(value === null ? [] : [value]);
}
