import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { AnchorwatchError } from '../../shared/errors.ts';
import { listen } from '../../local/http/listen.ts';
import { serve } from '../../local/http/serve.ts';
import { NOW, serving } from './serving.ts';
import { tinyWorld } from './tiny-world.ts';

/** Servers that listen in this process; a handle that was closed is gone only after the loop came round. */
async function listening(): Promise<number> {
  await setImmediate();
  await setImmediate();
  return process.getActiveResourcesInfo().filter((resource) => resource === 'TCPServerWrap').length;
}

async function refusesConnections(address: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(Number(new URL(address).port), '127.0.0.1');
  socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
  const refused = await promise;
  socket.destroy();
  return refused;
}

test('after close nothing listens, also when an answer was still being waited for', async () => {
  const before = await listening();
  const waiting = Promise.withResolvers<AbortSignal | undefined>();
  const tenants = await serving(tinyWorld(), [], {
    latency: 1,
    clock: {
      now: () => NOW,
      wait: (_, signal) => {
        waiting.resolve(signal);
        return new Promise((__, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
      },
    },
  });
  const pending = fetch(`${tenants.addresses.okta}/a`).catch((error: unknown) => error);
  const signal = await waiting.promise;

  expect(await listening()).toBe(before + 3);
  await tenants.close();

  expect(await pending).toMatchObject({ message: 'fetch failed' });
  expect(signal?.aborted).toBe(true);
  expect(await listening()).toBe(before);
  for (const address of Object.values(tenants.addresses)) expect(await refusesConnections(address)).toBe(true);
});

test('a caller who goes away before his answer is ready harms nobody', async () => {
  const ready = Promise.withResolvers<void>();
  const arrivals = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let arrived = 0;
  const tenants = await serving(tinyWorld(), [{ fault: { kind: 'body-endless', bytes: 1 } }], {
    latency: 1,
    clock: {
      now: () => NOW,
      wait: () => {
        arrivals[arrived++]?.resolve();
        return ready.promise;
      },
    },
  });
  const caller = new AbortController();
  const gone = fetch(`${tenants.addresses.okta}/a`, { signal: caller.signal }).catch((error: unknown) => error);
  await arrivals[0]?.promise;
  caller.abort(new Error('no time'));
  // What comes in later than the going away shows that it was noticed.
  const next = fetch(`${tenants.addresses.okta}/b`);
  await arrivals[1]?.promise;

  ready.resolve();

  expect((await next).status).toBe(200);
  expect(await gone).toMatchObject({ message: 'no time' });
});

test('closing twice is as good as closing once', async () => {
  const tenants = await serving(tinyWorld());

  await tenants.close();

  await expect(tenants.close()).resolves.toBeUndefined();
});

test('a port in use is named, with the tenant that wanted it, and nothing is left listening', async () => {
  const holder = await listen('holder', 0, () => undefined);
  onTestFinished(() => holder.close());
  const port = Number(new URL(holder.address).port);
  const before = await listening();

  const failed = await serve(tinyWorld(), {
    clock: { now: () => NOW, wait: async () => undefined },
    random: () => 0,
    ports: { graph: port },
    onError: () => undefined,
  }).catch((error: unknown) => error);
  const after = await listening();

  expect(failed).toBeInstanceOf(AnchorwatchError);
  expect(failed).toMatchObject({
    kind: 'conflict',
    message: `Port ${port} on 127.0.0.1, where the simulated graph tenant should listen, is in use by another process. Choose another, or 0 for any free one.`,
    fields: { port },
  });
  expect(after).toBe(before);
});
