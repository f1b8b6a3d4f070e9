import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { openQueue } from '../../shared/storage/queue.ts';
import { openTable } from '../../shared/storage/table.ts';
import { type Fault, type Faulty, faulty, refusal } from './faulty.ts';
import { settingsOf, collect, failure, orderSpec, sampleRow, sampleSpec, testClock, testDeps } from './fixtures.ts';

const { connectionString, tableServiceUri, queueServiceUri } = inject('azurite');
const direct = settingsOf(connectionString);

let service: Faulty;
beforeEach(async () => {
  service = await faulty(tableServiceUri);
});
afterEach(() => service.close());

/** The way to storage that leads through the faults. */
function through(): string {
  return connectionString.replace(new URL(tableServiceUri).origin, service.origin);
}

/** A table that is there already, once through the faults and once past them. */
async function twoWays(clock = testClock()) {
  const spec = sampleSpec();
  const table = openTable(settingsOf(through()), spec, testDeps(clock));
  await table.put(sampleRow('p', 'warm'));
  return { table, past: openTable(direct, spec, testDeps()), clock };
}

describe('a write whose answer is lost', () => {
  test.each([['lost-answer'], ['cut']] as const)('is recognised as our own: an insert (%s)', async (kind) => {
    const { table, past } = await twoWays();
    service.next('POST', { kind: 'lost-answer' }, ...(kind === 'cut' ? [{ kind } as const] : []));
    const written = await table.insert(sampleRow('p', 'a'));
    expect(await past.get('p', 'a')).toEqual(written);
  });

  test('is recognised as our own: a replacement', async () => {
    const { table, past } = await twoWays();
    const { etag } = await table.insert(sampleRow('p', 'a'));
    service.next('PUT', { kind: 'lost-answer' });
    const written = await table.replace(sampleRow('p', 'a', { text: 'ours' }), etag);
    expect(await past.get('p', 'a')).toEqual(written);
  });

  test('is recognised as our own: a transaction', async () => {
    const { table, past } = await twoWays();
    const head = await table.insert(sampleRow('p', 'head'));
    service.next('POST', { kind: 'lost-answer' });
    await table.transact([
      { kind: 'insert', row: sampleRow('p', 'step') },
      { kind: 'replace', row: sampleRow('p', 'head', { text: 'ours' }), etag: head.etag },
    ]);
    expect((await past.get('p', 'head'))?.row.text).toBe('ours');
    expect((await past.get('p', 'step'))?.row.text).toBe('seen');
  });

  test('is done when it was a removal', async () => {
    const { table, past } = await twoWays();
    const { etag } = await table.insert(sampleRow('p', 'a'));
    service.next('DELETE', { kind: 'lost-answer' });
    await table.remove('p', 'a', etag);
    expect(await past.get('p', 'a')).toBeNull();
  });

  test('is a lost race when somebody else wrote meanwhile, though it be the same content', async () => {
    const { table, past } = await twoWays();
    await past.insert(sampleRow('p', 'a'));
    service.next('POST', { kind: 'broken' });
    await failure(table.insert(sampleRow('p', 'a')), 'conflict');

    const head = await past.get('p', 'a');
    await past.replace(sampleRow('p', 'a', { text: 'same' }), head!.etag);
    service.next('PUT', { kind: 'broken' });
    await failure(table.replace(sampleRow('p', 'a', { text: 'same' }), head!.etag), 'conflict');

    service.next('POST', { kind: 'broken' });
    const row = sampleRow('p', 'a', { text: 'same' });
    await failure(table.transact([{ kind: 'replace', row, etag: head!.etag }]), 'conflict');
    service.next('POST', { kind: 'broken' });
    await failure(
      table.transact([
        { kind: 'insert', row: sampleRow('p', 'b') },
        { kind: 'insert', row },
      ]),
      'conflict',
    );
    expect(await past.get('p', 'b')).toBeNull();
  });

  test('is a lost race when the row was removed meanwhile', async () => {
    const { table, past } = await twoWays();
    const { etag } = await past.insert(sampleRow('p', 'a'));
    await past.remove('p', 'a', etag);
    service.next('PUT', { kind: 'broken' });
    await failure(table.replace(sampleRow('p', 'a'), etag), 'conflict');
    expect(await past.get('p', 'a')).toBeNull();
  });

  test('is never repeated against a first clean refusal: the same content by another hand is a lost race', async () => {
    const { table, past } = await twoWays();
    await past.insert(sampleRow('p', 'a'));
    const before = service.seen.length;
    await failure(table.insert(sampleRow('p', 'a')), 'conflict');
    expect(service.seen.slice(before).map(({ method }) => method)).toEqual(['POST']);
  });
});

