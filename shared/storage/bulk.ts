import { AnchorwatchError } from '../errors.ts';
import { several } from '../several.ts';
import type { TableSpec } from '../state/spec.ts';
import { toEntity } from './codec.ts';
import { MAX_TRANSACTION, MAX_WRITES, placeOf, wireSize } from './entity.ts';
import type { EncodedWrite } from './transaction.ts';

/** Transactions under way at a time: eight of 100 rows stay well below the 20,000 rows a second that an account takes. */
const PARALLEL = 8;

interface Chunk {
  readonly writes: EncodedWrite[];
  bytes: number;
}

/**
 * Puts any number of rows in as few transactions as the limits allow, several at a time. Every row is checked before the first is
 * written. Each transaction is all or nothing, the whole is not: after a failure no further one is begun, those under way are
 * awaited, and the first failure is thrown; the caller puts all of them again. Throws `invalid` when one row is put twice, and
 * what `submit` throws, which is given one transaction.
 */
export async function putAll<Row extends object>(
  submit: (writes: readonly EncodedWrite[]) => Promise<void>,
  spec: TableSpec<Row>,
  rows: readonly Row[],
): Promise<void> {
  await several(chunksOf(spec, rows), PARALLEL, ({ writes }) => submit(writes));
}

function chunksOf<Row extends object>(spec: TableSpec<Row>, rows: readonly Row[]): readonly Chunk[] {
  const chunks: Chunk[] = [];
  const open = new Map<string, Chunk>();
  const places = new Set<string>();
  for (const row of rows) {
    const { entity } = toEntity(spec, row);
    const place = placeOf(spec.name, entity);
    if (places.has(place)) throw new AnchorwatchError('invalid', `The ${place} would be put twice at once.`);
    places.add(place);
    const bytes = wireSize(entity);
    let chunk = open.get(entity.partition);
    if (chunk === undefined || chunk.writes.length === MAX_WRITES || chunk.bytes + bytes > MAX_TRANSACTION) {
      chunk = { writes: [], bytes: 0 };
      chunks.push(chunk);
      open.set(entity.partition, chunk);
    }
    chunk.writes.push({ kind: 'put', entity });
    chunk.bytes += bytes;
  }
  return chunks;
}
