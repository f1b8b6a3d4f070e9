import { expect, test } from 'vitest';
import { entraWords } from '../../shared/notify/decision-words.ts';
import { plannedOf } from '../web/rows.ts';

const before = { a: 'q1w2e3r4t5y6u7i8o9p0aQ==', o: null, e: 'x9y8e3r4t5y6u7i8o9p0ag==' };
/** Looks like the first in its short form. */
const alike = 'q1w2ZZZZZZZZZZZZZZZZaQ==';

test.each([
  ['the anchor is set', { recipe: 'reanchor', before }, ['x9y8…g==', 'q1w2…Q==']],
  ['there was none', { recipe: 'set', before: { ...before, e: null } }, ['(empty)', 'q1w2…Q==']],
  ['Entra ID is right', { recipe: 'reassign', before }, ['x9y8…g==', 'the same']],
  [
    'the two look alike',
    { recipe: 'reanchor', before: { ...before, e: alike } },
    ['q1w2…Q==', 'q1w2…Q== (another value)'],
  ],
] as const)('what Entra ID holds now and then is shown where %s', (_what, over, words) => {
  expect(entraWords({ ...plannedOf('grace@contoso.com'), ...over })).toEqual(words);
});
