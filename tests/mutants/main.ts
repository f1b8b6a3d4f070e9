import { glob, readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { mutantsOf, mutated } from './mutants.ts';
import { gone, listed, listedIn, mismatch, type Survivor, survivorOf, write } from './survivors.ts';
import { Tester } from './tester.ts';

/**
 * `npm run mutants -- [FILE...] [--list]`: makes one small mistake after the other in every file of the rooms below, or in those named, in
 * memory alone, and has the tests of the file's room look for it. Exit 1 when they miss more than 15 percent, or anything but what
 * `survivors/` lists, with the reason why it is harmless; `--list` writes these lists again.
 */
const ROOT = resolve(import.meta.dirname, '../..');
const ROOMS = ['anchor', 'plan', 'compare', 'rosters'];
/** Sixteen seconds, which everything that survives the others would cost. */
const TOO_SLOW = 'tests/rosters/properties.test.ts';
const LEAST_KILLED = 0.85;

interface Measured {
  readonly killed: number;
  readonly survived: readonly Survivor[];
}

async function matching(patterns: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const file of glob(patterns, { cwd: ROOT })) found.push(file);
  return found.sort();
}

async function testsOf(file: string): Promise<readonly string[]> {
  const tests = await matching([`tests/${basename(dirname(file))}/*.test.ts`]);
  return tests.filter((test) => test !== TOO_SLOW).map((test) => resolve(ROOT, test));
}

async function measure(file: string, tests: readonly string[]): Promise<Measured> {
  const path = resolve(ROOT, file);
  const text = await readFile(path, 'utf8');
  const mutants = mutantsOf(path, text);
  if (mutants.length === 0) return { killed: 0, survived: [] };
  // A thread for each file: modules that are loaded anew are never forgotten by the one that loaded them.
  const tester = new Tester(tests);
  const failed = await tester.firstFailed({ path, text });
  if (failed !== null) throw new Error(`The tests fail without any mistake: ${failed}`);
  // What no test of the room loads would pass all of them, as would a mistake that does not reach the tests.
  const isLoaded = (await tester.firstFailed({ path, text: `throw new Error('planted');\n${text}` })) !== null;
  const survived: Survivor[] = [];
  for (const mutant of mutants) {
    const by = isLoaded ? await tester.firstFailed({ path, text: mutated(text, mutant) }) : null;
    if (by === null) survived.push(survivorOf(file, text, mutant));
  }
  if ((await tester.firstFailed({ path, text })) !== null) throw new Error('The tests fail after the mistakes.');
  await tester.end();
  return { killed: mutants.length - survived.length, survived };
}

function share(killed: number, missed: number): string {
  return `${killed} of ${killed + missed} killed (${Math.floor((100 * killed) / (killed + missed))} percent)`;
}

const { positionals, values } = parseArgs({ allowPositionals: true, options: { list: { type: 'boolean' } } });
const files = await matching(positionals.length > 0 ? positionals : ROOMS.map((room) => `shared/${room}/*.ts`));
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const sum = { killed: 0, survived: 0, judged: 0 };
let isAsListed = true;
for (const file of files) {
  const { killed, survived } = await measure(file, await testsOf(file));
  if (values.list === true) await write(file, survived);
  const known = await listed(file);
  const { unlisted, stale } = mismatch(survived, known);
  if (killed + survived.length > 0) say(`${file}: ${share(killed, survived.length)}`);
  for (const { was, becomes } of unlisted) say(`  survived and is not listed: ${was}\n    ${becomes}`);
  for (const { was, becomes } of stale) say(`  is listed and is not there: ${was}\n    ${becomes}`);
  for (const { was, harmless } of known) if (harmless === undefined) say(`  is listed without a reason: ${was}`);
  isAsListed &&= unlisted.length + stale.length === 0 && known.every(({ harmless }) => harmless !== undefined);
  sum.killed += killed;
  sum.survived += survived.length;
  sum.judged += known.filter(({ harmless }) => harmless !== undefined).length;
}
for (const room of ROOMS) {
  for (const file of gone(await listedIn(room), await matching([`shared/${room}/*.ts`]))) {
    if (values.list === true) await write(file, []);
    else say(`${file} is listed and is not there`);
    isAsListed &&= values.list === true;
  }
}
say(`${share(sum.killed, sum.survived)}; ${sum.judged} of the survivors are judged harmless`);
process.exitCode = isAsListed && sum.killed >= (sum.killed + sum.survived) * LEAST_KILLED ? 0 : 1;
