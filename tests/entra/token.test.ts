import { afterEach, describe, expect, test, vi } from 'vitest';
import { createEntraReader } from '../../shared/entra/reader.ts';
import { explain } from '../../shared/errors.ts';
import { deps, nobody, type Reply } from '../loopback.ts';
import { tenant, token } from './tenant.ts';

const CREDENTIAL = { kind: 'managed-identity' } as const;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

describe('the token of Entra ID', () => {
  test('that is refused is reported in Entra’s words', async () => {
    const { entra, server, tokens } = await tenant(
      {},
      {
        status: 400,
        body: { error: 'invalid_request', error_description: 'AADSTS700016: Application not found. Trace ID: 1' },
      },
    );

    const error = await entra.domains().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'denied', fields: { code: 'AADSTS700016' } });
    expect(explain(error)).toBe('Entra ID gave no token: AADSTS700016: Application not found.');
    expect(tokens).toHaveLength(1);
    expect(server.to('/domains')).toHaveLength(0);
  });

  test('that is refused in words over several lines is reported in one', async () => {
    const { entra } = await tenant({}, { status: 400, body: { error: 'No identity\n  of this name was found.' } });

    const error = await entra.domains().catch((thrown: unknown) => thrown);
    expect(explain(error)).toContain('No identity of this name was found.');
    expect(explain(error)).not.toContain('\n');
  });

  test.each<readonly [string, Reply]>([
    ['500', { status: 500, body: { error: 'server_error' } }],
    ['503', { status: 503, body: { error: 'busy' } }],
    ['a web page', { body: '<html>secret of the proxy', headers: { 'content-type': 'text/html' } }],
    ['a closed socket', { cut: 'before' }],
    ['JSON without a token', { body: {} }],
  ])('is asked for again after %s', async (_, reply) => {
    const { entra, server, tokens, tools } = await tenant({ '/v1.0/domains': { body: { value: [] } } }, [
      reply,
      token(2),
    ]);

    await expect(entra.domains()).resolves.toEqual([]);
    expect(tokens).toHaveLength(2);
    // By our retry: the library's own waits by the machine's clock, and where nobody sees it.
    expect(tools.clock.waits).toHaveLength(1);
    expect(server.to('/domains')[0]?.headers.authorization).toBe('Bearer token-2');
  });

  test('comes from the one source that was chosen, whatever else the environment offers', async () => {
    vi.stubEnv('AZURE_TENANT_ID', '11111111-1111-1111-1111-111111111111');
    vi.stubEnv('AZURE_CLIENT_ID', 'stray');
    vi.stubEnv('AZURE_CLIENT_SECRET', 'stray');
    vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'EnvironmentCredential');
    const { entra, tokens } = await tenant({ '/v1.0/domains': { body: { value: [] } } });

    await expect(entra.domains()).resolves.toEqual([]);
    expect(tokens).toHaveLength(1);
    expect(tokens[0]?.query.get('client_id')).not.toBe('stray');
  });

  test('that never comes is given up, without showing what came instead', async () => {
    const page = { body: '<html>secret of the proxy', headers: { 'content-type': 'text/html' } };
    const { entra, tokens } = await tenant({}, page);

    const error = await entra.domains().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'transient' });
    expect(explain(error)).not.toContain('secret');
    expect(tokens).toHaveLength(6);
  });

  test.each([
    [
      'a certificate that is not there',
      { kind: 'client-certificate', certificate: { path: '/nowhere/cert.pem' } },
      'not at the path',
    ],
    [
      'a certificate that is none',
      { kind: 'client-certificate', certificate: { pem: 'secret text' } },
      'PEM-encoded certificate',
    ],
    [
      'a secret for an authority on plain http',
      { kind: 'client-secret', secret: 'hidden', authorityHost: 'http://login.example' },
      'https',
    ],
  ] as const)('cannot be had with %s', async (_, settings, words) => {
    const app = {
      tenantId: '11111111-1111-1111-1111-111111111111',
      clientId: 'app',
      authorityHost: 'https://login.example',
    };
    const entra = createEntraReader(
      { graphUrl: await nobody(), credential: { ...app, ...settings }, rateShare: 0.8 },
      deps(),
    );

    const error = await entra.domains().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: expect.stringMatching(/invalid|denied/) });
    expect(explain(error)).toContain(words);
    expect(explain(error)).not.toMatch(/hidden|secret text/);
  });
});

describe('a token that is kept', () => {
  const domains = { '/v1.0/domains': { body: { value: [] } } };
  const ends = Date.parse('2100-01-01T00:00:00Z');

  test('is asked for once by many calls that begin together', async () => {
    const { entra, tokens } = await tenant(domains);

    await Promise.all(Array.from({ length: 8 }, () => entra.domains()));
    expect(tokens).toHaveLength(1);
  });

  test('is renewed before it ends', async () => {
    const { entra, tokens, tools } = await tenant(domains, (_, turn) => token(turn, ends + turn * 3_600_000));

    await entra.domains();
    await tools.clock.wait(ends + 3_600_000 - tools.clock.now() - 301_000);
    await entra.domains();
    expect(tokens).toHaveLength(1);
    await tools.clock.wait(1_000);
    await entra.domains();
    expect(tokens).toHaveLength(2);
  });

  test('is asked for anew after a request for it that never ended', async () => {
    const { entra, tokens, tools, server } = await tenant(domains, (_, turn) => {
      if (turn > 1) return token(turn);
      tools.clock.expire();
      return { silent: true };
    });

    await entra.domains();
    expect(tokens).toHaveLength(2);
    expect(server.to('/domains')[0]?.headers.authorization).toBe('Bearer token-2');
  });
});

describe('the address of Graph', () => {
  test.each([
    ['no URL', 'graph.microsoft.com', 'is no URL'],
    [
      'plain http to another machine, as it would carry the token',
      'http://graph.microsoft.com',
      'must begin with https://',
    ],
    ['a name that begins like loopback', 'http://127.0.0.1.example.com', 'must begin with https://'],
    ['a path', 'https://graph.microsoft.com/v1.0', 'without /v1.0'],
    ['a user', 'https://me:pw@graph.microsoft.com', 'a user name or a password'],
  ])('is refused when it is %s', (_, graphUrl, words) => {
    expect(() => createEntraReader({ graphUrl, credential: CREDENTIAL, rateShare: 0.8 }, deps())).toThrow(words);
  });

  test('may be that of a sovereign cloud, whose token is for itself', async () => {
    const { tokens } = await tenant({});
    const graphUrl = 'https://graph.microsoft.us';
    const tools = deps();
    // Nothing leaves this machine: the token endpoint answers, and the request itself is stopped before it is sent.
    const stop = new AbortController();
    const ask = async (): Promise<never> => {
      stop.abort(new Error('stopped before sending'));
      throw new Error('not sent');
    };
    const credential = { kind: 'managed-identity', clientId: 'of-the-sovereign-cloud' } as const;
    const entra = createEntraReader({ graphUrl, credential, rateShare: 0.8 }, { ...tools, ask });

    await expect(entra.usersPage(null, stop.signal)).rejects.toThrow('stopped before sending');
    expect(tokens[0]?.query.get('resource')).toBe('https://graph.microsoft.us');
  });
});
