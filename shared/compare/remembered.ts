import { hash as digest } from 'node:crypto';

/**
 * A large set of texts that can only be asked "is this one among them?": eight bytes a text, sorted. For the memory of who was
 * once matched, which grows with every night and is read whole. Two of a million texts share a hash once in 30 million sets.
 */
export type Remembered = BigUint64Array;

export const NOTHING: Remembered = new BigUint64Array();

export function remember(before: Remembered, texts: readonly string[]): Remembered {
  const all = new BigUint64Array(before.length + texts.length);
  all.set(before);
  for (const [at, text] of texts.entries()) all[before.length + at] = hashOf(text);
  all.sort();
  return all.filter((hash, at) => at === 0 || hash !== all[at - 1]);
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
  return digest('sha256', text, 'buffer').readBigUInt64LE();
}
