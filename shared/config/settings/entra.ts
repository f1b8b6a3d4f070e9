import { originAddress } from '../addresses.ts';
import { CLOUD_NAMES } from '../clouds.ts';
import { guid, oneOf, text } from '../kinds.ts';
import type { DefaultedSetting, Section, Setting } from '../setting.ts';

const CREDENTIALS = ['managed-identity', 'client-secret', 'client-certificate', 'azure-cli'] as const;

export const CLOUD = {
  ...oneOf(CLOUD_NAMES),
  name: 'ANCHORWATCH_CLOUD',
  fallback: 'global',
  about:
    'Which Microsoft cloud the tenant is in. It decides the addresses of Graph, of sign-in and of storage accounts. `usgov` is GCC High; GCC is in `global`.',
  example: 'usgov',
} satisfies DefaultedSetting<(typeof CLOUD_NAMES)[number]>;

export const GRAPH_URL = {
  ...originAddress('https://graph.microsoft.com'),
  name: 'ANCHORWATCH_GRAPH_URL',
  about:
    "Another address of Microsoft Graph than the cloud's own, without the version. For trials against local tenants.",
  example: 'http://127.0.0.1:8080',
} satisfies Setting<string>;

export const TENANT_ID = {
  ...guid(),
  name: 'ANCHORWATCH_TENANT_ID',
  required: 'with client-secret, client-certificate and ANCHORWATCH_PAGE_URL',
  about:
    'The Entra tenant; only its people are shown a page. With `azure-cli` it chooses among the tenants you are signed in to.',
  example: '11111111-2222-3333-4444-555555555555',
  sample: '<id of the Entra tenant>',
} satisfies Setting<string>;

export const ENTRA_CREDENTIAL = {
  ...oneOf(CREDENTIALS),
  name: 'ANCHORWATCH_ENTRA_CREDENTIAL',
  fallback: 'managed-identity',
  about:
    'How Anchorwatch signs in. `managed-identity` in Azure, without any secret. `azure-cli` on your own machine, as the person who ran `az login`. The other two for an app registration.',
  example: 'client-certificate',
  sample: 'azure-cli',
} satisfies DefaultedSetting<(typeof CREDENTIALS)[number]>;

export const ENTRA_CLIENT_ID = {
  ...guid(),
  name: 'ANCHORWATCH_ENTRA_CLIENT_ID',
  required: 'with client-secret and client-certificate',
  about:
    'Application (client) id. With `managed-identity` it names a user-assigned identity; leave it out for the system-assigned.',
  example: '66666666-7777-8888-9999-000000000000',
} satisfies Setting<string>;

export const ENTRA_CLIENT_SECRET = {
  ...text(),
  name: 'ANCHORWATCH_ENTRA_CLIENT_SECRET',
  required: 'with client-secret',
  secret: true,
  about: "The app registration's client secret: its value, not its id.",
  example: '@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/entra-secret)',
} satisfies Setting<string>;

export const ENTRA_CERTIFICATE = {
  ...text(),
  name: 'ANCHORWATCH_ENTRA_CERTIFICATE',
  required: 'with client-certificate',
  about: 'Path of a PEM file that holds the certificate and its private key.',
  example: '/home/me/anchorwatch.pem',
} satisfies Setting<string>;

export const ENTRA: Section = {
  title: 'Entra ID',
  intro:
    'Reading needs the application permissions `User.Read.All`, `Domain.Read.All`, `Organization.Read.All` and `RoleManagement.Read.Directory`, granted to the identity named here. `AuditLog.Read.All` is optional: with it people who have to be compared are shown with their last sign-in (in a tenant with Entra ID P1), and whoever changes a repaired anchor back is named. Without it the cell says so.',
  settings: [CLOUD, GRAPH_URL, TENANT_ID, ENTRA_CREDENTIAL, ENTRA_CLIENT_ID, ENTRA_CLIENT_SECRET, ENTRA_CERTIFICATE],
};
