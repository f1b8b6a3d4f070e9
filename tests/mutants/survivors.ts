import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { type Mutant, mutated } from './mutants.ts';

/** A mistake that no test notices, known by the lines it is in and by what they become, wherever these stand. */
export interface Survivor {
  readonly file: string;
  readonly was: string;
  readonly becomes: string;
  /** Why it does no harm, in a sentence; absent where nobody has judged it yet. */
  readonly harmless?: string;
}

export interface Mismatch {
  readonly unlisted: readonly Survivor[];
  /** Listed, and no longer there: killed since, or the lines have changed. */
  readonly stale: readonly Survivor[];
}

export function survivorOf(file: string, text: string, mutant: Mutant): Survivor {
  const from = text.lastIndexOf('\n', mutant.start - 1) + 1;
  const end = text.indexOf('\n', mutant.end);
  const to = end < 0 ? text.length : end;
  const changed = mutated(text, mutant);
  return {
    file,
    was: inOneLine(text.slice(from, to)),
    becomes: inOneLine(changed.slice(from, to + changed.length - text.length)),
  };
}

function inOneLine(lines: string): string {
  return lines.replaceAll(/\s+/g, ' ').trim();
}

/** Holds what survived against the list of the same files. */
export function mismatch(survived: readonly Survivor[], list: readonly Survivor[]): Mismatch {
  const keys = (all: readonly Survivor[]) => new Set(all.map(keyOf));
  const [found, known] = [keys(survived), keys(list)];
  return {
    unlisted: survived.filter((one) => !known.has(keyOf(one))),
    stale: list.filter((one) => !found.has(keyOf(one))),
  };
}

function keyOf({ file, was, becomes }: Survivor): string {
  return JSON.stringify([file, was, becomes]);
}

function listOf(room: string): URL {
  return new URL(`survivors/${room}.json`, import.meta.url);
}

function roomOf(file: string): string {
  return basename(dirname(file));
}

/** Files that a list names and that are no more: deleted, or renamed. */
export function gone(list: readonly Survivor[], files: readonly string[]): readonly string[] {
  return [...new Set(list.map(({ file }) => file))].filter((file) => !files.includes(file));
}

export async function listedIn(room: string): Promise<readonly Survivor[]> {
  return JSON.parse(await readFile(listOf(room), 'utf8').catch(() => '[]'));
}

export async function listed(file: string): Promise<readonly Survivor[]> {
  return (await listedIn(roomOf(file))).filter((one) => one.file === file);
}

/** Writes the list of a file again, with the sentences it had. */
export async function write(file: string, survived: readonly Survivor[]): Promise<void> {
  const before = await listedIn(roomOf(file));
  const known = new Map(before.map((one) => [keyOf(one), one]));
  const once = new Map(survived.map((one) => [keyOf(one), known.get(keyOf(one)) ?? one]));
  const all = [...before.filter((one) => one.file !== file), ...once.values()];
  await writeFile(listOf(roomOf(file)), `${JSON.stringify(all, null, 2)}\n`);
}
