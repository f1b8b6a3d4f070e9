import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphPause, readUsed } from '../../shared/entra/pacing.ts';

test.each([
  [null, 0.8, 0],
  [0, 0.8, 0],
  [0.79, 0.8, 0],
  [0.8, 0.8, 1_000],
  [0.9, 0.8, 5_500],
  [1, 0.8, 10_000],
  [1.8, 0.8, 10_000],
  [0.9, 1, 0],
  [1, 1, 10_000],
])('used to %f with a share of %f: %i ms', (used, share, pause) => {
  expect(graphPause(used, share)).toBe(pause);
});

test('the pause grows with use, and never beyond a window', () => {
  const use = fc.double({ min: 0, max: 3, noNaN: true });
  fc.assert(
    fc.property(use, use, fc.double({ min: 0.01, max: 1, noNaN: true }), (one, other, share) => {
      const [less, more] = [Math.min(one, other), Math.max(one, other)];
      expect(graphPause(less, share)).toBeLessThanOrEqual(graphPause(more, share));
      expect(graphPause(more, share)).toBeLessThanOrEqual(10_000);
    }),
  );
});

test.each([
  ['0.83', 0.83],
  ['1', 1],
  ['much', null],
  ['0.8, 0.9', null],
])('the header %j reads as %s', (header, used) => {
  expect(readUsed(new Headers({ 'x-ms-throttle-limit-percentage': header }))).toBe(used);
});
