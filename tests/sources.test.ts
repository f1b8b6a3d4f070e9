import { glob, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

// What the lint cannot tell: it has no rule on state, and takes import() for a load like any other.

const ROOT = resolve(import.meta.dirname, '..');

test('nothing keeps state in a module, but for the one set of clients', async () => {
  expect(await found(/^(?:export )?let .*$/gm)).toEqual(['shared/wiring.ts: let clients: Clients | undefined;']);
});

test('no SDK is loaded before it is used', async () => {
  const loads = /^(?:import|export)\b(?! type\b)(?: [^;'()]*? from)? '@(?:azure|microsoft|okta)\/[^']*'/gm;

  for (const early of [
    `import { A } from '@azure/x'`,
    `import '@okta/x'`,
    `import {\n  type A,\n} from '@microsoft/x'`,
  ]) {
    expect(early.match(loads)).not.toBeNull();
  }
  const late = `import type { A } from '@azure/x';\nexport const load = () => import('@okta/x');`;
  expect(late.match(loads)).toBeNull();
  expect(await found(loads)).toEqual([]);
});

/** Every place in `shared/` that matches, with its file. */
async function found(pattern: RegExp): Promise<readonly string[]> {
  const places: string[] = [];
  for await (const path of glob('shared/**/*.ts', { cwd: ROOT })) {
    const text = await readFile(join(ROOT, path), 'utf8');
    places.push(...(text.match(pattern) ?? []).map((match) => `${path}: ${match}`));
  }
  return places.toSorted();
}
