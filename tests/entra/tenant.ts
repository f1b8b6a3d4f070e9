import { randomUUID } from 'node:crypto';
import { beforeAll } from 'vitest';
import { createEntraReader } from '../../shared/entra/reader.ts';
import { createEntraRepairs } from '../../shared/entra/repairs.ts';
import type { EntraRepairs } from '../../shared/ports/entra-repairs.ts';
import type { EntraReader } from '../../shared/ports/entra.ts';
import { deps, type Loopback, type Reply, type Seen, serve, serveForFile } from '../loopback.ts';

export const NEVER = new AbortController().signal;

/** Where App Service offers a token to the functions it runs. */
const IDENTITY = '/msi/token';

type Answer = (request: Seen, turn: number) => Reply | Promise<Reply>;
type Route = Answer | Reply[] | Reply;

export interface Tenant {
  readonly server: Loopback;
  /** The requests for tokens. */
  readonly tokens: readonly Seen[];
  readonly entra: EntraReader & EntraRepairs;
  readonly tools: ReturnType<typeof deps>;
}

/** A small Graph of this test's own. `tokens` is what the managed identity's endpoint answers. */
export async function tenant(
  routes: Readonly<Record<string, Route>>,
  tokens: Route = (_, turn) => token(turn),
): Promise<Tenant> {
  const server = await serve((request, turn) => {
    const route = routes[request.path];
    return route === undefined
      ? graphError(404, 'Request_ResourceNotFound', 'Resource does not exist.')
      : answer(route, request, turn);
  });
  const seen = identityAnswers(tokens);
  const tools = deps();
  // The library keeps tokens for the whole process, one for each identity.
  const credential = { kind: 'managed-identity', clientId: randomUUID() } as const;
  const settings = { graphUrl: server.url, credential, rateShare: 0.8 };
  const entra = { ...createEntraReader(settings, tools), ...createEntraRepairs(settings, tools) };
  return { server, tokens: seen, entra, tools };
}

function answer(route: Route, request: Seen, turn: number): Reply | Promise<Reply> {
  if (typeof route === 'function') return route(request, turn);
  if (!Array.isArray(route)) return route;
  return route[Math.min(turn, route.length) - 1] ?? {};
}

let tokenRoute: Route = {};
let tokensSeen: Seen[] = [];

/** The library looks for the endpoint once in a process, so there is one for the whole file, and each test says what it answers. */
beforeAll(async () => {
  const identity = await serveForFile((request) => {
    tokensSeen.push(request);
    return answer(tokenRoute, request, tokensSeen.length);
  });
  process.env['IDENTITY_ENDPOINT'] = identity.url + IDENTITY;
  process.env['IDENTITY_HEADER'] = 'identity-header';
  return async () => {
    delete process.env['IDENTITY_ENDPOINT'];
    delete process.env['IDENTITY_HEADER'];
    await identity.close();
  };
});

function identityAnswers(route: Route): readonly Seen[] {
  tokenRoute = route;
  tokensSeen = [];
  return tokensSeen;
}

export function token(turn = 1, expires = Date.parse('2100-01-01T00:00:00Z')): Reply {
  return {
    body: { access_token: `token-${turn}`, expires_on: String(expires / 1000), resource: 'x', token_type: 'Bearer' },
  };
}

export function graphError(status: number, code: string, message: string, details?: unknown): Reply {
  const innerError = { 'request-id': 'inner-1', date: '2026-11-23T02:00:00' };
  return { status, body: { error: { code, message, innerError, ...(details === undefined ? {} : { details }) } } };
}

export function user(id: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id,
    userPrincipalName: `${id}@example.com`,
    onPremisesImmutableId: 'VKzYZ1C+IkSZxIWlrW5ITg==',
    onPremisesSyncEnabled: true,
    accountEnabled: true,
    assignedLicenses: [{ skuId: 'sku-1', disabledPlans: [] }],
    proxyAddresses: [`SMTP:${id}@example.com`],
    displayName: 'Jane',
    mail: `${id}@example.com`,
    userType: 'Member',
    creationType: null,
    externalUserState: null,
    employeeId: 'E1',
    onPremisesSecurityIdentifier: 'S-1-5-21-1',
    onPremisesLastSyncDateTime: '2026-11-22T01:00:00Z',
    createdDateTime: '2024-01-31T18:25:01Z',
    ...more,
  };
}

export function detail(id: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return user(id, { isManagementRestricted: null, isResourceAccount: null, ...more });
}
