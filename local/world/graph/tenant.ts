import { isoTime } from '../../../shared/time.ts';
import type { GraphCall, GraphRoute } from './context.ts';
import type { DomainRecord } from './records.ts';
import { selected } from './user-properties.ts';

export const tenantRoutes: readonly GraphRoute[] = [
  {
    // Graph itself mishandles `$filter`, `$top` and `$search` here: none of them is known.
    method: 'GET',
    path: '/v1.0/domains',
    query: ['$select'],
    needs: ['Domain.Read.All', 'Directory.Read.All'],
    handle: (call) => collection(call, 'domains', [...call.state.domains.values()].map(domainJson)),
  },
  {
    method: 'GET',
    path: '/v1.0/organization',
    query: ['$select'],
    needs: ['Organization.Read.All', 'Directory.Read.All'],
    handle: (call) => collection(call, 'organization', [organizationJson(call)]),
  },
];

function collection(call: GraphCall, name: string, rows: readonly Readonly<Record<string, unknown>>[]) {
  const names = selected(call, (property) => rows.every((row) => property in row), `microsoft.graph.${name}`);
  const value = rows.map((row) =>
    names === null ? row : Object.fromEntries(names.map((property) => [property, row[property]])),
  );
  return { status: 200, body: { '@odata.context': `${call.origin}/v1.0/$metadata#${name}`, value } };
}

function domainJson(domain: DomainRecord) {
  return {
    id: domain.name,
    authenticationType: domain.federated ? 'Federated' : 'Managed',
    availabilityStatus: null,
    isAdminManaged: true,
    isDefault: domain.isDefault,
    isInitial: domain.initial,
    isRoot: true,
    isVerified: domain.verified,
    passwordNotificationWindowInDays: null,
    passwordValidityPeriodInDays: null,
    state: null,
    supportedServices: domain.verified ? ['Email', 'OfficeCommunicationsOnline'] : [],
  };
}

function organizationJson({ state: { tenant, domains }, now }: GraphCall) {
  return {
    id: tenant.id,
    displayName: tenant.displayName,
    createdDateTime: isoTime(tenant.created),
    onPremisesSyncEnabled: tenant.syncEnabled,
    onPremisesLastSyncDateTime: tenant.syncEnabled === true ? isoTime(now) : null,
    tenantType: 'AAD',
    verifiedDomains: [...domains.values()]
      .filter((domain) => domain.verified)
      .map((domain) => ({
        name: domain.name,
        isDefault: domain.isDefault,
        isInitial: domain.initial,
        type: domain.federated ? 'Federated' : 'Managed',
        capabilities: 'Email, OfficeCommunicationsOnline',
      })),
  };
}