describe('a request that fails', () => {
  const busy = refusal(503, 'ServerBusy');
  const passing: readonly (readonly [string, Fault])[] = [
    ['a busy server', busy],
    ['too many requests', refusal(429, 'TooManyRequests')],
    ['an internal error', refusal(500, 'InternalError')],
    ['a timeout of the service', refusal(500, 'OperationTimedOut')],
    ['a broken connection', { kind: 'broken' }],
    ['an answer that is cut', { kind: 'cut' }],
    ['a page of a proxy', { kind: 'answer', status: 502, headers: { 'content-type': 'text/html' }, body: '<html>' }],
    [
      'a page of a proxy that says 200',
      { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body: '<html>' },
    ],
    [
      'an entity without its keys',
      { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body: '{}' },
    ],
  ];

  test.each(passing)('is tried again after %s', async (_, fault) => {
    const { table, clock } = await twoWays();
    const written = await table.insert(sampleRow('p', 'a'));
    service.next('GET', fault, fault);
    expect(await table.get('p', 'a')).toEqual(written);
    expect(clock.waits).toHaveLength(2);
  });

  test.each([
    ['throttled', busy],
    ['throttled', refusal(429, 'TooManyRequests')],
    ['transient', refusal(500, 'InternalError')],
    ['transient', { kind: 'broken' }],
  ] as const)('again and again ends as %s', async (kind, fault) => {
    const { table, clock } = await twoWays();
    service.next('GET', fault, fault, fault, fault);
    const message = await failure(table.get('p', 'a'), kind);
    expect(message).toContain('Reading the row "p" / "a"');
    expect(message).toContain('4 attempts');
    expect(clock.waits).toHaveLength(3);
  });

  test('waits as long as the server asks', async () => {
    const { table, clock } = await twoWays();
    service.next('GET', refusal(503, 'ServerBusy', { 'retry-after': '7' }));
    expect(await table.get('p', 'a')).toBeNull();
    expect(clock.waits).toEqual([7_000]);
  });

  test('goes to the caller when the server asks for more time than a call has', async () => {
    const { table, clock } = await twoWays();
    service.next('GET', refusal(503, 'ServerBusy', { 'retry-after': '60' }));
    await failure(table.get('p', 'a'), 'throttled');
    expect(clock.waits).toEqual([]);
  });

  test.each([
    ['denied', refusal(403, 'AuthorizationPermissionMismatch'), 'Storage Table Data Contributor'],
    ['denied', refusal(401, 'InvalidAuthenticationInfo'), 'Storage Table Data Contributor'],
    ['invalid', refusal(400, 'InvalidInput'), '400 InvalidInput'],
    ['invalid', refusal(413, 'RequestBodyTooLarge'), '413 RequestBodyTooLarge'],
  ] as const)('for good is not tried again: %s', async (kind, fault, named) => {
    const { table, clock } = await twoWays();
    const requests = {
      GET: () => table.get('p', 'a'),
      PUT: () => table.put(sampleRow('p', 'a')),
      POST: () => table.transact([{ kind: 'insert', row: sampleRow('p', 'a') }]),
      DELETE: () => table.remove('p', 'a', 'W/"1"'),
    };
    for (const [method, request] of Object.entries(requests)) {
      service.next(method, fault);
      expect(await failure(request(), kind)).toContain(named);
    }
    expect(clock.waits).toEqual([]);
  });

  test('to answer in time is given up and tried again', async () => {
    const { table, clock } = await twoWays();
    service.next('GET', { kind: 'silence', reached: () => clock.expire() });
    expect(await table.get('p', 'a')).toBeNull();
    for (let tries = 0; tries < 4; tries += 1) service.next('GET', { kind: 'silence', reached: () => clock.expire() });
    expect(await failure(table.get('p', 'a'), 'transient')).toContain('10 seconds');
  });

  test('in a transaction for one write, without saying why, is not taken for done', async () => {
    const { table, past } = await twoWays();
    const headers = { 'content-type': 'multipart/mixed; boundary=batchresponse_x' };
    const answers = [
      answered('204 No Content'),
      `${answered('204 No Content')}${answered('503 Service Unavailable')}`,
    ].map(
      (parts) =>
        ({
          kind: 'answer',
          status: 202,
          headers,
          body: `--batchresponse_x\r\n${parts}--changesetresponse_x--`,
        }) as const,
    );
    service.next('POST', ...answers);
    await table.transact([
      { kind: 'insert', row: sampleRow('p', 'a') },
      { kind: 'insert', row: sampleRow('p', 'b') },
    ]);
    expect(await past.get('p', 'b')).not.toBeNull();
  });
});

/** The answer to one write inside the answer to a transaction. */
function answered(status: string): string {
  return `--changesetresponse_x\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 ${status}\r\n\r\n\r\n`;
}

