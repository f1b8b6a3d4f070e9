import { parseJson, textOf } from '../answers.ts';
import type { Effect, Receipt } from '../ports/effect.ts';
import type { Body } from '../ports/parsing.ts';
import type { AskDeps } from '../http.ts';
import { isCutRefusal, onceMore, orAborted, retry, rulesUntil } from '../retry.ts';
import { oktaFailure, sdkAnswer } from './failures.ts';
import { createPacer } from './pacing.ts';
import { connect, type Connection } from './sdk.ts';
import type { ReadySettings } from './settings.ts';
import type { HttpAnswer } from './token.ts';

export interface OktaAnswer<Made = unknown> {
  readonly body: Made;
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

type Make<Made> = (body: Body) => Promise<Made>;

/** `get`, with the body made into something else than JSON. What that throws and may pass, an AnchorwatchError, is asked for again. */
export interface OktaBodies {
  readonly origin: string;
  read<Made>(path: string, make: Make<Made>, signal?: AbortSignal): Promise<OktaAnswer<Made>>;
}

export interface OktaWrite {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

/** Okta by way of its SDK, which signs, fetches tokens and proves possession, with raw JSON out: its models drop fields we need. */
export function createOktaClient(settings: ReadySettings, share: number, deps: AskDeps): OktaClient & OktaBodies {
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

  async function readOnce<Made>(path: string, make: Make<Made>, signal?: AbortSignal): Promise<OktaAnswer<Made>> {
    connection ??= connect(settings, deps);
    const connected = await connection;
    await orAborted(connected.ready(), signal);
    const over = await pacer.turn(path, signal);
    const attempt = async (within: AbortSignal): Promise<OktaAnswer<Made>> => {
      const answer = await exchange(connected, { method: 'GET', path }, within);
      return { body: await make(answer.body), link: answer.headers.get('link') };
    };
    return retry(attempt, { who: 'Okta', method: 'GET', signal }, deps).finally(over);
  }

  // "Invalid session": seen with key authentication in the middle of a list, gone at the second request (okta-sdk-dotnet#875).
  function read<Made>(path: string, make: Make<Made>, signal?: AbortSignal): Promise<OktaAnswer<Made>> {
    return onceMore(
      () => readOnce(path, make, signal),
      (error) => error.fields['code'] === 'E0000005' || isCutRefusal(error),
    );
  }

  return {
    origin,
    read,
    get: (path, signal) =>
      read(path, async (body) => parseJson(textOf(body), `GET ${path.replace(/\?.*$/s, '')}`), signal),
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
