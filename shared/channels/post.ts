import { mayPassStatus } from '../answers.ts';
import { AnchorwatchError, type ErrorKind } from '../errors.ts';
import { networkFailure } from '../network.ts';
import { outcomeOf } from '../outcome.ts';
import type { Answer } from '../ports/channel.ts';
import type { Effect } from '../ports/effect.ts';
import { askedDelay, type RetryDeps, retry, rulesUntil } from '../retry.ts';

export interface Posting {
  /** For messages: `The Teams workflow`. */
  readonly who: string;
  /** May hold a secret: of all of it only the host is ever told. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** More of an answer is not read: nothing in it is needed, and whoever answers may not be friendly. */
const MOST_READ = 64 * 1024;

/** Headers in which the other side may say what it calls the request, in the order in which they are believed. */
const REQUEST_IDS = ['x-ms-workflow-run-id', 'x-ms-request-id', 'x-request-id', 'request-id'];

/** One POST of JSON, sent once, over by `effect.until`. Redirects are not followed. What it says of a failure holds no secret. */
export async function post(posting: Posting, effect: Effect, deps: RetryDeps): Promise<Answer> {
  const { who } = posting;
  try {
    const rules = rulesUntil(effect.until, who, deps);
    const call = { who, method: 'POST', rules };
    return await retry((signal) => exchange(posting, effect, signal, deps), call, deps);
  } catch (error) {
    return outcomeOf(error);
  }
}

async function exchange(posting: Posting, effect: Effect, signal: AbortSignal, { clock }: RetryDeps): Promise<Answer> {
  const { who, url, headers, body } = posting;
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal,
      body,
      headers: { 'content-type': 'application/json', 'x-request-id': effect.correlation, ...headers },
    });
    await drain(response);
  } catch (error) {
    throw networkFailure(error, who, new URL(url).host);
  }
  const { status } = response;
  const id = REQUEST_IDS.map((name) => response.headers.get(name)).find((value) => value !== null) ?? null;
  if (response.ok) return { kind: 'sent', status, id: id?.slice(0, 200) ?? null };
  throw new AnchorwatchError(kindOfStatus(status), `${who} answered ${status}.${wayOut(status)}`, {
    retryAfter: askedDelay(status, response.headers, clock.now()),
    fields: { status, requestId: id },
  });
}

/** Reads what there is, up to a limit, so that the connection can be used again; what is longer is left where it is. */
async function drain({ body }: Response): Promise<void> {
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_READ) return;
  }
}

function kindOfStatus(status: number): ErrorKind {
  if (status === 429) return 'throttled';
  if (mayPassStatus(status) || status >= 500) return 'transient';
  if (status === 401 || status === 403) return 'denied';
  return status < 400 ? 'refused' : 'invalid';
}

function wayOut(status: number): string {
  if (status < 400) return ' Redirects are not followed: set the address to which it leads.';
  if (status === 401 || status === 403) return ' Is the address complete, and still valid?';
  if (status === 404 || status === 410) return ' Is the address right? It may have been deleted.';
  return '';
}
