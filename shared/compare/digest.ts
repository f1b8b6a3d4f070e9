/**
 * Digests of texts as a column of numbers, two 32-bit halves a row: what people are joined and compared by, in a twentieth of the memory
 * that the texts take. Of two different texts the digests are the same once in 2^64 pairs. They are no proof against somebody who chooses
 * texts for that: it would take an anchor of one's own choosing in both tenants, which administrators alone can write, to be taken for
 * plainly matched under the name of somebody else. Whoever shares a digest within one list is judged by the text itself.
 */
export type Digests = Uint32Array;

/** Of as many texts as there are rows; a row without a text has the digest of nothing. */
export function digestsOf<Row>(rows: readonly Row[], textOf: (row: Row) => string | null): Digests {
  const digests = new Uint32Array(2 * rows.length);
  rows.forEach((row, at) => {
    const text = textOf(row);
    if (text !== null) putDigest(text, digests, at);
  });
  return digests;
}

/** Two multiplicative hashes over the text's UTF-16 units, each stirred by the other in the end. The factors are odd and without a pattern. */
function putDigest(text: string, digests: Digests, at: number): void {
  let one = 0x811c9dc5 ^ text.length;
  let other = 0x2b992ddf;
  for (let unit = 0; unit < text.length; unit += 1) {
    const code = text.charCodeAt(unit);
    one = Math.imul(one ^ code, 0x9e3779b1);
    other = Math.imul(other ^ code, 0x5f356495);
    other ^= other >>> 15;
  }
  one = stirred(one ^ (other >>> 13));
  other = stirred(other ^ one);
  // Only no text at all is nothing.
  digests[2 * at] = one === 0 && other === 0 ? 1 : one;
  digests[2 * at + 1] = other;
}

/** The finalizer of MurmurHash3: every bit that goes in turns half of those that come out. */
function stirred(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const whole = Math.imul(half ^ (half >>> 13), 0xc2b2ae35);
  return whole ^ (whole >>> 16);
}

export function isText(digests: Digests, at: number): boolean {
  return digests[2 * at] !== 0 || digests[2 * at + 1] !== 0;
}

/** Whether both rows have a text, and the same. */
export function isSame(one: Digests, at: number, other: Digests, beside: number): boolean {
  return one[2 * at] === other[2 * beside] && one[2 * at + 1] === other[2 * beside + 1] && isText(one, at);
}

/** The place of no row, and of more than one. */
export const NONE = -1;
export const SEVERAL = -2;

export interface Places {
  /** Of the only row that has the digest which stands at this place of a column; else `NONE`, or `SEVERAL`. */
  find(digests: Digests, at: number): number;
  /** Whether the row of the column itself has a text that no other has. */
  isOnly(at: number): boolean;
}

/** Where each digest of a column stands: a hash table of numbers alone, four bytes a slot, three quarters of them full at the most. */
export function placesOf(digests: Digests): Places {
  const rows = digests.length / 2;
  let size = 16;
  while (3 * size < 4 * rows) size *= 2;
  // A row's place counted from 1; below zero where it is the first of several.
  const slots = new Int32Array(size);
  const only = new Uint8Array(rows);

  function slotOf(column: Digests, at: number): number {
    for (let slot = (column[2 * at] ?? 0) & (size - 1); ; slot = (slot + 1) & (size - 1)) {
      const held = slots[slot] ?? 0;
      if (held === 0 || isSame(column, at, digests, Math.abs(held) - 1)) return slot;
    }
  }

  for (let at = 0; at < rows; at += 1) {
    if (!isText(digests, at)) continue;
    const slot = slotOf(digests, at);
    const held = slots[slot] ?? 0;
    slots[slot] = held === 0 ? at + 1 : -Math.abs(held);
    if (held === 0) only[at] = 1;
    else only[Math.abs(held) - 1] = 0;
  }
  return {
    find(column, at) {
      if (!isText(column, at)) return NONE;
      const held = slots[slotOf(column, at)] ?? 0;
      if (held === 0) return NONE;
      return held < 0 ? SEVERAL : held - 1;
    },
    isOnly: (at) => only[at] === 1,
  };
}

/** The places of the texts themselves. */
export function lookFor(texts: Iterable<string>): Places {
  return placesOf(digestsOf([...texts], (text) => text));
}
