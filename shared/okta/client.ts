import { parseJson } from '../answers.ts';
import type { Effect, Receipt } from '../ports/effect.ts';
import { isCutRefusal, onceMore, orAborted, retry, type RetryDeps, rulesUntil } from '../retry.ts';
import { oktaFailure, sdkAnswer } from './failures.ts';
import { createPacer } from './pacing.ts';
import { connect, type Connection } from './sdk.ts';
import type { ReadySettings } from './settings.ts';
import type { HttpAnswer } from './token.ts';

export interface OktaAnswer {
  readonly body: unknown;
  /** The `Link` headers, joined; null when there is none. */
  readonly link: string | null;
}

export interface OktaClient {
  readonly origin: string;
  /** `path` begins with `/api/v1/` and may carry a query. Never cached. Throws AnchorwatchError. */
  get(path: string, signal?: AbortSignal): Promise<OktaAnswer>;
  /** A write, sent once. `body` goes out as JSON; undefined where there is none. */
  send(write: OktaWrite, effect: Effect): Promise<Receipt>;
  /** Milliseconds until no rate-limit bucket has so large a share used, as far as the last answers told; asks nobody. */
  untilRoom(share: number): number;
  /** Client and scopes of the token. Throws AnchorwatchError. */
  rights(): Promise<readonly string[]>;
}

export interface OktaWrite {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

/** Okta by way of its SDK, which signs, fetches tokens and proves possession, with raw JSON out: its models drop fields we need. */
export function createOktaClient(settings: ReadySettings, share: number, deps: RetryDeps): OktaClient {
  const { origin } = settings;
  const pacer = createPacer(deps.clock, share);
  let connection: Promise<Connection> | null = null;

  /** Methods in upper case, as the DPoP proof signs them as they stand here. */
  async function exchange(
    connected: Connection,
    { method, path, body }: Omit<OktaWrite, 'method'> & { readonly method: string },
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const what = `${method} ${path.replace(/\?.*$/s, '')}`;
    const json = { Accept: 'application/json', 'Content-Type': 'application/json' };
    const content =
      body === undefined ? { headers: { Accept: json.Accept } } : { headers: json, body: JSON.stringify(body) };
    try {
      const init = { url: origin + path, method, signal, ...content };
      const answer: HttpAnswer = await connected.http(init);
      pacer.note(path, answer.headers);
      return answer;
    } catch (error) {
      const answer = sdkAnswer(error);
      if (answer !== null) pacer.note(path, answer.headers);
      throw oktaFailure(error, { what, host: new URL(origin).host, now: deps.clock.now() });
    }
  }

  async function request(connected: Connection, path: string, signal: AbortSignal): Promise<OktaAnswer> {
    const answer = await exchange(connected, { method: 'GET', path }, signal);
    const what = `GET ${path.replace(/\?.*$/s, '')}`;
    return { body: parseJson(await answer.text(), what), link: answer.headers.get('link') };
  }

  /** Never in turn with the reads: a write that waits is a look that grows old. */
  async function sendOnce(write: OktaWrite, { until }: Effect): Promise<Receipt> {
    connection ??= connect(settings, deps);
    const connected = await connection;
    await connected.ready();
    const rules = rulesUntil(until, 'Okta', deps);
    const call = { who: 'Okta', method: write.method, rules };
    const answer = await retry((within) => exchange(connected, write, within), call, deps);
    return { requestId: answer.headers.get('x-okta-request-id') };
  }

  async function get(path: string, signal?: AbortSignal): Promise<OktaAnswer> {
    connection ??= connect(settings, deps);
    const connected = await connection;
    await orAborted(connected.ready(), signal);
    await pacer.turn(path, signal);
    return retry((within) => request(connected, path, within), { who: 'Okta', method: 'GET', signal }, deps);
  }

  return {
    origin,
    // "Invalid session": seen with key authentication in the middle of a list, gone at the second request (okta-sdk-dotnet#875).
    get: (path, signal) =>
      onceMore(
        () => get(path, signal),
        (error) => error.fields['code'] === 'E0000005' || isCutRefusal(error),
      ),
    send: sendOnce,
    untilRoom: (most) => pacer.untilRoom(most),
    async rights() {
      connection ??= connect(settings, deps);
      const connected = await connection;
      await connected.ready();
      return connected.rights();
    },
  };
}
