import { glob, readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { createVitest } from 'vitest/node';
import { type Mutant, mutantsOf } from './mutants.ts';

/**
 * `npm run mutants -- FILE...`: makes one small mistake after the other in each of these files, in memory alone, and has the tests look
 * for it. Prints what none of them noticed; exit 1 when that is more than 15 percent.
 */
const ROOT = resolve(import.meta.dirname, '../..');
const LEAST_KILLED = 0.85;

const mutated: { path: string; text: string | undefined } = { path: '', text: undefined };
const plugin = {
  name: 'mutant',
  enforce: 'pre' as const,
  transform: (_: string, id: string) => (id === mutated.path ? mutated.text : undefined),
};
// Quick tests alone: one of these properties was seen to take more than ten seconds.
const exclude = ['tests/rosters/properties.test.ts'];
const include = ['anchor', 'compare', 'plan', 'rosters'].map((room) => `tests/${room}/*.test.ts`);
// The cache on disk goes by what is on disk, and would give the tests the file without its mistake.
const vitest = await createVitest(
  'test',
  {
    root: ROOT,
    config: false,
    include,
    exclude,
    watch: false,
    bail: 1,
    testTimeout: 10_000,
    maxWorkers: 1,
    fsModuleCache: false,
    reporters: [{}],
  },
  { plugins: [plugin] },
);
const specifications = await vitest.globTestSpecifications();

async function passes(path: string, text: string | undefined): Promise<boolean> {
  Object.assign(mutated, { path, text });
  vitest.invalidateFile(path);
  // What failed with an earlier mistake counts towards `bail` otherwise, and would end this run before it has begun.
  vitest.state.filesMap.clear();
  vitest.state.idMap.clear();
  const room = basename(dirname(path));
  const chosen = specifications.filter(({ moduleId }) => basename(dirname(moduleId)) === room);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(chosen);
  return unhandledErrors.length === 0 && testModules.every((module) => module.ok());
}

function placeOf(text: string, { start, original, replacement }: Mutant): string {
  return `${text.slice(0, start).split('\n').length}: ${original} -> ${replacement}`;
}

let all = 0;
let killed = 0;
for await (const file of glob(process.argv.slice(2), { cwd: ROOT })) {
  const path = resolve(ROOT, file);
  const text = await readFile(path, 'utf8');
  if (!(await passes(path, undefined))) throw new Error('The tests fail without any mistake.');
  // A mistake that does not reach the tests would count as one they missed.
  if (await passes(path, `throw new Error('planted');\n${text}`))
    throw new Error(`No test loads ${file} as it is changed.`);
  for (const mutant of mutantsOf(path, text)) {
    all += 1;
    const isKilled = !(await passes(path, text.slice(0, mutant.start) + mutant.replacement + text.slice(mutant.end)));
    if (isKilled) killed += 1;
    else process.stdout.write(`SURVIVED ${file}:${placeOf(text, mutant)}\n`);
  }
  if (!(await passes(path, undefined))) throw new Error('The tests fail without any mistake, after the mistakes.');
}
await vitest.close();
process.stdout.write(`${killed} of ${all} mistakes killed\n`);
process.exitCode = all > 0 && killed >= all * LEAST_KILLED ? 0 : 1;
