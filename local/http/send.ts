import type { ServerResponse } from 'node:http';
import type { Exchange, SocketAct } from './faults/exchange.ts';

const BLANKS = Buffer.alloc(64 * 1024, ' ');

/** Sends an answer, or as much of it as the fault lets through. Nothing waits but for the socket to drain. */
export function send(response: ServerResponse, { answer, act }: Exchange): void {
  const body = Buffer.from(answer.body);
  if (act.kind === 'close' && act.when === 'before-headers') {
    response.socket?.destroy();
    return;
  }
  response.writeHead(answer.status, { ...answer.headers, ...framing(answer.status, body.length, act) });
  switch (act.kind) {
    case 'send':
      response.end(body);
      return;
    case 'close':
      response.flushHeaders();
      response.socket?.destroySoon();
      return;
    case 'cut':
      response.flushHeaders();
      response.write(body.subarray(0, act.bytes));
      if (act.ending !== 'stalled') response.socket?.destroySoon();
      return;
    case 'pad':
      response.write(body.subarray(0, -1));
      pad(response, act.bytes, body.subarray(-1));
  }
}

/** Content-length is of the whole body even where less of it is sent; without it Node sends chunks. */
function framing(status: number, length: number, act: SocketAct): Readonly<Record<string, string>> {
  const chunked = act.kind === 'pad' || (act.kind === 'cut' && act.ending === 'chunk-closed');
  return chunked || status === 204 ? {} : { 'content-length': String(length) };
}

function pad(response: ServerResponse, bytes: number, end: Buffer): void {
  let left = bytes;
  response.on('drain', go);
  go();

  function go(): void {
    while (left > 0) {
      const part = BLANKS.subarray(0, Math.min(left, BLANKS.length));
      left -= part.length;
      if (!response.write(part)) return;
    }
    response.off('drain', go);
    response.end(end);
  }
}
