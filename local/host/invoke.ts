import { randomUUID } from 'node:crypto';
import { AnchorwatchError } from '../../shared/errors.ts';
import { errorFields } from '../../shared/log.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import { SECOND } from '../../shared/time.ts';
import { type App, type CoreInvocationContext, type Registered, type TypedData, writeLeveled } from './core.ts';

export interface Call {
  readonly function: string;
  /** The trigger's binding and what it brings. */
  readonly input: { readonly name: string; readonly data: TypedData };
  readonly triggerMetadata?: Readonly<Record<string, TypedData>>;
  /** Why the call is made, for the log. */
  readonly reason: string;
}

export type Outcome =
  | { readonly ok: true; readonly returned: TypedData | null | undefined }
  | { readonly ok: false; readonly error: unknown };

/** Makes one call. Never rejects: what the handler threw is in the outcome. */
export type Invoke = (call: Call) => Promise<Outcome>;

export interface Invoker {
  readonly invoke: Invoke;
  /** Names of the functions that are running, one for each call. */
  running(): readonly string[];
  /** Resolves when no call is running. */
  idle(): Promise<void>;
}

export interface InvokerParts {
  readonly clock: Clock;
  readonly log: Log;
  /** `functionTimeout` in milliseconds, null for none. */
  readonly functionTimeout: number | null;
  /** A call ran past functionTimeout. It cannot be stopped from outside, so that the process has to end, as Azure ends its worker. */
  overrun(name: string): void;
}

/** Calls functions through the programming model that the app brought along, hooks included, as the worker does. */
export function createInvoker(app: App, parts: InvokerParts): Invoker {
  const { clock, log, functionTimeout } = parts;
  const calls = new Map<string, { readonly name: string; readonly done: Promise<Outcome> }>();

  async function invoke(call: Call): Promise<Outcome> {
    const id = randomUUID();
    const done = bounded(id, call);
    calls.set(id, { name: call.function, done });
    try {
      return await done;
    } finally {
      calls.delete(id);
    }
  }

  async function bounded(id: string, call: Call): Promise<Outcome> {
    const fields = { function: call.function, invocationId: id };
    const began = clock.now();
    log.info(`Executing 'Functions.${call.function}'`, { ...fields, reason: call.reason });
    const outcome = await withinTimeout(call.function, carryOut(id, call));
    const durationMs = clock.now() - began;
    const ending = `Executed 'Functions.${call.function}' (${outcome.ok ? 'Succeeded' : 'Failed'}, ${durationMs}ms)`;
    if (outcome.ok) log.info(ending, { ...fields, durationMs });
    else log.error(ending, { ...fields, durationMs, ...errorFields(outcome.error) });
    return outcome;
  }

  async function withinTimeout(name: string, work: Promise<Outcome>): Promise<Outcome> {
    if (functionTimeout === null) return work;
    const limit = clock.deadline(functionTimeout);
    const late = Promise.withResolvers<Outcome>();
    limit.signal.addEventListener('abort', () => {
      const message = `Timeout value of ${functionTimeout / SECOND} seconds exceeded by function '${name}': its worker is ended`;
      parts.overrun(name);
      late.resolve({ ok: false, error: new AnchorwatchError('refused', message) });
    });
    try {
      return await Promise.race([work, late.promise]);
    } finally {
      limit.end();
    }
  }

  async function carryOut(id: string, call: Call): Promise<Outcome> {
    try {
      const registered = app.functions.get(call.function);
      if (registered === undefined) throw new AnchorwatchError('invalid', `no function is named ${call.function}`);
      return { ok: true, returned: await run(app, registered, coreContext(id, call, registered, log)) };
    } catch (error) {
      return { ok: false, error };
    }
  }

  return {
    invoke,
    running: () => [...calls.values()].map(({ name }) => name),
    idle: async () => {
      while (calls.size > 0) await Promise.all([...calls.values()].map(({ done }) => done));
    },
  };
}

function coreContext(id: string, call: Call, { metadata }: Registered, log: Log): CoreInvocationContext {
  return {
    invocationId: id,
    request: {
      invocationId: id,
      inputData: [call.input],
      ...(call.triggerMetadata === undefined ? {} : { triggerMetadata: call.triggerMetadata }),
    },
    metadata,
    state: undefined,
    log: (level, category, message) => {
      writeLeveled(log, level, message, { function: call.function, invocationId: id, category });
    },
  };
}

async function run(
  app: App,
  registered: Registered,
  core: CoreInvocationContext,
): Promise<TypedData | null | undefined> {
  const model = app.model()?.getInvocationModel(core);
  if (model === undefined) throw new AnchorwatchError('invalid', 'the app brought no programming model');
  const { context, inputs } = await model.getArguments();
  // Hooks may replace the inputs, the handler, the result and the error: they get one object, and what they leave in it is used.
  const shared = { hookData: {}, appHookData: {}, invocationContext: context };
  const before = { ...shared, inputs, functionCallback: registered.handler };
  core.state = 'preInvocationHooks';
  for (const hook of app.hooks('preInvocation')) await hook(before);
  core.state = 'invocation';
  const after: { result: unknown; error: unknown; inputs: unknown[] } = {
    ...shared,
    inputs: before.inputs,
    result: null,
    error: null,
  };
  try {
    after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
  } catch (error) {
    after.error = error;
  }
  core.state = 'postInvocationHooks';
  for (const hook of app.hooks('postInvocation')) await hook(after);
  core.state = undefined;
  if (after.error !== null && after.error !== undefined) throw after.error;
  const { returnValue } = await model.getResponse(context, after.result);
  return returnValue;
}
