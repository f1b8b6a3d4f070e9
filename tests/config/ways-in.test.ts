import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { EntraConfig, OktaConfig, StorageConfig } from '../../shared/config/config.ts';
import { readConfig } from '../../shared/config/read.ts';
import type { EntraCredential as ReadersEntraCredential } from '../../shared/entra/settings.ts';
import type { OktaCredential as ReadersOktaCredential } from '../../shared/okta/settings.ts';
import { CLIENT, JWK, LEAST, PEM, problemsOf, PUBLIC_JWK, TENANT } from './environment.ts';

type Changes = Readonly<Record<string, string | undefined>>;

const WITHOUT_OKTA: Changes = {
  ANCHORWATCH_OKTA_CLIENT_ID: undefined,
  ANCHORWATCH_OKTA_PRIVATE_KEY: undefined,
};

/** The type says that the credential is one the reader of Okta takes. */
function okta(changes: Changes): OktaConfig & { readonly credential: ReadersOktaCredential } {
  return readConfig({ ...LEAST, ...changes }).okta;
}

/** The type says that the credential is one the reader of Entra ID takes. */
function entra(changes: Changes): EntraConfig & { readonly credential: ReadersEntraCredential } {
  return readConfig({ ...LEAST, ...changes }).entra;
}

function storage(changes: Changes): StorageConfig {
  return readConfig({ ...LEAST, AzureWebJobsStorage: undefined, ...changes }).storage;
}

function problemsWith(changes: Changes): readonly string[] {
  return problemsOf(() => readConfig({ ...LEAST, ...changes }));
}

describe('the way into Okta', () => {
  test('is a service app with its key', () => {
    expect(okta({ ANCHORWATCH_OKTA_KEY_ID: 'two' }).credential).toEqual({
      kind: 'private-key',
      clientId: '0oa1b2c3d4e5f6g7h8i9',
      privateKey: JWK,
      keyId: 'two',
    });
  });

  test('is a token for a trial', () => {
    expect(okta({ ...WITHOUT_OKTA, ANCHORWATCH_OKTA_API_TOKEN: '00token' }).credential).toEqual({
      kind: 'ssws',
      token: '00token',
    });
  });

  test('is never two at once', () => {
    expect(problemsWith({ ANCHORWATCH_OKTA_API_TOKEN: '00token' })).toEqual([
      'ANCHORWATCH_OKTA_API_TOKEN: expected one way into Okta; found two: ANCHORWATCH_OKTA_CLIENT_ID, ANCHORWATCH_OKTA_PRIVATE_KEY as well. Remove the token, or for a trial on your own machine the others.',
    ]);
  });

  test('is never half of one', () => {
    expect(problemsWith({ ANCHORWATCH_OKTA_PRIVATE_KEY: undefined })).toEqual([
      expect.stringMatching(/^ANCHORWATCH_OKTA_PRIVATE_KEY: .*found not set/),
    ]);
    expect(problemsWith({ ANCHORWATCH_OKTA_CLIENT_ID: undefined })).toEqual([
      expect.stringMatching(/^ANCHORWATCH_OKTA_CLIENT_ID: .*found not set/),
    ]);
  });

  test.each([
    ['PKCS#8', PEM],
    ['one line', PEM.trim().replaceAll('\n', '\\n')],
  ])('takes a key as PEM: %s', (_, pem) => {
    expect(okta({ ANCHORWATCH_OKTA_PRIVATE_KEY: pem }).credential).toMatchObject({ privateKey: PEM.trim() });
  });

  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 });

  test.each([
    ['an EC key as JWK', JSON.stringify(ec.privateKey.export({ format: 'jwk' })), 'a key of kind EC'],
    ['an EC key as PEM', String(ec.privateKey.export({ type: 'pkcs8', format: 'pem' })), 'a key of kind EC'],
    ['the old frame of an EC key', String(ec.privateKey.export({ type: 'sec1', format: 'pem' })), 'a key of kind EC'],
    ['a public JWK', PUBLIC_JWK, 'a public key'],
    ['a public PEM', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', 'a public key'],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'a certificate'],
    ['a short key', String(small.privateKey.export({ type: 'pkcs8', format: 'pem' })), 'an RSA key of 1024 bits'],
    ['half a PEM', PEM.slice(0, 500), 'cannot be read'],
    [
      'a key with a passphrase',
      String(small.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })),
      'a key behind a passphrase',
    ],
    ['half a JWK', JWK.slice(0, 500), 'no JSON Web Key'],
    ['a JWK without its primes', JSON.stringify({ ...JSON.parse(JWK), p: undefined }), 'no text for p'],
    ['other JSON', '{"a":1}', 'no JSON Web Key'],
    ['an API token', '00abcdefghijklmnopqrstuvwxyz0123456789ABCD', 'neither JSON nor PEM'],
  ])('refuses %s by name, and shows only how long it is', (_, key, words) => {
    const problems = problemsWith({ ANCHORWATCH_OKTA_PRIVATE_KEY: key });

    expect(problems).toEqual([expect.stringContaining(`found text of ${key.trim().length} characters: `)]);
    expect(problems).toEqual([expect.stringContaining(words)]);
  });

  test.each([
    ['https://acme.okta.com/', 'https://acme.okta.com'],
    ['https://Login.Acme.example:8443', 'https://login.acme.example:8443'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
    ['http://127.9.9.9', 'http://127.9.9.9'],
    ['http://localhost:1', 'http://localhost:1'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ])('takes the address %s as %s', (url, origin) => {
    expect(okta({ ANCHORWATCH_OKTA_URL: url }).url).toBe(origin);
  });

  test.each([
    ['http://acme.okta.com', 'plain http'],
    ['http://127.0.0.1.evil.example', 'plain http'],
    ['http://localhost.evil.example', 'plain http'],
    ['http://10.0.0.1', 'plain http'],
    ['ftp://acme.okta.com', 'another scheme'],
    ['acme.okta.com', 'no address'],
    ['https://acme.okta.com/api/v1', 'a path'],
    ['https://acme.okta.com/?x=1', 'after a question mark'],
    ['https://me:word@acme.okta.com', 'credentials in the address'],
    ['https://acme-admin.okta.com', 'the API is at https://acme.okta.com'],
    ['https://acme-admin.oktapreview.com', 'the API is at https://acme.oktapreview.com'],
  ])('refuses the address %s: %s', (url, words) => {
    const problems = problemsWith({ ANCHORWATCH_OKTA_URL: url });

    expect(problems).toEqual([expect.stringContaining(words)]);
    expect(problems.join()).not.toContain('word@');
  });
});

