import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { QueueServiceClient } from '@azure/storage-queue';
import { expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { azuriteProcess } from '../../local/host/azurite.ts';
import { paced } from '../../local/host/pace.ts';
import { type ProcessSpec, withProcesses } from '../../local/processes.ts';
import { eventually, makeFolder } from './recorder.ts';

const PARENT = fileURLToPath(new URL('fixtures/parent.ts', import.meta.url));
const WORKING = fileURLToPath(new URL('fixtures/working', import.meta.url));
const idsSchema = z.array(z.number());

interface Machine {
  readonly parent: ChildProcess;
  /** The ids of its children, as soon as all are up; null when the parent ended before. */
  readonly started: Promise<readonly number[] | null>;
  readonly ended: Promise<number | string | null>;
  /** How many processes of this machine there are, the parent included. */
  readonly count: () => Promise<number>;
}

/** A parent with Azurite and a host below it, marked so that its processes can be counted. */
async function machine(args: readonly string[] = []): Promise<Machine> {
  const mark = crypto.randomUUID();
  const state = await makeFolder();
  const parent = spawn(process.execPath, [PARENT, '--app', WORKING, '--state', state, ...args], {
    env: { PATH: process.env.PATH ?? '', MARK: mark },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const ended = new Promise<number | string | null>((resolve) => {
    parent.once('exit', (code, signal) => resolve(signal ?? code));
  });
  const first = new Promise<string>((resolve) => createInterface({ input: parent.stdout }).once('line', resolve));
  const started = Promise.race([first.then((line) => idsSchema.parse(JSON.parse(line))), ended.then(() => null)]);
  return { parent, started, ended, count: () => countMarked(mark) };
}

async function countMarked(mark: string): Promise<number> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  // A process may be gone by the time it is looked at; one that has ended and was not yet collected has no environment.
  const environments = await Promise.all(ids.map((id) => readFile(`/proc/${id}/environ`, 'utf8').catch(() => '')));
  return environments.filter((environment) => environment.includes(mark)).length;
}

test('a machine is three processes, and Ctrl-C ends them all', async () => {
  const { parent, started, ended, count } = await machine();
  await started;
  const before = await count();

  parent.kill('SIGINT');
  await ended;

  expect(before).toBe(3);
  expect(await count()).toBe(0);
});

test.each(['SIGTERM', 'SIGHUP'] as const)('%s to the parent ends them all', async (signal) => {
  const { parent, started, ended, count } = await machine(['--light', 'yes']);
  await started;
  const before = await count();

  parent.kill(signal);
  await ended;

  expect(before).toBe(2);
  expect(await count()).toBe(0);
});

test('when the parent is killed, its children notice and end themselves', async () => {
  const { parent, started, ended, count } = await machine();
  await started;

  parent.kill('SIGKILL');
  await ended;

  // Sooner than a child ends without ceremony.
  await vi.waitFor(async () => expect(await count()).toBe(0), { timeout: 8_000 });
});

test('Ctrl-C while it is starting leaves nothing behind', async () => {
  const running = await machine();
  await eventually(async () => expect(await running.count()).toBe(2));

  running.parent.kill('SIGINT');
  await running.ended;

  expect(await running.count()).toBe(0);
});

test('when a child crashes, the others end and the parent fails', async () => {
  const { started, ended, count } = await machine();
  const ids = await started;

  process.kill(ids!.at(-1)!, 'SIGKILL');

  expect(await ended).toBe(1);
  expect(await count()).toBe(0);
});

test('a busy port leaves nothing behind', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void taken.close());
  const { port } = z.object({ port: z.number() }).parse(taken.address());

  const { started, ended, count } = await machine(['--port', String(port)]);

  expect(await started).toBeNull();
  expect(await ended).toBe(1);
  expect(await count()).toBe(0);
});

function script(source: string, name = 'script'): ProcessSpec<string> {
  return { name, args: ['--input-type=module', '--eval', source], env: {}, ready: (lines) => lines.at(-1) ?? null };
}

const LOOP = 'setInterval(() => undefined, 60_000);';

test('a child that does not end when asked is killed after the limit', async () => {
  const deaf = script(`process.on('SIGTERM', () => undefined); console.log('up'); ${LOOP}`);

  const end = await withProcesses(async (set) => (await set.start(deaf)).stop(), { stopLimit: 50 });

  expect(end).toMatchObject({ name: 'script', signal: 'SIGKILL' });
});

test('a child that ends before it is ready is an error with its last words', async () => {
  const failing = script('console.error("no such file"); process.exit(3);');

  const run = withProcesses((set) => set.start({ ...failing, ready: () => null }));

  await expect(run).rejects.toThrow(/script did not become ready: .*status 3.*no such file/s);
});

test('a child that says nothing in time is ended, and that is an error', async () => {
  const silent = script(LOOP);

  const run = withProcesses((set) => set.start(silent), { startLimit: 200 });

  await expect(run).rejects.toThrow(/no answer within 0.2 seconds/);
});

