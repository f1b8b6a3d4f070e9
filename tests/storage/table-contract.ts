import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Table } from '../../shared/ports/state.ts';
import { MAX_PACKED } from '../../shared/state/pack.ts';
import type { TableSpec } from '../../shared/state/spec.ts';
import { collect, failure, sampleRow, sampleSpec, type Sample } from './fixtures.ts';

type Open = <Row extends object>(spec: TableSpec<Row>) => Table<Row>;

/** What a table promises, whichever face it has: the same answers, the same kinds of error. */
export function tableContract(open: Open): void {
  describe('one row', () => {
    test('is read back as it was written, with an ETag', async () => {
      const table = open(sampleSpec());
      const row = sampleRow('p', 'a', { note: 'kept', extra: 'more' });
      const written = await table.insert(row);
      expect(written.row).toEqual(row);
      expect(await table.get('p', 'a')).toEqual(written);
    });

    test('that is not there is null', async () => {
      const table = open(sampleSpec());
      await table.insert(sampleRow('p', 'a'));
      expect(await table.get('p', 'b')).toBeNull();
      expect(await table.get('q', 'a')).toBeNull();
    });

    test('cannot be inserted twice, and the first stays', async () => {
      const table = open(sampleSpec());
      await table.insert(sampleRow('p', 'a', { text: 'first' }));
      const message = await failure(table.insert(sampleRow('p', 'a', { text: 'second' })), 'conflict');
      expect(message).toContain('"p" / "a"');
      await failure(table.insert(sampleRow('p', 'a', { text: 'first' })), 'conflict');
      expect((await table.get('p', 'a'))?.row.text).toBe('first');
    });

    test('is replaced whole, so that a field which is gone is gone', async () => {
      const table = open(sampleSpec());
      const first = await table.insert(sampleRow('p', 'a', { extra: 'old', note: 'old', text: 'x'.repeat(100_000) }));
      const second = await table.replace(sampleRow('p', 'a', { text: 'new' }), first.etag);
      expect(await table.get('p', 'a')).toEqual({ row: sampleRow('p', 'a', { text: 'new' }), etag: second.etag });
    });

    test('changes its ETag with every write, even of the same content', async () => {
      const table = open(sampleSpec());
      const row = sampleRow('p', 'a');
      const first = await table.insert(row);
      const second = await table.replace(row, first.etag);
      await table.put(row);
      const third = await table.get('p', 'a');
      await table.transact([{ kind: 'put', row }]);
      const fourth = await table.get('p', 'a');
      expect(new Set([first.etag, second.etag, third?.etag, fourth?.etag]).size).toBe(4);
    });

    test('cannot be replaced with an ETag that is no longer its own', async () => {
      const table = open(sampleSpec());
      const first = await table.insert(sampleRow('p', 'a'));
      const second = await table.replace(sampleRow('p', 'a', { text: 'theirs' }), first.etag);
      await failure(table.replace(sampleRow('p', 'a', { text: 'ours' }), first.etag), 'conflict');
      expect(await table.get('p', 'a')).toEqual(second);
    });

    test('cannot be replaced once it is gone', async () => {
      const table = open(sampleSpec());
      const { etag } = await table.insert(sampleRow('p', 'a'));
      await table.remove('p', 'a', etag);
      await failure(table.replace(sampleRow('p', 'a'), etag), 'conflict');
      expect(await table.get('p', 'a')).toBeNull();
    });

    test.each(['*', '', 'nonsense'])('is never overwritten or removed by the ETag %j', async (etag) => {
      const table = open(sampleSpec());
      const first = await table.insert(sampleRow('p', 'a'));
      const change = sampleRow('p', 'a', { text: 'overwritten' });
      await failure(table.replace(change, etag), 'invalid');
      await failure(table.remove('p', 'a', etag), 'invalid');
      await failure(table.transact([{ kind: 'replace', row: change, etag }]), 'invalid');
      expect(await table.get('p', 'a')).toEqual(first);
    });

    test('is put whether it is there or not', async () => {
      const table = open(sampleSpec());
      await table.put(sampleRow('p', 'a', { extra: 'old' }));
      await table.put(sampleRow('p', 'a', { text: 'new' }));
      expect((await table.get('p', 'a'))?.row).toEqual(sampleRow('p', 'a', { text: 'new' }));
    });

    test('is removed by its own ETag only, and removing it again is fine', async () => {
      const table = open(sampleSpec());
      const first = await table.insert(sampleRow('p', 'a'));
      const second = await table.replace(sampleRow('p', 'a'), first.etag);
      await failure(table.remove('p', 'a', first.etag), 'conflict');
      expect(await table.get('p', 'a')).toEqual(second);
      await table.remove('p', 'a', second.etag);
      expect(await table.get('p', 'a')).toBeNull();
      await table.remove('p', 'a', second.etag);
    });

    test('shares nothing with whoever wrote or read it', async () => {
      const table = open(sampleSpec());
      const row = sampleRow('p', 'a');
      const written = await table.insert(row);
      row.list[0]!.name = 'changed';
      row.bytes[0] = 99;
      written.row.list[0]!.name = 'changed';
      written.row.bytes[0] = 99;
      const read = await table.get('p', 'a');
      read!.row.list.length = 0;
      expect((await table.get('p', 'a'))?.row).toEqual(sampleRow('p', 'a'));
    });

    test('keeps every value: any text, any finite number, null apart from absent, nested values, bytes', async () => {
      const table = open(sampleSpec());
      const rows = fc.record(
        {
          text: fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.constant('\ud83d half')),
          at: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger()),
          open: fc.boolean(),
          note: fc.option(fc.string({ unit: 'grapheme' })),
          extra: fc.string(),
          list: fc.array(fc.record({ name: fc.string({ unit: 'grapheme' }), count: fc.option(fc.integer()) })),
          bytes: fc.uint8Array({ maxLength: 100 }),
        },
        { requiredKeys: [] },
      );
      await fc.assert(
        fc.asyncProperty(rows, async (changes) => {
          const row = sampleRow('p', 'a', changes);
          await table.put(row);
          // Storage keeps no sign of a zero.
          expect((await table.get('p', 'a'))?.row).toEqual({ ...row, at: row.at === 0 ? 0 : row.at });
        }),
        { numRuns: 60 },
      );
    });

    test.each([
      ['a text of many columns beyond ASCII', { text: `a${'😀'.repeat(30_000)}` }],
      [
        'a list of many columns',
        { list: Array.from({ length: 4_000 }, (_, count) => ({ name: 'ü'.repeat(9), count })) },
      ],
      ['bytes of many columns', { bytes: new Uint8Array(MAX_PACKED).fill(7) }],
      ['a text of exactly one column', { text: 'x'.repeat(32_768) }],
      ['a text of one character more', { text: 'x'.repeat(32_769) }],
      ['no bytes and no text', { bytes: new Uint8Array(), text: '' }],
    ] satisfies [string, Partial<Sample>][])('keeps %s', async (_, changes) => {
      const table = open(sampleSpec());
      const row = sampleRow('p', 'a', changes);
      await table.insert(row);
      const read = (await table.get('p', 'a'))?.row;
      // Not `toEqual`: no difference of this size is for reading.
      expect({
        ...read,
        bytes: read?.bytes.join() === row.bytes.join(),
        text: read?.text === row.text,
        list: null,
      }).toEqual({
        ...row,
        bytes: true,
        text: true,
        list: null,
      });
      expect(isDeepStrictEqual(read?.list, row.list)).toBe(true);
    });
  });

  describe('what cannot be a row', () => {
    test.each([
      '',
      'a/b',
      'a\\b',
      'a#b',
      'a?b',
      'a\nb',
      'a\u007fb',
      'a\u009fb',
      'x'.repeat(513),
      '\ud83d',
      'IQJLbYcZQkGbUX4h9lpFHw==',
    ])('has the key %j', async (key) => {
      const table = open(sampleSpec());
      expect(await failure(table.insert(sampleRow('p', key)), 'invalid')).toContain('cannot be a storage key');
      await failure(table.put(sampleRow(key, 'a')), 'invalid');
      await failure(table.get('p', key), 'invalid');
      await failure(table.remove(key, 'a', 'W/"1"'), 'invalid');
      await failure(collect(table.list(key)), 'invalid');
      await failure(collect(table.list('p', { from: key })), 'invalid');
    });

    test('is larger than one entity', async () => {
      const table = open(sampleSpec());
      const message = await failure(table.insert(sampleRow('p', 'a', { bytes: new Uint8Array(1_048_576) })), 'invalid');
      expect(message).toMatch(/\d{7} bytes, 1048576 fit/);
      await failure(table.insert(sampleRow('p', 'a', { text: 'x'.repeat(524_288) })), 'invalid');
    });

    test('does not satisfy its schema, and nothing of it is shown', async () => {
      const table = open(sampleSpec());
      const message = await failure(table.insert(sampleRow('p', 'a', { at: Number.NaN, text: 'secret' })), 'invalid');
      expect(message).toContain('at: ');
      expect(message).not.toContain('secret');
    });

    test('has fields beyond its schema: they are not stored', async () => {
      const table = open(sampleSpec());
      const row = { ...sampleRow('p', 'a'), token: 'secret' };
      expect((await table.insert(row)).row).toEqual(sampleRow('p', 'a'));
    });
  });

  describe('a list', () => {
    const keys = ['10', '2', '9', 'A', 'a', 'aa', "o'neil", 'step:03', 'step:04', 'ü', '{x}', '%41 +='];

    async function filled(): Promise<Table<Sample>> {
      const table = open(sampleSpec());
      await table.transact(keys.map((key) => ({ kind: 'insert', row: sampleRow("p'q", key) })));
      await table.insert(sampleRow('p', 'other'));
      return table;
    }

    test('gives one partition in ordinal order of keys, with the ETags', async () => {
      const table = await filled();
      const listed = await collect(table.list("p'q"));
      expect(listed.map(({ row }) => row.id)).toEqual([...keys].sort());
      expect(await table.get("p'q", '2')).toEqual(listed.find(({ row }) => row.id === '2'));
      expect(await collect(table.list('nobody'))).toEqual([]);
    });

    test.each([
      [{ from: '9' }, ['9', 'A', 'a', 'aa', "o'neil", 'step:03', 'step:04', '{x}', 'ü']],
      [{ to: '9' }, ['%41 +=', '10', '2']],
      [{ from: '9', to: "o'neil" }, ['9', 'A', 'a', 'aa']],
      [{ from: "o'neil", to: 'step:04' }, ["o'neil", 'step:03']],
      [{ from: 'step:', to: 'step;' }, ['step:03', 'step:04']],
      [{ from: 'b', to: 'a' }, []],
      [{ from: 'A', limit: 2 }, ['A', 'a']],
      [{ limit: 0 }, []],
    ])('of the range %j has its first key and not its end', async (range, expected) => {
      const table = await filled();
      expect((await collect(table.list("p'q", range))).map(({ row }) => row.id)).toEqual(expected);
    });

    test.each([-1, 1.5, Number.NaN])('refuses the limit %d', async (limit) => {
      expect(await failure(collect(open(sampleSpec()).list('p', { limit })), 'invalid')).toContain(`${limit} rows`);
    });

    test('goes on over any number of pages, and ends in the middle of one', async () => {
      const table = open(sampleSpec());
      const rows = Array.from({ length: 2_100 }, (_, index) => sampleRow('p', String(index).padStart(4, '0')));
      await table.putAll(rows);
      const ids = rows.map(({ id }) => id);
      expect((await collect(table.list('p'))).map(({ row }) => row.id)).toEqual(ids);
      expect((await collect(table.list('p', { limit: 1_500 }))).map(({ row }) => row.id)).toEqual(ids.slice(0, 1_500));
    });
  });

  describe('a transaction', () => {
    test('does all of its writes', async () => {
      const table = open(sampleSpec());
      const a = await table.insert(sampleRow('p', 'a', { extra: 'old' }));
      await table.insert(sampleRow('p', 'b', { extra: 'old' }));
      await table.transact([
        { kind: 'replace', row: sampleRow('p', 'a', { text: 'replaced' }), etag: a.etag },
        { kind: 'put', row: sampleRow('p', 'b', { text: 'put' }) },
        { kind: 'insert', row: sampleRow('p', 'c', { text: 'inserted' }) },
      ]);
      expect((await collect(table.list('p'))).map(({ row }) => row)).toEqual([
        sampleRow('p', 'a', { text: 'replaced' }),
        sampleRow('p', 'b', { text: 'put' }),
        sampleRow('p', 'c', { text: 'inserted' }),
      ]);
    });

    test('does none of its writes when one comes too late, and names that one', async () => {
      const table = open(sampleSpec());
      const a = await table.insert(sampleRow('p', 'a'));
      const b = await table.insert(sampleRow('p', 'b'));
      await table.replace(sampleRow('p', 'b', { text: 'theirs' }), b.etag);
      const before = await collect(table.list('p'));
      const first = { kind: 'replace', row: sampleRow('p', 'a', { text: 'ours' }), etag: a.etag } as const;
      const insert = { kind: 'insert', row: sampleRow('p', 'c') } as const;
      const late = [
        { kind: 'replace', row: sampleRow('p', 'b', { text: 'ours' }), etag: b.etag },
        { kind: 'insert', row: sampleRow('p', 'b') },
        { kind: 'replace', row: sampleRow('p', 'd'), etag: b.etag },
      ] as const;
      for (const write of late) {
        expect(await failure(table.transact([first, insert, write]), 'conflict')).toContain(`"p" / "${write.row.id}"`);
      }
      expect(await collect(table.list('p'))).toEqual(before);
    });

    test('of nothing does nothing', async () => {
      const table = open(sampleSpec());
      await table.transact([]);
      expect(await collect(table.list('p'))).toEqual([]);
    });

    test.each([
      ['more than 100 writes', Array.from({ length: 101 }, (_, index) => sampleRow('p', `k${index}`)), '101'],
      ['two partitions', [sampleRow('p', 'a'), sampleRow('q', 'a')], '"q"'],
      ['one row twice', [sampleRow('p', 'a'), sampleRow('p', 'a')], '"p" / "a"'],
      [
        'more than 4 MiB',
        Array.from({ length: 5 }, (_, index) => sampleRow('p', `k${index}`, { bytes: new Uint8Array(700_000) })),
        '4194304',
      ],
    ])('of %s is refused', async (_, rows, named) => {
      const table = open(sampleSpec());
      expect(await failure(table.transact(rows.map((row) => ({ kind: 'put', row }))), 'invalid')).toContain(named);
      expect(await collect(table.list('p'))).toEqual([]);
    });

    test('takes 100 writes, and nearly 4 MiB', async () => {
      const table = open(sampleSpec());
      const many = Array.from({ length: 100 }, (_, index) => sampleRow('p', `k${index}`));
      await table.transact(many.map((row) => ({ kind: 'insert', row })));
      const large = Array.from({ length: 4 }, (_, index) => {
        return sampleRow('q', `k${index}`, { bytes: new Uint8Array(MAX_PACKED).fill(index) });
      });
      await table.transact(large.map((row) => ({ kind: 'insert', row })));
      expect(await collect(table.list('p'))).toHaveLength(100);
      expect((await collect(table.list('q'))).map(({ row }) => row)).toEqual(large);
    });
  });

  describe('when several write at once', () => {
    test('one of ten inserts wins', async () => {
      const table = open(sampleSpec());
      const results = await Promise.allSettled(
        Array.from({ length: 10 }, (_, index) => table.insert(sampleRow('p', 'claim', { text: `worker ${index}` }))),
      );
      const won = results.filter((result) => result.status === 'fulfilled');
      expect(won).toHaveLength(1);
      expect(
        results.filter((result) => result.status === 'rejected' && result.reason.kind === 'conflict'),
      ).toHaveLength(9);
      expect(await table.get('p', 'claim')).toEqual(won[0]!.value);
    });

    test('one of ten replacements with one ETag wins, and the others win in turn by reading again', async () => {
      const table = open(sampleSpec());
      await table.insert(sampleRow('p', 'head', { at: 0 }));
      let lost = 0;
      async function increment(): Promise<void> {
        for (;;) {
          const head = await table.get('p', 'head');
          try {
            await table.replace({ ...head!.row, at: head!.row.at + 1 }, head!.etag);
            return;
          } catch (error) {
            expect(error).toMatchObject({ kind: 'conflict' });
            lost += 1;
          }
        }
      }
      await Promise.all(Array.from({ length: 10 }, increment));
      expect((await table.get('p', 'head'))?.row.at).toBe(10);
      expect(lost).toBeGreaterThan(0);
    });

    test('one of ten transactions with one ETag wins, and nothing of the others is there', async () => {
      const table = open(sampleSpec());
      const head = await table.insert(sampleRow('p', 'head'));
      const results = await Promise.allSettled(
        Array.from({ length: 10 }, (_, index) =>
          table.transact([
            { kind: 'insert', row: sampleRow('p', `step:${index}`) },
            { kind: 'replace', row: sampleRow('p', 'head', { text: `step:${index}` }), etag: head.etag },
          ]),
        ),
      );
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      const rows = await collect(table.list('p'));
      expect(rows.map(({ row }) => row.id)).toEqual(['head', rows[0]!.row.text]);
    });
  });

  describe('in bulk', () => {
    test('rows of many partitions are put, over what stands there', async () => {
      const table = open(sampleSpec());
      await table.put(sampleRow('p1', '0001', { extra: 'old' }));
      const rows = Array.from({ length: 1_000 }, (_, index) => {
        return sampleRow(`p${index % 3}`, String(index).padStart(4, '0'));
      });
      await table.putAll(rows);
      for (const rest of [0, 1, 2]) {
        const listed = await collect(table.list(`p${rest}`));
        expect(listed.map(({ row }) => row)).toEqual(rows.filter((_, index) => index % 3 === rest));
      }
    });

    test('large rows are spread over transactions that fit', async () => {
      const table = open(sampleSpec());
      await table.putAll(
        Array.from({ length: 9 }, (_, index) => sampleRow('p', `k${index}`, { bytes: new Uint8Array(700_000) })),
      );
      expect(await collect(table.list('p'))).toHaveLength(9);
    });

    test('nothing is put when one row is none, or is there twice', async () => {
      const table = open(sampleSpec());
      const rows = Array.from({ length: 300 }, (_, index) => sampleRow('p', `k${index}`));
      await failure(table.putAll([...rows, sampleRow('p', 'a/b')]), 'invalid');
      expect(await failure(table.putAll([...rows, sampleRow('p', 'k7')]), 'invalid')).toContain('"p" / "k7"');
      expect(await collect(table.list('p'))).toEqual([]);
    });

    test('no rows are fine', async () => {
      const table = open(sampleSpec());
      await table.putAll([]);
      expect(await collect(table.list('p'))).toEqual([]);
    });
  });
}
