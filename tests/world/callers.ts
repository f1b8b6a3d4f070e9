import type { Answer, Call } from '../../local/world/call.ts';
import { diceOf } from '../../local/world/dice.ts';
import { newKeys } from '../../local/world/keys.ts';
import type { WorldOptions } from '../../local/world/options.ts';
import { privateKeyOf, signToken } from '../../local/world/tokens.ts';
import { type CreatedWorld, createWorld } from '../../local/world/world.ts';

export const START = Date.parse('2026-11-23T02:00:00Z');
export const KEYS = newKeys();
export const OKTA = 'http://okta.test';
export const GRAPH = 'http://graph.test';
const GENEROUS = { okta: { limits: { apps: 1e6, app: 1e6 } }, graph: { quota: 1e6 } } satisfies Partial<WorldOptions>;

const OFTEN = { every: 1_000, duration: 1_000, jitter: 0 };
/** Imports so often that what begins in Active Directory shows at once. */
export const IMPORTED_AT_ONCE = { 'contoso.com': OFTEN, 'emea.contoso.com': OFTEN };

/** A world without limits in the way, at a standing clock, and a caller who is let in everywhere. */
export class Tenant {
  readonly created: CreatedWorld;
  now = START;
  readonly #random = diceOf('calls').next;

  constructor(options: Partial<WorldOptions> = {}) {
    this.created = createWorld({ seed: 'test', start: START, people: 0, keys: KEYS, ...GENEROUS, ...options });
  }

  send(call: Partial<Call> & Pick<Call, 'side' | 'target'>): Answer {
    return this.created.world.handle({ method: 'GET', headers: {}, body: '', ...call }, this.now, this.#random);
  }

  okta(target: string, headers: Record<string, string> = {}, method = 'GET'): Answer {
    const authorization = `SSWS ${this.created.credentials.okta.apiToken}`;
    return this.send({ side: 'okta', target, method, headers: { host: 'okta.test', authorization, ...headers } });
  }

  graph(target: string, headers: Record<string, string> = {}, method = 'GET'): Answer {
    const authorization = `Bearer ${this.graphToken()}`;
    return this.send({ side: 'graph', target, method, headers: { host: 'graph.test', authorization, ...headers } });
  }

  graphToken(): string {
    const target = '/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fgraph.microsoft.com';
    const headers = { 'x-identity-header': this.created.credentials.identity.header };
    return json(this.send({ side: 'identity', target, headers })).access_token;
  }

  /** A client assertion as the SDK makes it, with any claim changed. */
  assertion(claims: Record<string, unknown> = {}, key = KEYS.client.privateJwk): string {
    const { clientId, keyId } = this.created.credentials.okta;
    const seconds = this.now / 1_000;
    const usual = { iss: clientId, sub: clientId, aud: `${OKTA}/oauth2/v1/token`, exp: seconds + 300 };
    return signToken(keyId, { ...usual, ...claims }, privateKeyOf(key));
  }

  oktaToken(form: Record<string, string> = {}, target = '/oauth2/v1/token'): Answer {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'okta.apps.read',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: this.assertion(),
      ...form,
    });
    const headers = { host: 'okta.test', 'content-type': 'application/x-www-form-urlencoded' };
    return this.send({ side: 'okta', method: 'POST', target, headers, body: body.toString() });
  }

  /** Every row of an Okta list, page by page. */
  oktaRows(target: string): Json[] {
    const rows: Json[] = [];
    for (let next: string | null = target; next !== null; ) {
      const answer = this.okta(next);
      rows.push(...json(answer));
      next = nextOf(answer)?.slice(OKTA.length) ?? null;
    }
    return rows;
  }

  /** Every row of a Graph list, page by page. */
  graphRows(target: string): Json[] {
    const rows: Json[] = [];
    for (let next: string | null = target; next !== null; ) {
      const page: Json = json(this.graph(next));
      rows.push(...page.value);
      next = page['@odata.nextLink']?.slice(GRAPH.length) ?? null;
    }
    return rows;
  }
}

/** Whatever the tenants say: a test looks into it as it likes. */
export type Json = ReturnType<typeof JSON.parse>;

export function json(answer: Answer): Json {
  return JSON.parse(answer.body);
}

/** `filter=…`, encoded. */
export function filterOf(expression: string): string {
  return `filter=${encodeURIComponent(expression)}`;
}

export function nextOf(answer: Answer): string | null {
  return /<([^>]*)>; rel="next"/.exec(answer.headers['link'] ?? '')?.[1] ?? null;
}

export function errorOf(answer: Answer): string {
  const body = json(answer);
  return `${answer.status} ${body.errorCode ?? body.error.code ?? body.error}`;
}
