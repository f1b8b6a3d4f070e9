import { generateKeyPairSync } from 'node:crypto';
import type { OktaReader } from '../../shared/ports/okta.ts';
import { createOktaReader } from '../../shared/okta/reader.ts';
import type { OktaSettings } from '../../shared/okta/settings.ts';
import { deps, type Loopback, type Reply, type Seen, serve } from '../loopback.ts';

export const KEYS = generateKeyPairSync('rsa', { modulusLength: 2048 });
const JWK = JSON.stringify({ ...KEYS.privateKey.export({ format: 'jwk' }), kid: 'key-1', alg: 'RS256' });

export const NEVER = new AbortController().signal;

export const BY_KEY: OktaSettings['credential'] = { kind: 'private-key', clientId: '0oaservice', privateKey: JWK };

type Answer = (request: Seen, turn: number) => Reply | Promise<Reply>;

export interface Org {
  readonly server: Loopback;
  readonly okta: OktaReader;
  readonly tools: ReturnType<typeof deps>;
}

/** A small Okta of this test's own: `routes` by path, an array of answers one after the other, the last one for ever. */
export async function org(
  routes: Readonly<Record<string, Answer | Reply[] | Reply>>,
  change: Partial<OktaSettings> = {},
  slashes = '',
): Promise<Org> {
  const server = await serve((request, turn) => {
    const route = routes[request.path] ?? (request.path === '/oauth2/v1/token' ? token(turn) : undefined);
    if (route === undefined) return { status: 404, body: { errorCode: 'E0000007', errorSummary: 'Not found' } };
    if (typeof route === 'function') return route(request, turn);
    if (!Array.isArray(route)) return route;
    return route[Math.min(turn, route.length) - 1] ?? {};
  });
  const tools = deps();
  const settings: OktaSettings = {
    orgUrl: server.url + slashes,
    credential: BY_KEY,
    office365App: null,
    appDomains: [],
    directories: [],
    anchorAttribute: 'externalId',
    rateShare: 0.8,
    ...change,
  };
  return { server, okta: createOktaReader(settings, tools), tools };
}

export function token(turn = 1): Reply {
  return { body: { access_token: `token-${turn}`, token_type: 'Bearer', expires_in: 3600, scope: 'okta.apps.read' } };
}

export function appUser(id: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id,
    externalId: 'VKzYZ1C+IkSZxIWlrW5ITg==',
    created: '2024-01-31T18:25:01.000Z',
    scope: 'USER',
    status: 'ACTIVE',
    syncState: 'SYNCHRONIZED',
    credentials: { userName: `${id}@example.com` },
    profile: { immutableId: 'VKzYZ1C+IkSZxIWlrW5ITg==' },
    ...more,
  };
}

/** An Okta error as the API words it. */
export function refusal(status: number, errorCode: string, errorSummary = 'words'): Reply {
  return { status, body: { errorCode, errorSummary, errorLink: errorCode, errorId: 'oae1', errorCauses: [] } };
}
