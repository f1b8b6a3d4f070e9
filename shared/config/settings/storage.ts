import { serviceAddress } from '../addresses.ts';
import { storageConnection } from '../connection.ts';
import { accountName, guid } from '../kinds.ts';
import type { Section, Setting } from '../setting.ts';

const BY_IDENTITY = 'without AzureWebJobsStorage, unless __accountName is set';

export const STORAGE_CONNECTION = {
  ...storageConnection(),
  name: 'AzureWebJobsStorage',
  required: 'without an identity',
  secret: true,
  about:
    'A connection string. `UseDevelopmentStorage=true` is the emulator on your own machine. In Azure prefer the identity: it has no key that could leak.',
  example: 'UseDevelopmentStorage=true',
  sample: 'UseDevelopmentStorage=true',
} satisfies Setting<string>;

export const STORAGE_ACCOUNT = {
  ...accountName(),
  name: 'AzureWebJobsStorage__accountName',
  about: "The storage account's name; the addresses follow from it and from the cloud.",
  example: 'stanchorwatch',
} satisfies Setting<string>;

export const STORAGE_TABLES = {
  ...serviceAddress('https://stanchorwatch.table.core.windows.net'),
  name: 'AzureWebJobsStorage__tableServiceUri',
  required: BY_IDENTITY,
  about: 'Address of Table Storage. It takes precedence over the account name.',
  example: 'https://stanchorwatch.table.core.windows.net',
} satisfies Setting<string>;

export const STORAGE_QUEUES = {
  ...serviceAddress('https://stanchorwatch.queue.core.windows.net'),
  name: 'AzureWebJobsStorage__queueServiceUri',
  required: BY_IDENTITY,
  about: 'Address of Queue Storage. It takes precedence over the account name.',
  example: 'https://stanchorwatch.queue.core.windows.net',
} satisfies Setting<string>;

export const STORAGE_CLIENT_ID = {
  ...guid(),
  name: 'AzureWebJobsStorage__clientId',
  about:
    'Client id of a user-assigned identity that may use the storage account. The system-assigned one when not set.',
  example: '66666666-7777-8888-9999-000000000000',
} satisfies Setting<string>;

export const STORAGE: Section = {
  title: 'Storage',
  intro:
    "Runs, findings and repairs are kept in the storage account that the Functions host uses anyway, under the host's own setting names. Either a connection string or an identity. The identity needs the roles *Storage Table Data Contributor* and *Storage Queue Data Contributor*, and *Storage Blob Data Owner* for the host, which reads `AzureWebJobsStorage__credential` and `AzureWebJobsStorage__blobServiceUri` beside these. `anchorwatch scan` needs none of it.",
  settings: [STORAGE_CONNECTION, STORAGE_ACCOUNT, STORAGE_TABLES, STORAGE_QUEUES, STORAGE_CLIENT_ID],
};
