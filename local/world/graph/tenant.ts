import { isoTime } from '../../../shared/time.ts';
import { diceOf } from '../dice.ts';
import { guid } from '../ids.ts';
import type { GraphCall, GraphRoute } from './context.ts';
import type { DomainRecord } from './records.ts';
import { GraphRefusal } from './refusal.ts';
import { skusOf } from './skus.ts';
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
    path: '/v1.0/domains/{id}/federationConfiguration',
    query: [],
    needs: ['Domain.Read.All', 'Domain.ReadWrite.All'],
    handle: federations,
  },
  {
    method: 'GET',
    path: '/v1.0/organization',
    query: ['$select'],
    needs: ['Organization.Read.All', 'Directory.Read.All'],
    handle: (call) => collection(call, 'organization', [organizationJson(call)]),
  },
  {
    method: 'GET',
    path: '/v1.0/subscribedSkus',
    query: ['$select'],
    needs: ['LicenseAssignment.Read.All', 'Organization.Read.All', 'Directory.Read.All'],
    handle: (call) => collection(call, 'subscribedSkus', skusOf(call.state.tenant)),
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

/** At most one, for a federated domain (Graph, domain: list federationConfiguration). */
function federations(call: GraphCall) {
  const domain = call.state.domains.get((call.parameters['id'] ?? '').toLowerCase());
  if (domain === undefined) {
    const message = `Resource '${call.parameters['id']}' does not exist or one of its queried reference-property objects are not present.`;
    throw new GraphRefusal(404, 'Request_ResourceNotFound', message);
  }
  const value = domain.signInHost === null ? [] : [federationJson(domain.name, domain.signInHost)];
  const context = `${call.origin}/v1.0/$metadata#domains('${domain.name}')/federationConfiguration`;
  return { status: 200, body: { '@odata.context': context, value } };
}

function federationJson(domain: string, host: string) {
  return {
    id: guid(diceOf(`federation of ${domain}`).next),
    displayName: domain,
    issuerUri: `urn:federation:${host}`,
    metadataExchangeUri: null,
    signingCertificate: null,
    passiveSignInUri: `https://${host}/app/office365/sso/wsfed/passive`,
    preferredAuthenticationProtocol: 'wsFed',
    activeSignInUri: `https://${host}/app/office365/sso/wsfed/active`,
    signOutUri: `https://${host}/login/signout`,
    promptLoginBehavior: null,
    isSignedAuthenticationRequestRequired: null,
    nextSigningCertificate: null,
    federatedIdpMfaBehavior: 'acceptIfMfaDoneByFederatedIdp',
    signingCertificateUpdateStatus: null,
    passwordResetUri: null,
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
