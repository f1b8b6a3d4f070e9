import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createOktaReader } from '../../shared/okta/reader.ts';
import type { OktaSettings } from '../../shared/okta/settings.ts';
import { deps, nobody, type Seen } from '../loopback.ts';
import { BY_KEY, KEYS, NEVER, org } from './org.ts';

const USERS = '/api/v1/apps/0oaad/users';

afterEach(() => {
  vi.unstubAllEnvs();
});

function formOf(request: Seen | undefined): URLSearchParams {
  return new URLSearchParams(request?.body);
}

const pem = (type: 'pkcs1' | 'pkcs8'): string => String(KEYS.privateKey.export({ format: 'pem', type }));

describe('the settings', () => {
  const settings: OktaSettings = {
    orgUrl: 'https://example.okta.com',
    credential: BY_KEY,
    office365App: null,
    appDomains: [],
    directories: [],
    anchorAttribute: 'externalId',
    rateShare: 0.8,
  };

  test.each(['pkcs1', 'pkcs8'] as const)('take a key as PEM in %s, with its id beside it', async (type) => {
    const credential = { kind: 'private-key', clientId: '0oaservice', privateKey: pem(type), keyId: 'key-2' } as const;
    const { okta, server } = await org({ [USERS]: { body: [] } }, { credential });

    await okta.directoryPage('0oaad', null, NEVER);
    const assertion = formOf(server.to('/token')[0]).get('client_assertion')!;
    expect(decodeProtectedHeader(assertion)).toMatchObject({ alg: 'RS256', kid: 'key-2' });
  });

  test('take an API token, and then ask for no other', async () => {
    const { okta, server } = await org({ [USERS]: { body: [] } }, { credential: { kind: 'ssws', token: 'api-token' } });

    await okta.directoryPage('0oaad', null, NEVER);
    expect(server.to('/token')).toHaveLength(0);
    expect(server.to('/users')[0]?.headers.authorization).toBe('SSWS api-token');
  });

  test.each([BY_KEY, { kind: 'ssws', token: 'api-token' } as const])(
    'win over what the SDK finds in the environment (%j)',
    async (credential) => {
      vi.stubEnv('OKTA_CLIENT_ORGURL', 'https://elsewhere.example');
      vi.stubEnv('OKTA_CLIENT_AUTHORIZATIONMODE', credential.kind === 'ssws' ? 'PrivateKey' : 'SSWS');
      vi.stubEnv('OKTA_CLIENT_TOKEN', 'stray');
      vi.stubEnv('OKTA_CLIENT_CLIENTID', 'stray');
      vi.stubEnv('OKTA_CLIENT_SCOPES', 'stray');
      vi.stubEnv('OKTA_CLIENT_PRIVATEKEY', 'stray');
      vi.stubEnv('OKTA_CLIENT_KEYID', 'stray');
      // Its own requests would go there; for a token it has never asked the proxy (okta/okta-sdk-nodejs#383).
      vi.stubEnv('https_proxy', await nobody());
      vi.stubEnv('HTTPS_PROXY', await nobody());
      const { okta, server } = await org({ [USERS]: { body: [] } }, { credential });

      await okta.directoryPage('0oaad', null, NEVER);
      expect(server.seen.map((one) => `${one.headers.authorization} ${one.body}`).join(' ')).not.toContain('stray');
      expect(server.to('/users')[0]?.headers.authorization).toBe(
        credential.kind === 'ssws' ? 'SSWS api-token' : 'Bearer token-1',
      );
    },
  );

  test('win over an okta.yaml in the home directory', async () => {
    const home = await mkdtemp(join(tmpdir(), 'anchorwatch-okta-'));
    onTestFinished(() => rm(home, { recursive: true }));
    await mkdir(join(home, '.okta'));
    const client = 'orgUrl: https://elsewhere.example\n    token: stray\n    clientId: stray\n    keyId: stray';
    await writeFile(join(home, '.okta/okta.yaml'), `okta:\n  client:\n    ${client}\n    authorizationMode: SSWS\n`);
    vi.stubEnv('HOME', home);
    const { okta, server } = await org({ [USERS]: { body: [] } });

    await okta.directoryPage('0oaad', null, NEVER);
    expect(server.to('/users')[0]?.headers.authorization).toBe('Bearer token-1');
  });

  test('name no key where the key has no name, whatever the environment says', async () => {
    vi.stubEnv('OKTA_CLIENT_KEYID', 'stray');
    const credential = { kind: 'private-key', clientId: '0oaservice', privateKey: pem('pkcs8') } as const;
    const { okta, server } = await org({ [USERS]: { body: [] } }, { credential });

    await okta.directoryPage('0oaad', null, NEVER);
    const assertion = formOf(server.to('/token')[0]).get('client_assertion')!;
    expect(decodeProtectedHeader(assertion).kid).toBeUndefined();
  });

  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  test.each([
    ['as PEM', String(ec.export({ format: 'pem', type: 'pkcs8' }))],
    ['as a JWK', JSON.stringify(ec.export({ format: 'jwk' }))],
  ])('refuse an EC key %s before anything is sent', (_, privateKey) => {
    const credential = { kind: 'private-key', clientId: '0oaservice', privateKey } as const;

    expect(() => createOktaReader({ ...settings, credential }, deps())).toThrow(
      /of type EC; Okta's SDK signs with RSA keys only/,
    );
  });

  test.each([
    ['a public key', String(KEYS.publicKey.export({ format: 'pem', type: 'spki' }))],
    ['a public JWK', JSON.stringify(KEYS.publicKey.export({ format: 'jwk' }))],
    ['half a key', pem('pkcs8').slice(0, 300)],
    ['half a JWK', '{"kty":"RSA","n":"secret-modulus'],
  ])('refuse %s without quoting it', (_, privateKey) => {
    const credential = { kind: 'private-key', clientId: '0oaservice', privateKey } as const;

    const make = (): unknown => createOktaReader({ ...settings, credential }, deps());
    expect(make).toThrow('the private key cannot be read');
    expect(make).not.toThrow(privateKey.slice(-20));
  });

  test('name everything that is wrong at once', () => {
    const wrong = {
      ...settings,
      orgUrl: 'http://example.okta.com',
      credential: { kind: 'ssws', token: ' ' },
      rateShare: 0,
      anchorAttribute: '',
    } as const;

    expect(() => createOktaReader(wrong, deps())).toThrow(
      /must begin with https:\/\/.*the API token is empty.*the share of the rate limit.*the anchor attribute is empty/,
    );
  });

  test.each([
    ['no URL', 'example.okta.com', 'is no URL'],
    [
      'plain http to another machine, as it would carry the token',
      'http://example.okta.com',
      'must begin with https://',
    ],
    ['a name that begins like loopback', 'http://127.0.0.1.example.com', 'must begin with https://'],
    ['the Admin Console', 'https://example-admin.okta.com', 'leave out -admin'],
    ['a path', 'https://example.okta.com/admin', 'the bare address'],
    ['a user', 'https://me:pw@example.okta.com', 'the bare address'],
  ])('refuse an address that is %s', (_, orgUrl, words) => {
    expect(() => createOktaReader({ ...settings, orgUrl }, deps())).toThrow(words);
  });
});
