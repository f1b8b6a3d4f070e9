import { TableClient } from '@azure/data-tables';
import { QueueServiceClient } from '@azure/storage-queue';
import { describe, expect, inject, test } from 'vitest';
import { decodeMessage } from '../../shared/state/messages.ts';
import { openQueue } from '../../shared/storage/queue.ts';
import { openTable } from '../../shared/storage/table.ts';
import { collect, failure, sampleRow, sampleSpec, settingsOf, testDeps } from './fixtures.ts';
import { queueContract } from './queue-contract.ts';
import { tableContract } from './table-contract.ts';

const { connectionString } = inject('azurite');
const settings = settingsOf(connectionString);

describe('a table of Azure Table Storage', () => {
  tableContract((spec) => openTable(settings, spec, testDeps()));
});

describe('a queue of Azure Queue Storage', () => {
  queueContract(async (spec, clock) => {
    const client = QueueServiceClient.fromConnectionString(connectionString).getQueueClient(spec.name);
    return {
      queue: openQueue(settings, spec, testDeps(clock)),
      async take() {
        const { receivedMessageItems } = await client.receiveMessages({ numberOfMessages: 1, visibilityTimeout: 60 });
        const [item] = receivedMessageItems;
        if (item === undefined) return null;
        return decodeMessage(spec.schema, Buffer.from(item.messageText, 'base64').toString());
      },
      async count() {
        return (await client.getProperties()).approximateMessagesCount ?? 0;
      },
    };
  });
});

describe('a row that something else wrote into the table', () => {
  const sound = { id: 'a', group: 'p', text: 'x', at: 1, open: true, note__json: 'null', list__json: '[]', v: 1 };
  const bytes = new Uint8Array(1);

  test.each([
    ['nothing but keys', {}, 'no schema version'],
    ['no bytes', sound, 'bytes: '],
    ['a 64-bit number', { ...sound, bytes, at: 1n }, 'at: '],
    ['a date', { ...sound, bytes, at: new Date(0) }, 'at: '],
    ['a GUID', { ...sound, bytes, text: { type: 'Guid', value: '3f2504e0-4f89-41d3-9a0c-0305e82c3301' } }, 'text: '],
    ['broken JSON', { ...sound, bytes, list__json: '[' }, 'Field "list"'],
    ['a newer version', { ...sound, bytes, v: 2 }, 'schema version 2'],
    ['other keys inside', { ...sound, bytes, id: 'b' }, 'belongs under'],
  ])('is named, with its place: %s', async (_, columns, named) => {
    const spec = sampleSpec();
    const table = openTable(settings, spec, testDeps());
    await table.put(sampleRow('p', 'before'));
    const client = TableClient.fromConnectionString(connectionString, spec.name, { allowInsecureConnection: true });
    await client.createEntity({ partitionKey: 'p', rowKey: 'a', ...columns });
    for (const work of [table.get('p', 'a'), collect(table.list('p'))]) {
      const message = await failure(work, 'invalid');
      expect(message).toContain(named);
      expect(message).toContain(`row "p" / "a" of table "${spec.name}"`);
    }
    await table.put(sampleRow('p', 'a'));
    expect((await table.get('p', 'a'))?.row).toEqual(sampleRow('p', 'a'));
  });

  test('may use plain numbers, as a storage browser writes them', async () => {
    const spec = sampleSpec();
    const table = openTable(settings, spec, testDeps());
    await table.put(sampleRow('p', 'a'));
    const client = TableClient.fromConnectionString(connectionString, spec.name, { allowInsecureConnection: true });
    await client.updateEntity({ partitionKey: 'p', rowKey: 'a', at: 7 }, 'Merge');
    expect((await table.get('p', 'a'))?.row.at).toBe(7);
  });
});
