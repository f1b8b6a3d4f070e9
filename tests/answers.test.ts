import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { inShape, parseJson, safeWords } from '../shared/answers.ts';
import { readWhole } from '../shared/pages.ts';

describe('the shape of an answer', () => {
  const Schema = z.array(z.object({ id: z.string(), profile: z.object({ n: z.number() }) }));

  test('an unexpected shape is named by place and kind, never by content', () => {
    const body = [{ id: 'a', profile: { n: 1 } }, { id: 7, profile: 'secret words' }, { id: null }];

    expect(() => inShape(Schema, body, 'GET /users')).toThrow(
      'The answer to GET /users has not the expected shape: [1].id is number, expected string; ' +
        '[1].profile is text of 12 characters, expected object; [2].id is null, expected string.',
    );
  });

  test('what is absent is called absent', () => {
    expect(() => inShape(z.object({ id: z.string() }), {}, 'GET /x')).toThrow('.id is absent, expected string');
    expect(() => inShape(z.object({}), [1, 2], 'GET /x')).toThrow('the whole is a list of 2, expected object');
  });

  test('keys that would change the prototype of everything are inert', () => {
    const body = parseJson(
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"id":"a"}',
      'x',
    );

    const read = inShape(z.object({ id: z.string() }), body, 'x');
    const loose = inShape(z.record(z.string(), z.unknown()), body, 'x');
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(loose)).toBe(Object.prototype);
    expect(Reflect.get(read, 'polluted')).toBeUndefined();
    expect(Reflect.get(loose, 'polluted')).toBeUndefined();
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

describe('the body of an answer', () => {
  test.each([
    ['<!doctype html><p>Maintenance', 'a web page'],
    ['', 'nothing'],
    ['[{"id":"a"},{"i', 'something else, or cut in half'],
  ])('%j is asked for again', (text, found) => {
    expect(() => parseJson(text, 'GET /x')).toThrow(
      expect.objectContaining({ kind: 'transient', message: expect.stringContaining(found) }),
    );
  });
});

test('somebody else’s words come as one short line without an anchor', () => {
  const words = safeWords(`Bad\nfilter 'VKzYZ1C+IkSZxIWlrW5ITg==' ${'and so on '.repeat(50)}`);

  expect(words).not.toContain('VKzYZ1C');
  expect(words).not.toContain('\n');
  expect(words.length).toBeLessThan(250);
});

describe('a list that is read whole', () => {
  test('goes on over empty pages', async () => {
    const pages = new Map([
      [null, { rows: [1], next: 'a' }],
      ['a', { rows: [], next: 'b' }],
      ['b', { rows: [2], next: null }],
    ]);

    await expect(readWhole(async (cursor) => pages.get(cursor)!, 'GET /x')).resolves.toEqual([1, 2]);
  });

  test('stops where the links go in circles', async () => {
    await expect(
      readWhole(async (cursor) => ({ rows: [1], next: cursor === 'a' ? 'b' : 'a' }), 'GET /x'),
    ).rejects.toMatchObject({ kind: 'refused' });
  });

  test('stops where the links never end', async () => {
    let page = 0;
    await expect(readWhole(async () => ({ rows: [], next: String((page += 1)) }), 'GET /x')).rejects.toThrow(
      'never ends',
    );
    expect(page).toBe(1_000);
  });

  test('stops where it holds more rows than there is memory for, whatever the size of its pages', async () => {
    let pages = 0;
    const page = async () => ({ rows: Array.from({ length: 150_000 }, () => 1), next: String((pages += 1)) });

    await expect(readWhole(page, 'GET /x')).rejects.toMatchObject({ kind: 'refused' });
    expect(pages).toBe(2);
  });

  test('is read however many rows are on one page', async () => {
    const rows = Array.from({ length: 199_999 }, (_, at) => at);

    await expect(readWhole(async () => ({ rows, next: null }), 'GET /x')).resolves.toEqual(rows);
  });
});
