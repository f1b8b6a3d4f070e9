import type { Client } from '@okta/okta-sdk-nodejs';
import { boundedText } from '../answers.ts';
import { AnchorwatchError } from '../errors.ts';
import { retry, type RetryDeps } from '../retry.ts';
import { oktaFailure } from './failures.ts';
import type { ReadyCredential, ReadySettings } from './settings.ts';
import { checkTokenAnswer, TOKEN_PATH, type HttpAnswer } from './token.ts';

export interface Connection {
  readonly sdk: Client;
  /** Sees to it that there is a token. Before the first request, so that its waiting does not count against that request. */
  ready(): Promise<unknown>;
  /** What the token that there is was given for. */
  rights(): readonly string[];
}

/** A request as the SDK hands it to its executor. */
interface Outgoing {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/**
 * The SDK's client with its traps closed: no cache (it answers stale features for ever, and hangs on bodies beyond 50 kB), no retry of
 * its own, no redirects, bounded bodies, one token request at a time, and token errors that say what they are. Requests go out by
 * Node's own fetch: the SDK's node-fetch 2 never notices when the answer breaks off before its announced length, and waits.
 */
export async function connect(settings: ReadySettings, deps: RetryDeps): Promise<Connection> {
  // By its default export: in a split bundle a CommonJS package has no other.
  const { Client, RequestExecutor } = (await import('@okta/okta-sdk-nodejs')).default;
  const requestExecutor = new RequestExecutor();
  const sdk = new Client({
    orgUrl: settings.origin,
    requestExecutor,
    cacheMiddleware: null,
    ...clientSettings(settings.credential),
  });
  const flight: TokenFlight = { signal: undefined };
  requestExecutor.fetch = async (request: Outgoing) => {
    if (request.url !== settings.origin + TOKEN_PATH) return send(request, request.signal);
    const answer = await send(request, flight.signal);
    return checkTokenAnswer(answer, { scopes: sdk.scopes, now: deps.clock.now() });
  };
  const { credential } = settings;
  // An API token has whatever its owner has, and nothing says what that is.
  if (credential.kind === 'ssws') return { sdk, ready: async () => undefined, rights: () => ['api-token'] };
  shareToken(sdk, flight, deps);
  // Okta gives a token for all the scopes that are asked for, or none.
  const rights = [credential.clientId, ...credential.scopes];
  return { sdk, ready: () => sdk.oauth.getAccessToken(), rights: () => rights };
}

async function send(request: Outgoing, signal: AbortSignal | undefined): Promise<HttpAnswer> {
  const { url, method, headers, body } = request;
  const answer = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await boundedText(answer.body, `${method} ${new URL(url).pathname}`);
  return { url, ok: answer.ok, status: answer.status, headers: answer.headers, text: async () => text };
}

interface TokenFlight {
  signal: AbortSignal | undefined;
}

/** Every value is given, the unused ones empty: what is left out comes from `OKTA_CLIENT_…` or a stray okta.yaml. */
function clientSettings(credential: ReadyCredential): Record<string, string | string[]> {
  if (credential.kind === 'ssws') {
    return { authorizationMode: 'SSWS', token: credential.token, clientId: '', scopes: [], privateKey: '', keyId: '' };
  }
  const { clientId, key, scopes } = credential;
  return { authorizationMode: 'PrivateKey', token: '', clientId, scopes: [...scopes], privateKey: key, keyId: '' };
}

/**
 * Makes parallel calls share one token request, retried by our rules: by itself the SDK sends one for each of them. The SDK calls the
 * same method again, with a nonce, where Okta demands one for its proof; a server that demands it without end is stopped.
 */
function shareToken(sdk: Client, flight: TokenFlight, deps: RetryDeps): void {
  const { oauth } = sdk;
  const obtain = oauth.getAccessToken.bind(oauth);
  let inFlight: ReturnType<typeof obtain> | null = null;
  let nonces = 0;

  async function renew(): ReturnType<typeof obtain> {
    const call = { who: 'Okta', method: 'POST', harmless: true };
    return retry(
      async (signal) => {
        flight.signal = signal;
        nonces = 0;
        try {
          return await obtain();
        } catch (error) {
          throw oktaFailure(error, {
            what: `POST ${TOKEN_PATH}`,
            host: new URL(sdk.baseUrl).host,
            now: deps.clock.now(),
          });
        }
      },
      call,
      deps,
    );
  }

  oauth.getAccessToken = (nonce: string | null = null) => {
    if (nonce !== null) {
      nonces += 1;
      if (nonces <= 2) return Reflect.apply(obtain, undefined, [nonce]);
      throw new AnchorwatchError('refused', 'Okta demanded a new DPoP nonce for every token request.');
    }
    if (oauth.accessToken !== null) return Promise.resolve(oauth.accessToken);
    inFlight ??= renew().finally(() => {
      inFlight = null;
    });
    return inFlight;
  };
}
