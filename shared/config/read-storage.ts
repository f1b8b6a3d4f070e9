import type { Cloud } from './clouds.ts';
import type { StorageConfig } from './config.ts';
import type { SettingsReader } from './reader.ts';
import * as storage from './settings/storage.ts';

const OF_IDENTITY = [storage.STORAGE_ACCOUNT, storage.STORAGE_TABLES, storage.STORAGE_QUEUES];

/** A connection string, or an identity with an account's name or its services' addresses. Null after a problem. */
export function readStorage(reader: SettingsReader, cloud: Cloud): StorageConfig | null {
  const ofIdentity = OF_IDENTITY.filter((one) => reader.isSet(one));
  if (!reader.isSet(storage.STORAGE_CONNECTION) && ofIdentity.length > 0) return readIdentity(reader, cloud);
  const connectionString = reader.required(storage.STORAGE_CONNECTION);
  for (const other of [...ofIdentity, storage.STORAGE_CLIENT_ID]) reader.optional(other);
  if (ofIdentity.length > 0) {
    reader.report({
      variable: storage.STORAGE_CONNECTION.name,
      expected: 'one way into the storage account',
      found: `two: ${ofIdentity.map(({ name }) => name).join(', ')} as well`,
      wayOut: 'Remove the connection string, or on your own machine the others',
    });
  }
  return connectionString === null ? null : { kind: 'connection-string', connectionString };
}

function readIdentity(reader: SettingsReader, { storageSuffix }: Cloud): StorageConfig | null {
  const account = reader.optional(storage.STORAGE_ACCOUNT);
  const named = reader.isSet(storage.STORAGE_ACCOUNT);
  const tables = named ? reader.optional(storage.STORAGE_TABLES) : reader.required(storage.STORAGE_TABLES);
  const queues = named ? reader.optional(storage.STORAGE_QUEUES) : reader.required(storage.STORAGE_QUEUES);
  const clientId = reader.optional(storage.STORAGE_CLIENT_ID);

  const tableServiceUri = tables ?? serviceOf(account, 'table', storageSuffix);
  const queueServiceUri = queues ?? serviceOf(account, 'queue', storageSuffix);
  if (tableServiceUri === null || queueServiceUri === null) return null;
  return { kind: 'identity', tableServiceUri, queueServiceUri, ...(clientId === null ? {} : { clientId }) };
}

function serviceOf(account: string | null, service: 'table' | 'queue', suffix: string): string | null {
  return account === null ? null : `https://${account}.${service}.${suffix}`;
}
