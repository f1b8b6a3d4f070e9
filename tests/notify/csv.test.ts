import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findingOf, seenOf } from '../../cli/mail/sample-people.ts';
import { findingsCsv } from '../../shared/notify/csv.ts';
import { hostileText } from './letters.ts';

test('no cell of the attached list is a formula, a line break or anything that hides, whatever people are called', () => {
  fc.assert(
    fc.property(fc.array(hostileText, { minLength: 1, maxLength: 4 }), (names) => {
      const { csv } = findingsCsv(names.map((name, at) => seenOf(findingOf(at, name))));
      const rows: string[][] = parse(csv, { bom: true });
      expect(rows).toHaveLength(names.length + 1);
      const harmful = rows
        .flat()
        .filter((cell) => /^[\s'"]*[=+\-@]|[\p{Cc}\p{Cf}\p{Cs}]/u.test(cell) && !cell.startsWith("'"));
      expect(harmful).toEqual([]);
    }),
  );
});

test('the attached list holds no more bytes than it may: the worst are in it, and its last line counts the others', () => {
  const seen = Array.from({ length: 500 }, (_, at) =>
    seenOf(findingOf(at, `person${at}@contoso.com`, at === 400 ? { impact: 'signs in as another' } : {})),
  );
  fc.assert(
    fc.property(fc.integer({ min: 700, max: 120_000 }), (most) => {
      const { csv, listed, left } = findingsCsv(seen, most);
      const rows: string[][] = parse(csv, { bom: true });

      expect(Buffer.byteLength(csv)).toBeLessThanOrEqual(most);
      expect(listed + left).toBe(500);
      expect(rows).toHaveLength(1 + listed + (left > 0 ? 1 : 0));
      if (listed > 0) expect(rows[1]?.[0]).toBe('person400@contoso.com');
      if (left > 0) expect(rows.at(-1)?.[0]).toBe(`${left} more are not in this list`);
    }),
  );
  expect(findingsCsv(seen)).toMatchObject({ listed: 500, left: 0 });
});
