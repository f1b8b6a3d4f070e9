import type { GraphCall } from '../../local/world/graph/context.ts';
import { GRAPH_ROUTES } from '../../local/world/graph/graph.ts';
import { GraphRefusal } from '../../local/world/graph/refusal.ts';
import { OKTA_ROUTES } from '../../local/world/okta/okta.ts';
import { OktaRefusal } from '../../local/world/okta/refusal.ts';
import { findRoute, type Route } from '../../local/world/routes.ts';
import { seenUpTo } from '../../local/world/state.ts';
import { parseTarget, type Target } from '../../local/world/target.ts';
import type { Inside } from '../../local/world/world.ts';
import type { GraphClient, GraphPoster } from '../../shared/entra/client.ts';
import { graphFailure } from '../../shared/entra/failures.ts';
import { type MailClient, type MailSettings, mailOver } from '../../shared/entra/mail.ts';
import { entraReaderOver } from '../../shared/entra/reader.ts';
import { entraRepairsOver } from '../../shared/entra/repairs.ts';
import type { OktaClient } from '../../shared/okta/client.ts';
import { oktaFailure } from '../../shared/okta/failures.ts';
import { oktaReaderOver } from '../../shared/okta/reader.ts';
import { oktaRepairsOver } from '../../shared/okta/repairs.ts';
import type { Channel } from '../../shared/ports/channel.ts';
import type { Effect } from '../../shared/ports/effect.ts';
import type { EntraRepairs } from '../../shared/ports/entra-repairs.ts';
import type { EntraReader } from '../../shared/ports/entra.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { OktaRepairs } from '../../shared/ports/okta-repairs.ts';
import type { OktaReader } from '../../shared/ports/okta.ts';
import { rulesUntil } from '../../shared/retry.ts';
import type { Instant } from '../../shared/time.ts';

/** Who asks: at what time it is there, with what chance, and how old the directory may be that is shown. */
export interface Asker {
  readonly inside: Inside;
  /** The true time. */
  readonly now: () => Instant;
  /** The time by the asker's own clock, by which it measures its requests. */
  readonly ownNow?: () => Instant;
  /** How old the answers to reads are, in milliseconds. */
  readonly staleness?: number;
  readonly random: () => number;
  readonly log: Log;
}

const OKTA = 'https://contoso.okta.com';
const GRAPH = 'https://graph.microsoft.com';

/** Both ports over the world's own routes: no socket, no token, no text in between. */
export function oktaIn(asker: Asker): OktaReader & OktaRepairs {
  const client = oktaClientIn(asker);
  const settings = { office365App: null, appDomains: [], directories: [], anchorAttribute: 'externalId' };
  const deps = { log: asker.log, clock: clockOf(asker) };
  return { ...oktaReaderOver(client, settings, deps), ...oktaRepairsOver(client) };
}

export function mailIn(asker: Asker, settings: MailSettings): Channel {
  return mailOver(mailClientIn(asker), settings);
}

export function mailClientIn(asker: Asker): MailClient {
  return graphClientIn(asker);
}

export function entraIn(asker: Asker): EntraReader & EntraRepairs {
  const client = graphClientIn(asker);
  return { ...entraReaderOver(client), ...entraRepairsOver(client) };
}

