import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AnchorwatchError } from '../../shared/errors.ts';
import { ASSIGNMENTS, DELETED, directoryList, type List, USERS } from '../../shared/rosters/lists.ts';
import { packPage, unpackPage } from '../../shared/rosters/pack.ts';
import type { StoredPage } from '../../shared/rosters/pages.ts';
import { parcelOf } from '../../shared/rosters/parcel.ts';
import * as decisions from '../../shared/state/decision-specs.ts';
import * as holds from '../../shared/state/hold-specs.ts';
import * as messages from '../../shared/state/messages.ts';
import * as repairs from '../../shared/state/repair-specs.ts';
import type { QueueSpec, TableSpec } from '../../shared/state/spec.ts';
import * as others from '../../shared/state/specs.ts';
import { fromEntity, toEntity } from '../../shared/storage/codec.ts';
import { toColumns } from '../../shared/storage/columns.ts';
import { besideOf, linesIn, packedLines, packedText, storedAs } from '../rosters/packed.ts';
import { spoilt } from '../spoilt.ts';
import { anyOf } from './any-row.ts';

// Whatever comes back from storage: every table and every queue that the program exports, and the pages of a read.

const exported: readonly unknown[] = [decisions, holds, repairs, others, messages].flatMap((file) =>
  Object.values<unknown>(file),
);
const TABLES = exported.filter(isTable).map((spec) => [`${spec.name} ${nameOf(spec)}`, spec] as const);
const QUEUES = exported.filter(isQueue).map((spec) => [spec.name, spec] as const);

function isTable(value: unknown): value is TableSpec<object> {
  return typeof value === 'object' && value !== null && 'partition' in value;
}

function isQueue(value: unknown): value is QueueSpec<unknown> {
  return typeof value === 'object' && value !== null && 'schema' in value && !isTable(value);
}

/** Several specs share a table. */
function nameOf(spec: TableSpec<object>): string {
  const file = [decisions, holds, repairs, others].flatMap((one) => Object.entries<unknown>(one));
  return file.find(([, value]) => value === spec)?.[0] ?? '';
}

/** What was thrown, or null. Anything but the one error of the house fails the test. */
function refusalOf(read: () => unknown): AnchorwatchError | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof AnchorwatchError) return error;
    throw new Error(`not the error of the house but ${String(error)}`, { cause: error });
  }
}

function rowOf(spec: TableSpec<object>): fc.Arbitrary<object> {
  return anyOf(spec.schema).map((row) => spec.schema.parse(row));
}

const version = (spec: TableSpec<object>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(spec.version) },
    fc.integer({ min: 1, max: spec.version }),
    fc.constantFrom<unknown>(spec.version + 1, 0, -1, 1.5, '1', null, undefined, 1n),
  );

/** As the service gives columns: of its own types, and by whoever wrote them. */
const column: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, 7, '7', 7n, true, new Date(0), new Uint8Array([1]), '[]', 'null', '{'),
  fc.constantFrom<unknown>('x'.repeat(100_000), '{"__proto__":{"polluted":true}}', '['.repeat(20_000)),
);

test('there are as many tables and queues here as the program has', () => {
  expect(TABLES.length).toBeGreaterThanOrEqual(17);
  expect(QUEUES.map(([name]) => name)).toEqual(['anchorwatch-scans', 'anchorwatch-repairs']);
});

describe.each(TABLES)('a row of %s', (_name, spec) => {
  test('is read back as it was written', () => {
    fc.assert(
      fc.property(rowOf(spec), (row) => {
        const { entity } = toEntity(spec, row);
        expect(fromEntity(spec, entity)).toEqual(row);
      }),
      { numRuns: 20 },
    );
  });

  test('that was spoilt is a row still, under its own keys, or refused by table and key', () => {
    const damaged = rowOf(spec).chain((row) =>
      fc.record({
        entity: fc.constant(toEntity(spec, row).entity),
        fields: spoilt(row),
        columns: fc.dictionary(
          fc.constantFrom(...Object.keys(toEntity(spec, row).entity.columns), '__proto__'),
          column,
          {
            maxKeys: 2,
          },
        ),
        v: version(spec),
      }),
    );
    fc.assert(
      fc.property(damaged, ({ entity, fields, columns, v }) => {
        const written: { columns?: Readonly<Record<string, unknown>> } = {};
        const unwritable = refusalOf(() => {
          written.columns = toColumns(Object(fields), 'a row');
        });
        if (unwritable !== null) return;
        const raw = { ...entity, columns: { ...written.columns, ...columns, v } };
        const refused = refusalOf(() => {
          const row = fromEntity(spec, raw);
          expect([spec.partition(row), spec.key(row)]).toEqual([entity.partition, entity.key]);
          expect(fromEntity(spec, toEntity(spec, row).entity)).toEqual(row);
        });
        expect(Reflect.get({}, 'polluted')).toBeUndefined();
        if (refused === null) return;
        expect(refused.kind).toBe('invalid');
        expect(refused.message).toContain(`row "${entity.partition}" / "${entity.key}" of table "${spec.name}"`);
      }),
      { numRuns: 60 },
    );
  });

  test('names the field that is missing, or of another type', () => {
    fc.assert(
      fc.property(rowOf(spec), fc.constantFrom(undefined, new Date(0)), (row, instead) => {
        const { entity } = toEntity(spec, row);
        for (const name of Object.keys(entity.columns)) {
          if (name === 'v') continue;
          const left = Object.entries(entity.columns).filter(([one]) => one !== name);
          const columns = Object.fromEntries(instead === undefined ? left : [...left, [name, instead]]);
          const refused = refusalOf(() => fromEntity(spec, { ...entity, columns }));
          const field = name.replace(/__.*$/, '');
          // What older rows do not have may be missing, and is then what the schema says.
          if (refused === null) expect(instead).toBeUndefined();
          else expect(refused.message).toMatch(new RegExp(`(Field "|: |; )${field}\\b`));
        }
      }),
      { numRuns: 5 },
    );
  });

  test('of a newer version is refused with both versions, whatever is in it', () => {
    fc.assert(
      fc.property(rowOf(spec), fc.integer({ min: 1, max: 99 }), (row, more) => {
        const { entity } = toEntity(spec, row);
        const newer = { ...entity, columns: { ...entity.columns, v: spec.version + more } };
        expect(refusalOf(() => fromEntity(spec, newer))?.message).toContain(
          `schema version ${spec.version + more}; this program knows versions up to ${spec.version}`,
        );
      }),
      { numRuns: 5 },
    );
  });
});

