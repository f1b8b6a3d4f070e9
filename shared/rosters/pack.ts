import { isDeepStrictEqual } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { constants, crc32, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { AnchorwatchError } from '../errors.ts';
import { type Columns, partOf } from '../compare/columns.ts';
import type { Batch } from '../compare/roll.ts';
import { unpackRows } from '../state/pack.ts';
import { instantSchema } from '../instant.ts';
import type { List } from './lists.ts';
import type { KeptPage, StoredPage } from './pages.ts';
import { opened, packedBatch, type Parcel, parcelOf } from './parcel.ts';
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

const COLUMNS = z.object({
  id: z.instanceof(Uint32Array),
  name: z.instanceof(Uint32Array),
  anchor: z.instanceof(Uint32Array),
  evidence: z.instanceof(Uint32Array),
  unit: z.instanceof(Uint32Array),
  units: z.array(z.object({ app: z.string(), ou: z.string().nullable() })),
  created: z.instanceof(Float64Array),
  plain: z.instanceof(Uint8Array),
}) satisfies z.ZodType<Columns>;

/** Columns that not all kinds of rows have, and how many numbers they have for a row. */
const WIDTHS = [
  ['name', 2],
  ['anchor', 2],
  ['evidence', 2],
  ['unit', 1],
  ['created', 1],
] as const;

/** What lies in front of a page's rows. */
const BESIDE = ABOUT.extend({
  length: z.int().min(0),
  columns: COLUMNS,
  texts: z.string(),
  ends: z.instanceof(Uint32Array),
}).refine(isWhole, 'the columns and texts are not of as many rows as there are');

function isWhole({ length, columns, texts, ends }: Omit<Parcel, 'packed'>): boolean {
  return (
    columns.id.length === 2 * length &&
    columns.plain.length === length &&
    WIDTHS.every(([name, width]) => [0, width * length].includes(columns[name].length)) &&
    columns.unit.every((unit) => unit < columns.units.length) &&
    ends.length === length &&
    ends.every((end, at) => end >= (ends[at - 1] ?? 0)) &&
    texts.length === (ends.at(-1) ?? 0)
  );
}

/** Bytes of each of the two numbers in front: the CRC-32 of all that follows it, and the length of what lies in front of the rows. */
const NUMBER = 4;

/**
 * A page for a store's row: what is said of it and what its rows are found and compared by, then the rows as they are packed. The former is
 * digests and ids nearly all, which would hardly shrink. A page of 999 users comes to about 150 kB.
 */
export function packPage<Row>(list: List<Row>, { rows, ...about }: StoredPage<Row>): Uint8Array {
  const { packed, ...parcel } = packedBatch(rows, list).parcel();
  const beside = serialize({ ...about, ...parcel });
  const numbers = Buffer.alloc(2 * NUMBER);
  numbers.writeUInt32LE(beside.length, NUMBER);
  const bytes = Buffer.concat([numbers, beside, packed]);
  bytes.writeUInt32LE(crc32(bytes.subarray(NUMBER)));
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/**
 * The page that `packPage` packed. Its rows stay packed, as hardly any of them is ever asked for. Whether this version makes the same of
 * them is tried on a few, but for the pages of the slice of which one was tried already: a call is of one version. Throws `invalid` when
 * the bytes hold anything else.
 */
export function unpackPage<Row>(list: List<Row>, bytes: Uint8Array, tried = 0): KeptPage<Row> {
  return readBack(list, () => {
    const numbers = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (crc32(bytes.subarray(NUMBER)) !== numbers.readUInt32LE())
      throw new AnchorwatchError('invalid', 'Its bytes are damaged.');
    const behind = 2 * NUMBER + numbers.readUInt32LE(NUMBER);
    // Copies, or else they would keep each other in memory, and whatever the bytes came in.
    const beside: unknown = deserialize(bytes.slice(2 * NUMBER, behind));
    const { length, columns, texts, ends, ...about } = BESIDE.parse(beside);
    const parcel = { length, columns, texts, ends: ends.slice(), packed: bytes.slice(behind) };
    const rows = opened(parcel, list);
    if (about.slice !== tried) tryFirst(parcel, rows, list);
    return { ...about, rows };
  });
}

/** So many rows tell: each has an id, and digests that were made otherwise would join nobody any more. */
const FIRST = 20;

/** Throws where this version would not make the same of the first rows. */
function tryFirst<Row>({ length, columns, texts, ends }: Parcel, rows: Batch<Row>, list: List<Row>): void {
  const places = Array.from({ length: Math.min(FIRST, length) }, (_, at) => at);
  const made = parcelOf(rows.some(places), list, new Uint8Array());
  const part = partOf(columns, 0, made.length);
  const found = {
    ...made,
    columns: { ...part, units: part.units.slice(0, made.columns.units.length) },
    texts: texts.slice(0, made.texts.length),
    ends: ends.subarray(0, made.length),
  };
  if (!isDeepStrictEqual(found, made))
    throw new AnchorwatchError('invalid', 'Its columns are not as this version makes them.');
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
