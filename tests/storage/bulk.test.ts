import { expect, inject, test } from 'vitest';
import { AnchorwatchError } from '../../shared/errors.ts';
import { personPartition } from '../../shared/state/keys.ts';
import type { TableSpec } from '../../shared/state/spec.ts';
import { putAll } from '../../shared/storage/bulk.ts';
import { openTable } from '../../shared/storage/table.ts';
import { settingsOf, collect, failure, sampleRow, sampleSpec, type Sample, testDeps } from './fixtures.ts';

const spec: TableSpec<Sample> = { ...sampleSpec(), partition: (row) => personPartition(row.id) };

function people(count: number): Sample[] {
  return Array.from({ length: count }, (_, index) => sampleRow('all', `00u1abcdef${String(index).padStart(10, '0')}`));
}

test('20,000 findings are written and listed', { timeout: 60_000 }, async () => {
  const table = openTable(settingsOf(inject('azurite').connectionString), spec, testDeps());
  const rows = people(20_000);
  await table.putAll(rows);
  const partitions = [...new Set(rows.map((row) => personPartition(row.id)))];
  const listed = await Promise.all(partitions.map((partition) => collect(table.list(partition))));
  expect(partitions).toHaveLength(256);
  expect(new Set(listed.flat().map(({ row }) => row.id))).toEqual(new Set(rows.map(({ id }) => id)));
});

test('transactions are full, and only so many are under way', async () => {
  const sizes: number[] = [];
  let running = 0;
  let most = 0;
  const one: TableSpec<Sample> = { ...spec, partition: () => 'p' };
  await putAll(
    async (writes) => {
      running += 1;
      most = Math.max(most, running);
      sizes.push(writes.length);
      await Promise.resolve();
      running -= 1;
    },
    one,
    people(1_950),
  );
  expect(sizes).toEqual([...Array.from({ length: 19 }, () => 100), 50]);
  expect(most).toBe(8);
});

test('after a failure no further transaction is begun, those under way are awaited, and the failure is thrown', async () => {
  let begun = 0;
  let ended = 0;
  const work = putAll(
    async () => {
      begun += 1;
      const mine = begun;
      await Promise.resolve();
      ended += 1;
      if (mine === 2) throw new AnchorwatchError('throttled', 'busy');
    },
    spec,
    people(2_000),
  );
  expect(await failure(work, 'throttled')).toBe('busy');
  expect(ended).toBe(begun);
  expect(begun).toBeLessThan(20);
});
