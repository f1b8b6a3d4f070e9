import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { QueueServiceClient } from '@azure/storage-queue';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { type HostProcessOptions, type HostReady, hostProcess } from '../../local/host/process.ts';
import { type Child, type Ending, withProcesses } from '../../local/processes.ts';
import { DAY } from '../../shared/time.ts';
import { serve } from '../loopback.ts';
import { eventually, makeFolder } from './recorder.ts';

const connection = inject('azurite').connectionString;

function fixture(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
}

interface Started {
  readonly host: Child<HostReady>;
  /** Everything the host wrote. */
  readonly lines: readonly string[];
  /** Resolves when a line contains the text. */
  readonly says: (text: string) => Promise<unknown>;
}

interface Given extends Partial<HostProcessOptions> {
  readonly values?: Readonly<Record<string, string>>;
}

async function optionsOf(app: string, { values, ...given }: Given = {}): Promise<HostProcessOptions> {
  const state = await makeFolder();
  const settings = { AzureWebJobsStorage: connection, QUEUE: `w-${crypto.randomUUID()}`, ...values };
  return { app: fixture(app), settings, port: 0, state, ...given };
}

/** A host for one test. */
async function start(options: HostProcessOptions): Promise<Started> {
  const lines: string[] = [];
  const started = Promise.withResolvers<Child<HostReady>>();
  const over = Promise.withResolvers<void>();
  const running = withProcesses(
    async (set) => {
      started.resolve(await set.start(hostProcess(options)));
      await over.promise;
    },
    { onLine: (_, line) => void lines.push(line) },
  );
  running.catch(started.reject);
  onTestFinished(async () => {
    over.resolve();
    await running.catch(() => undefined);
  });
  return {
    host: await started.promise,
    lines,
    says: (text) => eventually(() => expect(lines.some((line) => line.includes(text))).toBe(true)),
  };
}

const probeSchema = z.object({
  sameCore: z.boolean(),
  now: z.string(),
  environment: z.array(z.string()),
  setting: z.string().nullable(),
});

async function probe({ ready }: Child<HostReady>, key: string): Promise<z.infer<typeof probeSchema>> {
  const response = await fetch(`${ready.url}/api/probe`, { headers: { 'x-functions-key': key } });
  return probeSchema.parse(await response.json());
}

test.each([
  [
    'throws before registering',
    /No job functions found\..*one\.mjs threw before its first registration.*the configuration is wrong/,
  ],
  ['throws after registering', /Worker was unable to load entry point "functions\/one\.mjs": too late/],
  ['registers nothing', /No job functions found\./],
  ['two of one name', /A function with id "nightly" has already been registered/],
  ['five fields', /'nightly' function is in error: .*five fields/],
  ['no such setting', /'nightly' function is in error: %NIGHTLY% does not resolve to a value/],
  ['no such connection', /'repair' function is in error: The connection OTHER is not among the app settings/],
  ['a connection that is none', /'repair' function is in error: its connection is no connection string/],
  ['an unknown binding', /'blob' function is in error: .*'blobTrigger' are not registered/],
  ['a stream', /HTTP streaming, which this host does not offer/],
])('an app that has "%s" does not start', async (fault, why) => {
  const options = await optionsOf('faulty', { values: { FAULT: fault, BROKEN: 'no connection string' } });

  await expect(start(options)).rejects.toThrow(why);
});

test('a "main" that matches no file does not start', async () => {
  const options = await optionsOf('nothing');

  await expect(start(options)).rejects.toThrow(/No job functions found\..*dist\/functions\/\*\.js, matches no file/);
});

test('a timer needs the storage of the host', async () => {
  const { settings, ...options } = await optionsOf('faulty');

  await expect(start({ ...options, settings: { FAULT: 'nothing' } })).rejects.toThrow(/AzureWebJobsStorage/);
  expect(settings.AzureWebJobsStorage).toBe(connection);
});

test('a busy port is an error that names it', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void taken.close());
  const { port } = z.object({ port: z.number() }).parse(taken.address());

  await expect(start(await optionsOf('working', { port }))).rejects.toThrow(`cannot listen on port ${port}`);
});

test('an option that does not exist is an error that names it', async () => {
  const spec = hostProcess(await optionsOf('working'));
  const run = withProcesses((set) => set.start({ ...spec, args: [...spec.args, '--colour', 'red'] }));

  await expect(run).rejects.toThrow(/--colour/);
});

test('an app runs with the functions, settings and keys it was given, and sees neither keys nor what its parent has', async () => {
  const folder = await makeFolder();
  const settingsFile = join(folder, 'local.settings.json');
  await writeFile(settingsFile, JSON.stringify({ Values: { FROM_FILE: 'yes', QUEUE: 'not-this-one' } }));
  vi.stubEnv('SECRET_OF_THE_PARENT', 'x');
  onTestFinished(() => void vi.unstubAllEnvs());
  const values = { ANCHORWATCH_HOST_MASTER_KEY: 'master', ANCHORWATCH_HOST_FUNCTION_KEY: 'ordinary' };

  const { host } = await start(await optionsOf('working', { settingsFile, values }));
  const seen = await probe(host, 'ordinary');

  expect(host.ready.functions).toEqual(['hang', 'nightly', 'probe', 'slow', 'worker']);
  expect(host.ready.masterKey).toBeUndefined();
  expect(seen).toMatchObject({ sameCore: true, setting: 'yes' });
  expect(seen.environment).toContain('AzureWebJobsStorage');
  expect(seen.environment.filter((name) => /KEY|SECRET/.test(name))).toEqual([]);
});

