import { expect, test } from 'vitest';
import { newKeys } from '../../local/world/keys.ts';
import { honestNights } from './honest.ts';

/** `npm run simulate -- --nights 5000` tries as many as you like. */
const NIGHTS = 100;

test('whatever is wrong with whatever tenant, a night says what the key says, or that it could not tell', {
  timeout: 600_000,
}, async () => {
  const seeds = Array.from({ length: NIGHTS }, (_, at) => `test.${at}`);

  const nights = await honestNights(seeds, newKeys());

  expect(nights.wrong).toEqual([]);
  expect(nights.excused).toBeLessThan(NIGHTS / 100);
  // It is neither a calm sea nor a storm that nobody comes through.
  expect(nights.goodStruck).toBeGreaterThan(NIGHTS / 10);
  expect(nights.goodFound).toBeGreaterThan(NIGHTS / 4);
  expect(nights.goodCut).toBeGreaterThan(NIGHTS / 20);
  expect(nights.couldNotTell).toBeGreaterThan(NIGHTS / 5);
  expect(nights.struck.size).toBeGreaterThanOrEqual(20);
});
