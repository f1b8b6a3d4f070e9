import type { Middleware } from '@microsoft/microsoft-graph-client';
import * as z from 'zod';
import { AnchorwatchError } from '../errors.ts';
import { type Ask, type Incoming } from '../http.ts';
import { networkFailure } from '../network.ts';
import type { GraphAddress } from './settings.ts';

export interface Outgoing {
  readonly ask: Ask;
  readonly token: () => Promise<string>;
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
  readonly method: 'GET' | 'PATCH' | 'POST';
  readonly body?: string;
}

/** As the client's request builder and its handlers leave them. */
const HEADERS = z.record(z.string(), z.string());

/**
 * One request through a chain of its own: the SDK would turn whatever fails on the way into a GraphError without its cause, and put
 * the address together anew, so the chain remembers the one and sends the other.
 */
export async function send(address: GraphAddress, path: string, outgoing: Outgoing): Promise<Incoming> {
  // By its default export: in a split bundle a CommonJS package has no other.
  const { AuthenticationHandler, Client, ResponseType, TelemetryHandler } = (
    await import('@microsoft/microsoft-graph-client')
  ).default;
  let failure: AnchorwatchError | null = null;
  let answer: Incoming | null = null;
  const keep = (error: AnchorwatchError): AnchorwatchError => {
    failure = error;
    return error;
  };
  const { signal } = outgoing;
  const authentication = {
    async getAccessToken(): Promise<string> {
      try {
        return await outgoing.token();
      } catch (error) {
        throw error instanceof AnchorwatchError ? keep(error) : error;
      }
    },
  };
  const last: Middleware = {
    async execute(context) {
      try {
        const headers = HEADERS.parse(context.options?.headers);
        const { ask, method, body } = outgoing;
        answer = await ask({ url: address.origin + path, method, headers, signal, body });
      } catch (error) {
        const isOurs = error instanceof AnchorwatchError;
        throw keep(isOurs ? error : networkFailure(error, 'Microsoft Graph', new URL(address.origin).host));
      }
    },
  };
  const client = Client.initWithMiddleware({
    middleware: [new AuthenticationHandler(authentication), new TelemetryHandler(), last],
    baseUrl: address.believed,
    customHosts: new Set([new URL(address.believed).hostname]),
  });
  try {
    await client
      .api(address.believed + path)
      .headers(outgoing.headers)
      .responseType(ResponseType.RAW)
      .get();
  } catch (error) {
    throw failure ?? error;
  }
  if (answer !== null) return answer;
  throw new AnchorwatchError('invalid', 'The Graph client sent no request.');
}
