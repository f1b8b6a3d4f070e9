import { isoTime, SECOND } from '../../../shared/time.ts';
import type { Answer, Call } from '../call.ts';
import { guid } from '../ids.ts';
import { originOf } from '../origin.ts';
import { findRoute, type Reply } from '../routes.ts';
import { type State, seenUpTo } from '../state.ts';
import { parseTarget, type Target } from '../target.ts';
import { Windows } from '../windows.ts';
import { authenticate, authorise, type Caller } from './access.ts';
import type { GraphRoute, GraphSettings } from './context.ts';
import { deletedRoutes } from './deleted.ts';
import { groupRoutes } from './groups.ts';
import { mailRoutes } from './mail.ts';
import { membershipRoutes } from './memberships.ts';
import { auditRoutes } from './audits.ts';
import { badRequest, GraphRefusal } from './refusal.ts';
import { roleRoutes } from './roles.ts';
import { tenantRoutes } from './tenant.ts';
import { userWriteRoutes } from './user-write.ts';
import { userRoutes } from './users.ts';

/** Every operation of Microsoft Graph that this tenant knows. A write is one more route in the file of what it writes. */
export const GRAPH_ROUTES: readonly GraphRoute[] = [
  ...userRoutes,
  ...userWriteRoutes,
  ...membershipRoutes,
  ...groupRoutes,
  ...deletedRoutes,
  ...roleRoutes,
  ...tenantRoutes,
  ...mailRoutes,
  ...auditRoutes,
];

/** From this share of the quota on, Graph says how much is used. */
const TELLS_FROM = 0.8;

/** The Microsoft Graph side of the world. */
export class Graph {
  readonly #state: State;
  readonly #settings: GraphSettings;
  readonly #origin: string | null;
  readonly #windows = new Windows();

  /** `origin` is Graph's address where it is fixed; otherwise each caller's own `host` is taken. */
  constructor(state: State, settings: GraphSettings, origin: string | null) {
    this.#state = state;
    this.#settings = settings;
    this.#origin = origin;
  }

  handle(call: Call, now: number, random: () => number): Answer {
    const requestId = guid(random);
    const clientRequestId = call.headers['client-request-id'] ?? requestId;
    const headers: Record<string, string> = { 'request-id': requestId, 'client-request-id': clientRequestId };
    try {
      const target = parseTarget(call.target);
      if (target === null) throw badRequest('The request is not well formed.');
      const reply = this.#answer(call, target, now, random, headers);
      const body = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
      return { status: reply.status, headers: { ...JSON_TYPE, ...headers, ...reply.headers }, body };
    } catch (error) {
      if (!(error instanceof GraphRefusal)) throw error;
      const date = isoTime(now).slice(0, 19);
      const innerError = { date, 'request-id': requestId, 'client-request-id': clientRequestId };
      // Every detail has words of its own (OData 4.01, JSON format, 21.1); of a conflict they are those of the error.
      const worded = error.details.map(({ code, target }) => ({ code, message: error.message, target }));
      const details = worded.length === 0 ? {} : { details: worded };
      const body = JSON.stringify({ error: { code: error.code, message: error.message, ...details, innerError } });
      return { status: error.status, headers: { ...JSON_TYPE, ...headers, ...error.headers }, body };
    }
  }

  #answer(call: Call, target: Target, now: number, random: () => number, headers: Record<string, string>): Reply {
    const caller = authenticate(call.headers['authorization'] ?? '', this.#settings, now);
    const found = findRoute(GRAPH_ROUTES, call.method, target.segments);
    if (found.kind === 'unknown') {
      const message = `Resource not found for the segment '${target.segments.at(-1) ?? ''}'.`;
      throw new GraphRefusal(404, 'BadRequest', message);
    }
    if (found.kind === 'wrong-method') {
      const message = 'Specified HTTP method is not allowed for the request target.';
      throw new GraphRefusal(405, 'Request_BadRequest', message);
    }
    Object.assign(headers, this.#take(caller, target, now));
    authorise(caller, found.route);
    for (const name of target.query.keys()) {
      if (!found.route.query.includes(name)) throw badRequest(`The query parameter '${name}' is not supported.`);
    }
    const count = target.query.get('$count') ?? 'false';
    if (count !== 'true' && count !== 'false') throw badRequest(`Invalid value '${count}' for $count query option.`);
    return found.route.handle({
      state: this.#state,
      settings: this.#settings,
      target,
      parameters: found.parameters,
      body: call.body,
      origin: originOf(call, this.#origin),
      principal: caller.principal,
      roles: caller.roles,
      eventual: call.headers['consistencylevel']?.toLowerCase() === 'eventual',
      now,
      asOf: seenUpTo(now, this.#settings.replicaLag, random),
    });
  }

  /** Takes what the call costs out of the application's quota; 429 with `Retry-After` when there is none left. */
  #take(caller: Caller, target: Target, now: number): Readonly<Record<string, string>> {
    const { quota, quotaWindow } = this.#settings;
    const cost = costOf(target);
    const room = this.#windows.take(caller.application, now, quotaWindow, quota, cost);
    const share = room.used / quota;
    const headers: Record<string, string> = { 'x-ms-resource-unit': String(cost) };
    if (share >= TELLS_FROM) headers['x-ms-throttle-limit-percentage'] = share.toFixed(2);
    if (room.allowed) return headers;
    throw new GraphRefusal(429, 'TooManyRequests', 'Too many requests.', {
      ...headers,
      'retry-after': String(Math.ceil((room.reset - now) / SECOND)),
      'x-ms-throttle-scope': `Tenant_Application/ReadWrite/${caller.application}/${this.#state.tenant.id}`,
      'x-ms-throttle-information': 'ResourceUnitLimitExceeded',
    });
  }
}

/** Resource units of a read: two, one less with `$select`, one less for a small page, never under one. */
function costOf(target: Target): number {
  const selects = target.query.has('$select') ? 1 : 0;
  const small = Number(target.query.get('$top') ?? 100) < 20 ? 1 : 0;
  return Math.max(1, 2 - selects - small);
}

const JSON_TYPE = { 'content-type': 'application/json;odata.metadata=minimal;charset=utf-8' };
