import { createServer } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import type { StorageSettings } from '../../shared/storage/clients.ts';
import { openQueue } from '../../shared/storage/queue.ts';
import { openTable } from '../../shared/storage/table.ts';
import { failure, orderSpec, sampleSpec, testDeps } from './fixtures.ts';

const KEY = 'c2VjcmV0c2VjcmV0c2VjcmV0';

function reading(settings: StorageSettings): Promise<unknown> {
  return openTable(settings, sampleSpec(), testDeps()).get('p', 'a');
}

function sending(settings: StorageSettings): Promise<unknown> {
  return openQueue(settings, orderSpec(), testDeps()).send({ repair: 'a' });
}

describe('a connection string', () => {
  test.each([
    '',
    'garbage',
    `AccountKey=${KEY}`,
    `DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${KEY}`,
    'UseDevelopmentStorage',
  ])('that cannot be read is refused without being shown: %j', async (connectionString) => {
    for (const use of [reading, sending]) {
      const message = await failure(use({ kind: 'connection-string', connectionString }), 'invalid');
      expect(message).not.toContain(KEY);
    }
  });

  test('leads over plain http to this machine alone', async () => {
    const { connectionString } = inject('azurite');
    const away = connectionString.replaceAll('127.0.0.1', 'storage.example.com');
    for (const use of [reading, sending]) {
      const message = await failure(use({ kind: 'connection-string', connectionString: away }), 'invalid');
      expect(message).toContain('http://storage.example.com');
    }
    const local = connectionString.replaceAll('127.0.0.1', 'localhost');
    expect(await reading({ kind: 'connection-string', connectionString: local })).toBeNull();
  });

  test('whose key is wrong is denied, with the way out', async () => {
    const connectionString = inject('azurite').connectionString.replace('AccountKey=Eby8', 'AccountKey=Eby9');
    for (const use of [reading, sending]) {
      expect(await failure(use({ kind: 'connection-string', connectionString }), 'denied')).toContain(
        'connection string',
      );
    }
  });

  test('that leads nowhere says so', async () => {
    const connectionString = inject('azurite').connectionString.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:1');
    for (const use of [reading, sending]) {
      const message = await failure(use({ kind: 'connection-string', connectionString }), 'transient');
      expect(message).toContain('Azure Storage (127.0.0.1:1) refused the connection');
    }
  });
});

describe('a managed identity', () => {
  const away = 'https://127.0.0.1:1/account';

  const asked: URLSearchParams[] = [];
  let status = 200;

  // The endpoint that Functions offers. One for all tests: the library remembers for good where it is.
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://localhost').searchParams);
    const token = {
      access_token: 'a.b.c',
      token_type: 'Bearer',
      expires_on: '4102444800',
      resource: 'https://storage.azure.com',
    };
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify(status === 200 ? token : { error: 'invalid_request' }));
  });

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/token`);
    vi.stubEnv('IDENTITY_HEADER', 'header');
  });
  beforeEach(() => {
    asked.length = 0;
    status = 200;
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    server.close();
  });

  test('asks once for the token of all tables and queues, by client id', async () => {
    const clientId = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
    const settings = { kind: 'identity', tableServiceUri: away, queueServiceUri: away, clientId } as const;
    for (let tables = 0; tables < 3; tables += 1) {
      expect(await failure(reading(settings), 'transient')).toContain('127.0.0.1:1');
    }
    await failure(sending(settings), 'transient');
    expect(asked.map((query) => [query.get('client_id'), query.get('resource')])).toEqual([
      [clientId, 'https://storage.azure.com'],
    ]);
  });

  test('of the system needs no client id', async () => {
    await failure(reading({ kind: 'identity', tableServiceUri: away, queueServiceUri: away }), 'transient');
    expect(asked.map((query) => query.get('client_id'))).toEqual([null]);
  });

  test('that gets no token is denied', async () => {
    status = 400;
    const clientId = '3f2504e0-4f89-41d3-9a0c-0305e82c3303';
    const settings = { kind: 'identity', tableServiceUri: away, queueServiceUri: away, clientId } as const;
    expect(await failure(reading(settings), 'denied')).toContain('Storage Table Data Contributor');
  });

  test.each(['http://127.0.0.1:1/account', 'account.table.core.windows.net', ''])(
    'sends its token over https alone, not to %j',
    async (uri) => {
      const settings = { kind: 'identity', tableServiceUri: uri, queueServiceUri: uri } as const;
      for (const use of [reading, sending]) {
        expect(await failure(use(settings), 'invalid')).toContain('must begin with https://');
      }
    },
  );
});
