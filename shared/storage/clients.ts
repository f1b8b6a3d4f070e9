import type { TableClient } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import type { QueueClient } from '@azure/storage-queue';
import { AnchorwatchError } from '../errors.ts';

/** Where the storage account is and who we are there. */
export type StorageSettings =
  | { readonly kind: 'connection-string'; readonly connectionString: string }
  | {
      readonly kind: 'identity';
      /** `https://<account>.table.core.windows.net` */
      readonly tableServiceUri: string;
      readonly queueServiceUri: string;
      /** Of a user-assigned identity; absent, the system-assigned one. */
      readonly clientId?: string | undefined;
    };

const TABLE_OPTIONS = { retryOptions: { maxRetries: 0 } };
const QUEUE_OPTIONS = { retryOptions: { maxTries: 1 } };

/**
 * A client of the SDK, which is loaded on first use. Its retries are off: the one retry is ours. Throws `invalid` for settings that
 * are none.
 */
export async function tableClient(settings: StorageSettings, name: string): Promise<TableClient> {
  const { TableClient: Client } = await import('@azure/data-tables');
  if (settings.kind === 'identity') {
    checkAddress(settings.tableServiceUri, 'https only');
    return new Client(settings.tableServiceUri, name, await managedIdentity(settings.clientId), TABLE_OPTIONS);
  }
  const client = parsed(() => Client.fromConnectionString(settings.connectionString, name, TABLE_OPTIONS));
  if (checkAddress(client.url, 'or loopback') === 'https:') return client;
  const options = { ...TABLE_OPTIONS, allowInsecureConnection: true };
  return Client.fromConnectionString(settings.connectionString, name, options);
}

/** As `tableClient`. This SDK takes plain http wherever it leads, so that the check of the address is ours alone. */
export async function queueClient(settings: StorageSettings, name: string): Promise<QueueClient> {
  const { QueueServiceClient } = await import('@azure/storage-queue');
  if (settings.kind === 'identity') {
    checkAddress(settings.queueServiceUri, 'https only');
    const identity = await managedIdentity(settings.clientId);
    return new QueueServiceClient(settings.queueServiceUri, identity, QUEUE_OPTIONS).getQueueClient(name);
  }
  const service = parsed(() => QueueServiceClient.fromConnectionString(settings.connectionString, QUEUE_OPTIONS));
  checkAddress(service.url, 'or loopback');
  return service.getQueueClient(name);
}

/**
 * Never the chain of DefaultAzureCredential: inside Azure the identity is known, and the chain would try others first. The library
 * keeps one token for all of the process, so that each client may have an instance of its own.
 */
async function managedIdentity(clientId: string | undefined): Promise<TokenCredential> {
  const { ManagedIdentityCredential } = await import('@azure/identity');
  const options = { retryOptions: { maxRetries: 0 } };
  return clientId === undefined
    ? new ManagedIdentityCredential(options)
    : new ManagedIdentityCredential({ ...options, clientId });
}

function parsed<Client>(make: () => Client): Client {
  try {
    return make();
  } catch {
    // Without its cause, which may quote the string and with it the key.
    throw new AnchorwatchError(
      'invalid',
      'The storage connection string cannot be read. Copy it whole from the storage account: ' +
        'DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…;EndpointSuffix=core.windows.net',
    );
  }
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A key or a token in plain text is for an emulator on this machine, never for a network. */
function checkAddress(address: string, plain: 'https only' | 'or loopback'): string {
  const url = URL.parse(address);
  if (url?.protocol === 'https:') return url.protocol;
  if (url?.protocol === 'http:' && plain === 'or loopback' && LOOPBACK.has(url.hostname)) return url.protocol;
  throw new AnchorwatchError(
    'invalid',
    `The storage address ${url === null ? 'is no address' : `begins with ${url.protocol}//${url.hostname}`}; ` +
      'it must begin with https:// (http:// is for an emulator on this machine, with a connection string).',
  );
}
