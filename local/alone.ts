import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { AnchorwatchError } from '../shared/errors.ts';

/**
 * Takes a folder for this process alone, and gives back how to leave it. A process that was killed leaves its mark behind, which
 * counts for nothing. Throws AnchorwatchError (`refused`) while another process has the folder.
 */
export async function takeFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'running');
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${process.pid}\n`);
  try {
    const holder = await holderOf(file);
    if (isAlive(holder)) throw taken(file, holder);
    if (holder !== null) await rm(file, { force: true });
    // Fails when somebody else was faster, and is never seen half written.
    await link(draft, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    throw taken(file, await holderOf(file));
  } finally {
    await rm(draft, { force: true });
  }
  return () => rm(file, { force: true });
}

/** Throws AnchorwatchError (`refused`) for the first port of this machine on which somebody listens. */
export async function checkPorts(ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const server = createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
    try {
      await promise;
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE') throw error;
      throw new AnchorwatchError(
        'refused',
        `Another program listens on port ${port} of this machine; ${ports.join(', ')} are needed here. End it: perhaps another Anchorwatch, a Functions host or a storage emulator.`,
        { cause: error },
      );
    }
  }
}

async function holderOf(file: string): Promise<number | null> {
  try {
    return Number(await readFile(file, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Our own id was somebody else's, before this machine began to count anew. */
function isAlive(holder: number | null): boolean {
  if (holder === null || !(holder > 0) || holder === process.pid) return false;
  try {
    return process.kill(holder, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
    if (codeOf(error) === 'EPERM') return true;
    throw error;
  }
}

function taken(file: string, holder: number | null): AnchorwatchError {
  return new AnchorwatchError(
    'refused',
    `Anchorwatch is running here already, as process ${holder ?? 'unknown'}. Nothing was started or changed. End that one first, with Ctrl-C where it runs; should this be the id of some other program, delete ${file}.`,
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
