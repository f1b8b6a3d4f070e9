import { type QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { beforeAll, expect, inject, test, vi } from 'vitest';
import { byHand } from '../../local/host/byhand.ts';
import type { App } from '../../local/host/core.ts';
import type { QueueOptions } from '../../local/host/hostfile.ts';
import { createInvoker } from '../../local/host/invoke.ts';
import { listenToQueue, type QueueListener } from '../../local/host/queues.ts';
import { statusFiles } from '../../local/host/schedule.ts';
import type { Triggers } from '../../local/host/triggers.ts';
import { MINUTE } from '../../shared/time.ts';
import { type ManualClock, manualClock } from './clock.ts';
import {
  type Behaviour,
  behave,
  eventually,
  type LogLine,
  loadRecorder,
  type RecordedCall,
  recordingLog,
} from './recorder.ts';

const service = QueueServiceClient.fromConnectionString(inject('azurite').connectionString);
let app: App;
let triggers: Triggers;

beforeAll(async () => {
  ({ app, triggers } = await loadRecorder(inject('azurite').connectionString, recordingLog().log));
});

const OPTIONS: QueueOptions = {
  batchSize: 4,
  newBatchThreshold: 0,
  maxDequeueCount: 3,
  visibilityTimeout: 0,
  maxPollingInterval: MINUTE,
  messageEncoding: 'base64',
};

interface Bench {
  readonly queue: QueueClient;
  readonly poison: QueueClient;
  readonly clock: ManualClock;
  readonly listener: QueueListener;
  readonly calls: readonly RecordedCall[];
  readonly lines: readonly LogLine[];
  readonly send: (text: string) => Promise<void>;
  /** Looks once and waits for what that began. */
  readonly turn: () => Promise<number>;
}

/** A listener on a queue of its own. */
async function bench(behaviour: Behaviour, options: Partial<QueueOptions> = {}, isPoison = false): Promise<Bench> {
  const queue = service.getQueueClient(`q-${crypto.randomUUID().slice(0, 18)}${isPoison ? '-poison' : ''}`);
  const poison = service.getQueueClient(`${queue.name}-poison`);
  await queue.create();
  const clock = manualClock(Date.parse('2026-11-23T10:00:00Z'));
  const { log, lines } = recordingLog();
  const { invoke } = createInvoker(app, { clock, log, functionTimeout: null, overrun: () => undefined });
  const fn = triggers.queues.find(({ name }) => name === (isPoison ? 'undertaker' : 'worker'))!;
  const parts = { clock, log, invoke, options: { ...OPTIONS, ...options }, lock: 10 * MINUTE, queue };
  const listener = listenToQueue({ ...fn, queue: queue.name }, { ...parts, poison: isPoison ? null : poison });
  return {
    queue,
    poison,
    clock,
    listener,
    lines,
    calls: behave(behaviour),
    send: async (text) => void (await queue.sendMessage(Buffer.from(text).toString('base64'))),
    turn: async () => {
      const found = await listener.poll();
      await listener.settle();
      return found;
    },
  };
}

async function count(queue: QueueClient): Promise<number> {
  return (await queue.getProperties()).approximateMessagesCount ?? 0;
}

test('a message is handed over as JSON with its metadata, and deleted after the call', async () => {
  const { queue, calls, send, turn } = await bench(() => undefined);
  await send('{"repair":"r-1"}');

  await turn();

  expect(calls.map(({ name, input }) => ({ name, input }))).toEqual([{ name: 'worker', input: { repair: 'r-1' } }]);
  expect(calls[0]!.context.triggerMetadata).toEqual({
    queueTrigger: { repair: 'r-1' },
    dequeueCount: 1,
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    popReceipt: expect.any(String),
    insertionTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\+00:00$/),
    expirationTime: expect.any(String),
    nextVisibleTime: expect.any(String),
  });
  expect(await count(queue)).toBe(0);
});

test.each([
  ['42', 42],
  ['"text"', 'text'],
  ['{"half":', '{"half":'],
  ['plain', 'plain'],
])('the text %s arrives as %j', async (text, input) => {
  const { calls, send, turn } = await bench(() => undefined);
  await send(text);

  await turn();

  expect(calls[0]!.input).toEqual(input);
});

