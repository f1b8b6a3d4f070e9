import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { measured, medianOf, ROOT } from '../measured.ts';
import { lineOf, type Target } from '../target.ts';

const FUNCTIONS = resolve(ROOT, 'dist/functions');
/** Milliseconds beyond 1.3 times the library. */
const OWN = 25;

/** What a worker of the function app reads before the host knows its functions, beside the library that registers them. */
export async function benchImports(runs: number, say: (line: string) => void): Promise<boolean> {
  const names = (await readdir(FUNCTIONS)).filter((name) => name.endsWith('.js'));
  const files = names.map((name) => join(FUNCTIONS, name));
  const took: Record<'library' | 'built', number[]> = { library: [], built: [] };
  for (let round = 0; round < runs; round += 1) {
    took.library.push(await load(['@azure/functions']));
    took.built.push(await load(files));
  }
  const [library, built] = [medianOf(took.library), medianOf(took.built)];
  const most = 1.3 * library + OWN;
  const target: Target = {
    name: `importing the ${names.length} built functions`,
    found: `${built.toFixed(0)} ms`,
    wanted: `at most ${most.toFixed(0)} ms: 1.3 times ${library.toFixed(0)} of @azure/functions alone, and ${OWN}`,
    isMet: built <= most,
  };
  say(lineOf(target));
  return target.isMet;
}

async function load(modules: readonly string[]): Promise<number> {
  const { said } = await measured('an import', ['bench/imports/load.mjs', ...modules], {});
  return Number(said);
}
