import { randomUUID } from 'node:crypto';
import { parseJson, textOf } from '../answers.ts';
import { type AskDeps, connections, type Incoming } from '../http.ts';
import type { Effect, Receipt } from '../ports/effect.ts';
import type { Body } from '../ports/parsing.ts';
import { isCutRefusal, onceMore, retry, type RetryRules, rulesUntil } from '../retry.ts';
import { createTokenSource } from './credential.ts';
import { graphFailure } from './failures.ts';
import { createPacer } from './pacing.ts';
import { namesIn, rightsIn } from './rights.ts';
import { send } from './send.ts';
import type { EntraCredential, GraphAddress } from './settings.ts';

/** Else the id of a message changes when it is sent (learn.microsoft.com/graph/outlook-immutable-id). */
const IMMUTABLE_IDS = { Prefer: 'IdType="ImmutableId"' };

/** A token is at hand, or asked for once. */
const TOKEN_WITHIN = 30_000;

export interface GraphOptions {
  readonly signal?: AbortSignal | undefined;
  /** Sends `ConsistencyLevel: eventual`, which counts and searches need. */
  readonly eventual?: boolean;
  /** Ids of Outlook items are those that stay the same when a draft is sent. */
  readonly immutableIds?: boolean;
  /** For whoever has no time for the usual ones. */
  readonly rules?: RetryRules;
}

/** What Graph said to a POST that it took. */
export interface Posted extends Receipt {
  readonly status: number;
  /** As it came: empty where Graph only accepts. */
  readonly text: string;
}

interface Asked {
  readonly method: 'GET' | 'PATCH' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly clientRequestId: string;
  readonly body?: unknown;
}

export interface GraphClient {
  readonly origin: string;
  /** `path` begins with `/v1.0/` and is sent as it stands: what is not a letter must be encoded. Throws AnchorwatchError. */
  json(path: string, options?: GraphOptions): Promise<unknown>;
  /** A write, sent once, under the client-request-id that its intent bears. */
  patch(path: string, body: unknown, effect: Effect): Promise<Receipt>;
  /** What the token says of the app and its permissions. Throws AnchorwatchError. */
  rights(): Promise<readonly string[]>;
  /** Ids by which a log may name this app, as the token says them. Throws AnchorwatchError. */
  names(): Promise<readonly string[]>;
}

type Make<Made> = (body: Body) => Promise<Made>;

/** `json`, with the body made into something else. What that throws and may pass, an AnchorwatchError, is asked for again. */
export interface GraphBodies {
  readonly origin: string;
  read<Made>(path: string, make: Make<Made>, options?: GraphOptions): Promise<Made>;
}

/** What mails take beside; nothing else is ever posted. */
export interface GraphPoster {
  /** A write, sent once, under the client-request-id of its effect; ids of Outlook items in it are those that stay the same. */
  post(path: string, body: unknown, effect: Effect): Promise<Posted>;
}

/**
 * Microsoft Graph by way of its client, cut to what it does well: tokens for Graph's own hosts and its telemetry header. Its retry
 * repeats mails and hides causes, its redirects leave the host, and its request builder does not encode: ours stand in their place.
 */
export function createGraphClient(
  address: GraphAddress,
  credential: EntraCredential,
  share: number,
  deps: AskDeps,
): GraphClient & GraphBodies & GraphPoster {
  const pacer = createPacer(deps.clock, share);
  const ask = deps.ask ?? connections();
  const tokens = createTokenSource(credential, address.scope, deps.clock);

  async function exchange(asked: Asked, signal: AbortSignal): Promise<Incoming> {
    const { method, path, clientRequestId, body } = asked;
    const what = `${method} ${path.replace(/\?.*$/s, '')}`;
    const answer = await send(address, path, {
      ask,
      token: () => tokens.token(signal),
      signal,
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: {
        Accept: 'application/json',
        'client-request-id': clientRequestId,
        ...asked.headers,
      },
    });
    pacer.note(answer.headers);
    if (answer.ok) return answer;
    // The token may have been withdrawn: the second try begins with another.
    if (answer.status === 401) tokens.forget();
    const { status, headers } = answer;
    throw graphFailure({ status, headers, text: textOf(answer.body), what, clientRequestId, now: deps.clock.now() });
  }

  async function request(path: string, options: GraphOptions, signal: AbortSignal): Promise<Body> {
    const headers = {
      'x-ms-throttle-priority': 'low',
      ...(options.eventual === true ? { ConsistencyLevel: 'eventual' } : {}),
      ...(options.immutableIds === true ? IMMUTABLE_IDS : {}),
    };
    const { body } = await exchange({ method: 'GET', path, headers, clientRequestId: randomUUID() }, signal);
    return body;
  }

  /** Never in turn with the reads: a write that waits is a look that grows old. */
  async function write(asked: Omit<Asked, 'clientRequestId'>, { until, correlation }: Effect): Promise<Posted> {
    const rules = rulesUntil(until, 'Microsoft Graph', deps);
    const headers = { 'Content-Type': 'application/json', ...asked.headers };
    const call = { who: 'Microsoft Graph', method: asked.method, rules };
    const whole = { ...asked, headers, clientRequestId: correlation };
    const { body, status, headers: said } = await retry((within) => exchange(whole, within), call, deps);
    return { requestId: said.get('request-id'), status, text: textOf(body) };
  }

  async function patch(path: string, body: unknown, effect: Effect): Promise<Receipt> {
    const { requestId } = await write({ method: 'PATCH', path, headers: {}, body }, effect);
    return { requestId };
  }

  function post(path: string, body: unknown, effect: Effect): Promise<Posted> {
    return write({ method: 'POST', path, headers: IMMUTABLE_IDS, body }, effect);
  }

  async function readOnce<Made>(path: string, make: Make<Made>, options: GraphOptions): Promise<Made> {
    const { signal, rules } = options;
    await pacer.turn(signal);
    const call = { who: 'Microsoft Graph', method: 'GET', signal, ...(rules === undefined ? {} : { rules }) };
    return retry(async (within) => make(await request(path, options, within)), call, deps);
  }

  function read<Made>(path: string, make: Make<Made>, options: GraphOptions = {}): Promise<Made> {
    return onceMore(
      () => readOnce(path, make, options),
      (error) => error.fields['status'] === 401 || isCutRefusal(error),
    );
  }

  async function token(): Promise<string> {
    const limit = deps.clock.deadline(TOKEN_WITHIN);
    try {
      return await tokens.token(limit.signal);
    } finally {
      limit.end();
    }
  }

  return {
    origin: address.origin,
    read,
    json: (path, options) => read(path, async (body) => parseJson(textOf(body), nameOf(path)), options),
    patch,
    post,
    rights: async () => rightsIn(await token()),
    names: async () => namesIn(await token()),
  };
}

function nameOf(path: string): string {
  return `GET ${path.replace(/\?.*$/s, '')}`;
}
