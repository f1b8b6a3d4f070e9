import { createRequire } from 'node:module';
import type { ProcessSpec } from '../processes.ts';

/** Where the embedded storage listens. */
export interface AzuriteReady {
  readonly connectionString: string;
  readonly tableServiceUri: string;
  readonly queueServiceUri: string;
}

export interface AzuriteOptions {
  /** A folder that keeps the data; null keeps it in memory, gone with the process. */
  readonly folder: string | null;
  /** 0, the default, lets the system choose. */
  readonly tablePort?: number;
  readonly queuePort?: number;
}

/** The emulator's account and key are published with it; they open nothing else. */
export const AZURITE_ACCOUNT = 'devstoreaccount1';
export const AZURITE_KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const LISTENING = /Azurite (?<service>Queue|Table) service is successfully listening at (?<address>http:\S+)/;

/** Azurite as a process of its own, on loopback. It always starts its blob service too, which nothing here uses. */
export function azuriteProcess({ folder, tablePort = 0, queuePort = 0 }: AzuriteOptions): ProcessSpec<AzuriteReady> {
  const hosts = ['--blobHost', '--queueHost', '--tableHost'].flatMap((option) => [option, '127.0.0.1']);
  const ports = ['--blobPort', '0', '--queuePort', String(queuePort), '--tablePort', String(tablePort)];
  const data = folder === null ? ['--inMemoryPersistence'] : ['--location', folder];
  return {
    name: 'azurite',
    // A newer SDK than it knows is no reason to refuse its calls.
    args: [azuriteScript(), '--silent', '--disableTelemetry', '--skipApiVersionCheck', ...hosts, ...ports, ...data],
    env: {},
    ready: readAddresses,
  };
}

function azuriteScript(): string {
  return createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js');
}

function readAddresses(lines: readonly string[]): AzuriteReady | null {
  const addresses = new Map<string, string>();
  for (const line of lines) {
    const { service, address } = LISTENING.exec(line)?.groups ?? {};
    if (service !== undefined && address !== undefined) addresses.set(service, `${address}/${AZURITE_ACCOUNT}`);
  }
  const queueServiceUri = addresses.get('Queue');
  const tableServiceUri = addresses.get('Table');
  if (queueServiceUri === undefined || tableServiceUri === undefined) return null;
  const parts = [
    'DefaultEndpointsProtocol=http',
    `AccountName=${AZURITE_ACCOUNT}`,
    `AccountKey=${AZURITE_KEY}`,
    `TableEndpoint=${tableServiceUri}`,
    `QueueEndpoint=${queueServiceUri}`,
  ];
  return { connectionString: parts.join(';'), tableServiceUri, queueServiceUri };
}
