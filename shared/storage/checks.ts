import { AnchorwatchError } from '../errors.ts';
import type { Range } from '../ports/state.ts';
import { checkKey } from '../state/keys.ts';

// What a caller passes to a table, checked alike by both faces.

export function checkKeys(table: string, partition: string, key?: string): void {
  checkKey(partition, `The partition of a row of table "${table}"`);
  if (key !== undefined) checkKey(key, `The key of a row of table "${table}"`);
}

/**
 * Throws `invalid` for an ETag that no read gave. `*` above all: it would overwrite whatever another worker wrote, and it is what
 * the SDK sends when none is named.
 */
export function checkEtag(etag: string, place: string): void {
  if (/^(W\/)?"[^"]+"$/.test(etag)) return;
  throw new AnchorwatchError('invalid', `The ${place} can only be written with the ETag it was read with.`);
}

/** Throws `invalid` for ends that can be no keys and for a limit that is no count. A limit of 0 means none. */
export function checkRange(range: Range): Range {
  if (range.from !== undefined) checkKey(range.from, 'The first key of a range');
  if (range.to !== undefined) checkKey(range.to, 'The end of a range');
  const { limit } = range;
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 0)) {
    throw new AnchorwatchError('invalid', `${limit} rows cannot be listed: the limit is a whole number.`);
  }
  return range;
}
