import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GOLDEN, goldenFiles } from './golden.ts';

const files = goldenFiles();

test.each(Object.keys(files))('%s is what was looked at and kept; `npm run golden` writes it again', async (name) => {
  expect(files[name]).toBe(await readFile(join(GOLDEN, name), 'utf8'));
});

test('no other file is kept', async () => {
  expect((await readdir(GOLDEN)).toSorted()).toEqual(Object.keys(files).toSorted());
});
