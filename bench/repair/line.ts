import type { Answer, Call } from '../../local/world/call.ts';
import { GRAPH_ROUTES } from '../../local/world/graph/graph.ts';
import { bucketOf } from '../../local/world/okta/access.ts';
import { OKTA_ROUTES } from '../../local/world/okta/okta.ts';
import { findRoute } from '../../local/world/routes.ts';
import { parseTarget } from '../../local/world/target.ts';

import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import { type Instant, SECOND } from '../../shared/time.ts';
import type { Office } from './office.ts';

/** One request as the tenants saw it. */
export interface Made {
  readonly at: Instant;
  readonly side: 'okta' | 'graph';
  /** Method and path, with what is one person's or one app's in braces. */
  readonly what: string;
  /** Which of the tenant's limits it counts against. */
  readonly bucket: string;
  readonly throttled: boolean;
}

/** From the first byte sent to the last byte read, in milliseconds: half as long at the least, and half as long again at the most. */
export const LATENCY = {
  okta: { read: 220, write: 350, log: 400 },
  graph: { read: 160, write: 300 },
} as const;

/** What of an office a line leads to. */
export type Premises = Pick<Office, 'headers'> & {
  readonly created: Pick<Office['created'], 'world' | 'inside'>;
};

/** The way to both tenants: each call takes its time, arrives in the middle of it, and is noted. */
export class Line {
  readonly made: Made[] = [];
  readonly #office: Premises;
  readonly #random: () => number;
  readonly #afterWrite: (now: Instant) => void;

  constructor(office: Premises, random: () => number, afterWrite: (now: Instant) => void) {
    this.#office = office;
    this.#random = random;
    this.#afterWrite = afterWrite;
  }

  /** What the app was granted in both tenants. */
  get rights(): { readonly okta: readonly string[]; readonly graph: readonly string[] } {
    const { inside } = this.#office.created;
    return { okta: [inside.okta.clientId], graph: inside.roles };
  }

  async ask(
    call: Pick<Made, 'side'> & Omit<Call, 'side' | 'headers'>,
    clock: Clock,
    more: Call['headers'] = {},
  ): Promise<Answer> {
    const { side, method, target } = call;
    const isWrite = method !== 'GET';
    const half = Math.round((latencyOf(call) * (0.5 + this.#random())) / 2);
    await clock.wait(half);
    const at = clock.now();
    const headers = { ...this.#office.headers[side], ...more };
    const answer = this.#office.created.world.handle({ ...call, headers }, at, this.#random);
    const throttled = answer.status === 429;
    this.made.push({ at, side, what: `${method} ${patternOf(call)}`, bucket: bucketOfTarget(side, target), throttled });
    if (isWrite) this.#afterWrite(at);
    await clock.wait(half);
    return answer;
  }
}

function latencyOf({ side, method, target }: Pick<Call, 'method' | 'target'> & Pick<Made, 'side'>): number {
  if (method !== 'GET') return LATENCY[side].write;
  return side === 'okta' && target.startsWith('/api/v1/logs') ? LATENCY.okta.log : LATENCY[side].read;
}

function patternOf({ side, method, target }: Pick<Call, 'method' | 'target'> & Pick<Made, 'side'>): string {
  const segments = parseTarget(target)?.segments ?? [];
  const found = side === 'okta' ? findRoute(OKTA_ROUTES, method, segments) : findRoute(GRAPH_ROUTES, method, segments);
  return found.kind === 'found' ? found.route.path : target;
}

function bucketOfTarget(side: Made['side'], target: string): string {
  return side === 'okta' ? bucketOf(parseTarget(target)?.segments ?? []) : 'graph';
}

/** How many calls a bucket takes in a minute; of Graph's quota, as if each call cost two units. */
export function roomOf(bucket: string, { created: { inside } }: Office): number {
  const { limits, share } = inside.okta;
  const isOkta = (name: string): name is keyof typeof limits => Object.hasOwn(limits, name);
  return isOkta(bucket) ? limits[bucket] * share : ((inside.graph.quota / 2) * 60 * SECOND) / (10 * SECOND);
}

/** What is done stands in the tables and the tenants. */
export const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
