import { gunzipSync, gzipSync } from 'node:zlib';
import type * as z from 'zod';
import { AnchorwatchError } from '../errors.ts';
import { issuesOf } from './issues.ts';

/**
 * What one row can hold beside its keys and a few small fields: eleven binary columns of 64 KiB. In base64, as they travel, these
 * come close to the 1 MiB of an entity. A page of 999 users is a quarter of it.
 */
export const MAX_PACKED = 11 * 65_536;

/** Far above any page, far below what would hurt: a damaged or planted row must not fill the memory. */
const MAX_UNPACKED = 64 * 1024 * 1024;

/**
 * Any JSON value as gzip'd bytes for one row: pages of a read, snapshots. `what` begins the message when it does not fit. Throws
 * `invalid` with the numbers.
 */
export function packRows(value: unknown, what: string): Uint8Array {
  const { packed, bytes, fits } = pack(value, what);
  if (fits) return packed;
  throw new AnchorwatchError(
    'invalid',
    `${what} is too large for one row: ${bytes} bytes of JSON, ${packed.length} packed; ` +
      `${MAX_UNPACKED} and ${MAX_PACKED} fit. Use smaller pages.`,
  );
}

/** As many of the first items as fit one row, one at least where there are any. Throws `invalid` where not even one does. */
export function packFirst(
  items: readonly unknown[],
  what: string,
): { readonly packed: Uint8Array; readonly count: number } {
  const all = pack(items, what);
  if (all.fits) return { packed: all.packed, count: items.length };
  let [fitting, tooMany] = [1, items.length];
  let packed = packRows(items.slice(0, 1), what);
  while (tooMany - fitting > 1) {
    const count = Math.floor((fitting + tooMany) / 2);
    const tried = pack(items.slice(0, count), what);
    if (tried.fits) [fitting, packed] = [count, tried.packed];
    else tooMany = count;
  }
  return { packed, count: fitting };
}

function pack(value: unknown, what: string): { packed: Uint8Array; bytes: number; fits: boolean } {
  const text = Buffer.from(jsonOf(value, what));
  const packed = new Uint8Array(gzipSync(text));
  return { packed, bytes: text.length, fits: text.length <= MAX_UNPACKED && packed.length <= MAX_PACKED };
}

function jsonOf(value: unknown, what: string): string {
  let json: string | undefined;
  let cause: unknown;
  try {
    json = JSON.stringify(value);
  } catch (error) {
    // Nested without end, for one.
    cause = error;
  }
  if (json !== undefined) return json;
  throw new AnchorwatchError('invalid', `${what} is no JSON value and cannot be packed.`, { cause });
}

/** The value again, checked with `schema`. Throws `invalid` for bytes that `packRows` did not make, never a crash. */
export function unpackRows<Value>(schema: z.ZodType<Value>, packed: Uint8Array, what: string): Value {
  const checked = schema.safeParse(inflated(packed, what));
  if (checked.success) return checked.data;
  throw new AnchorwatchError('invalid', `${what} is not what was packed: ${issuesOf(checked.error)}.`);
}

function inflated(packed: Uint8Array, what: string): unknown {
  try {
    const value: unknown = JSON.parse(gunzipSync(packed, { maxOutputLength: MAX_UNPACKED }).toString());
    return value;
  } catch (cause) {
    throw new AnchorwatchError('invalid', `${what} cannot be unpacked: its bytes are damaged, cut or too many.`, {
      cause,
    });
  }
}
