import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AnchorwatchError } from '../../shared/errors.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';

/** What this host honours of host.json. Times are milliseconds. */
export interface HostFile {
  /** Null when a call may run without end (`-1`). */
  readonly functionTimeout: number | null;
  readonly routePrefix: string;
  readonly queues: QueueOptions;
}

export interface QueueOptions {
  readonly batchSize: number;
  readonly newBatchThreshold: number;
  readonly maxDequeueCount: number;
  /** How long a message stays unseen after a failed attempt. */
  readonly visibilityTimeout: number;
  readonly maxPollingInterval: number;
  readonly messageEncoding: 'base64' | 'none';
}

/** The shortest pause between two looks at an empty queue, and the least that maxPollingInterval may be. */
export const SHORTEST_POLL = 100;

const TIME_SPAN = /^(?:(\d+)\.)?(\d{1,2}):([0-5]\d):([0-5]\d)(?:\.(\d{1,7}))?$/;

/** .NET's `[d.]hh:mm:ss[.fffffff]`, in milliseconds; null when it is none. */
export function parseTimeSpan(text: string): number | null {
  const parts = TIME_SPAN.exec(text);
  if (parts === null) return null;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1, 5).map((part) => Number(part ?? 0));
  const rest = Number(`0.${parts[5] ?? 0}`) * SECOND;
  return hours < 24 ? days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND + Math.round(rest) : null;
}

const timeSpan = z.string().transform((text, context) => {
  const span = parseTimeSpan(text);
  if (span !== null) return span;
  context.addIssue({ code: 'custom', message: `"${text}" is not written as hh:mm:ss` });
  return z.NEVER;
});

const queuesSchema = z
  .object({
    // Overrides arrive as text.
    batchSize: z.coerce.number().int().min(1).max(32).default(16),
    newBatchThreshold: z.coerce.number().int().min(0).optional(),
    maxDequeueCount: z.coerce.number().int().min(1).default(5),
    visibilityTimeout: timeSpan.default(0),
    maxPollingInterval: timeSpan.pipe(z.number().min(SHORTEST_POLL)).default(MINUTE),
    messageEncoding: z.enum(['base64', 'none']).default('base64'),
  })
  .transform((queues) => ({
    ...queues,
    newBatchThreshold: queues.newBatchThreshold ?? Math.floor(queues.batchSize / 2),
  }));

const hostFileSchema = z.object({
  version: z.literal('2.0'),
  functionTimeout: z.union([z.literal('-1').transform(() => null), timeSpan]).default(30 * MINUTE),
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default('api') }).prefault({}),
      queues: queuesSchema.prefault({}),
    })
    .prefault({}),
});

const OVERRIDE = 'AzureFunctionsJobHost__';

/**
 * host.json of an app, with what settings named `AzureFunctionsJobHost__extensions__queues__batchSize` and the like put in its place,
 * as in Azure. The defaults are those of the host. Throws AnchorwatchError (`invalid`) that names every wrong value.
 */
export async function readHostFile(directory: string, settings: Readonly<Record<string, string>>): Promise<HostFile> {
  const file = join(directory, 'host.json');
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new AnchorwatchError('invalid', `${file} cannot be read as JSON`, { cause });
  }
  const parsed = hostFileSchema.safeParse(overridden(json, settings));
  if (!parsed.success) throw new AnchorwatchError('invalid', `${file}: ${z.prettifyError(parsed.error)}`);
  const { functionTimeout, extensions } = parsed.data;
  return {
    functionTimeout,
    routePrefix: extensions.http.routePrefix.replace(/^\/|\/$/g, ''),
    queues: extensions.queues,
  };
}

function overridden(json: unknown, settings: Readonly<Record<string, string>>): unknown {
  let result = json;
  for (const [name, value] of Object.entries(settings)) {
    if (name.startsWith(OVERRIDE)) result = put(result, name.slice(OVERRIDE.length).split('__'), value);
  }
  return result;
}

function put(json: unknown, [first, ...rest]: readonly string[], value: string): unknown {
  if (first === undefined) return value;
  const object = z.record(z.string(), z.unknown()).catch({}).parse(json);
  return { ...object, [first]: put(object[first], rest, value) };
}
