import { AnchorwatchError } from '../errors.ts';
import type { Write } from '../ports/state.ts';
import type { TableSpec } from '../state/spec.ts';
import { checkEtag } from './checks.ts';
import { toEntity } from './codec.ts';
import { type Entity, MAX_TRANSACTION, MAX_WRITES, placeOf, wireSize } from './entity.ts';

/** One write of a transaction, checked and encoded. */
export type EncodedWrite =
  | { readonly kind: 'insert' | 'put'; readonly entity: Entity }
  | { readonly kind: 'replace'; readonly entity: Entity; readonly etag: string };

/** Throws `invalid` for what the service would refuse as a whole: both faces ask here. */
export function toTransaction<Row extends object>(
  spec: TableSpec<Row>,
  writes: readonly Write<Row>[],
): readonly EncodedWrite[] {
  const encoded = writes.map((write) => encode(spec, write));
  if (encoded.length > MAX_WRITES)
    throw refused(spec.name, `it has ${encoded.length} writes, ${MAX_WRITES} are allowed`);
  const bytes = encoded.reduce((sum, { entity }) => sum + wireSize(entity), 0);
  if (bytes > MAX_TRANSACTION) throw refused(spec.name, `it has ${bytes} bytes, ${MAX_TRANSACTION} are allowed`);
  const keys = new Set<string>();
  for (const { entity } of encoded) {
    if (entity.partition !== encoded[0]?.entity.partition) {
      throw refused(spec.name, `it reaches the partitions "${encoded[0]?.entity.partition}" and "${entity.partition}"`);
    }
    if (keys.has(entity.key)) throw refused(spec.name, `it writes the ${placeOf(spec.name, entity)} twice`);
    keys.add(entity.key);
  }
  return encoded;
}

function encode<Row extends object>(spec: TableSpec<Row>, write: Write<Row>): EncodedWrite {
  const { entity } = toEntity(spec, write.row);
  if (write.kind !== 'replace') return { kind: write.kind, entity };
  checkEtag(write.etag, placeOf(spec.name, entity));
  return { kind: write.kind, entity, etag: write.etag };
}

function refused(table: string, problem: string): AnchorwatchError {
  return new AnchorwatchError('invalid', `This is no transaction of table "${table}": ${problem}. Split it.`, {
    fields: { table },
  });
}