test('a message of a queue without encoding is taken as it is', async () => {
  const { queue, calls, turn } = await bench(() => undefined, { messageEncoding: 'none' });
  await queue.sendMessage('{"a":1}');

  await turn();

  expect(calls[0]!.input).toEqual({ a: 1 });
});

test('a message that fails comes back with a higher count, and at the last count it is copied to the poison queue and deleted', async () => {
  const { queue, poison, calls, send, turn } = await bench(() => {
    throw new Error('no luck');
  });
  await send('{"repair":"r-1"}');

  const found = [await turn(), await turn(), await turn(), await turn()];
  const moved = await poison.receiveMessages();

  expect(found).toEqual([1, 1, 1, 0]);
  expect(calls.map(({ context }) => context.triggerMetadata?.dequeueCount)).toEqual([1, 2, 3]);
  expect(moved.receivedMessageItems.map(({ messageText }) => Buffer.from(messageText, 'base64').toString())).toEqual([
    '{"repair":"r-1"}',
  ]);
  expect(await count(queue)).toBe(0);
});

test('a failed message stays unseen for visibilityTimeout', async () => {
  const { queue, send, turn } = await bench(
    () => {
      throw new Error('no luck');
    },
    { visibilityTimeout: MINUTE },
  );
  await send('1');

  const found = [await turn(), await turn()];

  expect(found).toEqual([1, 0]);
  expect(await count(queue)).toBe(1);
});

test('a message that was taken too often without an end goes to the poison queue without a call', async () => {
  const { queue, poison, calls, send, turn } = await bench(() => undefined);
  await send('1');
  for (let taken = 0; taken < 3; taken++) {
    const { receivedMessageItems } = await queue.receiveMessages();
    const { messageId, popReceipt } = receivedMessageItems[0]!;
    await queue.updateMessage(messageId, popReceipt, undefined, 0);
  }

  await turn();

  expect(calls).toEqual([]);
  expect([await count(queue), await count(poison)]).toEqual([0, 1]);
});

test('a message that is not base64 goes to the poison queue as it is', async () => {
  const { queue, poison, calls, turn } = await bench(() => undefined);
  await queue.sendMessage('{"not":"base64"}');

  await turn();
  const moved = await poison.receiveMessages();

  expect(calls).toEqual([]);
  expect(moved.receivedMessageItems.map(({ messageText }) => messageText)).toEqual(['{"not":"base64"}']);
  expect(await count(queue)).toBe(0);
});

test('a poison queue has no poison queue: what fails there stays unseen', async () => {
  const { queue, poison, calls, send, turn } = await bench(
    () => {
      throw new Error('no luck');
    },
    { maxDequeueCount: 1 },
    true,
  );
  await send('1');

  const found = [await turn(), await turn()];

  expect(found).toEqual([1, 0]);
  expect(calls.map(({ name }) => name)).toEqual(['undertaker']);
  expect(await count(queue)).toBe(1);
  expect(await poison.exists()).toBe(false);
});

test('the lock is renewed at half its time, and the message is deleted with the newest receipt', async () => {
  const release = Promise.withResolvers<void>();
  const { queue, clock, calls, listener, send } = await bench(() => release.promise);
  const renewals = vi.spyOn(queue, 'updateMessage');
  await send('1');
  await listener.poll();
  const wait = await clock.parked();

  clock.advance(wait);
  await clock.parked();
  clock.advance(wait);
  await clock.parked();
  const stale = queue.deleteMessage(
    String(calls[0]!.context.triggerMetadata?.id),
    String(calls[0]!.context.triggerMetadata?.popReceipt),
  );
  await expect(stale).rejects.toMatchObject({ code: 'PopReceiptMismatch' });
  release.resolve();
  await listener.settle();

  expect(wait).toBe(5 * MINUTE);
  expect(renewals.mock.calls.map(([, , , visibility]) => visibility)).toEqual([600, 600]);
  expect(await count(queue)).toBe(0);
  expect(clock.waits()).toBe(0);
});

test('a lock that could not be renewed is asked for again sooner', async () => {
  const release = Promise.withResolvers<void>();
  const { queue, clock, listener, lines, send } = await bench(() => release.promise);
  vi.spyOn(queue, 'updateMessage').mockRejectedValueOnce(new Error('storage is away'));
  await send('1');
  await listener.poll();
  clock.advance(await clock.parked());

  const sooner = await clock.parked();
  clock.advance(sooner);
  const usual = await clock.parked();
  release.resolve();
  await listener.settle();

  expect([sooner, usual]).toEqual([2.5 * MINUTE, 5 * MINUTE]);
  expect(lines.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
    'Message lock not renewed',
  ]);
  expect(await count(queue)).toBe(0);
});

