import { constants, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { AnchorwatchError } from '../errors.ts';
import { unpackRows } from '../state/pack.ts';
import { instantSchema } from '../instant.ts';
import type { List } from './lists.ts';
import type { KeptPage, StoredPage } from './pages.ts';
import { opened, packedOf, parcelOf, unpackRows as unpackLines } from './parcel.ts';
import type { Place } from './place.ts';

const ABOUT = z.object({
  attempt: z.int().min(1),
  number: z.int().min(0),
  slice: z.int().min(1),
  cursor: z.string().nullable(),
  next: z.string().nullable(),
  leftOut: z.int().min(0),
  began: instantSchema,
  ended: instantSchema,
  mended: z.boolean(),
  countBefore: z.number().nullable(),
  countAfter: z.number().nullable(),
  freshAsOf: instantSchema.nullable(),
}) satisfies z.ZodType<Omit<StoredPage<unknown>, 'rows'>>;

/** Bytes of the number before the first part that says how long it is. */
const LENGTH = 4;

/**
 * A page for a store's row: what is said of it, then its rows as they are packed. A page of 999 users comes to about 90 kB. Both parts know
 * when they are damaged: gzip by its CRC, Zstandard by its checksum.
 */
export function packPage<Row>(list: List<Row>, { rows, ...about }: StoredPage<Row>): Uint8Array {
  const said = gzipSync(JSON.stringify(about), { level: constants.Z_NO_COMPRESSION });
  const length = Buffer.alloc(LENGTH);
  length.writeUInt32LE(said.length);
  return new Uint8Array(Buffer.concat([length, said, packedOf(rows, list)]));
}

/** The page that `packPage` packed. Throws `invalid` when the bytes hold anything else, or would unpack to a flood. */
export function unpackPage<Row>(list: List<Row>, bytes: Uint8Array): KeptPage<Row> {
  return readBack(list, () => {
    const behind = LENGTH + Buffer.from(bytes).readUInt32LE();
    const about = unpackRows(ABOUT, bytes.subarray(LENGTH, behind), 'A page');
    const packed = bytes.slice(behind);
    return { ...about, rows: opened(parcelOf(unpackLines(packed, list), list, packed), list) };
  });
}

const PLACE = z.object({
  attempt: z.int().min(1),
  number: z.int().min(1),
  slice: z.int().min(1),
  cursor: z.string().nullable(),
  done: z.boolean(),
  repeated: z.boolean(),
  rows: z.int().min(0),
  largest: z.int().min(0),
  count: z.number().nullable(),
  passed: z.array(z.string()),
}) satisfies z.ZodType<Place>;

/** Not compressed, for digests do not shrink, and this is written with every page: of 10,000 pages, the most of a list, it is 150 kB. */
export function packPlace(place: Place): Uint8Array {
  return gzipSync(JSON.stringify(place), { level: constants.Z_NO_COMPRESSION });
}

/** The place that `packPlace` packed. Throws like `unpackPage`. */
export function unpackPlace<Row>(list: List<Row>, bytes: Uint8Array): Place {
  return readBack(list, () => unpackRows(PLACE, bytes, 'A place in a list'));
}

function readBack<Row, Value>(list: List<Row>, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new AnchorwatchError(
      'invalid',
      `A stored page of the list "${list.label}" cannot be read back; another version may have written it. Start the run again.`,
      { cause: error, fields: { list: list.name } },
    );
  }
}
