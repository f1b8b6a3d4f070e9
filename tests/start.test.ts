import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { checkPorts, takeFolder } from '../local/alone.ts';

const START = resolve(import.meta.dirname, '../local/start.ts');

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'anchorwatch-start-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** The id of a process that has ended. */
async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

test('a second start says that one is running here, by its process id, and touches nothing', async () => {
  const folder = await makeFolder();
  await writeFile(join(folder, 'running'), `${process.ppid}\n`);
  await writeFile(join(folder, 'tenants.json'), 'the way in of the first');

  const { promise, resolve: done } = Promise.withResolvers<{ code: unknown; out: string; err: string }>();
  execFile(process.execPath, [START, folder], (error, out, err) => done({ code: error?.code, out, err }));

  expect(await promise).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining(`running here already, as process ${process.ppid}.`),
  });
  expect(await readFile(join(folder, 'tenants.json'), 'utf8')).toBe('the way in of the first');
  expect((await readdir(folder)).toSorted()).toEqual(['running', 'tenants.json']);
});

test('a folder is free again when its process left it, or was killed in it', async () => {
  const folder = await makeFolder();
  const leave = await takeFolder(folder);
  expect(await readFile(join(folder, 'running'), 'utf8')).toBe(`${process.pid}\n`);
  await leave();
  expect(await readdir(folder)).toEqual([]);

  for (const left of [`${await endedProcess()}\n`, '', 'rubbish']) {
    await writeFile(join(folder, 'running'), left);
    await (await takeFolder(folder))();
    expect(await readdir(folder)).toEqual([]);
  }
});

test('a port that another program has is named before anything is started', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());

  await expect(checkPorts([port])).rejects.toThrow(`listens on port ${port} of this machine`);
  server.close();
  await once(server, 'close');
  expect(await checkPorts([port])).toBeUndefined();
});
