import type { Answer } from '../../local/world/call.ts';
import type { GraphClient } from '../../shared/entra/client.ts';
import { graphFailure } from '../../shared/entra/failures.ts';
import { createPacer as graphPacer } from '../../shared/entra/pacing.ts';
import { entraReaderOver } from '../../shared/entra/reader.ts';
import { entraRepairsOver } from '../../shared/entra/repairs.ts';
import type { OktaClient } from '../../shared/okta/client.ts';
import { oktaFailure } from '../../shared/okta/failures.ts';
import { createPacer as oktaPacer } from '../../shared/okta/pacing.ts';
import { oktaReaderOver } from '../../shared/okta/reader.ts';
import { oktaRepairsOver } from '../../shared/okta/repairs.ts';
import type { RepairFlowTools } from '../../shared/flows/repair.ts';
import { retry, type RetryDeps, rulesUntil } from '../../shared/retry.ts';
import { REPAIR_SHARE } from '../../shared/wiring.ts';
import type { Line } from './line.ts';
import { GRAPH, OKTA } from './office.ts';

/** Paced as the scan is and as repairs are: both read in a repair, and share the tenants' limits. */
export const SHARE = { reading: 0.8, repairing: REPAIR_SHARE } as const;

/**
 * Both ports as wiring.ts makes them, without SDK and socket: the house's own pacing, retry and failures over the line. One instance of
 * the app has one set of them.
 */
export function portsOver(line: Line, deps: RetryDeps): Pick<RepairFlowTools, 'okta' | 'entra'> {
  const settings = { office365App: null, appDomains: [], directories: [], anchorAttribute: 'externalId' };
  return {
    okta: {
      ...oktaReaderOver(oktaOver(line, SHARE.reading, deps), settings, deps),
      ...oktaRepairsOver(oktaOver(line, SHARE.repairing, deps)),
    },
    entra: {
      ...entraReaderOver(graphOver(line, SHARE.reading, deps)),
      ...entraRepairsOver(graphOver(line, SHARE.repairing, deps)),
    },
  };
}

function oktaOver(line: Line, share: number, deps: RetryDeps): OktaClient {
  const { clock } = deps;
  const pacer = oktaPacer(clock, share);

  async function exchange(method: string, target: string, body: string): Promise<Answer> {
    const answer = await line.ask({ side: 'okta', method, target, body }, clock);
    const headers = new Headers(answer.headers);
    pacer.note(target, headers);
    if (answer.status < 400) return answer;
    const what = `${method} ${target.replace(/\?.*$/s, '')}`;
    const said: unknown = answer.body === '' ? {} : JSON.parse(answer.body);
    throw oktaFailure(Object.assign(new Error(), said, { status: answer.status, headers }), {
      what,
      host: new URL(OKTA).host,
      now: clock.now(),
    });
  }

  return {
    origin: OKTA,
    untilRoom: (most) => pacer.untilRoom(most),
    rights: async () => line.rights.okta,
    async get(path, signal) {
      const over = await pacer.turn(path, signal);
      const call = { who: 'Okta', method: 'GET' };
      const { body, headers } = await retry(() => exchange('GET', path, ''), call, deps).finally(over);
      return { body: JSON.parse(body), link: headers['link'] ?? null };
    },
    async send({ method, path, body }, { until }) {
      const text = body === undefined ? '' : JSON.stringify(body);
      const call = { who: 'Okta', method, rules: rulesUntil(until, 'Okta', deps) };
      const { headers } = await retry(() => exchange(method, path, text), call, deps);
      return { requestId: headers['x-okta-request-id'] ?? null };
    },
  };
}

function graphOver(line: Line, share: number, deps: RetryDeps): GraphClient {
  const { clock } = deps;
  const pacer = graphPacer(clock, share);

  async function exchange(
    method: string,
    target: string,
    body: string,
    { clientRequestId = '', isEventual = false } = {},
  ): Promise<Answer> {
    const more = isEventual ? { consistencylevel: 'eventual' } : {};
    const answer = await line.ask({ side: 'graph', method, target, body }, clock, more);
    const headers = new Headers(answer.headers);
    pacer.note(headers);
    if (answer.status < 400) return answer;
    const what = `${method} ${target.replace(/\?.*$/s, '')}`;
    throw graphFailure({ status: answer.status, headers, text: answer.body, what, clientRequestId, now: clock.now() });
  }

  return {
    origin: GRAPH,
    rights: async () => line.rights.graph,
    names: async () => [],
    async json(path, { eventual: isEventual } = {}) {
      await pacer.turn();
      const call = { who: 'Microsoft Graph', method: 'GET' };
      const { body } = await retry(() => exchange('GET', path, '', { isEventual }), call, deps);
      return JSON.parse(body);
    },
    async patch(path, body, { until, correlation }) {
      const call = { who: 'Microsoft Graph', method: 'PATCH', rules: rulesUntil(until, 'Microsoft Graph', deps) };
      const { headers } = await retry(
        () => exchange('PATCH', path, JSON.stringify(body), { clientRequestId: correlation }),
        call,
        deps,
      );
      return { requestId: headers['request-id'] ?? null };
    },
  };
}