test('an instant that no date can be is refused by its field, before anybody shows it', () => {
  const columns = { name: 'stop', at: 1e308, run__json: 'null', by: 'ada', note: '', v: others.MARKS.version };

  const refused = refusalOf(() => fromEntity(others.MARKS, { partition: 'mark', key: 'stop', columns }));
  expect(refused?.message).toMatch(/row "mark" \/ "stop" of table "AnchorwatchRuns" is not a row of it: at: /);
});

describe.each(QUEUES)('a message of %s', (_name, spec) => {
  test('that was spoilt is a message still, or refused by field', () => {
    const message = anyOf(spec.schema);
    fc.assert(
      fc.property(message.chain(spoilt), fc.boolean(), (value, asText) => {
        const given: unknown = asText ? JSON.stringify(value) : value;
        const refused = refusalOf(() => {
          const read = messages.decodeMessage(spec.schema, given);
          expect(spec.schema.parse(read)).toEqual(read);
        });
        if (refused === null) return;
        expect(refused.kind).toBe('invalid');
        expect(refused.message).toMatch(/^This queue message cannot be read: .+\.$/s);
        expect(refused.message.length).toBeLessThan(2_000);
      }),
      { numRuns: 300 },
    );
  });
});

const LISTS: readonly List<unknown>[] = [
  directoryList({ id: '0oaAD', label: 'contoso.com' }),
  ASSIGNMENTS,
  USERS,
  DELETED,
];

const EMPTY: StoredPage<never> = {
  attempt: 1,
  number: 0,
  slice: 1,
  cursor: null,
  next: '/next',
  rows: [],
  leftOut: 0,
  began: 1,
  ended: 2,
  mended: false,
  countBefore: 3,
  countAfter: null,
  freshAsOf: null,
};

describe.each(LISTS.map((list) => [list.label, list] as const))('a stored page of the list %s', (_label, list) => {
  const page = fc.array(anyOf(list.row), { minLength: 1, maxLength: 3 }).map((rows) => ({ ...EMPTY, rows }));

  test('is read back as it was written', () => {
    fc.assert(
      fc.property(page, (one) => {
        const kept = unpackPage(list, packPage(list, one));
        expect({ ...kept, rows: [...kept.rows] }).toEqual(one);
      }),
      { numRuns: 20 },
    );
  });

  test('that was spoilt is a page still, or refused by the name of its list', () => {
    const parts = page.map((one) => {
      const { fields, rows } = linesIn(parcelOf(one.rows, list).packed);
      return { beside: besideOf(list, one), lines: [fields, ...rows] };
    });
    const lie = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: -400, max: 400 }));
    fc.assert(
      fc.property(parts.chain(spoilt), lie, (value, longer) => {
        const { beside, lines }: { beside?: unknown; lines?: unknown } = Object(value);
        const packed = packedLines(Array.isArray(lines) ? lines : [lines]);
        const bytes = storedAs(beside, packed, longer);
        const read = z.array(list.row);
        const refused = refusalOf(() => expect(read.safeParse([...unpackPage(list, bytes).rows]).success).toBe(true));
        expect(Reflect.get({}, 'polluted')).toBeUndefined();
        if (refused !== null)
          expect(refused).toMatchObject({ kind: 'invalid', message: expect.stringContaining(list.label) });
      }),
      { numRuns: 150 },
    );
  });
});

test('a few bytes that would unpack to a flood are no stored page', () => {
  // Spaces behind the names of the fields are JSON still.
  const rows = packedText(JSON.stringify(Object.keys(USERS.row.shape)).padEnd(65 * 1024 * 1024, ' '));
  const flood = storedAs(besideOf(USERS, EMPTY), rows);

  expect(flood.length).toBeLessThan(20_000);
  expect(refusalOf(() => unpackPage(USERS, flood))?.message).toContain('cannot be read back');
});
