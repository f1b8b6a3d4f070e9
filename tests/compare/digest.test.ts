import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Digests,
  digestsOf,
  isSame,
  isText,
  lookFor,
  NONE,
  placesOf,
  SEVERAL,
} from '../../shared/compare/digest.ts';
import { anchor } from './people.ts';

function columnOf(texts: readonly (string | null)[]): Digests {
  return digestsOf(texts, (text) => text);
}

const text = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'aa', 'ab', 'ba', 'A', '\0', '\0\0'),
  fc.string({ unit: 'binary' }),
);
const textOrNone = fc.option(text, { freq: 5 });

/** Few texts, or so many that the table is as full as it gets. */
const columns = fc.oneof(
  fc.array(textOrNone, { maxLength: 20 }),
  fc.array(fc.nat({ max: 80 }).map(String), { minLength: 60, maxLength: 100, size: 'max' }),
  fc
    .constantFrom(0, 1, 11, 12, 13, 16, 24, 25, 32, 48, 96)
    .map((size) => Array.from({ length: size }, (_, at) => `text ${at}`)),
);

/** Where the text stands, as a map of the texts themselves would tell. */
function placeIn(texts: readonly (string | null)[], wanted: string | null): number {
  const places = new Map<string, number>();
  for (const [at, one] of texts.entries()) if (one !== null) places.set(one, places.has(one) ? SEVERAL : at);
  return wanted === null ? NONE : (places.get(wanted) ?? NONE);
}

describe('a text is found', () => {
  test('where it stands, as in a map of the texts, and whoever is not there is nowhere', () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(columns, fc.array(textOrNone, { maxLength: 10 }), (texts, others) => {
        const wanted = [...others, ...texts];
        const [places, sought] = [placesOf(columnOf(texts)), columnOf(wanted)];
        const found = wanted.map((_, at) => places.find(sought, at));
        expect(found).toEqual(wanted.map((one) => placeIn(texts, one)));
        for (const place of found) kinds.add(place < 0 ? String(place) : 'a place');
      }),
      { numRuns: 1_000 },
    );
    expect(kinds).toEqual(new Set(['a place', String(NONE), String(SEVERAL)]));
  });

  test('among those that are looked for, whatever gives them', () => {
    const places = lookFor(new Set(['ann', 'bob']));
    const sought = columnOf(['bob', 'ann', 'cid', null]);
    expect([0, 1, 2, 3].map((at) => places.find(sought, at))).toEqual([1, 0, NONE, NONE]);
    expect(lookFor(['ann', 'bob', 'ann']).find(sought, 1)).toBe(SEVERAL);
  });

  test('or is not, in any table that is as full as it gets', () => {
    for (let company = 0; company < 200; company += 1) {
      const texts = Array.from({ length: 12 }, (_, number) => `u${number} of ${company}`);
      const sought = columnOf([...texts, `nobody of ${company}`]);
      const places = placesOf(columnOf(texts));
      expect([...texts, ''].map((_, at) => places.find(sought, at))).toEqual([...texts.keys(), NONE]);
    }
  });

  test('of a hundred thousand, each in its place', () => {
    const texts = Array.from({ length: 100_000 }, (_, number) => anchor(number));
    const column = columnOf(texts);
    const places = placesOf(column);
    expect(texts.findIndex((_, at) => places.find(column, at) !== at)).toBe(-1);
    const others = columnOf(Array.from({ length: 100_000 }, (_, number) => anchor(100_000 + number)));
    expect(texts.findIndex((_, at) => places.find(others, at) !== NONE)).toBe(-1);
  });
});

test('a row without a text is found nowhere and equals nothing, and an empty text is a text', () => {
  const column = columnOf([null, '', null, 'a']);
  expect([0, 1, 2, 3].map((at) => isText(column, at))).toEqual([false, true, false, true]);
  expect([0, 1, 2, 3].map((at) => placesOf(column).find(column, at))).toEqual([NONE, 1, NONE, 3]);
  expect([isSame(column, 0, column, 0), isSame(column, 0, column, 2)]).toEqual([false, false]);
  expect([isSame(column, 0, column, 1), isSame(column, 1, column, 0)]).toEqual([false, false]);
  expect([isSame(column, 1, column, 1), isSame(column, 1, column, 3)]).toEqual([true, false]);
});

test('only a row with a text that no other has is the only one', () => {
  fc.assert(
    fc.property(columns, (texts) => {
      const places = placesOf(columnOf(texts));
      expect(texts.map((_, at) => places.isOnly(at))).toEqual(texts.map((one, at) => placeIn(texts, one) === at));
    }),
  );
});

test('two rows have the same digest if they have the same text, and only then', () => {
  const answers = new Set<boolean>();
  fc.assert(
    fc.property(fc.array(textOrNone, { minLength: 1, maxLength: 8 }), fc.array(textOrNone), (texts, others) => {
      const [one, other] = [columnOf(texts), columnOf([...others, ...texts])];
      for (const [at, left] of texts.entries())
        for (const [beside, right] of [...others, ...texts].entries()) {
          const is = isSame(one, at, other, beside);
          expect(is).toBe(left !== null && left === right);
          answers.add(is);
        }
    }),
    { numRuns: 500 },
  );
  expect(answers.size).toBe(2);
});

