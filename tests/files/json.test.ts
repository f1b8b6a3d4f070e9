import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJson } from '../../shared/rosters/files/json.ts';
import { readTable } from '../../shared/rosters/files/read.ts';
import { encoded, jsonFile } from './written.ts';

const ada = { id: '1', profile: { name: 'Ada' } };
const bob = { id: '2', profile: { name: 'Bob "][" \\' } };

function names(text: string): unknown[] {
  return readTable(encoded(text), 'a.json').records.map((record) => record.cell('profile.name'));
}

describe('JSON', () => {
  test.each([
    ['a list', JSON.stringify([ada, bob])],
    ['a list of lists', JSON.stringify([[ada], [bob]])],
    ['a page', JSON.stringify({ '@odata.context': 'x', value: [ada, bob] })],
    ['a list of pages', JSON.stringify([{ value: [ada], '@odata.nextLink': 'https://x' }, { value: [bob] }])],
    ['lists one behind the other', `${JSON.stringify([ada], null, 2)}\n${JSON.stringify([bob])}\n`],
    ['a line for each', `${JSON.stringify(ada)}\r\n${JSON.stringify(bob)}\r\n`],
    [
      'pages one behind the other',
      `${JSON.stringify({ value: [ada], '@odata.nextLink': 'x' })}${JSON.stringify({ value: [bob] })}`,
    ],
  ])('is read as %s', (_, text) => {
    expect(names(text)).toEqual(['Ada', 'Bob "][" \\']);
  });

  test('is read as one entry alone, as ConvertTo-Json writes one', () => {
    expect(names(JSON.stringify(ada))).toEqual(['Ada']);
  });

  test('finds columns in any case, those with a dot in their name too, and lists their paths', () => {
    const table = readTable(jsonFile([{ Id: '1', '@odata.type': 't', SID: { Value: 's', Parts: [1] } }]), 'a.json');

    expect(table.columns).toEqual(['Id', '@odata.type', 'SID.Value', 'SID.Parts']);
    expect(['id', '@odata.type', 'sid.value', 'sid.none', 'none.none'].map(table.records[0]!.cell)).toEqual([
      '1',
      't',
      's',
      undefined,
      undefined,
    ]);
  });

  test('keeps keys that objects are made of inert', () => {
    const table = readTable(
      encoded('[{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}]'),
      'a.json',
    );

    expect(table.records[0]!.cell('tostring')).toBeUndefined();
    expect(table.records[0]!.cell('polluted')).toBeUndefined();
    expect({}).not.toHaveProperty('polluted');
  });

  test('names entries that are no objects by their number', () => {
    const table = readTable(jsonFile([ada, null, 'x', 7, bob]), 'a.json');

    expect(table.records.map(({ row }) => row)).toEqual([1, 5]);
    expect(table.rejected.map(({ row, unit, reason }) => [row, unit, reason])).toEqual([
      [2, 'entry', 'not an object but null'],
      [3, 'entry', 'not an object but a string'],
      [4, 'entry', 'not an object but a number'],
    ]);
  });

  test.each([
    ['cut in half', '[\n{"id":"1"},\n{"id":"sec', /no valid JSON in line 3/],
    ['cut between two', '[\n{"id":"1"},\n', /is cut off.*line 3/],
    ['cut behind a whole one', '[{"id":"1"}]\n[{"id":', /is cut off.*line 2/],
    ['broken in the middle', '[\n{"id":"1" "secret":2},\n{"id":"2"}]', /no valid JSON in line 2/],
    ['no JSON but for its first letter', '[secret]', /is no valid JSON\./],
    ['a page that announces another', '{"value":[{"id":"1"}],"@odata.nextLink":"https://x"}', /not complete.*nextLink/],
    ['an empty list', '[]', /holds no rows/],
    ['an empty page', '{"value":[]}', /holds no rows/],
  ])('that is %s is refused', (_, text, message) => {
    expect(() => readTable(encoded(text), 'a.json')).toThrow(message);
    expect(() => readTable(encoded(text), 'a.json')).toThrow(expect.objectContaining({ kind: 'invalid' }));
    expect(() => readTable(encoded(text), 'a.json')).toThrow(/^(?!.*sec).*$/s);
  });

  test('nested without end, or random, never ends in another error than ours', () => {
    const deep = fc.constantFrom(
      '['.repeat(100_000),
      `${'['.repeat(5_000)}1${']'.repeat(5_000)}`,
      `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
    );
    fc.assert(
      fc.property(
        fc.oneof(
          deep,
          fc.json().map((text) => `[${text}]`),
          fc.string().map((text) => `[${text}`),
        ),
        (text) => {
          try {
            expect(readTable(encoded(text), 'a.json').file).toBe('a.json');
          } catch (error) {
            expect(error).toMatchObject({ name: 'AnchorwatchError', kind: 'invalid' });
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('JSON that would take all memory', () => {
  test.each([
    ['brackets without end', '['.repeat(5_000_000), 'is nested more than 100 deep in line 1'],
    ['objects in objects', '{"a":\n'.repeat(200), 'is nested more than 100 deep in line 101'],
    ['a list of ever more numbers', `[${'0,'.repeat(4_000_001)}0]`, 'has more than 4000000 items'],
    [
      'an object of ever more fields',
      `[{${'"a":0,'.repeat(10_000)}"b":0}]`,
      'an object of more than 10000 fields in line 1',
    ],
    ['ever more documents', '{}'.repeat(4_000_001), 'has more than 4000000 items'],
  ])('is refused before it is parsed: %s', (_what, text, words) => {
    expect(() => readJson(text, 'okta.json')).toThrow(words);
  });

  test('is told from text that only holds brackets and commas, behind whatever backslashes', () => {
    const text = `${'['.repeat(200)}${','.repeat(200)}`;
    const rows = [{ a: `${text}"` }, { a: `\\"${text}\\` }, { a: `\\\\"\\${text}` }];
    const nested = `${'{"a":'.repeat(99)}0${'}'.repeat(99)}`;

    const { records } = readJson(JSON.stringify(rows), 'okta.json');
    expect(records.map(({ cell }) => cell('a'))).toEqual(rows.map(({ a }) => a));
    expect(readJson(`[{${'"a":0,'.repeat(9_999)}"b":0}]`, 'okta.json').records).toHaveLength(1);
    expect(readJson(`[${nested}]`, 'okta.json').records).toHaveLength(1);
    expect(() => readJson(`[[${nested}]]`, 'okta.json')).toThrow('is nested more than 100 deep');
  });
});
