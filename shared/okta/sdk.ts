import type { OAuth } from '@okta/okta-sdk-nodejs/src/oauth.js';
import { textOf } from '../answers.ts';
import { AnchorwatchError } from '../errors.ts';
import { type Ask, type AskDeps, connections, type Outgoing } from '../http.ts';
import { retry, type RetryDeps } from '../retry.ts';
import { oktaFailure } from './failures.ts';
import type { ReadySettings } from './settings.ts';
import { checkTokenAnswer, TOKEN_PATH, type HttpAnswer } from './token.ts';

export interface Connection {
  /** Sends it with the token. Throws the SDK's own errors for answers that are not 2xx. */
  http(request: Outgoing): Promise<HttpAnswer>;
  /** Sees to it that there is a token. Before the first request, so that its waiting does not count against that request. */
  ready(): Promise<unknown>;
  /** What the token that there is was given for. */
  rights(): readonly string[];
}

/**
 * The SDK's HTTP and its way to a token, with their traps closed: no cache (it answers stale features for ever, and hangs on bodies beyond
 * 50 kB), no retry of its own, no redirects, bounded bodies, one token request at a time, and token errors that say what they are. Requests
 * go out by undici: the SDK's node-fetch 2 never notices when the answer breaks off before its announced length, and waits. Its
 * `Client` is left alone: it takes what it is not given from the environment or a stray okta.yaml, and loads a thousand models that nobody
 * here asks for, 45 MB and 0.15 s of every start.
 */
export async function connect(settings: ReadySettings, deps: AskDeps): Promise<Connection> {
  // By their default exports: in a split bundle a CommonJS file has no other.
  const { Http } = (await import('@okta/okta-sdk-nodejs/src/http.js')).default;
  const { OAuth } = (await import('@okta/okta-sdk-nodejs/src/oauth.js')).default;
  const { origin, credential } = settings;
  const flight: TokenFlight = { signal: undefined };
  const ask = deps.ask ?? connections();
  const requestExecutor = {
    async fetch(request: Outgoing): Promise<HttpAnswer> {
      if (request.url !== origin + TOKEN_PATH) return send(ask, request);
      const answer = await send(ask, { ...request, signal: flight.signal });
      const scopes = credential.kind === 'ssws' ? [] : credential.scopes;
      return checkTokenAnswer(answer, { scopes, now: deps.clock.now() });
    },
  };
  const sdk = { requestExecutor, cacheMiddleware: null };
  if (credential.kind === 'ssws') {
    const http = new Http(sdk);
    http.defaultHeaders = { ...NAME, Authorization: `SSWS ${credential.token}` };
    // An API token has whatever its owner has, and nothing says what that is.
    const rights = ['api-token'];
    return { http: (request) => http.http(request.url, request), ready: async () => undefined, rights: () => rights };
  }
  const { clientId, scopes, key } = credential;
  const oauth = new OAuth({ baseUrl: origin, clientId, scopes, privateKey: key, keyId: '', requestExecutor });
  const http = new Http({ ...sdk, oauth });
  http.defaultHeaders = NAME;
  shareToken(oauth, new URL(origin).host, flight, deps);
  // Okta gives a token for all the scopes that are asked for, or none.
  const rights = [clientId, ...scopes];
  return {
    http: (request) => http.http(request.url, request),
    ready: () => oauth.getAccessToken(),
    rights: () => rights,
  };
}

/** By which Okta's System Log tells whose calls these are. */
const NAME = { 'User-Agent': 'anchorwatch' };

async function send(ask: Ask, request: Outgoing): Promise<HttpAnswer> {
  const answer = await ask(request);
  return { ...answer, url: request.url, text: async () => textOf(answer.body) };
}

interface TokenFlight {
  signal: AbortSignal | undefined;
}

/**
 * Makes parallel calls share one token request, retried by our rules: by itself the SDK sends one for each of them. The SDK calls the
 * same method again, with a nonce, where Okta demands one for its proof; a server that demands it without end is stopped.
 */
function shareToken(oauth: OAuth, host: string, flight: TokenFlight, deps: RetryDeps): void {
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
          throw oktaFailure(error, { what: `POST ${TOKEN_PATH}`, host, now: deps.clock.now() });
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
