import { randomBytes } from 'node:crypto';
import { join, resolve as absolute } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { systemClock } from '../../shared/clock.ts';
import { AnchorwatchError, explain } from '../../shared/errors.ts';
import { createLog, jsonLine } from '../../shared/log.ts';
import type { Log } from '../../shared/ports/log.ts';
import { redact } from '../../shared/redact.ts';
import { SECOND } from '../../shared/time.ts';
import { type Host, startHost } from './host.ts';
import type { Keys } from './keys.ts';
import { readSettings } from './settings.ts';

/** The host's own keys, which its app must not see: in Azure they are in storage. */
const MASTER_KEY = 'ANCHORWATCH_HOST_MASTER_KEY';
const FUNCTION_KEY = 'ANCHORWATCH_HOST_FUNCTION_KEY';

const seconds = z.coerce.number().positive();
const optionsSchema = z.object({
  app: z.string().default('.'),
  settings: z.string().nullable().default(null),
  state: z.string().nullable().default(null),
  port: z.coerce.number().int().min(0).max(65_535).default(7071),
  'queue-lock': seconds.default(600),
  grace: seconds.default(30),
});
type Options = z.infer<typeof optionsSchema>;

function readOptions(args: readonly string[]): Options {
  const names = Object.keys(optionsSchema.shape);
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const parsed = optionsSchema.safeParse(parseArgs({ args: [...args], options }).values);
  if (!parsed.success) throw new AnchorwatchError('invalid', z.prettifyError(parsed.error));
  return parsed.data;
}

function takeKeys(): Keys & { readonly made: boolean } {
  const { [MASTER_KEY]: master, [FUNCTION_KEY]: ordinary } = process.env;
  delete process.env[MASTER_KEY];
  delete process.env[FUNCTION_KEY];
  return {
    master: master ?? randomBytes(32).toString('base64url'),
    function: ordinary ?? null,
    made: master === undefined,
  };
}

/** One line for whoever started this process; the master key is in it when nobody else knows it. */
function announce(host: Host, keys: ReturnType<typeof takeKeys>): void {
  const ready = { url: host.url, functions: host.functions, ...(keys.made ? { masterKey: keys.master } : {}) };
  process.stdout.write(`${JSON.stringify({ ready })}\n`);
}

function asked(): Promise<null> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(null));
  });
}

async function main(log: Log): Promise<number> {
  const ending = asked();
  const options = readOptions(process.argv.slice(2));
  const keys = takeKeys();
  const settings = await readSettings(options.settings, process.env);
  Object.assign(process.env, settings.values);
  const directory = absolute(options.app);
  const host = await startHost({
    directory,
    settings,
    state: options.state ?? join(directory, '.anchorwatch', 'host'),
    port: options.port,
    keys,
    queueLock: options['queue-lock'] * SECOND,
    clock: systemClock(),
    log,
  });
  announce(host, keys);
  const failure = await Promise.race([ending, host.failure]);
  const left = await host.stop(options.grace * SECOND);
  if (left.length > 0) log.warn('Stopped while functions were running', { functions: left.join(', ') });
  if (failure !== null) throw failure;
  return 0;
}

try {
  const log = createLog((line) => process.stdout.write(`${line}\n`), { format: jsonLine, now: Date.now });
  process.exit(await main(log));
} catch (error) {
  process.stderr.write(`${redact(explain(error))}\n`);
  process.exit(1);
}
