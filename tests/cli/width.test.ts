import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tableLines } from '../../cli/report/sheet.ts';
import { cutEvery, padTo, widthOf } from '../../shared/notify/width.ts';
import { wrap } from '../../shared/notify/wrap.ts';

test.each([
  ['ada', 3],
  ['Zoë', 3],
  ['Zoe\u0308', 3],
  ['王小明', 6],
  ['ｱﾀﾞ', 3],
  ['한국', 4],
  ['😀', 2],
  ['Ａ', 2],
  ['…', 1],
  ['─', 1],
  ['Ελένη', 5],
  ['', 0],
])('%s takes %i columns', (text, width) => {
  expect(widthOf(text)).toBe(width);
});

test('names of every script stand in one column, and the next begins where it should', () => {
  const lines = tableLines(
    ['person', 'verdict'],
    [
      ['王小明', 'x'],
      ['ada.byron', 'x'],
      ['Zoe\u0308', 'x'],
    ],
    80,
  );

  expect(lines.map((line) => widthOf(line.slice(0, line.lastIndexOf(' ') + 1)))).toEqual([11, 11, 11, 11, 11]);
});

const text = fc.array(fc.constantFrom('a', 'é', 'e\u0301', '王', '😀', ' ', '한'), { maxLength: 40 });

test('no line is wider than the terminal, and no letter is lost', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 30 }), (letters, width) => {
      const whole = letters.join('');

      expect(cutEvery(whole, width).join('')).toBe(whole);
      for (const line of wrap(whole.trimStart(), width)) expect(widthOf(line)).toBeLessThanOrEqual(width);
      expect(widthOf(padTo(whole, width))).toBe(Math.max(width, widthOf(whole)));
    }),
  );
});
