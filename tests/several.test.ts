import { expect, test } from 'vitest';
import { both, several } from '../shared/several.ts';

test('everything is done once, and only so much at a time', async () => {
  const done: number[] = [];
  let [running, most] = [0, 0];
  await several(new Set([1, 2, 3, 4, 5, 6, 7]), 3, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    done.push(item);
    running -= 1;
  });
  expect([done.toSorted(), most]).toEqual([[1, 2, 3, 4, 5, 6, 7], 3]);
});

test('after a failure nothing further is begun, what is under way is awaited, and the first failure is thrown', async () => {
  const [begun, ended]: [number[], number[]] = [[], []];
  const work = several([1, 2, 3, 4, 5, 6], 2, async (item) => {
    begun.push(item);
    if (item === 2) throw new Error('the first');
    await new Promise(setImmediate);
    ended.push(item);
    throw new Error('a later one');
  });
  await expect(work).rejects.toThrow('the first');
  expect([begun, ended]).toEqual([[1, 2], [1]]);
});

test('both are done beside each other, and each answer comes in its place', async () => {
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} begins`);
    await new Promise(setImmediate);
    events.push(`${name} ends`);
    return name;
  };
  expect(await both(work('one'), work('other'))).toEqual(['one', 'other']);
  expect(events).toEqual(['one begins', 'other begins', 'one ends', 'other ends']);
});

test.each(['one', 'other'])('when %s fails, its fellow begins nothing further and is awaited', async (failing) => {
  const events: string[] = [];
  const work = (name: string) => async (stop: AbortSignal) => {
    if (name === failing) throw new Error('the first');
    await new Promise(setImmediate);
    events.push('a step');
    stop.throwIfAborted();
    events.push('another step');
  };
  await expect(both(work('one'), work('other'))).rejects.toThrow('the first');
  expect(events).toEqual(['a step']);
});

async function failingLate(): Promise<never> {
  await new Promise(setImmediate);
  throw new Error('the later');
}

test('of two failures the first is thrown', async () => {
  const soon = new Error('the first');
  await expect(both(failingLate, () => Promise.reject(soon))).rejects.toBe(soon);
});
