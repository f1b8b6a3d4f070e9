import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { AnchorwatchError } from '../../shared/errors.ts';
import type { Log } from '../../shared/ports/log.ts';
import { type App, createCore, serveCore } from './core.ts';

const NOTHING = 'No job functions found.';

/**
 * Loads an app as the worker does: every file that `main` in its package.json names, in a process that offers
 * `@azure/functions-core`; then the appStart hooks. Throws AnchorwatchError (`invalid`) where Azure would find no function. An entry
 * that throws is fatal whatever was registered before it, as it is on Node 20 and later.
 */
export async function loadApp(directory: string, log: Log): Promise<App> {
  const { api, app } = createCore(log);
  serveCore(api);
  const pattern = await mainOf(directory);
  const files: string[] = [];
  for await (const file of glob(pattern, { cwd: directory })) files.push(file);
  if (files.length === 0) throw nothing(`"main" in package.json, ${pattern}, matches no file: was the app built?`);
  for (const file of files.sort()) {
    try {
      await import(pathToFileURL(join(directory, file)).href);
    } catch (cause) {
      throw unloadable(file, cause, app);
    }
  }
  const model = app.model();
  if (model === null || app.functions.size === 0) throw nothing(`${files.join(', ')} registered none.`);
  app.lock();
  const capabilities = await model.getCapabilities({});
  if ('HttpUri' in capabilities) {
    throw new AnchorwatchError(
      'invalid',
      'The app asks for HTTP streaming, which this host does not offer: leave out enableHttpStream',
    );
  }
  for (const hook of app.hooks('appStart'))
    await hook({ hookData: {}, appHookData: {}, functionAppDirectory: directory });
  return app;
}

const packageSchema = z.object({ main: z.string().min(1) });

async function mainOf(directory: string): Promise<string> {
  const file = join(directory, 'package.json');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw nothing(`${file} cannot be read.`, cause);
  });
  try {
    return packageSchema.parse(JSON.parse(text)).main;
  } catch (cause) {
    throw nothing(`${file} is no JSON object with a text "main".`, cause);
  }
}

/** Before the first registration Azure looks for function.json files instead, finds none, and does not name the true cause. */
function unloadable(file: string, cause: unknown, app: App): AnchorwatchError {
  if (app.functions.size === 0) return nothing(`${file} threw before its first registration.`, cause);
  return new AnchorwatchError('invalid', `Worker was unable to load entry point "${file}"`, { cause });
}

function nothing(why: string, cause?: unknown): AnchorwatchError {
  return new AnchorwatchError('invalid', `${NOTHING} ${why}`, { cause });
}
