import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCsv } from '../../shared/rosters/files/csv.ts';
import { readTable } from '../../shared/rosters/files/read.ts';
import type { Table } from '../../shared/rosters/files/table.ts';
import { anyLayout, csvFile, encoded } from './written.ts';

function cellsOf(table: Table): string[][] {
  return table.records.map((record) => table.columns.map((column) => String(record.cell(column.toLowerCase()))));
}

function read(text: string): Table {
  return readTable(encoded(text), 'a.csv');
}

describe('delimited text', () => {
  test('reads back as it was written, whatever the delimiter, quotes, line ends, encoding and lines before the header', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('"', ',', ';', '\t', 'a', ' ', '\n', '\r\n', '=', '#') }),
    );
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
      );
    fc.assert(
      fc.property(table, anyLayout, (rows, layout) => {
        fc.pre(rows.every((row) => row.some((text) => text !== '') && row.every((text) => !text.includes('\0'))));
        const header = rows[0]!.map((_, at) => `Column ${at}`);
        const found = readTable(csvFile([header, ...rows], layout), 'a.csv');
        expect(found.columns).toEqual(header);
        expect(cellsOf(found)).toEqual(rows);
        expect(found.rejected).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('names the line that an editor shows, past line ends inside cells, empty lines and lines before the header', () => {
    const text = [
      '#TYPE X',
      'sep=;',
      '"a";"b"',
      '"1";"one\r\ntwo\nthree"',
      '',
      '"2";"x"',
      ';',
      '"3";"y"',
      '"4"',
      '"5";"z";"surplus"',
      '"6";"z";;',
    ].join('\r\n');

    const table = read(text);

    expect(table.records.map(({ row }) => row)).toEqual([4, 8, 10, 13]);
    expect(table.rejected).toEqual([
      {
        file: 'a.csv',
        row: 11,
        unit: 'line',
        column: 'b',
        reason: 'the row ends before this column: 1 cells where the header has 2',
      },
      { file: 'a.csv', row: 12, unit: 'line', column: null, reason: '3 cells where the header has 2' },
    ]);
  });

  test('finds columns in any case, and the one that PowerShell’s type line was saved over by Excel', () => {
    const table = read('"#TYPE System.Object",,\r\nID;" Name "\r\n1;x\r\n');

    expect(table.columns).toEqual(['ID', 'Name']);
    expect(table.records[0]!.cell('name')).toBe('x');
  });

  test('keeps cells under names that objects are made of inert', () => {
    const table = read('__proto__,constructor,toString\nx,y,z\n');

    expect(cellsOf(table)).toEqual([['x', 'y', 'z']]);
    expect(table.records[0]!.cell('valueof')).toBeUndefined();
    expect(Object.prototype).not.toHaveProperty('x');
  });

  test.each([
    [
      'a quote that never closes',
      'a,b\n1,"two\nlines"\n3,"x\n4,y\n',
      /row that begins in line 4 has a quote that does not close/,
    ],
    ['a quote inside a bare cell', 'a,b\n1,O"Brien\n', /row that begins in line 2/],
    ['letters behind a closing quote', '"a","b"\n"1","x"y\n', /row that begins in line 2/],
    ['a row without end', `a,b\n1,"${'x'.repeat(1024 * 1024)}\n`, /line 2 is longer than 1048576 characters/],
    ['two columns of one name', 'Id,Mail,id,MAIL\n1,2,3,4\n', /several columns of one name: id, MAIL/],
    ['nothing', '', /is empty/],
    ['empty lines alone', '\n\n,,\n', /is empty/],
    ['a header alone', 'a,b\n', /holds no rows/],
  ])('with %s is refused', (_, text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(expect.objectContaining({ kind: 'invalid', cause: undefined }));
  });

  test('never ends in another error than ours', () => {
    const rubbish = fc.string({
      unit: fc.constantFrom('"', ',', ';', '\n', '\r', 'a', '#TYPE ', 'sep=', '[', '{', ' '),
    });
    fc.assert(
      fc.property(rubbish, (text) => {
        try {
          expect(read(text).file).toBe('a.csv');
        } catch (error) {
          expect(error).toMatchObject({ name: 'AnchorwatchError', kind: 'invalid' });
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test.each([
  ['line ends alone', '\n'.repeat(2_000_001)],
  ['ever more rows', 'a\n'.repeat(2_000_001)],
])('a file of %s is given up at two million rows', (_what, text) => {
  expect(() => readCsv(text, 'ad.csv')).toThrow('ad.csv has more than 2000000 rows, the most that are read.');
});
