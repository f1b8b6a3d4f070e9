import { expect, test } from 'vitest';
import { several } from '../shared/several.ts';

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
