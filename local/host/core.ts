import { registerHooks } from 'node:module';
import { z } from 'zod';
import type { Log } from '../../shared/ports/log.ts';

/** One value on its way between host and function, in the words of the worker's protocol: exactly one member is set. */
export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly int?: number;
  readonly double?: number;
  readonly http?: HttpData;
}

export interface HttpData {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: TypedData | null;
  readonly statusCode?: string;
  readonly cookies?: readonly HttpCookie[];
}

interface Nullable<Value> {
  readonly value?: Value | null;
}

export interface HttpCookie {
  readonly name: string;
  readonly value: string;
  readonly domain?: Nullable<string>;
  readonly path?: Nullable<string>;
  readonly expires?: Nullable<{ readonly seconds: number }>;
  readonly secure?: Nullable<boolean>;
  readonly httpOnly?: Nullable<boolean>;
  readonly sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone';
  readonly maxAge?: Nullable<number>;
}

export interface InvocationRequest {
  readonly invocationId: string;
  readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
  readonly triggerMetadata?: Readonly<Record<string, TypedData>>;
}

/** What the library is given for one call; `state` tells it which hooks are running. */
export interface CoreInvocationContext {
  readonly invocationId: string;
  readonly request: InvocationRequest;
  readonly metadata: FunctionMetadata;
  state: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks' | undefined;
  log(level: string, category: string, message: string): void;
}

export type Handler = (...inputs: unknown[]) => unknown;
export type Hook = (context: object) => unknown;

export interface InvocationModel {
  getArguments(): Promise<{ context: object; inputs: unknown[] }>;
  invokeFunction(context: object, inputs: unknown[], handler: Handler): Promise<unknown>;
  getResponse(context: object, result: unknown): Promise<{ readonly returnValue?: TypedData | null }>;
}

/** What `@azure/functions` registers about itself. */
export interface ProgrammingModel {
  readonly name: string;
  readonly version: string;
  getInvocationModel(context: CoreInvocationContext): InvocationModel;
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

const metadataSchema = z.looseObject({
  name: z.string(),
  bindings: z.record(z.string(), z.looseObject({ type: z.string(), direction: z.enum(['in', 'out', 'inout']) })),
  retryOptions: z.unknown(),
});

export type FunctionMetadata = z.infer<typeof metadataSchema>;

export interface Registered {
  readonly metadata: FunctionMetadata;
  readonly handler: Handler;
}

const HOOKS = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation'] as const;
export type HookName = (typeof HOOKS)[number];

/** What an app registered while it was loaded. */
export interface App {
  readonly functions: ReadonlyMap<string, Registered>;
  /** Null until the app has imported `@azure/functions` and registered something. */
  model(): ProgrammingModel | null;
  hooks(name: HookName): readonly Hook[];
  /** From now on a registration is an error, as it is after the start in Azure. */
  lock(): void;
}

/** The module that the worker hands to `@azure/functions`, and what the app registers through it. */
export function createCore(log: Log): { readonly api: object; readonly app: App } {
  const functions = new Map<string, Registered>();
  const hooks = new Map<HookName, Hook[]>(HOOKS.map((name) => [name, []]));
  let model: ProgrammingModel | null = null;
  let locked = false;

  function registerFunction(given: unknown, handler: Handler): { dispose(): void } {
    if (locked) throw new Error('A function can only be registered during app startup.');
    const metadata = metadataSchema.parse(given);
    if (functions.has(metadata.name)) {
      throw new Error(`A function with id "${metadata.name}" has already been registered.`);
    }
    functions.set(metadata.name, { metadata, handler });
    return { dispose: () => void functions.delete(metadata.name) };
  }

  function registerHook(name: string, hook: Hook): { dispose(): void } {
    const known = HOOKS.find((each) => each === name);
    const list = known === undefined ? undefined : hooks.get(known);
    // The library recognises a RangeError and tells the app which host knows that hook.
    if (list === undefined) throw new RangeError(`Unrecognized hook "${name}".`);
    list.push(hook);
    return { dispose: () => void list.splice(list.indexOf(hook), 1) };
  }

  const api = {
    version: '3.12.0',
    hostVersion: '4.1036.1',
    registerFunction,
    registerHook,
    setProgrammingModel(given: ProgrammingModel): void {
      model = given;
    },
    getProgrammingModel: () => model,
    log(level: string, category: string, message: string): void {
      writeLeveled(log, level, message, { category });
    },
  };
  return {
    api,
    app: { functions, model: () => model, hooks: (name) => hooks.get(name) ?? [], lock: () => void (locked = true) },
  };
}

/** The worker's six levels in ours. */
export function writeLeveled(log: Log, level: string, message: string, fields: Record<string, string>): void {
  if (level === 'error' || level === 'critical') log.error(message, fields);
  else if (level === 'warning') log.warn(message, fields);
  else if (level === 'debug' || level === 'trace') log.debug(message, fields);
  else log.info(message, fields);
}

const MODULE = '@azure/functions-core';
const ADDRESS = 'anchorwatch-host:functions-core';
const PLACE = Symbol.for(ADDRESS);

/**
 * Makes `@azure/functions-core` exist in this process, for import and for require (also one that `createRequire` made, which is what
 * a bundle calls). A synthetic module is text, so that the object itself travels through a symbol on the global object. One process
 * serves one app: the library keeps the first module that it was given.
 */
export function serveCore(api: object): void {
  Reflect.set(globalThis, PLACE, api);
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== MODULE) return next(specifier, context);
      return { url: ADDRESS, format: 'commonjs', shortCircuit: true };
    },
    load(url, context, next) {
      if (url !== ADDRESS) return next(url, context);
      const source = `module.exports = globalThis[Symbol.for(${JSON.stringify(ADDRESS)})];`;
      return { format: 'commonjs', source, shortCircuit: true };
    },
  });
}
