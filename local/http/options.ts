import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { AnchorwatchError, explain } from '../../shared/errors.ts';
import { type Instant, parseTime } from '../../shared/time.ts';
import { type FaultScript, parseFaults } from './faults/script.ts';
import { parseWorldFile, type WorldChoices } from './world-file.ts';

const whole = z.coerce.number().int();
const port = whole.min(0).max(65_535).default(0);
const file = z.string().min(1).nullable().default(null);
const instant = z.string().transform((text, context): Instant => {
  const parsed = parseTime(text);
  if (parsed !== null) return parsed;
  context.addIssue({ code: 'custom', message: 'expected a time such as 2026-11-23T02:00:00Z' });
  return z.NEVER;
});

const schema = z.strictObject({
  people: whole.min(0).max(500_000).default(2_000),
  seed: z.string().min(1).default('anchorwatch'),
  /** When the world begins; now, unless said. */
  start: instant.nullable().default(null),
  /** Milliseconds by which the tenants' clock is ahead of this machine's. */
  offset: whole.default(0),
  /** Milliseconds before every answer. */
  latency: whole.min(0).max(60_000).default(0),
  'okta-port': port,
  'graph-port': port,
  'identity-port': port,
  'control-port': port,
  /** JSON files: a fault script, the choices of a world, the keys to keep. */
  faults: file,
  world: file,
  keys: file,
  /** Where the settings for Anchorwatch are written. */
  credentials: z.string().min(1).default('.anchorwatch/tenants.json'),
});

export interface TenantsOptions extends Omit<z.output<typeof schema>, 'start' | 'faults' | 'world'> {
  readonly start: Instant;
  readonly faults: FaultScript;
  readonly world: WorldChoices;
}

const NAMES = Object.keys(schema.shape);
const PREFIX = 'ANCHORWATCH_TENANTS_';

/**
 * Options from the command line (`--okta-port 8081`), else from the environment (`ANCHORWATCH_TENANTS_OKTA_PORT=8081`), with the files
 * that they name. Throws `invalid` with everything that is wrong at once.
 */
export async function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  now: () => Instant,
): Promise<TenantsOptions> {
  const parsed = schema.safeParse({ ...fromEnvironment(environment), ...fromArguments(args) });
  if (!parsed.success) {
    throw new AnchorwatchError('invalid', `The options cannot be used:\n${z.prettifyError(parsed.error)}`);
  }
  const options = parsed.data;
  const start = options.start ?? now() + options.offset;
  const [faults, world] = await Promise.allSettled([readFaults(options.faults), readWorld(options.world, start)]);
  if (faults.status === 'fulfilled' && world.status === 'fulfilled') {
    return { ...options, start, faults: faults.value, world: world.value };
  }
  const problems = [faults, world].flatMap((each) => (each.status === 'rejected' ? [explain(each.reason)] : []));
  throw new AnchorwatchError('invalid', problems.join('\n'));
}

async function readFaults(path: string | null): Promise<FaultScript> {
  return parseFaults(path === null ? { rules: [] } : await readJson(path));
}

async function readWorld(path: string | null, start: Instant): Promise<WorldChoices> {
  return path === null ? {} : parseWorldFile(await readJson(path), start);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new AnchorwatchError('invalid', `The file ${path} cannot be read as JSON`, { cause });
  }
}

function fromArguments(args: readonly string[]): Readonly<Record<string, string | undefined>> {
  const options = Object.fromEntries(NAMES.map((name) => [name, { type: 'string' as const }]));
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (cause) {
    throw new AnchorwatchError('invalid', `The options are --${NAMES.join(', --')}`, { cause });
  }
}

function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = environment[PREFIX + name.replaceAll('-', '_').toUpperCase()];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
