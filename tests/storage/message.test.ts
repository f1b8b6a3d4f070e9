import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { memoryQueue } from '../../shared/storage/memory-queue.ts';
import { decodeMessage } from '../../shared/state/messages.ts';
import { encodeMessage } from '../../shared/storage/message.ts';
import { SECOND } from '../../shared/time.ts';
import { failure, order, orderSpec, testClock } from './fixtures.ts';

describe('a message as a trigger gets it', () => {
  test('may be the object that the host made of it, or the text when it did not', () => {
    fc.assert(
      fc.property(fc.record({ repair: fc.string({ unit: 'grapheme' }), step: fc.integer() }), (message) => {
        const text = Buffer.from(encodeMessage(orderSpec(), message), 'base64').toString();
        expect(decodeMessage(order, text)).toEqual(message);
        expect(decodeMessage(order, JSON.parse(text))).toEqual(message);
      }),
    );
  });

  test('may be a number or a text where the schema says so', () => {
    expect(decodeMessage(z.number(), 7)).toBe(7);
    expect(decodeMessage(z.number(), '7')).toBe(7);
    expect(decodeMessage(z.string(), 'run-1')).toBe('run-1');
    expect(decodeMessage(z.string(), '"run-1"')).toBe('"run-1"');
  });

  test.each([undefined, null, 7, '', 'not JSON', '[]', '{"repair":7}', { repair: null }, ['a']])(
    'is refused when it is %j',
    async (value) => {
      expect(await failure(() => decodeMessage(order, value), 'invalid')).toContain('cannot be read');
    },
  );

  test('is not shown when it is refused', async () => {
    const message = await failure(() => decodeMessage(order, '{"repair":7,"token":"secret"}'), 'invalid');
    expect(message).toContain('repair: ');
    expect(message).not.toContain('secret');
  });
});

describe('a queue in memory', () => {
  test('gives messages when they are due, the first due first', async () => {
    const clock = testClock();
    const queue = memoryQueue(orderSpec(), clock);
    await queue.send({ repair: 'later' }, 90 * SECOND);
    await queue.send({ repair: 'soon' }, 60 * SECOND);
    await queue.send({ repair: 'now' });
    expect(queue.waiting()).toEqual([
      { message: { repair: 'now' }, due: clock.now() },
      { message: { repair: 'soon' }, due: clock.now() + 60 * SECOND },
      { message: { repair: 'later' }, due: clock.now() + 90 * SECOND },
    ]);
    expect([queue.take(), queue.take()]).toEqual([{ repair: 'now' }, null]);
    clock.advance(90 * SECOND);
    expect([queue.take(), queue.take(), queue.take()]).toEqual([{ repair: 'soon' }, { repair: 'later' }, null]);
    expect(queue.waiting()).toEqual([]);
  });

  test.each(['ab', 'Abc', 'a--b', '-abc', 'abc-', 'a_b_c', 'a'.repeat(64)])('cannot be named %j', async (name) => {
    expect(await failure(() => memoryQueue(orderSpec(name), testClock()), 'invalid')).toContain('queue name');
  });

  test.each(['abc', 'anchorwatch-repairs', 'a'.repeat(63), '3-4'])('can be named %j', (name) => {
    expect(memoryQueue(orderSpec(name), testClock()).waiting()).toEqual([]);
  });
});
