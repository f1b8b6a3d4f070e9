import { join } from 'node:path';
import { explain } from '../shared/errors.ts';
import { redact } from '../shared/redact.ts';
import { Interrupted, type ProcessSet, withProcesses } from './processes.ts';
import { bringUp, ROOT } from './stack.ts';

/** The port that Azure's own tools use for a function app on this machine. */
const PORT = 7071;
const FOLDER = join(ROOT, '.anchorwatch');
const WORLD = {
  synced: 'universal-sync',
  okta: { limits: { apps: 1e6, app: 1e6, groups: 1e6, users: 1e6, logs: 1e6, token: 1e6, other: 1e6 } },
};

/** Storage, both tenants and the function app, until Ctrl-C. What storage holds is kept from one start to the next. */
async function start(set: ProcessSet, signal: AbortSignal): Promise<never> {
  const stack = await bringUp(set, {
    folder: FOLDER,
    keep: true,
    tenants: { people: 2_000, seed: 'anchorwatch', keys: join(FOLDER, 'keys.json') },
    world: WORLD,
  });
  const key = 'local';
  const host = await stack.startHost({ port: PORT, settings: { ANCHORWATCH_HOST_FUNCTION_KEY: key } });
  say(`Okta      ${stack.tenants.okta}`);
  say(`Graph     ${stack.tenants.graph}`);
  say(`Functions ${host.ready.url}: ${host.ready.functions.join(', ')}`);
  say(`Health    ${host.ready.url}/api/health?code=${key}`);
  say('\nThe nightly timer fires at 02:00 UTC; this is its first run, fired by hand. In another terminal:');
  say('  AzureWebJobsStorage=UseDevelopmentStorage=true npm run anchorwatch -- status');
  say('Ctrl-C ends everything.\n');
  await host.trigger('nightly');
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  await withProcesses(start, { onLine: (name, line) => say(`[${name}] ${line}`) });
} catch (error) {
  if (!(error instanceof Interrupted)) process.stderr.write(`${redact(explain(error))}\n`);
  process.exitCode = error instanceof Interrupted ? 130 : 2;
}
