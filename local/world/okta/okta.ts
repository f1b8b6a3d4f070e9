import type { Answer, Call } from '../call.ts';
import { oktaId } from '../ids.ts';
import { originOf } from '../origin.ts';
import { findRoute, type Reply } from '../routes.ts';
import type { State } from '../state.ts';
import { parseTarget, type Target } from '../target.ts';
import { type Room, Windows } from '../windows.ts';
import { authenticate, authorise, bucketOf } from './access.ts';
import { appUserRoutes } from './app-users.ts';
import { appRoutes } from './apps.ts';
import { assignRoutes } from './assign.ts';
import type { OktaRoute, OktaSettings } from './context.ts';
import { directoryRoutes } from './directories.ts';
import { featureRoutes } from './features.ts';
import { groupRoutes } from './groups.ts';
import { lifecycleRoutes } from './lifecycle.ts';
import { logRoutes } from './logs.ts';
import { mappingRoutes } from './mappings.ts';
import { memberRoutes } from './members.ts';
import { orgRoutes } from './org.ts';
import { invalid, OktaRefusal } from './refusal.ts';
import { ruleRoutes } from './rules.ts';
import { schemaRoutes } from './schemas.ts';
import { token, type UsedAssertions } from './token.ts';
import { userRoutes } from './users.ts';

/** Every operation of the Okta API that this org knows. A write is one more route in the file of what it writes. */
export const OKTA_ROUTES: readonly OktaRoute[] = [
  ...appRoutes,
  ...appUserRoutes,
  ...assignRoutes,
  ...featureRoutes,
  ...directoryRoutes,
  ...userRoutes,
  ...lifecycleRoutes,
  ...ruleRoutes,
  ...groupRoutes,
  ...memberRoutes,
  ...mappingRoutes,
  ...schemaRoutes,
  ...logRoutes,
  ...orgRoutes,
];

/** Whoever made the API token: the System Log names the person, never the token. */
const TOKEN_OWNER = '00uTokenOwner00000000';

/** The Okta side of the world. */
export class Okta {
  readonly #state: State;
  readonly #settings: OktaSettings;
  readonly #origin: string | null;
  readonly #windows = new Windows();
  readonly #used: UsedAssertions = new Map();

  /** `origin` is the org's address where it is fixed; otherwise each caller's own `host` is taken. */
  constructor(state: State, settings: OktaSettings, origin: string | null) {
    this.#state = state;
    this.#settings = settings;
    this.#origin = origin;
  }

  handle(call: Call, now: number, random: () => number): Answer {
    const headers: Record<string, string> = { 'x-okta-request-id': oktaId('req', random) };
    try {
      const origin = originOf(call, this.#origin);
      const target = parseTarget(call.target);
      if (target === null) throw invalid('query', 'The request is not well formed.');
      const reply = this.#answer(call, target, origin, now, random, headers);
      return answer(
        reply.status,
        { ...headers, ...reply.headers },
        typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body),
      );
    } catch (error) {
      if (!(error instanceof OktaRefusal)) throw error;
      const body = error.withBody ? JSON.stringify(errorBody(error, random)) : '';
      return answer(error.status, { ...headers, ...error.headers }, body);
    }
  }

  #answer(
    call: Call,
    target: Target,
    origin: string,
    now: number,
    random: () => number,
    headers: Record<string, string>,
  ): Reply {
    const settings = this.#settings;
    if (target.path === '/oauth2/v1/token') {
      if (call.method !== 'POST') throw wrongMethod();
      Object.assign(headers, this.#limit('token', target, now));
      for (const name of target.query.keys()) throw invalid(name, `Unknown query option: ${name}.`);
      const contentType = call.headers['content-type'] ?? '';
      return token({ body: call.body, contentType, origin, now, random }, settings, this.#used);
    }

    const caller = authenticate(call.headers['authorization'] ?? '', origin, settings, now);
    Object.assign(headers, this.#limit(caller.name, target, now));
    const found = findRoute(OKTA_ROUTES, call.method, target.segments);
    if (found.kind === 'unknown') throw new OktaRefusal(404, 'E0000008', 'The requested path was not found');
    if (found.kind === 'wrong-method') throw wrongMethod();
    authorise(caller, found.route, target.path, settings);
    for (const name of target.query.keys()) {
      if (!found.route.query.includes(name)) throw invalid(name, `Unknown query option: ${name}.`);
    }
    return found.route.handle({
      state: this.#state,
      settings,
      target,
      rawTarget: call.target,
      parameters: found.parameters,
      origin,
      body: call.body,
      caller: caller.scopes === 'all' ? TOKEN_OWNER : caller.name,
      requestId: headers['x-okta-request-id'] ?? '',
      now,
      random,
    });
  }

  /** The headers that announce the caller's share of the bucket; 429 E0000047 when it is used up. */
  #limit(caller: string, target: Target, now: number): Readonly<Record<string, string>> {
    const bucket = bucketOf(target.segments);
    const { limits, share, limitWindow } = this.#settings;
    const limit = Math.max(1, Math.floor(limits[bucket] * share));
    const room = this.#windows.take(`${caller} ${bucket}`, now, limitWindow, limit);
    const headers = limitHeaders(limit, room);
    if (room.allowed) return headers;
    throw new OktaRefusal(429, 'E0000047', 'API call exceeded rate limit due to too many requests.', { headers });
  }
}

function limitHeaders(limit: number, room: Room): Readonly<Record<string, string>> {
  return {
    'x-rate-limit-limit': String(limit),
    'x-rate-limit-remaining': String(room.remaining),
    'x-rate-limit-reset': String(Math.ceil(room.reset / 1_000)),
  };
}

function wrongMethod(): OktaRefusal {
  return new OktaRefusal(405, 'E0000022', 'The endpoint does not support the provided HTTP method');
}

function errorBody(error: OktaRefusal, random: () => number) {
  return {
    errorCode: error.code,
    errorSummary: error.message,
    errorLink: error.code,
    errorId: oktaId('oae', random),
    errorCauses: error.causes.map((errorSummary) => ({ errorSummary })),
  };
}

function answer(status: number, headers: Readonly<Record<string, string>>, body: string): Answer {
  return { status, headers: body === '' ? headers : { 'content-type': 'application/json', ...headers }, body };
}