describe('the way into Entra ID', () => {
  const app = { tenantId: TENANT, clientId: CLIENT, authorityHost: 'https://login.microsoftonline.com' };
  const ids = { ANCHORWATCH_TENANT_ID: TENANT, ANCHORWATCH_ENTRA_CLIENT_ID: CLIENT };

  test.each<[string, Changes, ReadersEntraCredential]>([
    ['the app itself', {}, { kind: 'managed-identity' }],
    [
      'a user-assigned identity',
      { ANCHORWATCH_ENTRA_CLIENT_ID: CLIENT },
      { kind: 'managed-identity', clientId: CLIENT },
    ],
    [
      'a secret',
      { ...ids, ANCHORWATCH_ENTRA_CREDENTIAL: 'client-secret', ANCHORWATCH_ENTRA_CLIENT_SECRET: 's' },
      { kind: 'client-secret', ...app, secret: 's' },
    ],
    [
      'a certificate',
      { ...ids, ANCHORWATCH_ENTRA_CREDENTIAL: 'client-certificate', ANCHORWATCH_ENTRA_CERTIFICATE: '/a.pem' },
      { kind: 'client-certificate', ...app, certificate: { path: '/a.pem' } },
    ],
    ['the command line', { ANCHORWATCH_ENTRA_CREDENTIAL: 'azure-cli' }, { kind: 'azure-cli' }],
    [
      'the command line, one tenant of several',
      { ANCHORWATCH_ENTRA_CREDENTIAL: 'azure-cli', ANCHORWATCH_TENANT_ID: TENANT },
      { kind: 'azure-cli', tenantId: TENANT },
    ],
  ])('is %s', (_, changes, credential) => {
    expect(entra(changes).credential).toEqual(credential);
  });

  test.each([
    ['client-secret', ['TENANT_ID', 'ENTRA_CLIENT_ID', 'ENTRA_CLIENT_SECRET']],
    ['client-certificate', ['TENANT_ID', 'ENTRA_CLIENT_ID', 'ENTRA_CERTIFICATE']],
  ])('needs its own settings: %s', (kind, names) => {
    expect(problemsWith({ ANCHORWATCH_ENTRA_CREDENTIAL: kind })).toEqual(
      names.map((name) => expect.stringMatching(new RegExp(`^ANCHORWATCH_${name}: .*found not set`))),
    );
  });

  test('refuses a secret that it does not use, since somebody believes that it does', () => {
    expect(problemsWith({ ANCHORWATCH_ENTRA_CLIENT_SECRET: 'hidden-value' })).toEqual([
      'ANCHORWATCH_ENTRA_CLIENT_SECRET: expected nothing; found a value, which ANCHORWATCH_ENTRA_CREDENTIAL=managed-identity does not use. Remove it, or set ANCHORWATCH_ENTRA_CREDENTIAL to client-secret.',
    ]);
  });

  test('when misspelt is one problem, without guesses at what it would need', () => {
    expect(
      problemsWith({ ANCHORWATCH_ENTRA_CREDENTIAL: 'client_secret', ANCHORWATCH_ENTRA_CLIENT_SECRET: 's' }),
    ).toEqual([expect.stringMatching(/^ANCHORWATCH_ENTRA_CREDENTIAL: expected one of/)]);
  });

  test.each([
    ['global', 'https://graph.microsoft.com', 'https://login.microsoftonline.com'],
    ['usgov', 'https://graph.microsoft.us', 'https://login.microsoftonline.us'],
    ['dod', 'https://dod-graph.microsoft.us', 'https://login.microsoftonline.us'],
    ['china', 'https://microsoftgraph.chinacloudapi.cn', 'https://login.chinacloudapi.cn'],
  ])('in the cloud %s leads to %s, by %s', (cloud, graphUrl, authorityHost) => {
    expect(entra({ ANCHORWATCH_CLOUD: cloud })).toMatchObject({ graphUrl, authorityHost });
  });

  test('may lead to tenants on this machine', () => {
    expect(entra({ ANCHORWATCH_GRAPH_URL: 'http://127.0.0.1:8080/' }).graphUrl).toBe('http://127.0.0.1:8080');
    expect(problemsWith({ ANCHORWATCH_GRAPH_URL: 'http://graph.microsoft.com' })).toHaveLength(1);
    expect(problemsWith({ ANCHORWATCH_GRAPH_URL: 'https://graph.microsoft.com/v1.0' })).toHaveLength(1);
  });
});

