import { AnchorwatchError } from '../../shared/errors.ts';
import type { Range, Stored, Table, Write } from '../../shared/ports/state.ts';
import type { TableSpec } from '../../shared/state/spec.ts';

/**
 * A table that keeps rows as they are: rows are never changed in place, so that nothing need be copied. That rows survive the codec is
 * for the contract suite of the tables to show; here they are written and read millions of times.
 */
export function plainTable<Row extends object>(spec: TableSpec<Row>): Table<Row> {
  const partitions = new Map<string, Map<string, Stored<Row>>>();
  let writes = 0;

  function partitionOf(name: string): Map<string, Stored<Row>> {
    const found = partitions.get(name) ?? new Map<string, Stored<Row>>();
    partitions.set(name, found);
    return found;
  }

  function check({ row, ...write }: Write<Row>): void {
    const kept = partitionOf(spec.partition(row)).get(spec.key(row));
    if (write.kind === 'insert' && kept !== undefined) throw lost('is there already');
    if (write.kind === 'replace' && kept?.etag !== write.etag) throw lost('changed since it was read');
  }

  function keep(row: Row): Stored<Row> {
    writes += 1;
    const stored = { row, etag: String(writes) };
    partitionOf(spec.partition(row)).set(spec.key(row), stored);
    return stored;
  }

  const table: Table<Row> = {
    get: async (partition, key) => partitionOf(partition).get(key) ?? null,
    async insert(row) {
      check({ kind: 'insert', row });
      return keep(row);
    },
    async replace(row, etag) {
      check({ kind: 'replace', row, etag });
      return keep(row);
    },
    async put(row) {
      keep(row);
    },
    async putAll(rows) {
      for (const row of rows) keep(row);
    },
    async remove(partition, key, etag) {
      const kept = partitionOf(partition).get(key);
      if (kept === undefined) return;
      if (kept.etag !== etag) throw lost('changed since it was read');
      partitionOf(partition).delete(key);
    },
    async *list(partition, { from, to, limit }: Range = {}) {
      const keys = [...partitionOf(partition).keys()].filter(
        (key) => (from === undefined || key >= from) && (to === undefined || key < to),
      );
      for (const key of keys.sort().slice(0, limit)) {
        const kept = partitionOf(partition).get(key);
        if (kept !== undefined) yield kept;
      }
    },
    async transact(all) {
      for (const write of all) check(write);
      for (const { row } of all) keep(row);
    },
  };
  return table;
}

function lost(what: string): AnchorwatchError {
  return new AnchorwatchError('conflict', `The row ${what}`);
}
