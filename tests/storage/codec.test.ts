import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AnchorwatchError } from '../../shared/errors.ts';
import { fromEntity, toEntity } from '../../shared/storage/codec.ts';
import { memoryTable } from '../../shared/storage/memory-table.ts';
import type { TableSpec } from '../../shared/state/spec.ts';
import { failure, sampleRow, sampleSpec, type Sample } from './fixtures.ts';

const spec = sampleSpec('Samples');

/** The columns of a good row, and what a test changes in them. */
function stored(changes: Readonly<Record<string, unknown>>) {
  const { entity } = toEntity(spec, sampleRow('p', 'a', { text: 'x'.repeat(70_000) }));
  const columns: Record<string, unknown> = { ...entity.columns, ...changes };
  return { ...entity, columns: Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) };
}

describe('the columns of a row', () => {
  test('are native where the service has the type, and JSON text where it has not', () => {
    const row = sampleRow('p', 'a', { extra: 'more' });
    expect(toEntity(spec, row).entity.columns).toEqual({
      group: 'p',
      id: 'a',
      text: 'seen',
      at: 1_795_392_000_123,
      open: true,
      note__json: 'null',
      extra: 'more',
      list__json: '[{"name":"first","count":1}]',
      bytes: row.bytes,
      v: 1,
    });
  });

  test('are numbered where one column is too small', () => {
    const bytes = new Uint8Array(65_537);
    const { columns } = toEntity(spec, sampleRow('p', 'a', { text: 'x'.repeat(40_000), bytes })).entity;
    expect(
      Object.keys(columns)
        .filter((name) => name.includes('__'))
        .sort(),
    ).toEqual(['bytes__1of2', 'bytes__2of2', 'list__json', 'note__json', 'text__1of2', 'text__2of2']);
    expect(columns['bytes__2of2']).toHaveLength(1);
  });

  test.each(['PartitionKey', 'rowKey', 'timestamp', 'etag', 'v', 'w', 'a__b', 'a-b', '1a', 'ä', 'a@odata.type'])(
    'cannot be named %j',
    async (name) => {
      const odd: TableSpec<Record<string, string>> = {
        name: 'Odd',
        version: 1,
        schema: z.record(z.string(), z.string()),
        partition: () => 'p',
        key: () => 'a',
      };
      const row = Object.fromEntries([[name, 'value']]);
      expect(await failure(memoryTable(odd).insert(row), 'invalid')).toContain(name);
    },
  );

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1, Symbol('s')])('cannot hold %s', async (value) => {
    const loose = {
      name: 'Loose',
      version: 1,
      schema: z.object({ value: z.unknown() }),
      partition: () => 'p',
      key: () => 'a',
    };
    expect(await failure(memoryTable(loose).insert({ value }), 'invalid')).toContain('"value"');
  });

  test('cannot be more than the service takes', async () => {
    const wide = {
      name: 'Wide',
      version: 1,
      schema: z.record(z.string(), z.number()),
      partition: () => 'p',
      key: () => 'a',
    };
    const row = Object.fromEntries(Array.from({ length: 251 }, (_, index) => [`c${index}`, index]));
    expect(await failure(memoryTable(wide).insert(row), 'invalid')).toContain('252 columns, 251 fit');
    delete row['c0'];
    expect((await memoryTable(wide).insert(row)).row).toEqual(row);
  });

  test('are refused when the row would not read back as it is', async () => {
    const dated = {
      name: 'Dated',
      version: 1,
      schema: z.object({ at: z.object({ day: z.date() }) }),
      partition: () => 'p',
      key: () => 'a',
    };
    expect(await failure(memoryTable(dated).put({ at: { day: new Date(0) } }), 'invalid')).toContain('at.day');
  });
});