test('a message that somebody else took meanwhile is left to them', async () => {
  const { queue, lines, send, turn } = await bench(async ({ context }) => {
    const { id, popReceipt } = context.triggerMetadata ?? {};
    await queue.updateMessage(String(id), String(popReceipt), undefined, 60);
  });
  await send('1');

  await turn();

  expect(await count(queue)).toBe(1);
  expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
});

test('no more than batchSize calls run at a time, and more begin only when newBatchThreshold are left', async () => {
  const releases: (() => void)[] = [];
  const { queue, clock, calls, listener, send } = await bench(
    () => new Promise<void>((resolve) => void releases.push(resolve)),
    {
      batchSize: 2,
      newBatchThreshold: 1,
    },
  );
  const looks = vi.spyOn(queue, 'receiveMessages');
  for (const text of ['1', '2', '3']) await send(text);
  const stopping = new AbortController();
  const running = listener.run(stopping.signal);
  await eventually(() => expect(calls).toHaveLength(2));
  const before = looks.mock.calls.length;

  releases[0]!();
  await eventually(() => expect(calls).toHaveLength(3));
  releases[1]!();
  releases[2]!();
  await eventually(() => expect(clock.waits()).toBe(1));
  stopping.abort();
  await running;

  expect(before).toBe(1);
  expect(await count(queue)).toBe(0);
});

test('an empty queue is looked at less and less often, up to maxPollingInterval, and at once again after a find', async () => {
  const { queue, clock, listener, send } = await bench(() => undefined, { maxPollingInterval: 500 });
  const stopping = new AbortController();
  const running = listener.run(stopping.signal);
  const pauses: number[] = [];
  async function look(): Promise<void> {
    const pause = await clock.parked();
    pauses.push(pause);
    clock.advance(pause);
  }

  for (let turn = 0; turn < 5; turn++) await look();
  await clock.parked();
  await send('1');
  await look();
  await eventually(async () => expect(await count(queue)).toBe(0));
  await look();
  stopping.abort();
  await running;

  expect(pauses).toEqual([100, 200, 400, 500, 500, 500, 100]);
});

test('a queue that does not exist yet is waited for, and none is made', async () => {
  const { queue, clock, listener, lines } = await bench(() => undefined);
  await queue.delete();
  const stopping = new AbortController();

  const running = listener.run(stopping.signal);
  await clock.parked();
  stopping.abort();
  await running;

  expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
  expect(await queue.exists()).toBe(false);
});

test('a queue that cannot be read is said so once, and read again later', async () => {
  const { queue, clock, calls, listener, lines, send } = await bench(() => undefined);
  const away = new Error('storage is away');
  vi.spyOn(queue, 'receiveMessages').mockRejectedValueOnce(away).mockRejectedValueOnce(away);
  await send('1');
  const stopping = new AbortController();

  const running = listener.run(stopping.signal);
  clock.advance(await clock.parked());
  clock.advance(await clock.parked());
  await eventually(() => expect(calls).toHaveLength(1));
  stopping.abort();
  await running;

  const told = lines
    .filter(({ message }) => message.startsWith('Queue'))
    .map(({ level, message }) => `${level} ${message}`);
  expect(told).toEqual(['error Queue not read', 'info Queue read again']);
});

test('a call by hand gets its input as the text of a message', async () => {
  const called = Promise.withResolvers<void>();
  const { clock, calls } = await bench(() => called.resolve());
  const { log } = recordingLog();
  const { invoke } = createInvoker(app, { clock, log, functionTimeout: null, overrun: () => undefined });
  const run = byHand(triggers, { clock, log, invoke, statuses: statusFiles('nowhere') });

  const known = [run('worker', '{"repair":"r-1"}'), run('open', null), run('nobody', null)];
  await called.promise;

  expect(known).toEqual([true, false, false]);
  expect(calls[0]!.input).toEqual({ repair: 'r-1' });
  expect(calls[0]!.context.triggerMetadata).toMatchObject({ dequeueCount: 0 });
});