describe('the way into storage', () => {
  test.each([
    'UseDevelopmentStorage=true',
    'DefaultEndpointsProtocol=https;AccountName=st;AccountKey=a2V5a2V5;EndpointSuffix=core.windows.net',
    'DefaultEndpointsProtocol=https;AccountName=st;AccountKey=a2V5a2U=;EndpointSuffix=core.windows.net;',
    'DefaultEndpointsProtocol=https;AccountName=st;AccountKey=a2V5a2V5;TableEndpoint=https://t.example;QueueEndpoint=https://q.example',
    'TableEndpoint=https://st.table.core.windows.net/;QueueEndpoint=https://st.queue.core.windows.net/;SharedAccessSignature=sv=1&sig=x',
    'DefaultEndpointsProtocol=http;AccountName=dev;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:3/dev;QueueEndpoint=http://127.0.0.1:2/dev',
  ])('is the connection string %s', (connectionString) => {
    expect(storage({ AzureWebJobsStorage: connectionString })).toEqual({ kind: 'connection-string', connectionString });
  });

  test.each<[string, string]>([
    ['a name', 'not name=value'],
    ['UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://far.example', 'which stands alone'],
    ['AccountName=;AccountKey=a2V5', 'not name=value'],
    ['DefaultEndpointsProtocol=https;AccountName=st;AccountKey=a2V5a2V5', 'neither EndpointSuffix nor TableEndpoint'],
    ['AccountName=st;AccountKey=a2V5a2V5;TableEndpoint=https://t.example', 'neither EndpointSuffix nor QueueEndpoint'],
    ['AccountName=st;AccountKey=a2V5a2V5;EndpointSuffix=core.windows.net', 'without DefaultEndpointsProtocol'],
    ['AccountName=st;SharedAccessSignature=sv=1&sig=a2V5;EndpointSuffix=x.example', 'without TableEndpoint'],
    ['TableEndpoint=https://t.example;QueueEndpoint=https://q.example;AccountKey=a2V5', 'without AccountName'],
    ['accountname=st;AccountKey=a2V5a2V5', 'neither AccountName nor TableEndpoint'],
    ...['a2V5a2V', 'a2V5a2V5==', 'a2V5 a2V5', 'a2V5a2V5-_==', '<a2V5a2V5>', 'a2V5=a2V5'].map(
      (key): [string, string] => [
        `DefaultEndpointsProtocol=https;AccountName=st;AccountKey=${key};EndpointSuffix=x.example`,
        'not base64',
      ],
    ),
    ['AccountKey=a2V5a2V5', 'neither AccountName nor TableEndpoint'],
    ['AccountName=st;EndpointSuffix=core.windows.net', 'neither AccountKey nor SharedAccessSignature'],
    ['DefaultEndpointsProtocol=http;AccountName=st;AccountKey=a2V5a2V5', 'in the clear'],
    ['AccountName=st;AccountKey=a2V5a2V5;TableEndpoint=http://st.example', 'a TableEndpoint without https'],
    [
      'AccountName=st;AccountKey=a2V5a2V5;EndpointSuffix=x.example;QueueEndpoint=rubbish',
      'a QueueEndpoint that is no address',
    ],
    ['TableEndpoint=https://t.example;SharedAccessSignature=a2V5a2V5', 'neither AccountName nor QueueEndpoint'],
  ])('is not the connection string %s: %s', (connectionString, words) => {
    const problems = problemsWith({ AzureWebJobsStorage: connectionString });

    expect(problems).toEqual([expect.stringContaining(`${connectionString.length} characters: `)]);
    expect(problems).toEqual([expect.stringContaining(words)]);
    expect(problems.join()).not.toContain('a2V5');
  });

  test.each([
    ['global', 'core.windows.net'],
    ['usgov', 'core.usgovcloudapi.net'],
    ['dod', 'core.usgovcloudapi.net'],
    ['china', 'core.chinacloudapi.cn'],
  ])('is an account by name, in the cloud %s under %s', (cloud, suffix) => {
    expect(storage({ ANCHORWATCH_CLOUD: cloud, AzureWebJobsStorage__accountName: 'stanchor' })).toEqual({
      kind: 'identity',
      tableServiceUri: `https://stanchor.table.${suffix}`,
      queueServiceUri: `https://stanchor.queue.${suffix}`,
    });
  });

  test('is the addresses of its services, which come before the name', () => {
    expect(
      storage({
        AzureWebJobsStorage__accountName: 'stanchor',
        AzureWebJobsStorage__tableServiceUri: 'https://tables.example/',
        AzureWebJobsStorage__clientId: CLIENT,
        AzureWebJobsStorage__credential: 'managedidentity',
      }),
    ).toEqual({
      kind: 'identity',
      tableServiceUri: 'https://tables.example',
      queueServiceUri: 'https://stanchor.queue.core.windows.net',
      clientId: CLIENT,
    });
  });

  test('is never half an identity, nor two ways at once, nor a name that no account can have', () => {
    const uri = { AzureWebJobsStorage__tableServiceUri: 'https://t.example' };

    expect(problemsWith({ AzureWebJobsStorage: '', ...uri })).toEqual([
      expect.stringMatching(/^AzureWebJobsStorage__queueServiceUri: .*found not set/),
    ]);
    expect(problemsWith(uri)).toEqual([
      expect.stringMatching(/^AzureWebJobsStorage: expected one way into the storage account; found two/),
    ]);
    expect(problemsWith({ AzureWebJobsStorage: '', AzureWebJobsStorage__accountName: 'St.Anchor' })).toHaveLength(1);
  });
});