test('without a key the host makes one and tells it to its parent alone', async () => {
  const { host, lines } = await start(await optionsOf('working'));
  const key = host.ready.masterKey ?? '';

  const response = await fetch(`${host.ready.url}/admin/functions/nightly`, {
    method: 'POST',
    headers: { 'x-functions-key': key },
    body: '{"input":""}',
  });
  await eventually(() => expect(lines.some((line) => line.includes('nightly ran, past due: false'))).toBe(true));

  expect(key).toMatch(/^[\w-]{43}$/);
  expect(response.status).toBe(202);
  expect(lines.filter((line) => line.includes(key))).toHaveLength(1);
});

test('the next night can be lived through now: the missed occurrence is caught up once, past due', async () => {
  const options = await optionsOf('working');
  const first = await start(options);
  await first.says('Timer started');
  await first.host.stop();

  const second = await start({ ...options, clockOffset: 3 * DAY });
  await second.says('nightly ran, past due: true');
  const seen = await probe(second.host, second.host.ready.masterKey ?? '');
  await second.host.stop();
  const third = await start({ ...options, clockOffset: 3 * DAY });
  await third.says('Timer started');

  expect(Date.parse(seen.now) - Date.now()).toBeGreaterThan(2.9 * DAY);
  expect(seen.environment).not.toContain('ANCHORWATCH_CLOCK_OFFSET');
  expect(third.lines.filter((line) => line.includes('nightly ran'))).toEqual([]);
});

test('asked to end, the host finishes what runs, answers it, and ends with status 0', async () => {
  const gate = Promise.withResolvers<void>();
  const other = await serve(() => gate.promise.then(() => ({ body: 'finished' })));
  const { host, lines, says } = await start(await optionsOf('working'));
  const answer = fetch(`${host.ready.url}/api/slow?until=${encodeURIComponent(other.url)}`);
  await says('slow has begun');

  const ending = host.stop();
  await eventually(() => expect(fetch(`${host.ready.url}/api/probe`)).rejects.toThrow('fetch failed'));
  gate.resolve();

  expect(await (await answer).text()).toBe('finished');
  expect(await ending).toMatchObject({ code: 0, signal: null });
  expect(lines.some((line) => line.includes('Stopped while functions were running'))).toBe(false);
});

test('asked to end, the host finishes the message it works on and takes no other', async () => {
  const gate = Promise.withResolvers<void>();
  const other = await serve(() => gate.promise.then(() => ({})));
  const options = await optionsOf('working');
  const queue = QueueServiceClient.fromConnectionString(connection).getQueueClient(options.settings.QUEUE ?? '');
  await queue.create();
  await queue.sendMessage(Buffer.from(other.url).toString('base64'));
  const { host, lines, says } = await start(options);
  await says(`worker has ${other.url}`);

  const ending = host.stop();
  await eventually(() => expect(fetch(`${host.ready.url}/api/probe`)).rejects.toThrow('fetch failed'));
  await queue.sendMessage(Buffer.from('the next').toString('base64'));
  gate.resolve();

  expect(await ending).toMatchObject({ code: 0, signal: null });
  expect((await queue.getProperties()).approximateMessagesCount).toBe(1);
  expect(lines.some((line) => line.includes('worker has the next'))).toBe(false);
});

test('asked to end, the host waits no longer than it may', async () => {
  const { host, lines, says } = await start(await optionsOf('working', { grace: 0.1 }));
  const other = await serve(() => ({ silent: true }));
  const answer = fetch(`${host.ready.url}/api/slow?until=${encodeURIComponent(other.url)}`).catch(() => 'cut off');
  await says('slow has begun');

  const ending = await host.stop();

  expect(ending).toMatchObject({ code: 0, signal: null });
  expect(lines.some((line) => line.includes('Stopped while functions were running'))).toBe(true);
  expect(await answer).toBe('cut off');
});

test('a call past functionTimeout ends the process, with a message', async () => {
  const lines: string[] = [];
  const options = await optionsOf('working', { values: { AzureFunctionsJobHost__functionTimeout: '00:00:00.2' } });
  const ended = withProcesses(
    async (set, signal) => {
      const { ready } = await set.start(hostProcess(options));
      await fetch(`${ready.url}/api/hang`).catch(() => undefined);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
    { onLine: (_, line) => void lines.push(line) },
  );

  await expect(ended).rejects.toThrow(/host ended with status 1.*hang ran past functionTimeout/s);
  expect(lines.some((line) => line.includes("Timeout value of 0.2 seconds exceeded by function 'hang'"))).toBe(true);
});

test('a message whose host was killed comes back to the next host when its lock has run out', async () => {
  const options = await optionsOf('working', { queueLock: 1 });
  const queue = QueueServiceClient.fromConnectionString(connection).getQueueClient(options.settings.QUEUE ?? '');
  await queue.create();
  await queue.sendMessage(Buffer.from('hang').toString('base64'));
  const first = await start(options);
  await first.says('worker has hang, for the 1. time');
  const end: Ending = await first.host.kill();

  const second = await start(options);
  await second.says('worker has hang, for the 2. time');
  await eventually(async () => expect((await queue.getProperties()).approximateMessagesCount).toBe(0));

  expect(end.signal).toBe('SIGKILL');
});
