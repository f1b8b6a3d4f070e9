import { AnchorwatchError } from '../errors.ts';
import { checkKey } from '../state/keys.ts';

/** What one column can hold. Numbers are always `Edm.Double`: see columns.ts. */
export type Column = string | number | boolean | Uint8Array;

/** A row as the service keeps it. */
export interface Entity {
  readonly partition: string;
  readonly key: string;
  readonly columns: Readonly<Record<string, Column>>;
}

/** An entity read back: its columns may hold anything. */
export interface RawEntity {
  readonly partition: string;
  readonly key: string;
  readonly columns: Readonly<Record<string, unknown>>;
}

// Limits of Table Storage, as documented: learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
// and …/performing-entity-group-transactions.
/** UTF-16 units of a text column: 64 KiB. */
export const MAX_TEXT = 32_768;
/** Bytes of a binary column. */
export const MAX_BINARY = 65_536;
export const MAX_ENTITY = 1_048_576;
export const MAX_WRITES = 100;
export const MAX_TRANSACTION = 4_194_304;
/** 255 properties with PartitionKey, RowKey and Timestamp; one more is kept free for the mark of the writer. */
const MAX_COLUMNS = 251;

/** Headers, boundaries and address of one write inside a transaction: measured at about 700 bytes, plus its keys. */
const WRITE_OVERHEAD = 1_024;
/** A UTF-16 unit takes at most nine bytes in an address: three of UTF-8, each percent-encoded. */
const BYTES_PER_UNIT = 9;

/** A row's place, for messages. */
export function placeOf(table: string, entity: Pick<Entity, 'partition' | 'key'>): string {
  return `row "${entity.partition}" / "${entity.key}" of table "${table}"`;
}

/** Throws `invalid` when the service would refuse the entity: both faces ask here, so that both refuse the same. */
export function checkEntity(table: string, entity: Entity): void {
  checkKey(entity.partition, `The partition of a row of table "${table}"`);
  checkKey(entity.key, `The key of a row of table "${table}"`);
  const columns = Object.keys(entity.columns).length;
  if (columns > MAX_COLUMNS) {
    throw tooMuch(table, entity, `${columns} columns`, MAX_COLUMNS);
  }
  const bytes = Math.max(storedSize(entity), wireSize(entity));
  if (bytes > MAX_ENTITY) throw tooMuch(table, entity, `${bytes} bytes`, MAX_ENTITY);
}

function tooMuch(table: string, entity: Entity, found: string, limit: number): AnchorwatchError {
  return new AnchorwatchError(
    'invalid',
    `Too much for one row: ${placeOf(table, entity)} has ${found}, ${limit} fit. Split it over several rows.`,
    { fields: { table } },
  );
}

/** Bytes by the service's own count: two a UTF-16 unit, names included. */
function storedSize(entity: Entity): number {
  // The Timestamp, which the service adds, and the writer's mark.
  let bytes = 4 + 2 * (entity.partition.length + entity.key.length) + 100;
  for (const [name, value] of Object.entries(entity.columns)) bytes += 8 + 2 * name.length + valueSize(value);
  return bytes;
}

function valueSize(value: Column): number {
  if (typeof value === 'string') return 4 + 2 * value.length;
  return value instanceof Uint8Array ? 4 + value.length : 8;
}

/**
 * Bytes of the entity as one write of a transaction, never too few. Binary columns grow by a third there, and Azurite measures an
 * entity by its request; whoever stays below both measures fits everywhere.
 */
export function wireSize(entity: Entity): number {
  let bytes = WRITE_OVERHEAD + BYTES_PER_UNIT * (entity.partition.length + entity.key.length);
  for (const [name, value] of Object.entries(entity.columns)) bytes += 2 * name.length + 40 + valueWireSize(value);
  return bytes;
}

function valueWireSize(value: Column): number {
  if (typeof value === 'string') return Buffer.byteLength(JSON.stringify(value));
  return value instanceof Uint8Array ? Math.ceil(value.length / 3) * 4 : 24;
}
