import type { Server } from 'node:http';
import { join } from 'node:path';
import type { QueueServiceClient } from '@azure/storage-queue';
import { z } from 'zod';
import { AnchorwatchError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import { byHand } from './byhand.ts';
import { type HostFile, readHostFile } from './hostfile.ts';
import { httpServer } from './http.ts';
import { createInvoker, type Invoke } from './invoke.ts';
import type { Keys } from './keys.ts';
import { loadApp } from './load.ts';
import { listenToQueue, type QueueFunction, type QueueListener } from './queues.ts';
import { statusFiles } from './schedule.ts';
import type { Settings } from './settings.ts';
import { createSignIn, isSwitchedOn } from './sign-in.ts';
import { keepTimer } from './timers.ts';
import { readTriggers } from './triggers.ts';

export interface HostOptions {
  /** The folder with package.json and host.json. */
  readonly directory: string;
  readonly settings: Settings;
  /** The folder for what the host remembers from one start to the next. */
  readonly state: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly keys: Keys;
  /** Milliseconds a queue message is locked while it is worked on. */
  readonly queueLock: number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Host {
  readonly url: string;
  /** Names of the functions, in order of the alphabet. */
  readonly functions: readonly string[];
  /** Resolves with the reason when the host cannot go on: then stop it and end the process. */
  readonly failure: Promise<unknown>;
  /** Takes no more work, waits for running calls for `grace` milliseconds, and says which functions were still running then. */
  stop(grace: number): Promise<readonly string[]>;
}

/**
 * Loads an app and runs it as the Functions host would, on loopback. A process can do this once. Throws AnchorwatchError (`invalid`)
 * where Azure would not start, or would start without one of the functions.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const { clock, log, settings } = options;
  const hostFile = await readHostFile(options.directory, settings.values);
  const app = await loadApp(options.directory, log);
  const triggers = readTriggers(app.functions.values(), settings);
  const statuses = statusFiles(join(options.state, 'timers'));

  const failure = Promise.withResolvers<unknown>();
  const { functionTimeout, routePrefix: prefix } = hostFile;
  const overrun = (name: string): void =>
    failure.resolve(new AnchorwatchError('refused', `${name} ran past functionTimeout`));
  const invoker = createInvoker(app, { clock, log, functionTimeout, overrun });
  const { invoke } = invoker;

  const runByHand = byHand(triggers, { clock, log, statuses, invoke });
  const { values } = settings;
  const signIn = isSwitchedOn(values) ? createSignIn(values['ANCHORWATCH_TENANT_ID'] ?? '') : null;
  const server = httpServer(triggers.routes, { clock, log, invoke, keys: options.keys, prefix, signIn, runByHand });
  const listeners = await Promise.all(triggers.queues.map((fn) => listener(fn, invoke, hostFile, options)));
  const port = await listen(server, options.port);

  const stopping = new AbortController();
  const running = [
    ...triggers.timers.map((timer) => keepTimer(timer, { clock, log, statuses, invoke }, stopping.signal)),
    ...listeners.map((queue) => queue.run(stopping.signal)),
  ].map((work) => work.catch(failure.resolve));

  /** The loops first: until they have ended they may begin another call. */
  async function finish(): Promise<void> {
    await Promise.all(running);
    await Promise.all([invoker.idle(), ...listeners.map((queue) => queue.settle())]);
  }

  async function stop(grace: number): Promise<readonly string[]> {
    stopping.abort();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const finished = finish().then(() => closed);
    const limit = new AbortController();
    await Promise.race([finished, clock.wait(grace, limit.signal).catch(() => undefined)]);
    limit.abort();
    const left = invoker.running();
    for (const hook of app.hooks('appTerminate')) await hook({ hookData: {}, appHookData: {} });
    server.closeAllConnections();
    return left;
  }

  const functions = [...app.functions.keys()].sort();
  return { url: `http://127.0.0.1:${port}`, functions, failure: failure.promise, stop };
}

async function listener(
  fn: QueueFunction,
  invoke: Invoke,
  { queues }: HostFile,
  { clock, log, queueLock }: HostOptions,
): Promise<QueueListener> {
  const service = await serviceOf(fn);
  return listenToQueue(fn, {
    clock,
    log,
    invoke,
    options: queues,
    lock: queueLock,
    queue: service.getQueueClient(fn.queue),
    poison: fn.queue.endsWith('-poison') ? null : service.getQueueClient(`${fn.queue}-poison`),
  });
}

async function serviceOf({ name, connection }: QueueFunction): Promise<QueueServiceClient> {
  const sdk = await import('@azure/storage-queue');
  try {
    return sdk.QueueServiceClient.fromConnectionString(connection, {
      retryOptions: { maxTries: 2, retryDelayInMs: 200 },
    });
  } catch (cause) {
    throw new AnchorwatchError(
      'invalid',
      `The '${name}' function is in error: its connection is no connection string`,
      { cause },
    );
  }
}

const addressSchema = z.object({ port: z.number() });

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new AnchorwatchError(
          'invalid',
          `The host cannot listen on port ${port} of this machine: give it another --port`,
          { cause },
        ),
      );
    });
    server.listen(port, '127.0.0.1', () => resolve(addressSchema.parse(server.address()).port));
  });
}
