import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MUTATIONS, type Mutation } from './mutations.ts';

/**
 * `npm run mutate`: makes each deliberate mistake in a copy of the product, and has the simulation look for it there. Exit 1 when one
 * of them is not caught. With a text it makes those alone whose names hold it.
 */
const ROOT = resolve(import.meta.dirname, '../..');
const COPIES = join(ROOT, '.anchorwatch', 'mutants');
const PARALLEL = 2;

async function copyWith({ file, find, replace }: Mutation, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const part of ['shared', 'cli', 'local', 'tests', 'package.json', 'tsconfig.json']) {
    await cp(join(ROOT, part), join(folder, part), { recursive: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const path = join(folder, file);
  const text = await readFile(path, 'utf8');
  if (text.split(find).length !== 2) throw new Error(`${file} does not hold the text to replace exactly once: ${find}`);
  await writeFile(
    path,
    text.replace(find, () => replace),
  );
}

/** Whether a simulation in that copy found a violation. One that does not come to its end has found nothing. */
function isCaughtIn(folder: string, { name, scenarios }: Mutation): Promise<boolean> {
  const named = scenarios.flatMap((scenario) => ['--scenario', scenario]);
  const args = ['tests/simulation/main.ts', '--first', ...named, '--places', '--runs', '600'];
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => void (said += text));
    child.on('error', fail);
    child.on('close', () => {
      const found = /(\d+) violations in \d+ runs/.exec(said);
      if (found === null) fail(new Error(`The simulation of "${name}" did not come to its end.`));
      else done(Number(found[1]) > 0);
    });
  });
}

const chosen = MUTATIONS.filter(({ name }) => name.includes(process.argv[2] ?? ''));
const left = [...chosen.entries()].values();
const survivors: string[] = [];

async function worker(): Promise<void> {
  for (const [at, mutation] of left) {
    const folder = join(COPIES, String(at));
    await copyWith(mutation, folder);
    const isCaught = await isCaughtIn(folder, mutation);
    if (!isCaught) survivors.push(mutation.name);
    process.stdout.write(`${isCaught ? 'caught ' : 'MISSED '} ${mutation.name}\n`);
    await rm(folder, { recursive: true, force: true });
  }
}

await Promise.all(Array.from({ length: PARALLEL }, worker));
await rm(COPIES, { recursive: true, force: true });
process.stdout.write(`${chosen.length - survivors.length} of ${chosen.length} mistakes caught\n`);
process.exitCode = survivors.length > 0 ? 1 : 0;