describe('a list', () => {
  const empty: Fault = {
    kind: 'answer',
    status: 200,
    headers: {
      'content-type': 'application/json',
      'x-ms-continuation-nextpartitionkey': 'cA==',
      'x-ms-continuation-nextrowkey': 'YQ==',
    },
    body: '{"value":[]}',
  };

  test('goes on after an empty page that has a token', async () => {
    const { table } = await twoWays();
    for (const id of ['a', 'b', 'c']) await table.insert(sampleRow('p', id));
    service.next('GET', empty, empty);
    expect((await collect(table.list('p', { from: 'a', to: 'c' }))).map(({ row }) => row.id)).toEqual(['a', 'b']);
    const asked = service.seen
      .filter(({ method }) => method === 'GET')
      .map(({ path }) => new URL(path, service.origin));
    expect(asked).toHaveLength(3);
    expect(new Set(asked.map(({ searchParams }) => searchParams.get('$filter')))).toEqual(
      new Set(["PartitionKey eq 'p' and RowKey ge 'a' and RowKey lt 'c'"]),
    );
    expect(asked.map(({ searchParams }) => searchParams.get('NextRowKey'))).toEqual([null, 'YQ==', 'YQ==']);
  });

  test('asks again for the page that failed, not for those it had', async () => {
    const { table, past } = await twoWays();
    const rows = Array.from({ length: 1_050 }, (_, index) => sampleRow('q', String(index).padStart(4, '0')));
    await past.putAll(rows);
    const ids: string[] = [];
    for await (const { row } of table.list('q')) {
      if (ids.push(row.id) === 1) service.next('GET', { kind: 'broken' });
    }
    expect(ids).toEqual(rows.map(({ id }) => id));
  });

  test('asks for no more than its limit', async () => {
    const { table } = await twoWays();
    await collect(table.list('p', { limit: 3 }));
    expect(service.seen.at(-1)?.path).toContain('top=3');
  });
});

describe('the table itself', () => {
  test('is created once, however many ask at once', async () => {
    const table = openTable(settingsOf(through()), sampleSpec(), testDeps());
    await Promise.all(Array.from({ length: 10 }, (_, index) => table.put(sampleRow('p', `k${index}`))));
    expect(service.seen.filter(({ path }) => path.includes('/Tables'))).toHaveLength(1);
  });

  test('may be created by several at once', async () => {
    const spec = sampleSpec();
    const tables = Array.from({ length: 5 }, () => openTable(direct, spec, testDeps()));
    await Promise.all(tables.map((table, index) => table.insert(sampleRow('p', `k${index}`))));
    expect(await collect(tables[0]!.list('p'))).toHaveLength(5);
  });

  test('is asked for again when it could not be created', async () => {
    const table = openTable(settingsOf(through()), sampleSpec(), testDeps());
    service.next('POST', refusal(409, 'TableBeingDeleted'), refusal(403, 'AuthorizationFailure'));
    await failure(table.put(sampleRow('p', 'a')), 'denied');
    await table.put(sampleRow('p', 'a'));
    expect((await table.get('p', 'a'))?.row.id).toBe('a');
  });

  test('is created again when somebody deletes it, by whoever writes next', async () => {
    const { table } = await twoWays();
    service.next('GET', refusal(404, 'TableNotFound'));
    service.next('PUT', refusal(404, 'TableNotFound'));
    const before = service.seen.length;
    expect(await table.get('p', 'warm')).toBeNull();
    await table.put(sampleRow('p', 'warm'));
    expect(service.seen.slice(before).map(({ method }) => method)).toEqual(['GET', 'PUT', 'POST', 'PUT']);
  });

  test('is empty, and is not created, for whoever only looks', async () => {
    const table = openTable(settingsOf(through()), sampleSpec(), testDeps());
    expect(await table.get('p', 'a')).toBeNull();
    expect(await collect(table.list('p'))).toEqual([]);
    expect(await collect(table.list('p', { from: 'a', limit: 3 }))).toEqual([]);
    await table.remove('p', 'a', 'W/"1"');
    expect(service.seen.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'DELETE']);
    expect(service.seen.filter(({ path }) => path.includes('/Tables'))).toEqual([]);
  });
});

describe('a queue', () => {
  test('is sent to again after a broken connection: better twice than never', async () => {
    const queues = await faulty(queueServiceUri);
    const throughQueues = connectionString.replace(new URL(queueServiceUri).origin, queues.origin);
    const queue = openQueue(settingsOf(throughQueues), orderSpec(), testDeps());
    queues.next('POST', { kind: 'broken' }, { kind: 'lost-answer' });
    await queue.send({ repair: 'a' });
    expect(queues.seen.map(({ method }) => method)).toEqual(['PUT', 'POST', 'POST', 'POST']);
    queues.next('POST', { kind: 'answer', status: 403, body: '' });
    expect(await failure(queue.send({ repair: 'a' }), 'denied')).toContain('Storage Queue Data Contributor');
    await queues.close();
  });

  test('never lets a message expire', async () => {
    const queues = await faulty(queueServiceUri);
    const throughQueues = connectionString.replace(new URL(queueServiceUri).origin, queues.origin);
    const queue = openQueue(settingsOf(throughQueues), orderSpec(), testDeps());
    await queue.send({ repair: 'a' }, 1_500);
    const { searchParams } = new URL(queues.seen.at(-1)!.path, queues.origin);
    expect(searchParams.get('messagettl')).toBe('-1');
    expect(searchParams.get('visibilitytimeout')).toBe('2');
    await queues.close();
  });
});