function clockOf({ now, ownNow = now }: Asker) {
  return {
    now: ownNow,
    wait: () => Promise.reject(new Error('Nothing waits here.')),
    deadline: () => ({ signal: new AbortController().signal, end: () => undefined }),
  };
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

function oktaClientIn(asker: Asker): OktaClient {
  const { inside, now, random } = asker;
  let requests = 0;

  function ask(asked: Asked) {
    const { state, okta: settings } = inside;
    const at = now();
    state.agenda.runUpTo(at);
    requests += 1;
    const requestId = `req${requests}`;
    try {
      const { route, target, parameters } = routeOf(OKTA_ROUTES, asked);
      const reply = route.handle({
        state,
        settings,
        target,
        rawTarget: asked.path,
        parameters,
        origin: OKTA,
        body: asked.body,
        caller: settings.clientId,
        requestId,
        now: asked.method === 'GET' ? at - (asker.staleness ?? 0) : at,
        random,
      });
      return { body: present(reply.body), link: reply.headers?.['link'] ?? null, requestId };
    } catch (error) {
      if (!(error instanceof OktaRefusal)) throw error;
      const what = `${asked.method} ${asked.path.replace(/\?.*$/s, '')}`;
      const headers = new Headers({ ...error.headers, 'x-okta-request-id': requestId });
      const causes = error.causes.map((errorSummary) => ({ errorSummary }));
      const answer = { status: error.status, errorCode: error.code, errorSummary: error.message };
      throw oktaFailure(Object.assign(new Error(), { ...answer, errorCauses: causes, headers }), {
        what,
        host: 'contoso.okta.com',
        now: at,
      });
    }
  }

  return {
    origin: OKTA,
    rights: async () => [inside.okta.clientId],
    untilRoom: () => 0,
    get: async (path) => ask({ method: 'GET', path, body: '' }),
    async send({ method, path, body }, effect) {
      inTime(effect, 'Okta', asker);
      const { requestId } = ask({ method, path, body: body === undefined ? '' : JSON.stringify(body) });
      return { requestId };
    },
  };
}

function graphClientIn(asker: Asker): GraphClient & GraphPoster {
  const { inside, now, random } = asker;
  let requests = 0;

  function ask(asked: Asked, eventual: boolean, clientRequestId: string) {
    const { state, graph: settings } = inside;
    const at = now();
    state.agenda.runUpTo(at);
    requests += 1;
    const requestId = `graph-${requests}`;
    try {
      const { route, target, parameters } = routeOf<GraphCall>(GRAPH_ROUTES, asked);
      const reply = route.handle({
        state,
        settings,
        target,
        parameters,
        body: asked.body,
        origin: GRAPH,
        principal: inside.principal,
        roles: new Set(inside.roles),
        eventual,
        now: at,
        asOf: seenUpTo(at, settings.replicaLag, random) - (asked.method === 'GET' ? (asker.staleness ?? 0) : 0),
      });
      return { body: present(reply.body), requestId, status: reply.status };
    } catch (error) {
      if (!(error instanceof GraphRefusal)) throw error;
      const { code, message, details, status } = error;
      const text = JSON.stringify({ error: { code, message, ...(details.length === 0 ? {} : { details }) } });
      const what = `${asked.method} ${asked.path.replace(/\?.*$/s, '')}`;
      const headers = new Headers({ ...error.headers, 'request-id': requestId });
      throw graphFailure({ status, headers, text, what, clientRequestId, now: at });
    }
  }

  return {
    origin: GRAPH,
    rights: async () => inside.roles,
    names: async () => [inside.principal],
    json: async (path, options) => ask({ method: 'GET', path, body: '' }, options?.eventual === true, '').body,
    async patch(path, body, effect) {
      inTime(effect, 'Microsoft Graph', asker);
      const { requestId } = ask({ method: 'PATCH', path, body: JSON.stringify(body) }, false, effect.correlation);
      return { requestId };
    },
    async post(path, body, effect) {
      inTime(effect, 'Microsoft Graph', asker);
      const asked = { method: 'POST', path, body: JSON.stringify(body) };
      const answer = ask(asked, false, effect.correlation);
      const text = answer.body === null ? '' : JSON.stringify(answer.body);
      return { requestId: answer.requestId, status: answer.status, text };
    },
  };
}

function routeOf<Context>(routes: readonly Route<Context>[], { method, path }: Asked) {
  const target: Target | null = parseTarget(path);
  const found = target === null ? null : findRoute(routes, method, target.segments);
  if (target === null || found?.kind !== 'found') throw new Error(`There is no ${method} ${path} in this world.`);
  const unknown = [...target.query.keys()].find((name) => !found.route.query.includes(name));
  if (unknown !== undefined) throw new Error(`${method} ${path}: the query option ${unknown} is not known.`);
  return { route: found.route, target, parameters: found.parameters };
}

/** Records are never changed in place, so that nothing need be copied. */
function present(body: unknown): unknown {
  return body === undefined || body === '' ? null : body;
}

/** Too late is refused as the real faces refuse it, with nothing sent. */
function inTime({ until }: Effect, who: string, asker: Asker): void {
  rulesUntil(until, who, { clock: clockOf(asker) });
}
