import { resolve } from 'node:path';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { mutantsOf, mutated } from './mutants.ts';
import { gone, mismatch, survivorOf } from './survivors.ts';
import { Tester } from './tester.ts';

function changesOf(text: string): readonly string[] {
  return mutantsOf('one.ts', text).map((mutant) => mutated(text, mutant));
}

describe('the mistakes', () => {
  test.each<[string, readonly string[]]>([
    ['a < b;', ['a <= b;', 'a >= b;', ';']],
    ['const x = a === 1;', ['const x = a !== 1;', 'const x = a === 2;']],
    ['const x = a && b;', ['const x = a || b;', 'const x = b;', 'const x = a;']],
    ['const x = a ?? b;', ['const x = b;']],
    ['const x = a?.b;', ['const x = a.b;']],
    ['const x = !a;', ['const x = a;']],
    ['const x = a ? b : c;', ['const x = true ? b : c;', 'const x = false ? b : c;']],
    ['const x = true;', ['const x = false;']],
    ['const x = [a].some(b);', ['const x = [a].every(b);', 'const x = [].some(b);']],
    ['const x = a.filter(b);', ['const x = a;']],
    ["const x = a('b');", ["const x = a('');"]],
    ["const x = a('some words');", []],
    ['const x = /^a$/i;', ['const x = /a$/i;', 'const x = /^a/i;', 'const x = /^a$/;']],
    ['const f = () => a;', ['const f = () => undefined;']],
    ['function f() { return a; }', ['function f() { return undefined; }']],
    ['for (let i = a; i; ) b();', ['for (let i = a; false; ) b();', 'for (let i = a; i; ) ;']],
    ["const NAMES = ['a', 'b'] as const;", []],
    // What does not parse is none: nobody could write it.
    [
      'const x = a ?? (b || c);',
      ['const x = (b || c);', 'const x = a ?? (b && c);', 'const x = a ?? (c);', 'const x = a ?? (b);'],
    ],
  ])('%s', (text, changed) => {
    expect(changesOf(text).toSorted()).toEqual(changed.toSorted());
  });
});

test('a survivor is known by its lines and what they become, and a list that is not as it is says so', () => {
  const text = 'const a = 1;\n  const b =\n    2;\nconst c = 3;\n';
  const all = mutantsOf('one.ts', text).map((mutant) => survivorOf('one.ts', text, mutant));
  const [first, second, third] = all;

  expect(second).toEqual({ file: 'one.ts', was: '2;', becomes: '3;' });
  expect(mismatch(all, all)).toEqual({ unlisted: [], stale: [] });
  expect(mismatch([first!, second!], [{ ...second!, harmless: 'It is.' }, third!])).toEqual({
    unlisted: [first],
    stale: [third],
  });
});

test('a list names no file that is no more', () => {
  const list = ['one.ts', 'two.ts', 'two.ts'].map((file) => ({ file, was: 'a', becomes: 'b' }));

  expect(gone(list, ['one.ts', 'two.ts', 'three.ts'])).toEqual([]);
  expect(gone(list, ['one.ts'])).toEqual(['two.ts']);
});

test('a mistake is caught, one that never ends as well, and without one the tests pass', {
  timeout: 60_000,
}, async () => {
  const root = resolve(import.meta.dirname, '../..');
  const path = resolve(root, 'shared/anchor/write.ts');
  const text = await readFile(path, 'utf8');
  const tester = new Tester([resolve(root, 'tests/anchor/write.test.ts')], { work: 3_000, wait: 30_000 });

  expect(await tester.firstFailed({ path, text })).toBeNull();
  expect(await tester.firstFailed({ path, text: `throw new Error('planted');\n${text}` })).toContain('planted');
  expect(await tester.firstFailed({ path, text: text.replace("'(empty)'", "'()'") })).toContain('(empty)');
  expect(await tester.firstFailed({ path, text: `${text}\nfor (;;);` })).toContain('does not end');
  expect(await tester.firstFailed({ path, text })).toBeNull();
  await tester.end();
});
