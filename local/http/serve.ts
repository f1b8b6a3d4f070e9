import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../shared/ports/clock.ts';
import { explain } from '../../shared/errors.ts';
import type { Answer, Call, World } from '../world/call.ts';
import type { Exchange } from './faults/exchange.ts';
import { withFaults } from './faults/faulty.ts';
import type { FaultScript } from './faults/script.ts';
import { listen, type LoopbackServer } from './listen.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { createMeter, type Meter } from './meter.ts';
import { headersOf, readBody } from './request.ts';
import { send } from './send.ts';

export type Side = Call['side'];

export interface ServeOptions {
  /** The world's time, and the only thing that waits for latency. */
  readonly clock: Pick<Clock, 'now' | 'wait'>;
  readonly random: () => number;
  readonly faults?: FaultScript;
  /** Milliseconds before every answer. */
  readonly latency?: number;
  /** 0, the default, lets the system choose. */
  readonly ports?: Partial<Readonly<Record<Side, number>>>;
  /** The largest request body that is read, in bytes; more is answered with 413. */
  readonly maxBody?: number;
  /** Told of what the world threw, which is a mistake in the world; the caller gets a 500. */
  readonly onError: (error: unknown) => void;
}

/** The simulated tenants on their sockets. */
export interface Tenants {
  readonly addresses: Readonly<Record<Side, string>>;
  readonly meter: Meter;
  readonly ledger: Ledger;
  /** Another fault script from the next call on; its counting starts anew. */
  setFaults(script: FaultScript): void;
  /** Ends every connection and every wait; afterwards nothing is open. */
  close(): Promise<void>;
}

const NO_FAULTS: FaultScript = { seed: 1, rules: [] };
/** Above the 4 MB that Graph takes, which refuses more in its own words. */
const MAX_BODY = 2 ** 23;

/** Serves the world on one loopback port for each side. Throws `conflict` when a port is taken, and then leaves none open. */
export async function serve(world: World, options: ServeOptions): Promise<Tenants> {
  const meter = createMeter();
  const ledger = createLedger();
  const closing = new AbortController();
  const servers: LoopbackServer[] = [];
  let faulty = withFaults(world, options.faults ?? NO_FAULTS);

  try {
    const addresses = { okta: await open('okta'), graph: await open('graph'), identity: await open('identity') };
    return { addresses, meter, ledger, close, setFaults };
  } catch (error) {
    await close();
    throw error;
  }

  async function open(side: Side): Promise<string> {
    const server = await listen(`simulated ${side} tenant`, options.ports?.[side] ?? 0, (request, response) => {
      // What is left to fail here is the socket: the caller went away, or everything is being closed.
      respond(side, request, response).catch(() => response.destroy());
    });
    servers.push(server);
    return server.address;
  }

  async function respond(side: Side, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, options.maxBody ?? MAX_BODY);
    if (body === null) {
      response.writeHead(413, { connection: 'close' }).end();
      return;
    }
    const { method = 'GET', url: target = '/' } = request;
    if (!target.startsWith('/')) {
      response.writeHead(400).end();
      return;
    }
    const exchange = asked({ side, method, target, headers: headersOf(request), body });
    const delay = exchange.delay + (options.latency ?? 0);
    if (delay > 0) await options.clock.wait(delay, closing.signal);
    send(response, exchange);
  }

  function asked(call: Call): Exchange {
    try {
      const now = options.clock.now();
      const exchange = faulty.exchange(call, now, options.random);
      meter.record(call, exchange);
      ledger.record(call, exchange, now);
      return exchange;
    } catch (error) {
      options.onError(error);
      const body = `The simulated tenants failed at ${call.method} ${call.target}: ${explain(error)}\n`;
      const answer: Answer = { status: 500, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
      return { answer, act: { kind: 'send' }, delay: 0, fault: null };
    }
  }

  function setFaults(script: FaultScript): void {
    faulty = withFaults(world, script);
  }

  async function close(): Promise<void> {
    closing.abort();
    await Promise.all(servers.map((server) => server.close()));
  }
}
