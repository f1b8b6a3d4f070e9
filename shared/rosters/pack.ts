import { constants, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { AnchorwatchError } from '../errors.ts';
import { unpackRows } from '../state/pack.ts';
import { instantSchema } from '../instant.ts';
import type { List } from './lists.ts';
import type { StoredPage } from './pages.ts';
import type { Place } from './place.ts';

const PAGE = z.object({
  attempt: z.int().min(1),
  number: z.int().min(0),
  slice: z.int().min(1),
  cursor: z.string().nullable(),
  next: z.string().nullable(),
  rows: z.array(z.unknown()),
  leftOut: z.int().min(0),
  began: instantSchema,
  ended: instantSchema,
  mended: z.boolean(),
  countBefore: z.number().nullable(),
  countAfter: z.number().nullable(),
  freshAsOf: instantSchema.nullable(),
}) satisfies z.ZodType<StoredPage<unknown>>;

/**
 * A page as compressed JSON, for a store's row: a page of 999 users comes to about 90 kB. At zlib's fastest, as a page lives for its run
 * alone: its default takes about twice as long, and saves a twelfth of the bytes.
 */
export function packPage<Row>(page: StoredPage<Row>): Uint8Array {
  return gzipSync(JSON.stringify(page), { level: constants.Z_BEST_SPEED });
}

/** The page that `packPage` packed. Throws `invalid` when the bytes hold anything else, or would unpack to a flood. */
export function unpackPage<Row>(list: List<Row>, bytes: Uint8Array): StoredPage<Row> {
  return readBack(list, () => {
    // In two steps: zod compiles each schema of an object at its first use, and one that is made for every page for every page.
    const page = unpackRows(PAGE, bytes, 'A page');
    return { ...page, rows: z.array(list.row).parse(page.rows) };
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
