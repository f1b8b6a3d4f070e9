import { z } from 'zod';
import { AnchorwatchError, explain } from '../../shared/errors.ts';
import type { Registered } from './core.ts';
import type { QueueFunction } from './queues.ts';
import { readRoute, shape } from './routes.ts';
import type { HttpFunction } from './http.ts';
import { readSchedule } from './schedule.ts';
import { HOST_STORAGE, type Settings } from './settings.ts';
import type { TimerFunction } from './timers.ts';

/** The functions of an app by what fires them, every setting they name resolved. */
export interface Triggers {
  readonly timers: readonly TimerFunction[];
  readonly queues: readonly QueueFunction[];
  readonly routes: readonly HttpFunction[];
}

type Trigger =
  | { readonly kind: 'timer'; readonly function: TimerFunction }
  | { readonly kind: 'queue'; readonly function: QueueFunction }
  | { readonly kind: 'http'; readonly function: HttpFunction };

/**
 * Reads what an app registered. Azure starts without a function that is in error, and nobody may notice; here all of them are named and
 * nothing starts. Throws AnchorwatchError (`invalid`).
 */
export function readTriggers(functions: Iterable<Registered>, settings: Settings): Triggers {
  const triggers: Trigger[] = [];
  const problems: string[] = [];
  for (const registered of functions) {
    try {
      triggers.push(readTrigger(registered, settings));
    } catch (error) {
      problems.push(`The '${registered.metadata.name}' function is in error: ${describe(error)}`);
    }
  }
  const routes = triggers.flatMap((trigger) => (trigger.kind === 'http' ? [trigger.function] : []));
  problems.push(...conflicts(routes));
  if (problems.length > 0) throw new AnchorwatchError('invalid', problems.join('\n'));
  return {
    timers: triggers.flatMap((trigger) => (trigger.kind === 'timer' ? [trigger.function] : [])),
    queues: triggers.flatMap((trigger) => (trigger.kind === 'queue' ? [trigger.function] : [])),
    routes,
  };
}

const timerSchema = z.object({
  schedule: z.string(),
  runOnStartup: z.boolean().default(false),
  useMonitor: z.boolean().default(true),
});
const QUEUE_NAME = /^[a-z0-9](?:[a-z0-9]|-(?!-)){1,61}[a-z0-9]$/;
const queueSchema = z.object({ queueName: z.string(), connection: z.string().min(1).default(HOST_STORAGE) });
const httpSchema = z.object({
  methods: z.array(z.string().toUpperCase()).default([]),
  authLevel: z.enum(['anonymous', 'function', 'admin']),
  route: z.string().optional(),
});

function readTrigger({ metadata: { name, bindings, retryOptions } }: Registered, settings: Settings): Trigger {
  if (!/^[a-z][\w-]{0,127}$/i.test(name))
    throw new AnchorwatchError('invalid', `'${name}' is not a valid function name`);
  if (retryOptions !== undefined)
    throw new AnchorwatchError('invalid', 'a retry policy, which this host does not carry out');
  const known = Object.entries(bindings).map(([input, binding]) => ({
    input,
    binding,
    type: binding.type.toLowerCase(),
  }));
  const other = known.find(({ type }) => !['timertrigger', 'queuetrigger', 'httptrigger', 'http'].includes(type));
  if (other !== undefined) {
    throw new AnchorwatchError(
      'invalid',
      `The binding type(s) '${other.binding.type}' are not registered in this host`,
    );
  }
  const trigger = known.find(({ type }) => type.endsWith('trigger'));
  if (trigger === undefined) throw new AnchorwatchError('invalid', 'it has no trigger');
  const { input, binding } = trigger;
  if (trigger.type === 'httptrigger') return { kind: 'http', function: readHttp(name, input, binding, settings) };
  settings.connection(HOST_STORAGE);
  if (trigger.type === 'queuetrigger') return { kind: 'queue', function: readQueue(name, input, binding, settings) };
  const { schedule, ...options } = timerSchema.parse(binding);
  return { kind: 'timer', function: { name, input, schedule: readSchedule(settings.resolve(schedule)), ...options } };
}

function readQueue(name: string, input: string, binding: unknown, settings: Settings): QueueFunction {
  const { queueName, connection } = queueSchema.parse(binding);
  // The host is kind to capitals in the name of a queue; storage is not.
  const queue = settings.resolve(queueName).toLowerCase();
  if (!QUEUE_NAME.test(queue)) throw new AnchorwatchError('invalid', `"${queue}" is no name that a queue can have`);
  return { name, input, queue, connection: settings.connection(settings.resolve(connection)) };
}

function readHttp(name: string, input: string, binding: unknown, settings: Settings): HttpFunction {
  const { methods, authLevel, route } = httpSchema.parse(binding);
  return { name, input, methods, authLevel, route: readRoute(settings.resolve(route ?? name)) };
}

function conflicts(routes: readonly HttpFunction[]): string[] {
  return routes.flatMap((one, index) =>
    routes
      .slice(0, index)
      .filter((other) => shape(other.route) === shape(one.route) && overlap(one.methods, other.methods))
      .map(
        (other) =>
          `The '${one.name}' function is in error: The route specified conflicts with the route defined by function '${other.name}'.`,
      ),
  );
}

/** No methods means every method. */
function overlap(some: readonly string[], others: readonly string[]): boolean {
  return some.length === 0 || others.length === 0 || some.some((method) => others.includes(method));
}

function describe(error: unknown): string {
  return error instanceof z.ZodError ? z.prettifyError(error) : explain(error);
}
