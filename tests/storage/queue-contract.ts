import { expect, test } from 'vitest';
import type { Queue } from '../../shared/ports/queue.ts';
import type { QueueSpec } from '../../shared/state/spec.ts';
import { DAY, SECOND } from '../../shared/time.ts';
import { failure, type Order, orderSpec, testClock, type TestClock } from './fixtures.ts';

interface Opened {
  readonly queue: Queue<Order>;
  /** A message that can be seen now, as a trigger gets it; null when there is none. */
  readonly take: () => Promise<Order | null>;
  /** All messages, also those that cannot be seen yet. */
  readonly count: () => Promise<number>;
}

type Open = (spec: QueueSpec<Order>, clock: TestClock) => Promise<Opened>;

/** What a queue promises, whichever face it has. */
export function queueContract(open: Open): void {
  test('gives every message once sent', async () => {
    const { queue, take, count } = await open(orderSpec(), testClock());
    const orders = ['a', 'ü 😀', '<c> & "d"'].map((repair) => ({ repair }));
    for (const order of orders) await queue.send(order);
    expect(await count()).toBe(3);
    const taken = [await take(), await take(), await take()];
    expect(new Set(taken.map((order) => order?.repair))).toEqual(new Set(orders.map((order) => order.repair)));
    expect(await take()).toBeNull();
  });

  test('keeps a delayed message from being seen', async () => {
    const { queue, take, count } = await open(orderSpec(), testClock());
    await queue.send({ repair: 'late' }, 7 * DAY);
    await queue.send({ repair: 'soon' }, 60 * SECOND);
    expect(await take()).toBeNull();
    expect(await count()).toBe(2);
  });

  test.each([-1, 7 * DAY + 1, Number.NaN, Number.POSITIVE_INFINITY])('refuses the delay %d', async (delay) => {
    const { queue, count } = await open(orderSpec(), testClock());
    await queue.send({ repair: 'a' });
    await failure(queue.send({ repair: 'b' }, delay), 'invalid');
    expect(await count()).toBe(1);
  });

  test('takes 48 KiB and refuses one byte more', async () => {
    const { queue, take } = await open(orderSpec(), testClock());
    const largest = 'x'.repeat(48 * 1024 - JSON.stringify({ repair: '' }).length);
    await queue.send({ repair: largest });
    expect((await take())?.repair).toBe(largest);
    expect(await failure(queue.send({ repair: `${largest}x` }), 'invalid')).toContain('49153 bytes, 49152 fit');
  });

  test('refuses a message that its schema refuses, and leaves out what the schema does not name', async () => {
    const { queue, take } = await open(orderSpec(), testClock());
    expect(await failure(queue.send({ repair: 'a', step: Number.NaN }), 'invalid')).toContain('step: ');
    const order = { repair: 'a', token: 'secret' };
    await queue.send(order);
    expect(await take()).toEqual({ repair: 'a' });
  });

  test('shares nothing with the sender', async () => {
    const { queue, take } = await open(orderSpec(), testClock());
    const order = { repair: 'a' };
    await queue.send(order);
    order.repair = 'changed';
    expect(await take()).toEqual({ repair: 'a' });
  });
}
