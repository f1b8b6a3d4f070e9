import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import * as z from 'zod';
import { AnchorwatchError } from '../errors.ts';
import type { Columns } from '../compare/columns.ts';
import { type Batch, held, type Kind, settled } from '../compare/roll.ts';
import type { Rows } from '../ports/okta.ts';

/** Rows in a tenth of their memory, beside what they are found and compared by: as a thread hands them over, and as a run keeps them. */
export interface Parcel {
  readonly length: number;
  readonly columns: Columns;
  /** The text that is asked of everybody: all of them, one behind the other, and where each of them ends. */
  readonly texts: string;
  readonly ends: Uint32Array;
  /** Lines of JSON, compressed: the names of the fields, then of each row their values. */
  readonly packed: Uint8Array;
}

/** What a list must say of its rows to pack them. */
export interface Packing<Row> extends Kind<Row> {
  /** What people call the list. */
  readonly label: string;
  /** Every row that is unpacked goes through this; its fields are those that are packed. */
  readonly row: z.ZodType<Row> & { readonly shape: Readonly<Record<string, unknown>> };
}

/** `packed` is what these rows are packed as, where that is known. */
export function parcelOf<Row>(rows: readonly Row[], list: Packing<Row>, packed = packRows(rows, list)): Parcel {
  const ends = new Uint32Array(rows.length);
  let texts = '';
  rows.forEach((row, at) => {
    texts += list.text(row);
    ends[at] = texts.length;
  });
  return { length: rows.length, columns: list.columns(rows), texts, ends, packed };
}

/** Rows that lie packed until somebody asks for them, and are made anew each time. */
export interface PackedBatch<Row> extends Batch<Row> {
  /** As it was opened, as long as its columns are its own: those of a joined roll number their units for all of it. */
  parcel(): Parcel;
}

/** Whoever asks for rows is thrown `invalid` where they are not what was said of them, or would unpack to a flood. */
export function opened<Row>({ length, columns, texts, ends, packed }: Parcel, list: Packing<Row>): PackedBatch<Row> {
  const own = settled(columns);
  return {
    length,
    ...own,
    parcel: () => ({ length, columns: own.columns(), texts, ends, packed }),
    textAt: (at) => texts.slice(at === 0 ? 0 : ends[at - 1], ends[at]),
    some: (places) => unpackRows(packed, length, list, places),
    [Symbol.iterator]: () => unpackRows(packed, length, list)[Symbol.iterator](),
  };
}

/** Rows of a page as they are kept for the comparison. */
export function batchOf<Row>(rows: Rows<Row>, kind: Kind<Row>): Batch<Row> {
  return isBatch(rows) ? rows : held([...rows], kind);
}

function isBatch<Row>(rows: Rows<Row>): rows is Batch<Row> {
  return 'columns' in rows;
}

/** Rows of a page as they are stored: as they came, where they came packed. */
export function packedBatch<Row>(rows: Rows<Row>, list: Packing<Row>): PackedBatch<Row> {
  return isPacked(rows) ? rows : opened(parcelOf([...rows], list), list);
}

function isPacked<Row>(rows: Rows<Row>): rows is PackedBatch<Row> {
  return 'parcel' in rows;
}

/** Far above any page, far below what would hurt: a damaged or planted row must not fill the memory. */
const MAX_UNPACKED = 64 * 1024 * 1024;

/**
 * At Zstandard's fastest: a fifth of the time that gzip's fastest takes, and no larger. The first line names the fields, so that what another
 * version has packed is told apart.
 */
function packRows<Row>(rows: readonly Row[], { label, row: { shape } }: Packing<Row>): Uint8Array {
  const fields = Object.keys(shape);
  const lines = rows.map((row) => JSON.stringify(fields.map((field) => valueIn(row, field))));
  const text = Buffer.from([JSON.stringify(fields), ...lines].join('\n'));
  if (text.length > MAX_UNPACKED)
    throw new AnchorwatchError(
      'invalid',
      `A page of the list "${label}" has ${text.length} bytes to pack; ${MAX_UNPACKED} are the most.`,
    );
  const params = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 };
  return new Uint8Array(zstdCompressSync(text, { params }));
}

function valueIn(row: unknown, field: string): unknown {
  return typeof row === 'object' && row !== null ? Reflect.get(row, field) : null;
}

const FIELDS = z.array(z.string());
const VALUES = z.array(z.unknown());

/** Those of so many rows that stand at these places, or all of them. */
function unpackRows<Row>(
  packed: Uint8Array,
  length: number,
  { label, row }: Packing<Row>,
  places?: readonly number[],
): readonly Row[] {
  try {
    const [first = '', ...lines] = zstdDecompressSync(packed, { maxOutputLength: MAX_UNPACKED }).toString().split('\n');
    const fields = FIELDS.parse(JSON.parse(first));
    if (lines.length !== length) throw new Error(`${lines.length} rows instead of ${length}`);
    return (places?.map((at) => lines[at] ?? '') ?? lines).map((line) => {
      const values = VALUES.parse(JSON.parse(line));
      if (values.length !== fields.length) throw new Error(`${values.length} values for ${fields.length} fields`);
      return row.parse(Object.fromEntries(fields.map((field, at) => [field, values[at]])));
    });
  } catch (cause) {
    throw new AnchorwatchError(
      'invalid',
      `Rows of the list "${label}" are not as they were packed; another version may have packed them. Start the run again.`,
      { cause },
    );
  }
}