test('what still runs of the work when it has failed can start nothing any more', async () => {
  const gate = Promise.withResolvers<void>();
  const late = Promise.withResolvers<unknown>();

  const run = withProcesses(async (set) => {
    void gate.promise.then(() => set.start(script(LOOP))).then(late.resolve, late.reject);
    throw new Error('the work has failed');
  });
  await expect(run).rejects.toThrow('the work has failed');
  gate.resolve();

  await expect(late.promise).rejects.toThrow('This operation was aborted');
});

test('one child can be killed and started again while the other keeps what it holds', async () => {
  const result = await withProcesses(async (set) => {
    const azurite = await set.start(azuriteProcess({ folder: null }));
    const queue = QueueServiceClient.fromConnectionString(azurite.ready.connectionString).getQueueClient('kept');
    await queue.create();
    await queue.sendMessage('one');
    const first = await set.start(script(`console.log('up'); ${LOOP}`));
    await first.kill();
    const second = await set.start(script(`console.log('up again'); ${LOOP}`));
    return { ready: second.ready, kept: (await queue.getProperties()).approximateMessagesCount };
  });

  expect(result).toEqual({ ready: 'up again', kept: 1 });
});

test('storage with a folder keeps what it holds from one start to the next', async () => {
  const folder = await makeFolder();
  const kept = async (
    work: (queue: ReturnType<QueueServiceClient['getQueueClient']>) => Promise<unknown>,
  ): Promise<unknown> =>
    withProcesses(async (set) => {
      const { ready } = await set.start(azuriteProcess({ folder }));
      return work(QueueServiceClient.fromConnectionString(ready.connectionString).getQueueClient('kept'));
    });

  await kept(async (queue) => {
    await queue.create();
    await queue.sendMessage('one');
  });
  const count = await kept(async (queue) => (await queue.getProperties()).approximateMessagesCount);

  expect(count).toBe(1);
});

test('children inherit nothing of their parent but where programs and files are', async () => {
  vi.stubEnv('OKTA_TOKEN', 'x');
  onTestFinished(() => void vi.unstubAllEnvs());
  const spec = { ...script(`console.log(JSON.stringify(Object.keys(process.env))); ${LOOP}`), env: { GIVEN: '1' } };

  const names = await withProcesses(async (set) =>
    z.array(z.string()).parse(JSON.parse((await set.start(spec)).ready)),
  );

  expect(names).toContain('GIVEN');
  expect(names.filter((name) => /TOKEN|npm|NODE_OPTIONS|VITEST/.test(name))).toEqual([]);
});

test('a child’s clock is moved while it runs, and it ends by itself all the same', async () => {
  const source = `
    console.log(JSON.stringify([Date.now()]));
    setTimeout(() => console.log(Date.now()), 3_000);`;
  const lines: string[] = [];

  await withProcesses(
    async (set) => {
      const child = await set.start({ ...script(source), pace: { times: 2, since: Date.now() } });
      await child.shift(86_400_000);
      await eventually(() => expect(lines).toHaveLength(2));
    },
    { onLine: (_, line) => lines.push(line) },
  ).catch((error: unknown) => expect(String(error)).toContain('ended with status 0'));

  expect(Number(lines[1]) - Date.now()).toBeGreaterThan(86_000_000);
});

test('a child’s clock and timers go as fast as they are told to', async () => {
  const source = `
    const began = Date.now();
    setTimeout(() => console.log(JSON.stringify([began, Date.now()])), 60_000);
    ${LOOP}`;
  const pace = { times: 600, since: Date.now() };

  const ready = await withProcesses(async (set) => (await set.start({ ...script(source), pace })).ready);
  const [began = 0, ended = 0] = z.array(z.number()).parse(JSON.parse(ready));

  expect(began).toBeGreaterThan(pace.since);
  expect(ended - began).toBeGreaterThan(59_000);
  expect(ended).toBeLessThanOrEqual(paced(Date.now(), pace));
});

test('a child has the clock it was given', async () => {
  const source = `
    const text = Date();
    console.log(JSON.stringify([Date.now(), new Date().getTime(), Date.parse(text), new (new Date(0).constructor)().getTime(),
      new Date(0).getTime(), new Date() instanceof Date, Date.UTC(2026, 0, 1)]));
    ${LOOP}`;
  const hours = 24;

  const ready = await withProcesses(
    async (set) => (await set.start({ ...script(source), clockOffset: hours * 3_600_000 })).ready,
  );
  const [now, made, text, constructed, zero, isDate, utc] = z.array(z.unknown()).parse(JSON.parse(ready));

  for (const moved of [now, made, text, constructed]) {
    expect((Number(moved) - Date.now()) / 3_600_000).toBeCloseTo(hours, 1);
  }
  expect([zero, isDate, utc]).toEqual([0, true, Date.UTC(2026, 0, 1)]);
});
