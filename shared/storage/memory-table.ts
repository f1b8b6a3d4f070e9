import type { AnchorwatchError } from '../errors.ts';
import type { Range, Stored, Table, Write } from '../ports/state.ts';
import { checkTableSpec, type TableSpec } from '../state/spec.ts';
import { putAll } from './bulk.ts';
import { checkEtag, checkKeys, checkRange } from './checks.ts';
import { fromEntity, toEntity } from './codec.ts';
import { type Entity, placeOf } from './entity.ts';
import { lostRace } from './failures.ts';
import { type EncodedWrite, toTransaction } from './transaction.ts';

interface Kept {
  readonly entity: Entity;
  readonly etag: string;
}

/**
 * A table that lives as long as the process, for a scan without storage and for tests. Its rows go through the same codec as in
 * Table Storage, so that it shares no object with its callers, and refuses and answers the same.
 */
export function memoryTable<Row extends object>(spec: TableSpec<Row>): Table<Row> {
  checkTableSpec(spec);
  return new MemoryTable(spec);
}

class MemoryTable<Row extends object> implements Table<Row> {
  readonly #spec: TableSpec<Row>;
  readonly #partitions = new Map<string, Map<string, Kept>>();
  #writes = 0;

  constructor(spec: TableSpec<Row>) {
    this.#spec = spec;
  }

  async get(partition: string, key: string): Promise<Stored<Row> | null> {
    checkKeys(this.#spec.name, partition, key);
    const kept = this.#find(partition, key);
    return kept === undefined ? null : this.#read(kept);
  }

  async insert(row: Row): Promise<Stored<Row>> {
    const written = toEntity(this.#spec, row);
    this.#check({ kind: 'insert', entity: written.entity });
    return { row: written.row, etag: this.#write(written.entity) };
  }

  async replace(row: Row, etag: string): Promise<Stored<Row>> {
    const written = toEntity(this.#spec, row);
    checkEtag(etag, placeOf(this.#spec.name, written.entity));
    this.#check({ kind: 'replace', entity: written.entity, etag });
    return { row: written.row, etag: this.#write(written.entity) };
  }

  async put(row: Row): Promise<void> {
    this.#write(toEntity(this.#spec, row).entity);
  }

  putAll(rows: readonly Row[]): Promise<void> {
    return putAll(async (writes) => this.#submit(writes), this.#spec, rows);
  }

  async remove(partition: string, key: string, etag: string): Promise<void> {
    checkKeys(this.#spec.name, partition, key);
    checkEtag(etag, placeOf(this.#spec.name, { partition, key }));
    const kept = this.#find(partition, key);
    if (kept === undefined) return;
    if (kept.etag !== etag) throw this.#lost('changed since it was read', kept.entity);
    this.#partitions.get(partition)?.delete(key);
  }

  async *list(partition: string, range: Range = {}): AsyncGenerator<Stored<Row>> {
    checkKeys(this.#spec.name, partition);
    const { from, to, limit } = checkRange(range);
    const rows = this.#partitions.get(partition) ?? new Map<string, Kept>();
    const keys = [...rows.keys()].filter(
      (key) => (from === undefined || key >= from) && (to === undefined || key < to),
    );
    // Plain `sort` compares UTF-16 units, as the service does.
    for (const key of keys.sort().slice(0, limit)) {
      const kept = rows.get(key);
      if (kept !== undefined) yield this.#read(kept);
    }
  }

  async transact(writes: readonly Write<Row>[]): Promise<void> {
    this.#submit(toTransaction(this.#spec, writes));
  }

  #submit(writes: readonly EncodedWrite[]): void {
    for (const write of writes) this.#check(write);
    for (const { entity } of writes) this.#write(entity);
  }

  #find(partition: string, key: string): Kept | undefined {
    return this.#partitions.get(partition)?.get(key);
  }

  #read(kept: Kept): Stored<Row> {
    return { row: fromEntity(this.#spec, kept.entity), etag: kept.etag };
  }

  /** Throws `conflict` when the write comes too late. */
  #check(write: EncodedWrite): void {
    const { entity } = write;
    const kept = this.#find(entity.partition, entity.key);
    if (write.kind === 'insert' && kept !== undefined) throw this.#lost('is there already', entity);
    if (write.kind === 'replace' && kept === undefined) throw this.#lost('is not there any more', entity);
    if (write.kind === 'replace' && kept?.etag !== write.etag) throw this.#lost('changed since it was read', entity);
  }

  #lost(what: string, entity: Entity): AnchorwatchError {
    return lostRace(`The ${placeOf(this.#spec.name, entity)} ${what}`, { table: this.#spec.name });
  }

  #write(entity: Entity): string {
    this.#writes += 1;
    const etag = `W/"${this.#writes}"`;
    const rows = this.#partitions.get(entity.partition) ?? new Map<string, Kept>();
    this.#partitions.set(entity.partition, rows.set(entity.key, { entity, etag }));
    return etag;
  }
}
