import type { KeyObject } from 'node:crypto';
import type { Answer, Call } from '../call.ts';
import { diceOf } from '../dice.ts';
import { guid } from '../ids.ts';
import { parseTarget } from '../target.ts';
import { signToken } from '../tokens.ts';

export interface IdentitySettings {
  /** The secret that App Service puts in `IDENTITY_HEADER`. */
  readonly header: string;
  readonly clientId: string;
  readonly tenantId: string;
  readonly audience: string;
  /** Application permissions granted to the managed identity. */
  readonly roles: readonly string[];
  readonly signingKey: KeyObject;
  readonly tokenLifetime: number;
}

/** Object id of the service principal that stands for the identity in its tenant. */
export function principalOf(clientId: string): string {
  return guid(diceOf(`principal of ${clientId}`).next);
}

/**
 * The managed-identity endpoint of App Service, version 2019-08-01: a token of the app's own identity for one resource. `expires_on` is
 * text, in seconds since 1970.
 */
export class Identity {
  readonly #settings: IdentitySettings;

  constructor(settings: IdentitySettings) {
    this.#settings = settings;
  }

  handle(call: Call, now: number): Answer {
    const settings = this.#settings;
    const query = parseTarget(call.target)?.query;
    if (call.method !== 'GET') return refuse(405, 'MethodNotAllowed');
    if (call.headers['x-identity-header'] !== settings.header) return refuse(401, 'Unauthorized');
    if (query?.get('api-version') !== '2019-08-01') return refuse(400, 'The api-version is not supported.');
    const unknown = [...query.keys()].find((name) => !['api-version', 'resource', 'client_id'].includes(name));
    if (unknown !== undefined) return refuse(400, `Unknown query option: ${unknown}.`);
    if (query.get('resource')?.replace(/\/$/, '') !== settings.audience)
      return refuse(400, 'The resource is not known.');
    if ((query.get('client_id') ?? settings.clientId) !== settings.clientId)
      return refuse(400, 'No such managed identity.');
    return json(200, this.#grant(Math.floor(now / 1_000)));
  }

  #grant(issued: number) {
    const { audience, clientId, roles, signingKey, tenantId, tokenLifetime } = this.#settings;
    const expires = issued + tokenLifetime / 1_000;
    const claims = {
      aud: audience,
      iss: `https://sts.windows.net/${tenantId}/`,
      iat: issued,
      nbf: issued,
      exp: expires,
      appid: clientId,
      oid: principalOf(clientId),
      sub: clientId,
      idtyp: 'app',
      roles,
      tid: tenantId,
      ver: '1.0',
    };
    return {
      access_token: signToken('entra', claims, signingKey),
      expires_on: String(expires),
      resource: audience,
      token_type: 'Bearer',
      client_id: clientId,
    };
  }
}

function refuse(status: number, message: string): Answer {
  return json(status, { statusCode: status, message });
}

function json(status: number, body: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}
