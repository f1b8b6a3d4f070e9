import type { Clock } from '../../shared/ports/clock.ts';
import type { Call } from '../world/call.ts';
import type { Exchange } from './faults/exchange.ts';
import type { FaultyWorld } from './faults/faulty.ts';

export interface InProcessOptions {
  readonly clock: Pick<Clock, 'now' | 'wait'>;
  readonly random: () => number;
  /** Which tenant lives at this address; null where nobody does, which fails as a refused connection does. */
  readonly side: (url: URL) => Call['side'] | null;
}

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` that asks the world without a socket, for tests that ask it thousands of times. What a fault does to the socket is seen
 * as `fetch` shows it: a TypeError whose cause has the code, or a body that breaks off, never ends, or is very long.
 */
export function inProcessFetch(world: FaultyWorld, options: InProcessOptions): Fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    // The caller's own signal: the one that Request makes of it is lost to the garbage collector together with the Request.
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    signal?.throwIfAborted();
    const url = new URL(request.url);
    const side = options.side(url);
    if (side === null) throw broken('ECONNREFUSED', `connect ECONNREFUSED ${url.host}`);
    const call: Call = {
      side,
      method: request.method,
      target: url.pathname + url.search,
      headers: { ...Object.fromEntries(request.headers), host: url.host },
      body: await request.text(),
    };
    const exchange = world.exchange(call, options.clock.now(), options.random);
    if (exchange.delay > 0) await options.clock.wait(exchange.delay, signal);
    if (exchange.act.kind === 'close' && exchange.act.when === 'before-headers') {
      throw broken('UND_ERR_SOCKET', 'other side closed');
    }
    const { status, headers } = exchange.answer;
    return new Response(status === 204 ? null : bodyOf(exchange, signal), { status, headers });
  };
}

function bodyOf({ answer, act }: Exchange, signal: AbortSignal | undefined): string | ReadableStream<Uint8Array> {
  const body = Buffer.from(answer.body);
  if (act.kind === 'send') return answer.body;
  if (act.kind === 'pad') return padded(body, act.bytes);
  if (act.kind === 'close') return partOf(Buffer.alloc(0), 'closed', signal);
  return partOf(body.subarray(0, act.bytes), act.ending, signal);
}

/** The beginning of a body, and then the end of the connection, or silence until the caller has had enough. */
function partOf(
  part: Buffer,
  ending: 'closed' | 'chunk-closed' | 'stalled',
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (!sent && part.length > 0) {
        sent = true;
        controller.enqueue(part);
        return undefined;
      }
      if (ending !== 'stalled') {
        controller.error(broken('UND_ERR_SOCKET', 'other side closed'));
        return undefined;
      }
      return silence(signal);
    },
  });
}

/** Lasts until the signal is aborted, and then fails with its reason. */
function silence(signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal?.reason);
  if (signal?.aborted) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  return promise;
}

function padded(body: Buffer, bytes: number): ReadableStream<Uint8Array> {
  const blanks = Buffer.alloc(64 * 1024, ' ');
  let left = bytes;
  return new ReadableStream({
    start: (controller) => controller.enqueue(body.subarray(0, -1)),
    pull(controller) {
      const part = blanks.subarray(0, Math.min(left, blanks.length));
      left -= part.length;
      if (part.length > 0) return controller.enqueue(Buffer.from(part));
      controller.enqueue(body.subarray(-1));
      return controller.close();
    },
  });
}

/** As Node's `fetch` fails. */
function broken(code: string, message: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });
}
