import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import { collected } from './collect.ts';

/**
 * Runs tests against one module after the other in which there is a mistake, all in one thread: what depends on the module is loaded
 * anew, all else stays. Vitest would take some ten times as long, most of it to begin.
 */
export interface Asked {
  readonly path: string;
  readonly text: string;
}

/** `begun` while tests are run, and in the end which of them failed first, if one did. */
export type Told = { readonly begun: string } | { readonly failed: string | null };

const tests: readonly string[] = workerData.tests;
const collector = new URL('collect.ts', import.meta.url).href;
const importers = new Map<string, Set<string>>();
const durations = new Map<string, number>();
const current = { path: '', text: '', turn: 0, reloaded: new Set<string>() };

// The same values in every run: a mistake that only chance finds would be one of the listed today, and none tomorrow.
fc.configureGlobal({ seed: 1 });
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'vitest' && context.parentURL !== collector) return { url: collector, shortCircuit: true };
    const found = next(specifier, context);
    if (!found.url.startsWith('file:') || found.url.includes('/node_modules/')) return found;
    const path = fileURLToPath(found.url);
    const by = importers.get(path) ?? new Set();
    importers.set(path, by);
    if (context.parentURL?.startsWith('file:') === true) by.add(fileURLToPath(context.parentURL));
    return current.reloaded.has(path) ? { ...found, url: `${pathToFileURL(path).href}?${current.turn}` } : found;
  },
  load(url, context, next) {
    if (!url.endsWith(`?${current.turn}`) || fileURLToPath(url) !== current.path) return next(url, context);
    return { format: 'module-typescript', source: current.text, shortCircuit: true };
  },
});

function dependents(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const importer of importers.get(path) ?? []) dependents(importer, found);
  return found;
}

function tell(told: Told): void {
  parentPort?.postMessage(told);
}

/** The quick tests come first. */
async function firstFailed({ path, text }: Asked): Promise<string | null> {
  Object.assign(current, { path, text, turn: current.turn + 1, reloaded: dependents(path) });
  collected.splice(0);
  for (const test of tests.filter((one) => current.reloaded.has(one))) {
    try {
      await import(`${pathToFileURL(test).href}?${current.turn}`);
    } catch (error) {
      return `${test}: ${String(error)}`;
    }
  }
  for (const { name, run } of collected.toSorted((one, other) => durationOf(one.name) - durationOf(other.name))) {
    tell({ begun: name });
    const began = performance.now();
    try {
      await run();
    } catch (error) {
      return `${name}: ${String(error)}`;
    }
    durations.set(name, performance.now() - began);
  }
  return null;
}

function durationOf(name: string): number {
  return durations.get(name) ?? 0;
}

for (const test of tests) await import(pathToFileURL(test).href);
parentPort?.on('message', (asked: Asked) => void firstFailed(asked).then((failed) => tell({ failed })));
