import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** What happens to one request instead of a clean answer. */
export type Fault =
  /** Carried out, and then the connection breaks before the answer. */
  | { readonly kind: 'lost-answer' }
  /** The connection breaks before anything is carried out. */
  | { readonly kind: 'broken' }
  /** Carried out, and the answer ends in its middle. */
  | { readonly kind: 'cut' }
  /** Never carried out, never answered; `reached` is called when the request is there. */
  | { readonly kind: 'silence'; readonly reached: () => void }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string;
    };

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Faulty {
  /** `http://127.0.0.1:<port>` in place of the real service's. */
  readonly origin: string;
  /** Every request, in order. */
  readonly seen: readonly Seen[];
  /** The next requests of that method, one fault each; then clean answers again. */
  next(method: string, ...faults: readonly Fault[]): void;
  close(): Promise<void>;
}

/** The service's error body. */
export function refusal(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Fault {
  const body = JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value: `It is ${code}.` } } });
  return { kind: 'answer', status, headers: { 'content-type': 'application/json', ...headers }, body };
}

/** A service on loopback that hands every request to the one at `target`, with the faults that a test asks for. */
export async function faulty(target: string): Promise<Faulty> {
  const { port } = new URL(target);
  const seen: Seen[] = [];
  const waiting: { readonly method: string; readonly fault: Fault }[] = [];

  const server = createServer((incoming, outgoing) => {
    const { method = '', url: path = '', headers } = incoming;
    seen.push({ method, path, headers });
    const index = waiting.findIndex((other) => other.method === method);
    const [found] = index < 0 ? [] : waiting.splice(index, 1);
    void act(found?.fault, incoming, outgoing, Number(port));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    seen,
    next(method, ...faults) {
      waiting.push(...faults.map((fault) => ({ method, fault })));
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function act(
  fault: Fault | undefined,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  port: number,
): Promise<void> {
  const body = await bodyOf(incoming);
  if (fault?.kind === 'broken') return void outgoing.destroy();
  if (fault?.kind === 'silence') return fault.reached();
  if (fault?.kind === 'answer') return void outgoing.writeHead(fault.status, fault.headers).end(fault.body);
  const { answer, text } = await forward(incoming, body, port);
  if (fault?.kind === 'lost-answer') return void outgoing.destroy();
  const { 'transfer-encoding': _chunked, ...headers } = answer.headers;
  outgoing.writeHead(answer.statusCode ?? 0, { ...headers, 'content-length': text.length });
  if (fault?.kind !== 'cut') return void outgoing.end(text);
  outgoing.write(text.subarray(0, Math.floor(text.length / 2)), () => outgoing.destroy());
}

async function forward(incoming: IncomingMessage, body: Buffer, port: number) {
  const { method, url: path, headers } = incoming;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request({ host: '127.0.0.1', port, method, path, headers }, resolve).on('error', reject).end(body);
  const answer = await promise;
  return { answer, text: await bodyOf(answer) };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
