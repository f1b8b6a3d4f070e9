import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  fromBytes,
  hashesOf,
  NOTHING,
  remember,
  remembers,
  sourceText,
  toBytes,
} from '../../shared/compare/remembered.ts';
import { anchor } from './people.ts';

const texts = fc.array(fc.string(), { maxLength: 30 });

function hashed(some: readonly (string | null)[]): Uint32Array {
  return hashesOf(some, some.length, (text) => text);
}

test('what is remembered is found again after any nights, and nothing else is', () => {
  fc.assert(
    fc.property(texts, texts, fc.string(), (first, second, other) => {
      const memory = fromBytes(toBytes(remember(fromBytes(toBytes(remember(NOTHING, hashed(first)))), hashed(second))));
      const all = new Set([...first, ...second]);
      expect([...all].every((text) => remembers(memory, text))).toBe(true);
      expect(remembers(memory, other)).toBe(all.has(other));
      expect(memory).toHaveLength(all.size);
    }),
  );
});

test('a memory holds the first eight bytes of each hash, sorted: so earlier nights have written it', () => {
  const hashes = ['one', 'two', 'größer'].map((text) => createHash('sha256').update(text).digest().readBigUInt64LE());
  expect([...remember(NOTHING, hashed(['two', 'größer', null, 'one', 'two']))]).toEqual(
    hashes.toSorted((one, other) => (one < other ? -1 : 1)),
  );
});

test('bytes that were cut off in the middle of a hash lose that hash alone', () => {
  const whole = toBytes(remember(NOTHING, hashed(['one', 'two', 'three'])));
  expect(fromBytes(whole.slice(0, 21))).toEqual(fromBytes(whole.slice(0, 16)));
  expect(fromBytes(whole.slice(0, 5))).toEqual(NOTHING);
});

test('an anchor is remembered by its GUID in whatever spelling, and by itself where it holds none', () => {
  const [one, other] = [sourceText(anchor(1)), sourceText(anchor(2))];
  expect(one).not.toBe(other);
  for (const spelling of [one, one.toUpperCase(), `{${one}}`]) expect(sourceText(spelling)).toBe(one);
  expect(['E-4711', 'ann@contoso.com', ''].map(sourceText)).toEqual(['E-4711', 'ann@contoso.com', '']);
});
