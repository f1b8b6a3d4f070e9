import { expect, test } from 'vitest';
import type { Took } from '../../bench/scan/contend.ts';
import { type Contest, growthOf, sameResult, sharesOf } from '../../bench/scan/targets.ts';

function took(wall: number, memory: number): Took {
  return { wall, memory, cpu: wall, paired: 1, drifted: 0 };
}

function contest(people: number, ours: Took): Contest {
  return { people, ours, plain: took(500, 500), stock: took(1_000, 1_000) };
}

test.each<[number, number, number, readonly boolean[]]>([
  [10_000, 1_000, 1_000, [true, true]],
  [10_000, 1_001, 1_001, [false, false]],
  [100_000, 650, 650, [true, true]],
  [100_000, 651, 651, [false, false]],
  [300_000, 500, 500, [true, true, true, true]],
  [300_000, 501, 500, [false, true, true, true]],
  [300_000, 701, 626, [false, false, false, false]],
])('a scan of %d people in %d ms and %d kB is held against what its size allows', (people, wall, memory, expected) => {
  expect(sharesOf(contest(people, took(wall, memory))).map(({ isMet }) => isMet)).toEqual(expected);
});

test('ten times the people may take fourteen times the time, without the start of the process', () => {
  const small = contest(10_000, took(1_100, 1));
  const growth = (wall: number) => growthOf([small, contest(30_000, took(1, 1)), contest(100_000, took(wall, 1))], 100);
  expect(growth(14_100)).toMatchObject([{ name: expect.stringContaining('10000 to 100000'), isMet: true }]);
  expect(growth(14_200)).toMatchObject([{ isMet: false }]);
  expect(growthOf([contest(10_000, took(90, 1)), contest(100_000, took(100, 1))], 100)).toMatchObject([
    { isMet: false },
  ]);
});

test('whoever pairs fewer people than the others, or finds fewer drifted, has not won', () => {
  const same = contest(10_000, took(1, 1));
  expect(sameResult(same).isMet).toBe(true);
  expect(sameResult({ ...same, ours: { ...same.ours, paired: 0 } }).isMet).toBe(false);
  expect(sameResult({ ...same, stock: { ...same.stock, drifted: 1 } }).isMet).toBe(false);
});
