import { gunzipSync, gzipSync } from 'node:zlib';
import type { z } from 'zod';
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
  const json: string | undefined = JSON.stringify(value);
  if (json === undefined) throw new AnchorwatchError('invalid', `${what} is no JSON value and cannot be packed.`);
  const text = Buffer.from(json);
  const packed = new Uint8Array(gzipSync(text));
  if (text.length > MAX_UNPACKED || packed.length > MAX_PACKED) {
    throw new AnchorwatchError(
      'invalid',
      `${what} is too large for one row: ${text.length} bytes of JSON, ${packed.length} packed; ` +
        `${MAX_UNPACKED} and ${MAX_PACKED} fit. Use smaller pages.`,
    );
  }
  return packed;
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
