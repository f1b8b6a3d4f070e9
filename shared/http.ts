import { unzipSync } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { LARGEST_ANSWER } from './answers.ts';
import { AnchorwatchError } from './errors.ts';
import { once } from './once.ts';
import type { Body } from './ports/parsing.ts';
import type { HeaderReader, RetryDeps } from './retry.ts';

/** One request, as an SDK has made it. */
export interface Outgoing {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Incoming {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: HeaderReader;
  readonly body: Body;
}

/**
 * Sends it once, and reads the whole answer. Follows no redirects. Throws what the network throws, the signal's reason, and `invalid` for a
 * body of more than `LARGEST_ANSWER` bytes.
 */
export type Ask = (outgoing: Outgoing) => Promise<Incoming>;

/** What those who ask are made with: connections of their own, unless somebody else asks for them. */
export interface AskDeps extends RetryDeps {
  readonly ask?: Ask | undefined;
}

/**
 * Connections of their own, kept and used again, through the proxy that Node.js is told of as its `fetch` goes (`NODE_USE_ENV_PROXY`). By
 * undici's `request`, as the `fetch` over it takes half as much CPU time again for a large page. Never HTTP/2: there undici takes an answer
 * for whole that broke off.
 */
export function connections(): Ask {
  const agent = once(async () => {
    // By its default export: in a split bundle a CommonJS package has no other.
    const { Agent, EnvHttpProxyAgent } = (await import('undici')).default;
    const options = { allowH2: false };
    return process.env['NODE_USE_ENV_PROXY'] === '1' ? new EnvHttpProxyAgent(options) : new Agent(options);
  });
  return async (outgoing) => askBy(await agent(), outgoing);
}

async function askBy(agent: Dispatcher, { url, method, headers, body, signal }: Outgoing): Promise<Incoming> {
  const { origin, pathname, search } = new URL(url);
  const answer = await agent.request({
    origin,
    path: pathname + search,
    method,
    headers: { ...headers, 'accept-encoding': 'gzip, deflate' },
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  });
  const get = (name: string): string | null => {
    const value = answer.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : (value ?? null);
  };
  return received({ status: answer.statusCode, headers: { get }, body: answer.body }, `${method} ${pathname}`);
}

/** An answer whose body is still on its way. */
export interface Arriving {
  readonly status: number;
  readonly headers: HeaderReader;
  readonly body: AsyncIterable<Uint8Array>;
}

/** The whole answer, unpacked. Throws `invalid` for a body of more than `LARGEST_ANSWER` bytes, and whatever the body throws. */
export async function received({ status, headers, body }: Arriving, what: string): Promise<Incoming> {
  const announced = headers.get('content-length') ?? '';
  const bytes = /^\d{1,9}$/.test(announced) ? Number(announced) : 0;
  const whole = await boundedBody(body, bytes, what);
  const isPacked = /^(gzip|deflate)$/i.test(headers.get('content-encoding') ?? '');
  return { ok: status >= 200 && status < 300, status, headers, body: isPacked ? unpacked(whole, what) : whole };
}

/** An empty body stays one, whatever it is said to be packed by. */
function unpacked(body: Body, what: string): Body {
  if (body.length === 0) return body;
  try {
    return new Uint8Array(unzipSync(body, { maxOutputLength: LARGEST_ANSWER }));
  } catch (error) {
    throw error instanceof RangeError ? tooLarge(what) : error;
  }
}

function tooLarge(what: string): AnchorwatchError {
  const mebibytes = LARGEST_ANSWER / 1024 / 1024;
  return new AnchorwatchError('invalid', `The answer to ${what} is larger than ${mebibytes} MiB and was not read.`);
}

/** In memory of its own, so that it can be given away. So many bytes were announced, as they travel: others may come of them. */
async function boundedBody(body: AsyncIterable<Uint8Array>, announced: number, what: string): Promise<Body> {
  let whole = new Uint8Array(Math.min(announced, LARGEST_ANSWER));
  let length = 0;
  for await (const chunk of body) {
    const at = length;
    length += chunk.byteLength;
    if (length > LARGEST_ANSWER) throw tooLarge(what);
    if (length > whole.length) {
      const longer = new Uint8Array(Math.max(length, 2 * whole.length));
      longer.set(whole);
      whole = longer;
    }
    whole.set(chunk, at);
  }
  return length === whole.length ? whole : whole.slice(0, length);
}