describe('a row read back', () => {
  test.each([
    ['a column is missing', { at: undefined }, 'at: '],
    ['a number is text', { at: '1795392000123' }, 'at: '],
    ['a number is a bigint', { at: 1n }, 'at: '],
    ['a number is a date', { at: new Date(0) }, 'at: '],
    ['a flag is text', { open: 'true' }, 'open: '],
    ['bytes are text', { bytes: 'AAECAw==' }, 'bytes: '],
    ['JSON is cut', { list__json: '[{"name":' }, 'Field "list"'],
    ['JSON holds something else', { list__json: '[{"name":7}]' }, 'list.0.name: '],
    ['JSON is a number', { list__json: 7 }, 'Field "list"'],
    ['a part is missing', { text__2of3: undefined }, 'part 2 of 3 is missing'],
    ['the last part is missing', { text__3of3: undefined }, 'part 3 of 3 is missing'],
    ['parts of two writes are mixed', { text__1of2: 'x' }, 'Field "text"'],
    ['a part is beyond its count', { text__9of3: 'x' }, 'Field "text"'],
    ['a part is no text', { text__2of3: 7 }, 'Field "text"'],
    ['a field is there twice', { text: 'x' }, 'there twice'],
    ['the version is missing', { v: undefined }, 'no schema version'],
    ['the version is text', { v: '1' }, 'no schema version'],
    ['the version is no version', { v: 0 }, 'no schema version'],
    ['the version is half', { v: 1.5 }, 'no schema version'],
    ['the row belongs elsewhere', { id: 'b' }, 'belongs under "p" / "b"'],
  ])('says where and what when %s', async (_, changes, named) => {
    const message = await failure(() => fromEntity(spec, stored(changes)), 'invalid');
    expect(message).toContain(named);
    expect(message).toContain('row "p" / "a" of table "Samples"');
  });

  test('of a newer version is refused, with both versions and the way out', async () => {
    const message = await failure(() => fromEntity(spec, stored({ v: 3 })), 'invalid');
    expect(message).toContain('schema version 3; this program knows versions up to 1');
    expect(message).toContain('deploy');
  });

  test('may have columns that nobody knows', () => {
    expect(fromEntity(spec, stored({ added: 'by hand', note__json: '"kept"' })).note).toBe('kept');
  });

  test('is a row or an error that explains itself, whatever the columns hold', () => {
    const names = fc.oneof(
      fc.constantFrom(
        'v',
        'group',
        'id',
        'at',
        'text',
        'text__json',
        'text__1of2',
        'list__json',
        'bytes__2of2',
        'note',
      ),
      fc.string(),
    );
    const values = fc.oneof(
      fc.anything({ withDate: true, withBigInt: true, withTypedArray: true }),
      fc.json(),
      fc.constantFrom(1, 2, 'p', 'a', new Uint8Array(2)),
    );
    fc.assert(
      fc.property(fc.dictionary(names, values), fc.boolean(), (columns, beside) => {
        const entity = { partition: 'p', key: 'a', columns: beside ? { ...stored({}).columns, ...columns } : columns };
        try {
          expect(fromEntity(spec, entity)).toMatchObject({ group: 'p', id: 'a' });
        } catch (error) {
          expect(error).toBeInstanceOf(AnchorwatchError);
          expect(error).toMatchObject({ kind: 'invalid' });
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a row of an older version', () => {
  const raised: TableSpec<Sample> = { ...spec, version: 3 };

  test('is brought up to date, from the version it has', () => {
    const upgrading: TableSpec<Sample> = {
      ...raised,
      upgrade: (fields, version) => ({ ...fields, text: `was ${version}`, at: Number(fields['moment']) }),
    };
    const row = fromEntity(upgrading, stored({ v: 2, at: undefined, moment: '17' }));
    expect(row).toMatchObject({ text: 'was 2', at: 17 });
  });

  test('is taken as it is when it satisfies the schema, and refused with both versions when not', async () => {
    expect(fromEntity(raised, stored({})).id).toBe('a');
    const message = await failure(() => fromEntity(raised, stored({ at: undefined })), 'invalid');
    expect(message).toContain('version 1 of 3');
    expect(message).toContain('at: ');
  });

  test('is refused, not a crash, when it cannot be brought up to date', async () => {
    const failing: TableSpec<Sample> = {
      ...raised,
      upgrade() {
        throw new TypeError('nothing there');
      },
    };
    expect(await failure(() => fromEntity(failing, stored({})), 'invalid')).toContain('from version 1 to 3');
  });

  test('is not brought up to date when it is of today', () => {
    const upgrading: TableSpec<Sample> = { ...spec, upgrade: () => null };
    expect(fromEntity(upgrading, stored({})).id).toBe('a');
  });
});

describe('a spec', () => {
  test.each(['', 'ab', '1abc', 'a-b-c', 'ä'.repeat(4), 'a'.repeat(64)])('cannot be named %j', async (name) => {
    expect(await failure(() => memoryTable({ ...spec, name }), 'invalid')).toContain('table name');
  });

  test.each([0, 1.5, -1])('cannot have version %d', async (version) => {
    expect(await failure(() => memoryTable({ ...spec, version }), 'invalid')).toContain('count from 1');
  });
});
