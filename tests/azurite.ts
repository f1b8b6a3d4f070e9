import { createRequire } from 'node:module';
import type { TestProject } from 'vitest/node';
import { z } from 'zod';

declare module 'vitest' {
  interface ProvidedContext {
    /** Embedded storage for the whole run. Everybody shares it, so every test takes table and queue names of its own. */
    azurite: Azurite;
  }
}

interface Azurite {
  readonly connectionString: string;
  /** `http://127.0.0.1:<port>/devstoreaccount1` */
  readonly tableServiceUri: string;
  readonly queueServiceUri: string;
}

interface Server {
  start(): Promise<void>;
  close(): Promise<void>;
  getHttpServerAddress(): string;
}

// The emulator's account and key are published with it; they open nothing else.
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/**
 * Starts table and queue storage inside the process that runs the tests, on ports that the system chooses. Azurite publishes no
 * API for this: the classes and their positional arguments are its internals, the same from 3.35 to 3.37, and used here alone.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const tables = server('table/Table', [0, 5, '', false, false, undefined, undefined, false, true]);
  const queues = server('queue/Queue', [0, 5, '', '', [], false, undefined, false, undefined, false, true]);
  await Promise.all([tables.start(), queues.start()]);
  const tableServiceUri = `${tables.getHttpServerAddress()}/${ACCOUNT}`;
  const queueServiceUri = `${queues.getHttpServerAddress()}/${ACCOUNT}`;
  project.provide('azurite', {
    connectionString: [
      'DefaultEndpointsProtocol=http',
      `AccountName=${ACCOUNT}`,
      `AccountKey=${KEY}`,
      `TableEndpoint=${tableServiceUri}`,
      `QueueEndpoint=${queueServiceUri}`,
    ].join(';'),
    tableServiceUri,
    queueServiceUri,
  });
  return async () => {
    await Promise.all([tables.close(), queues.close()]);
  };
}

const require = createRequire(import.meta.url);
const classes = z.object({ default: z.custom<new (...args: readonly unknown[]) => Server>(isClass) });
const configurations = z.object({ default: z.custom<new (...args: readonly unknown[]) => object>(isClass) });

function isClass(value: unknown): boolean {
  return typeof value === 'function';
}

/** `args`: port, keep-alive seconds, paths, logs, `loose`, and last whether to skip the check of the API version. */
function server(path: 'table/Table' | 'queue/Queue', args: readonly unknown[]): Server {
  const { default: Configuration } = configurations.parse(require(`azurite/dist/src/${path}Configuration`));
  const { default: Kind } = classes.parse(require(`azurite/dist/src/${path}Server`));
  // No certificate, no OAuth, addresses with the account in the path, and nothing on disk.
  const rest = ['', '', '', undefined, false, true];
  return new Kind(new Configuration('127.0.0.1', ...args, ...rest));
}
