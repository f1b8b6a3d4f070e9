import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { AnchorwatchError } from '../../shared/errors.ts';

/** A server on the loopback address, and the way to be rid of it. */
export interface LoopbackServer {
  /** `http://127.0.0.1:40123` */
  readonly address: string;
  /** Ends every connection, also one in the middle of an answer; afterwards the port is free. May be called again. */
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/** Opens a port on 127.0.0.1 alone; port 0 lets the system choose. Throws `conflict` when the port is taken. */
export async function listen(
  name: string,
  port: number,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<LoopbackServer> {
  const server = createServer(handler);
  // A client that keeps its connections must be the one to drop them: a server that is quicker resets a request on its way.
  server.keepAliveTimeout = 65_000;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (cause) => reject(unopened(name, port, cause)));
  server.listen({ port, host: LOOPBACK, exclusive: true }, resolve);
  await promise;
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw unopened(name, port, undefined);
  let closed: Promise<void> | undefined;
  return {
    address: `http://${LOOPBACK}:${bound.port}`,
    close() {
      closed ??= new Promise((done, failed) => {
        server.close((error) => (error ? failed(error) : done()));
        server.closeAllConnections();
      });
      return closed;
    },
  };
}

function unopened(name: string, port: number, cause: unknown): AnchorwatchError {
  const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
  const why = taken ? 'is in use by another process' : 'cannot be opened';
  const message = `Port ${port} on ${LOOPBACK}, where the ${name} should listen, ${why}. Choose another, or 0 for any free one.`;
  return new AnchorwatchError(taken ? 'conflict' : 'invalid', message, { cause, fields: { port, server: name } });
}
