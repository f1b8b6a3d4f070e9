import { expect, test } from 'vitest';
import type { LogFields } from '../../shared/ports/log.ts';
import { memoryPageStore } from '../../shared/rosters/memory.ts';
import { logProgress, type Progress } from '../../shared/rosters/progress.ts';
import { SECOND } from '../../shared/time.ts';
import { readersOf, testClock } from './readers.ts';
import { readSlice } from './run.ts';
import { NOW, tenantOf } from './tenant.ts';

test('progress is told after each page, with the rows of earlier calls and what is expected', async () => {
  const readers = readersOf(tenantOf(11), { pageSize: 4 });
  const store = memoryPageStore();
  const told: Progress[] = [];
  const onPage = (progress: Progress): void => {
    told.push(progress);
  };
  const expected = { assignments: 12 };
  await readSlice(readers, store, { until: NOW, onPage, expected });
  await readSlice(readers, store, { until: Infinity, onPage, expected });
  const users = told.filter(({ list }) => list === 'users');
  expect(users.map(({ pages, rows, expected: all, done }) => [pages, rows, all, done])).toEqual([
    [1, 4, 11, false],
    [2, 8, 11, false],
    [3, 11, 11, true],
  ]);
  expect(told.filter(({ list }) => list === 'assignments').map((one) => one.expected)).toEqual([12, 12, 12]);
  expect(told.filter(({ list }) => list === 'deleted').map((one) => one.expected)).toEqual([0]);
});

test('log lines come every so often for each list, and when it is done', () => {
  const clock = testClock();
  const lines: [string, LogFields | undefined][] = [];
  const log = {
    debug: ignore,
    info: (message: string, fields?: LogFields) => lines.push([message, fields]),
    warn: ignore,
    error: ignore,
  };
  const onPage = logProgress(log, clock, 15 * SECOND);
  const at = { list: 'users', label: 'Entra users', expected: 100_000, done: false } as const;
  for (let pages = 1; pages <= 10; pages += 1) {
    onPage({ ...at, pages, rows: pages * 999 });
    clock.at += 4 * SECOND;
  }
  onPage({ ...at, pages: 11, rows: 10_500, done: true });
  onPage({ ...at, list: 'deleted', pages: 1, rows: 3, done: false });
  expect(lines.map(([message, fields]) => [message, fields?.['list'], fields?.['pages']])).toEqual([
    ['reading list', 'users', 1],
    ['reading list', 'users', 5],
    ['reading list', 'users', 9],
    ['list read', 'users', 11],
    ['reading list', 'deleted', 1],
  ]);
});

test('log lines come every fifteen seconds, unless another time is given', () => {
  const clock = testClock();
  const seconds: number[] = [];
  const log = { debug: ignore, info: () => seconds.push((clock.at - NOW) / SECOND), warn: ignore, error: ignore };
  const onPage = logProgress(log, clock);
  for (; clock.at <= NOW + 31 * SECOND; clock.at += SECOND)
    onPage({ list: 'users', label: 'Entra users', expected: null, done: false, pages: 1, rows: 1 });
  expect(seconds).toEqual([0, 15, 30]);
});

function ignore(): void {}
