import { serialize } from 'node:v8';
import { crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { StoredPage } from '../../shared/rosters/pages.ts';
import { type Packing, parcelOf } from '../../shared/rosters/parcel.ts';

/** Lines of JSON as a page's rows are packed: as another version, or somebody unkind, may have packed them. */
export function packedLines(lines: readonly unknown[]): Uint8Array {
  return packedText(lines.map((line) => JSON.stringify(line) ?? '').join('\n'));
}

export function packedText(text: string): Uint8Array {
  return new Uint8Array(zstdCompressSync(text));
}

/** The names of the fields, and of each row their values. */
export function linesIn(packed: Uint8Array): { readonly fields: readonly unknown[]; readonly rows: unknown[][] } {
  const [fields = [], ...rows] = zstdDecompressSync(packed)
    .toString()
    .split('\n')
    .map((line): unknown[] => JSON.parse(line));
  return { fields, rows };
}

/** How many rows these bytes have, by their lines; none where they cannot be unpacked. */
export function lengthIn(packed: Uint8Array): number {
  try {
    return zstdDecompressSync(packed).toString().split('\n').length - 1;
  } catch {
    return 0;
  }
}

/** A stored page of these parts, and the length that it says its first part has: with a checksum, as if all of that were meant. */
export function storedAs(beside: unknown, packed: Uint8Array, lie = 0): Uint8Array {
  const said = serialize(beside);
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32LE(Math.max(0, said.length + lie), 4);
  const bytes = Buffer.concat([numbers, said, packed]);
  bytes.writeUInt32LE(crc32(bytes.subarray(4)));
  return new Uint8Array(bytes);
}

/** What lies in front of a page's rows. */
export function besideOf<Row>(
  list: Packing<Row>,
  { rows, ...about }: StoredPage<Row>,
): Readonly<Record<string, unknown>> {
  const { length, columns, texts, ends } = parcelOf([...rows], list);
  return { ...about, length, columns, texts, ends };
}

/** Each of the bytes with each of its bits turned over. */
export function* flipped(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1)
    for (let bit = 1; bit < 256; bit *= 2) {
      const copy = Uint8Array.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ bit;
      yield copy;
    }
}
