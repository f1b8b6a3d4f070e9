import { constants, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { StoredPage } from '../../shared/rosters/pages.ts';

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

/** A stored page of these parts, and the length that it says its first part has. */
export function storedAs(about: unknown, packed: Uint8Array, lie = 0): Uint8Array {
  const said = gzipSync(JSON.stringify(about) ?? '', { level: constants.Z_NO_COMPRESSION });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Math.max(0, said.length + lie));
  return new Uint8Array(Buffer.concat([length, said, packed]));
}

/** What is said of a page beside its rows. */
export function aboutOf(page: StoredPage<unknown>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(page).filter(([name]) => name !== 'rows'));
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
