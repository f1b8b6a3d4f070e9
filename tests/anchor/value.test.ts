import { describe, expect, test } from 'vitest';
import { anchorValue, isUnreadable } from '../../shared/anchor/value.ts';

describe('what a field holds', () => {
  test.each([null, undefined, ''])('is nothing when it is %j', (value) => {
    expect(anchorValue(value)).toBeNull();
    expect(isUnreadable(anchorValue(value))).toBe(false);
  });

  test.each([' BpazOkLGm0iEtljAONPvOQ== ', 'null', 'x'.repeat(256)])('is its exact text, such as %j', (value) => {
    expect(anchorValue(value)).toBe(value);
    expect(isUnreadable(anchorValue(value))).toBe(false);
  });

  test.each([
    [7, 'not text but number'],
    [false, 'not text but boolean'],
    [{}, 'not text but object'],
    [['a'], 'not text but a list'],
    ['x'.repeat(257), '257 characters long'],
    ['a\u0000b', 'text with control characters'],
    ['a\n', 'text with control characters'],
  ])('%j cannot be read, and what is said of it does not repeat it', (value, unreadable) => {
    expect(anchorValue(value)).toEqual({ unreadable });
    expect(isUnreadable(anchorValue(value))).toBe(true);
  });
});
