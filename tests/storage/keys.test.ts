import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkKey,
  invertedTime,
  joinKey,
  pageKey,
  personPartition,
  personPartitions,
  timeOfKey,
} from '../../shared/state/keys.ts';
import { failure } from './fixtures.ts';

const instants = fc.integer({ min: 0, max: 9_999_999_999_999 });

describe('a time key', () => {
  test('sorts the newer row first, as text', () => {
    fc.assert(
      fc.property(instants, instants, (a, b) => {
        expect(Math.sign(invertedTime(a) < invertedTime(b) ? -1 : invertedTime(a) > invertedTime(b) ? 1 : 0)).toBe(
          Math.sign(b - a),
        );
      }),
    );
  });

  test('always has thirteen digits and gives its instant back', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        expect(invertedTime(instant)).toMatch(/^\d{13}$/);
        expect(timeOfKey(invertedTime(instant))).toBe(instant);
      }),
    );
    expect(invertedTime(1_795_392_000_000)).toBe('8204607999999');
  });

  test.each([-1, 0.5, Number.NaN, 10_000_000_000_000])('is not made of %d', async (instant) => {
    expect(await failure(() => invertedTime(instant), 'invalid')).toContain(String(instant));
  });

  test.each(['', '1', '12345678901234', '123456789012x', ' 123456789012'])('is not read from %j', async (key) => {
    expect(await failure(() => timeOfKey(key), 'invalid')).toContain('thirteen digits');
  });
});

describe('a page key', () => {
  test('sorts by number', () => {
    const pages = [0, 1, 2, 9, 10, 11, 99, 100, 999_999];
    expect(pages.map(pageKey).sort()).toEqual(pages.map(pageKey));
  });

  test.each([-1, 1.5, 1_000_000, Number.NaN])('is not made of %d', async (page) => {
    expect(await failure(() => pageKey(page), 'invalid')).toContain(String(page));
  });
});

describe('the partition of a person', () => {
  test('is one of 256, always the same', () => {
    const all = new Set(personPartitions());
    expect(all.size).toBe(256);
    fc.assert(
      fc.property(fc.uuid(), (person) => {
        expect(all.has(personPartition(person))).toBe(true);
        expect(personPartition(person)).toBe(personPartition(person));
      }),
    );
    expect(personPartition('00u1abcdefGHIJKLM5d7')).toBe('bf');
  });

  test('spreads people whose ids begin alike', () => {
    const counts = new Map<string, number>();
    for (let index = 0; index < 20_000; index += 1) {
      const partition = personPartition(`00u1abcdef${String(index).padStart(10, '0')}`);
      counts.set(partition, (counts.get(partition) ?? 0) + 1);
    }
    expect(counts.size).toBe(256);
    expect(Math.max(...counts.values())).toBeLessThan(130);
  });
});

describe('a key of several ids', () => {
  test('differs whenever the ids differ', () => {
    const part = fc.stringMatching(/^[a-z0-9:.-]{1,8}$/);
    const parts = fc.array(part, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(joinKey(...a) === joinKey(...b)).toBe(a.join('\n') === b.join('\n'));
      }),
    );
  });

  test('takes no id that would blur where one ends', async () => {
    expect(await failure(() => joinKey('a~b', 'c'), 'invalid')).toContain('Part 1');
    expect(await failure(() => joinKey('a', ''), 'invalid')).toContain('Part 2');
  });
});

describe('a key', () => {
  test.each([
    '00u1abcdefGHIJKLM5d7',
    '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
    'step:03',
    "o'neil",
    'ü😀',
    'x'.repeat(512),
  ])('can be %j', (key) => {
    expect(() => checkKey(key, 'It')).not.toThrow();
  });

  test('that is refused is not shown, for it may be an anchor', async () => {
    const anchors = fc
      .uint8Array({ minLength: 16, maxLength: 16 })
      .map((bytes) => Buffer.from(bytes).toString('base64'));
    await fc.assert(
      fc.asyncProperty(anchors, async (anchor) => {
        expect(await failure(() => checkKey(anchor, 'It'), 'invalid')).not.toContain(anchor.slice(0, 8));
      }),
    );
  });
});
