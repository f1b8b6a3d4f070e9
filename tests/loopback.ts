import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { LARGEST_ANSWER } from '../shared/answers.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { Log } from '../shared/ports/log.ts';
import type { RetryDeps } from '../shared/retry.ts';
import type { Instant } from '../shared/time.ts';

export interface Seen {
  readonly method: string;
  /** Path and query, as they came over the wire. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | number | readonly string[]>>;
  /** Text and bytes as they stand; anything else as JSON. */
  readonly body?: unknown;
  /** Close the socket: before the answer, or in the middle of its body. */
  readonly cut?: 'before' | 'body';
  /** Never answer. */
  readonly silent?: boolean;
}

export interface Loopback {
  readonly url: string;
  /** Every request so far, oldest first. */
  readonly seen: readonly Seen[];
  /** Those whose path ends so. */
  to(path: string): readonly Seen[];
}

/** A server on a free port of this machine, for one test. */
export async function serve(answer: (request: Seen, turn: number) => Reply | Promise<Reply>): Promise<Loopback> {
  const seen: Seen[] = [];
  const server = await serveForFile((one) => {
    seen.push(one);
    return answer(one, seen.filter((other) => other.path === one.path).length);
  });
  onTestFinished(() => server.close());
  return { url: server.url, seen, to: (path) => seen.filter((one) => one.path.endsWith(path)) };
}

/** The same for as long as the caller wants it. */
export async function serveForFile(
  answer: (request: Seen) => Reply | Promise<Reply>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void receive(request).then(async (one) => send(response, await answer(one)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: addressOf(server), close };
}

/** An address of this machine at which nobody listens. */
export async function nobody(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = addressOf(server);
  await new Promise((resolve) => server.close(resolve));
  return address;
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return `http://127.0.0.1:${address.port}`;
}

async function receive(request: IncomingMessage): Promise<Seen> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const { method = '', url = '', headers } = request;
  const { pathname, searchParams } = new URL(url, 'http://loopback');
  return { method, url, path: pathname, query: searchParams, headers, body };
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply.silent === true) return;
  if (reply.cut === 'before') {
    response.socket?.destroy();
    return;
  }
  const asItIs = typeof reply.body === 'string' || reply.body instanceof Uint8Array;
  const body = Buffer.from(asItIs ? reply.body : JSON.stringify(reply.body ?? {}));
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'application/json');
  if (reply.cut === 'body') {
    response.writeHead(reply.status ?? 200, { 'content-length': body.length });
    response.write(body.subarray(0, body.length / 2), () => response.socket?.destroy());
    return;
  }
  response.writeHead(reply.status ?? 200);
  response.end(body);
}

export interface FakeClock extends Clock {
  /** Every wait so far, in milliseconds. */
  readonly waits: readonly number[];
  /** Lets all running deadlines pass. */
  expire(): void;
  /** Deadlines that nobody has ended. */
  ticking(): number;
}

/** A sound answer with blanks behind it: few bytes on the way, and more than is ever read when they are unpacked. */
export function flood(body: unknown): Reply {
  const blanks = Buffer.alloc(LARGEST_ANSWER, ' ');
  return {
    body: gzipSync(Buffer.concat([Buffer.from(JSON.stringify(body)), blanks])),
    headers: { 'content-encoding': 'gzip' },
  };
}

/** A clock on which waiting takes no time, but is counted. */
export function fakeClock(start: Instant = Date.parse('2026-11-23T02:00:00Z')): FakeClock {
  const waits: number[] = [];
  const running = new Set<AbortController>();
  let now = start;
  return {
    waits,
    now: () => now,
    async wait(ms, signal) {
      signal?.throwIfAborted();
      waits.push(ms);
      now += ms;
    },
    deadline() {
      const controller = new AbortController();
      running.add(controller);
      return { signal: controller.signal, end: () => void running.delete(controller) };
    },
    expire() {
      for (const controller of running) controller.abort(new Error('the deadline passed'));
    },
    ticking: () => running.size,
  };
}

export interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: unknown;
}

export function recordingLog(lines: Line[] = []): Log & { readonly lines: readonly Line[] } {
  const write =
    (level: string) =>
    (message: string, fields?: unknown): void =>
      void lines.push({ level, message, fields });
  return { lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

export function deps(
  clock: FakeClock = fakeClock(),
): RetryDeps & { clock: FakeClock; log: ReturnType<typeof recordingLog> } {
  return { clock, log: recordingLog(), random: () => 0.5 };
}
