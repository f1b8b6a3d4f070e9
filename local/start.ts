import { join, resolve } from 'node:path';
import { explain } from '../shared/errors.ts';
import { newestRun } from '../shared/flows/run.ts';
import type { Log } from '../shared/ports/log.ts';
import { redact } from '../shared/redact.ts';
import { stateTools } from '../shared/wiring.ts';
import { checkPorts, takeFolder } from './alone.ts';
import { Interrupted, type ProcessSet, withProcesses } from './processes.ts';
import { READ_ROLES, READ_SCOPES, WRITE_ROLES, WRITE_SCOPES } from './world/options.ts';
import { bringUp, ROOT, USUAL_PORTS } from './stack.ts';

/** The port that Azure's own tools use for a function app on this machine. */
const PORT = 7071;
/** What is kept from one start to the next; another one may be named. */
const FOLDER = resolve(process.argv[2] ?? join(ROOT, '.anchorwatch'));
const WORLD = {
  synced: 'universal-sync',
  // A few people a day change for a week: the later nights have something to tell.
  churn: (['created', 'deleted', 'renamed', 're-anchored', 'drifted', 'healed'] as const).map((kind) => ({
    kind,
    people: 14,
    from: 0,
    until: 168,
  })),
  okta: {
    scopes: [...READ_SCOPES, ...WRITE_SCOPES],
    limits: { apps: 1e6, app: 1e6, groups: 1e6, users: 1e6, logs: 1e6, token: 1e6, other: 1e6 },
  },
  graph: { roles: [...READ_ROLES, ...WRITE_ROLES] },
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
  const page = `http://127.0.0.1:${PORT}`;
  const host = await stack.startHost({
    port: PORT,
    settings: { ANCHORWATCH_HOST_FUNCTION_KEY: key, ANCHORWATCH_PAGE_URL: page, WEBSITE_AUTH_ENABLED: 'True' },
  });
  say(`Okta      ${stack.tenants.okta}`);
  say(`Graph     ${stack.tenants.graph}`);
  say(`Functions ${host.ready.url}: ${host.ready.functions.join(', ')}`);
  say(`Health    ${host.ready.url}/api/health?code=${key}`);
  say(`Pages     ${page}/api/page`);
  const kept = stateTools({ kind: 'connection-string', connectionString: stack.connectionString }, QUIET);
  const before = await newestRun(kept);
  say(
    before === null
      ? '\nThe nightly timer fires at 02:00 UTC; this is its first run, fired by hand. In another terminal:'
      : `\nStorage is kept in ${FOLDER}: its last run is ${before.id}. Delete the folder to begin afresh. In another terminal:`,
  );
  say('  AzureWebJobsStorage=UseDevelopmentStorage=true npm run anchorwatch -- status');
  say('Ctrl-C ends everything.\n');
  await host.trigger('nightly');
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The build replaces the files that a running host still loads from, so that nothing is built before this one is alone. */
async function startAlone(set: ProcessSet, signal: AbortSignal): Promise<never> {
  const leave = await takeFolder(FOLDER);
  try {
    await checkPorts([PORT, ...Object.values(USUAL_PORTS)]);
    await import('../build.ts');
    return await start(set, signal);
  } finally {
    await leave();
  }
}

const QUIET: Log = { debug: ignore, info: ignore, warn: say, error: say };

function ignore(): void {}

try {
  await withProcesses(startAlone, { onLine: (name, line) => say(`[${name}] ${line}`) });
} catch (error) {
  if (!(error instanceof Interrupted)) process.stderr.write(`${redact(explain(error))}\n`);
  process.exitCode = error instanceof Interrupted ? 130 : 2;
}
