import type { Middleware } from '@microsoft/microsoft-graph-client';
import { AnchorwatchError } from '../errors.ts';
import { networkFailure } from '../network.ts';
import type { GraphAddress } from './settings.ts';

export interface Outgoing {
  readonly token: () => Promise<string>;
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
  readonly method: 'GET' | 'PATCH' | 'POST';
  readonly body?: string;
}

/**
 * One request through a chain of its own: the SDK would turn whatever fails on the way into a GraphError without its cause, and put
 * the address together anew, so the chain remembers the one and sends the other.
 */
export async function send(address: GraphAddress, path: string, outgoing: Outgoing): Promise<Response> {
  // By its default export: in a split bundle a CommonJS package has no other.
  const { AuthenticationHandler, Client, ResponseType, TelemetryHandler } = (
    await import('@microsoft/microsoft-graph-client')
  ).default;
  let failure: AnchorwatchError | null = null;
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
        const headers = context.options?.headers ?? {};
        const { method, body } = outgoing;
        const init = { method, headers, redirect: 'manual', signal, ...(body === undefined ? {} : { body }) } as const;
        context.response = await fetch(address.origin + path, init);
      } catch (error) {
        throw keep(networkFailure(error, 'Microsoft Graph', new URL(address.origin).host));
      }
    },
  };
  const client = Client.initWithMiddleware({
    middleware: [new AuthenticationHandler(authentication), new TelemetryHandler(), last],
    baseUrl: address.believed,
    customHosts: new Set([new URL(address.believed).hostname]),
  });
  try {
    const response: Response = await client
      .api(address.believed + path)
      .headers(outgoing.headers)
      .responseType(ResponseType.RAW)
      .get();
    return response;
  } catch (error) {
    throw failure ?? error;
  }
}
