import { parseJson } from '../answers.ts';
import { isCutRefusal, onceMore, orAborted, retry, type RetryDeps } from '../retry.ts';
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
}

/** Okta by way of its SDK, which signs, fetches tokens and proves possession, with raw JSON out: its models drop fields we need. */
export function createOktaClient(settings: ReadySettings, share: number, deps: RetryDeps): OktaClient {
  const { origin } = settings;
  const pacer = createPacer(deps.clock, share);
  let connection: Promise<Connection> | null = null;

  async function request(connected: Connection, path: string, signal: AbortSignal): Promise<OktaAnswer> {
    const what = `GET ${path.replace(/\?.*$/s, '')}`;
    try {
      // Upper case, as the DPoP proof signs the method as it stands here.
      const init = { url: origin + path, method: 'GET', headers: { Accept: 'application/json' }, signal };
      const answer: HttpAnswer = await connected.sdk.http.http(init.url, init);
      pacer.note(path, answer.headers);
      return { body: parseJson(await answer.text(), what), link: answer.headers.get('link') };
    } catch (error) {
      const answer = sdkAnswer(error);
      if (answer !== null) pacer.note(path, answer.headers);
      throw oktaFailure(error, { what, host: new URL(origin).host, now: deps.clock.now() });
    }
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
  };
}
