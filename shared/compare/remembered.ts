import { hash as digest } from 'node:crypto';
import { guidOf } from '../anchor/forms.ts';

/**
 * A large set of texts that can only be asked "is this one among them?": eight bytes a text, sorted. For the memory of who was
 * once matched, which grows with every night and is read whole. Two of a million texts share a hash once in 30 million sets.
 */
export type Remembered = BigUint64Array;

export const NOTHING: Remembered = new BigUint64Array();

/** What texts are remembered by, as the two halves of a number each. Of a row without a text there is none, and zeros stand in its place. */
export function hashesOf<Row>(rows: Iterable<Row>, count: number, textOf: (row: Row) => string | null): Uint32Array {
  const halves = new Uint32Array(2 * count);
  let at = 0;
  for (const row of rows) {
    const text = textOf(row);
    if (text !== null) putHash(text, halves, at);
    at += 1;
  }
  return halves;
}

export function remember(before: Remembered, hashes: Uint32Array): Remembered {
  const all = new BigUint64Array(before.length + hashes.length / 2);
  all.set(before);
  new Uint32Array(all.buffer, 8 * before.length).set(hashes);
  all.sort();
  return all.filter((hash, at) => hash !== 0n && (at === 0 || hash !== all[at - 1]));
}

export function remembers(remembered: Remembered, text: string): boolean {
  const hash = hashOf(text);
  let low = 0;
  let high = remembered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = remembered[middle];
    if (at === hash) return true;
    if (at !== undefined && at < hash) low = middle + 1;
    else high = middle;
  }
  return false;
}

/** The set as bytes. Their order is the machine's own, which is little-endian wherever Node runs. */
export function toBytes(remembered: Remembered): Uint8Array {
  return new Uint8Array(remembered.buffer, remembered.byteOffset, remembered.byteLength);
}

export function fromBytes(bytes: Uint8Array): Remembered {
  const whole = bytes.slice(0, bytes.length - (bytes.length % 8));
  return new BigUint64Array(whole.buffer);
}

function hashOf(text: string): bigint {
  const [hash = 0n] = new BigUint64Array(hashesOf([text], 1, (one) => one).buffer);
  return hash;
}

/** The first eight bytes of a hash, as the two halves of the number at that place: a night has some hundred thousand texts. */
function putHash(text: string, halves: Uint32Array, at: number): void {
  const bytes = digest('sha256', text, 'binary');
  for (const half of [0, 1]) {
    const from = 4 * half;
    halves[2 * at + half] =
      bytes.charCodeAt(from) |
      (bytes.charCodeAt(from + 1) << 8) |
      (bytes.charCodeAt(from + 2) << 16) |
      (bytes.charCodeAt(from + 3) << 24);
  }
}

/** An anchor as the nights remember it: by GUID where there is one, for the same account in another spelling was read from AD all the same. */
export function sourceText(anchor: string): string {
  return guidOf(anchor) ?? anchor;
}
