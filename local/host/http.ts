import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { AnchorwatchError } from '../../shared/errors.ts';
import { errorFields } from '../../shared/log.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import { SECOND } from '../../shared/time.ts';
import type { TypedData } from './core.ts';
import type { Invoke } from './invoke.ts';
import { type AuthLevel, isAllowed, type Keys } from './keys.ts';
import { readAnswer } from './answer.ts';
import { matchRoute, precedence, type Route } from './routes.ts';
import type { SignIn } from './sign-in.ts';

export interface HttpFunction {
  readonly name: string;
  /** The name of the trigger's binding. */
  readonly input: string;
  /** Upper case; empty for every method. */
  readonly methods: readonly string[];
  readonly authLevel: AuthLevel;
  readonly route: Route;
}

export interface HttpParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly invoke: Invoke;
  readonly keys: Keys;
  /** Without slashes at its ends; may be empty. */
  readonly prefix: string;
  /** Null where App Service Authentication is off. */
  readonly signIn: SignIn | null;
  /** Begins a call of a function that is not called by HTTP. False when there is none of that name. */
  runByHand(name: string, input: string | null): boolean;
}

interface Answer {
  readonly status: number;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: Uint8Array | string;
}

/** Azure's load balancer gives up on an answer after this time, whatever the plan; the function goes on. */
const LONGEST_REQUEST = 230 * SECOND;
const LARGEST_BODY = 100 * 1024 * 1024;

/**
 * The HTTP side of the host: the functions under their prefix, and `POST /admin/functions/<name>`. As in Azure a method that no
 * function of the path takes is 404, HEAD on a GET route included, a wrong key is 401, and a handler that throws is 500 without a body.
 */
export function httpServer(functions: readonly HttpFunction[], parts: HttpParts): Server {
  const ordered = [...functions].sort((one, other) => (precedence(one.route) < precedence(other.route) ? -1 : 1));

  async function answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`);
    const path = segments(url.pathname);
    if (path === null) return { status: 400 };
    if (path[0] === '.auth' && parts.signIn !== null) {
      const body = Buffer.from(await bodyOf(request)).toString('utf8');
      return parts.signIn.answer({ method: request.method ?? '', url, body }) ?? { status: 404 };
    }
    if (path[0]?.toLowerCase() === 'admin') return administer(request, url, path);
    const inside = withoutPrefix(path, parts.prefix);
    if (inside === null) return { status: 404 };
    for (const fn of ordered) {
      if (fn.methods.length > 0 && !fn.methods.includes(request.method ?? '')) continue;
      const params = matchRoute(fn.route, inside);
      if (params !== null) return call(fn, request, url, params);
    }
    return { status: 404 };
  }

  async function call(
    fn: HttpFunction,
    request: IncomingMessage,
    url: URL,
    params: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    if (!isAllowed(fn.authLevel, keyOf(request, url), parts.keys)) return { status: 401 };
    const http = {
      method: request.method ?? 'GET',
      url: url.href,
      headers: parts.signIn?.vouched(headersOf(request)) ?? headersOf(request),
      query: queryOf(url),
      params,
    };
    const input: TypedData = { http: { ...http, body: { bytes: await bodyOf(request) } } };
    const limit = parts.clock.deadline(LONGEST_REQUEST);
    const late = Promise.withResolvers<Answer>();
    limit.signal.addEventListener('abort', () =>
      late.resolve({ status: 502, body: 'The function gave no answer in time.' }),
    );
    const reason = `This function was programmatically called via the host APIs: ${http.method} ${url.pathname}`;
    const work = parts.invoke({ function: fn.name, input: { name: fn.input, data: input }, reason });
    const answered = work.then((outcome): Answer => (outcome.ok ? readAnswer(outcome.returned) : { status: 500 }));
    try {
      return await Promise.race([answered, late.promise]);
    } finally {
      limit.end();
    }
  }

  async function administer(request: IncomingMessage, url: URL, path: readonly string[]): Promise<Answer> {
    const [, kind, name, ...rest] = path;
    if (request.method !== 'POST' || kind !== 'functions' || name === undefined || rest.length > 0)
      return { status: 404 };
    if (!isAllowed('admin', keyOf(request, url), parts.keys)) return { status: 401 };
    const input = readInput(await bodyOf(request));
    if (input === undefined) return { status: 400, body: 'The body must be JSON: {"input": "text"}' };
    return { status: parts.runByHand(name, input) ? 202 : 404 };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const {
      status,
      headers = [],
      body = '',
    } = await answer(request).catch((error: unknown): Answer => {
      if (error instanceof AnchorwatchError && error.kind === 'refused') return { status: 413 };
      parts.log.error('Request not answered', { method: request.method, ...errorFields(error) });
      return { status: 500 };
    });
    // A host that is stopping keeps no connection open.
    if (!server.listening) response.setHeader('connection', 'close');
    for (const [name, value] of headers) response.appendHeader(name, value);
    response.writeHead(status).end(body);
  }

  const server = createServer((request, response) => void serve(request, response));
  return server;
}

function segments(path: string): string[] | null {
  try {
    return path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch {
    return null;
  }
}

function withoutPrefix(path: readonly string[], prefix: string): readonly string[] | null {
  const before = prefix.split('/').filter((part) => part !== '');
  const fits = before.every((part, index) => path[index]?.toLowerCase() === part.toLowerCase());
  return fits ? path.slice(before.length) : null;
}

function keyOf(request: IncomingMessage, url: URL): string | null {
  const header = request.headers['x-functions-key'];
  return (typeof header === 'string' ? header : null) ?? url.searchParams.get('code');
}

function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values]) => [name, (values ?? []).join(', ')]),
  );
}

/** A name that comes twice reaches the function as one text with a comma, as the host hands it on. */
function queryOf(url: URL): Record<string, string> {
  return Object.fromEntries(
    [...url.searchParams.keys()].map((name) => [name, url.searchParams.getAll(name).join(',')]),
  );
}

function tooLarge(): AnchorwatchError {
  return new AnchorwatchError('refused', `a body over ${LARGEST_BODY} bytes`);
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  // Said beforehand it can still be answered; found out on the way it ends the connection.
  if (Number(request.headers['content-length'] ?? 0) > LARGEST_BODY) throw tooLarge();
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > LARGEST_BODY) throw tooLarge();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

const inputSchema = z.object({ input: z.string().nullable().default(null) });

/** The text to run a function with, null for none; undefined when the body is not of the form. */
function readInput(body: Uint8Array): string | null | undefined {
  try {
    return inputSchema.parse(JSON.parse(Buffer.from(body).toString('utf8'))).input;
  } catch {
    return undefined;
  }
}