test('a digest is of what is asked of each row', () => {
  const rows = [{ name: 'Ann' }, { name: null }, { name: 'Bob' }];
  expect(digestsOf(rows, ({ name }) => name?.toLowerCase() ?? null)).toEqual(columnOf(['ann', null, 'bob']));
});

/** Both were looked for until the hash came out as nothing. */
test.each(['\u0042\u8C0C\u3820\uCE80\uF66E', '\u0042\uF0EC\uD832\u33DD\uA6B1'])(
  'no text passes for none at all: %j',
  (zero) => {
    const column = columnOf(['a', zero, null]);
    expect(isText(column, 1)).toBe(true);
    expect(placesOf(column).find(column, 1)).toBe(1);
  },
);

/** Looked for as well: one half of their digests is nothing. */
test.each(['ab\u6949\u284F', 'g7r4tr2'])('a text of whose digest one half is nothing is a text: %j', (half) => {
  const column = columnOf([half, 'a']);
  expect([column[0], column[1]]).toContain(0);
  // The other half tells it from all texts that share this one.
  expect(Math.max(column[0] ?? 0, column[1] ?? 0)).toBeGreaterThan(1);
  expect(isText(column, 0)).toBe(true);
  expect(placesOf(column).find(column, 0)).toBe(0);
});

test.each([
  ['first', '00u000bn4', '00u001q8t'],
  ['second', '00u000r9s', '00u002cnq'],
])('two texts whose digests share the %s half alone are two texts', (_half, one, other) => {
  const column = columnOf([one, other]);
  expect(column[0] === column[2] || column[1] === column[3]).toBe(true);
  expect(isSame(column, 0, column, 1)).toBe(false);
  expect([0, 1].map((at) => placesOf(column).find(column, at))).toEqual([0, 1]);
});

const MANY = 300_000;

/** Sixteen bytes that look like chance, the same every time. */
function guid(number: number): Buffer {
  const bytes = Buffer.alloc(16);
  for (let word = 0; word < 4; word += 1)
    bytes.writeUInt32LE(Math.imul(number + 1 + word * MANY, 0x9e3779b1) >>> 0, 4 * word);
  return bytes;
}

/** The letters whose bits are set. */
function inCapitals(name: string, bits: number): string {
  return Array.from(name, (letter, at) => ((bits >> at) & 1 ? letter.toUpperCase() : letter)).join('');
}

const ALIKE: readonly (readonly [string, (number: number) => string])[] = [
  ['Okta ids in a row', (number) => `00u${number.toString(36).padStart(17, '0')}`],
  ['Okta ids that differ at their front', (number) => `00u${number.toString(36).padStart(6, '0')}abcdefghi7`],
  ['anchors of GUIDs in a row', (number) => anchor(number)],
  ['anchors of any GUIDs', (number) => guid(number).toString('base64')],
  ['object ids', (number) => `0a1b2c3d-4e5f-6071-8293-${number.toString(16).padStart(12, '0')}`],
  ['names with a number', (number) => `ann.smith${String(number).padStart(6, '0')}@contoso.com`],
  ['names that differ in their capitals', (number) => inCapitals('annamariesmithjonesofcontoso', number)],
  ['numbers of two digits', (number) => number.toString(2)],
];

/** How many there are, each counted once. */
function distinct(numbers: Uint32Array): number {
  const sorted = numbers.toSorted();
  return sorted.filter((one, at) => at === 0 || one !== sorted[at - 1]).length;
}

describe.each(ALIKE)('of three hundred thousand texts that look alike, as %s do', (_what, textOf) => {
  const column = digestsOf(
    Array.from({ length: MANY }, (_, number) => number),
    textOf,
  );

  test('no two share a digest', () => {
    const whole = new BigUint64Array(column.buffer).sort();
    expect(whole.findIndex((digest, at) => at > 0 && digest === whole[at - 1])).toBe(-1);
  });

  test('each half of a digest is shared as seldom as by chance, so that both together are hardly ever', () => {
    // Of so many among 2^32 there are some ten pairs by chance.
    expect(distinct(column.filter((_, at) => at % 2 === 0))).toBeGreaterThan(MANY - 40);
    expect(distinct(column.filter((_, at) => at % 2 === 1))).toBeGreaterThan(MANY - 40);
  });

  test('they are spread over a table as by chance', () => {
    const slots = distinct(column.filter((_, at) => at % 2 === 0).map((half) => half & 0x7ffff));
    // Of 2^19 slots so many are met by chance: 1 - e^(-300,000 / 2^19).
    expect(slots / 2 ** 19).toBeCloseTo(0.4357, 2);
  });
});
