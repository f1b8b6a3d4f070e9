import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findingOf, seenOf } from '../../cli/mail/sample-people.ts';
import { findingsCsv } from '../../shared/notify/csv.ts';
import { hostileText } from './letters.ts';

test('no cell of the attached list is a formula, a line break or anything that hides, whatever people are called', () => {
  fc.assert(
    fc.property(fc.array(hostileText, { minLength: 1, maxLength: 4 }), (names) => {
      const csv = findingsCsv(names.map((name, at) => seenOf(findingOf(at, name))));
      const rows: string[][] = parse(csv, { bom: true });
      expect(rows).toHaveLength(names.length + 1);
      const harmful = rows
        .flat()
        .filter((cell) => /^[\s'"]*[=+\-@]|[\p{Cc}\p{Cf}\p{Cs}]/u.test(cell) && !cell.startsWith("'"));
      expect(harmful).toEqual([]);
    }),
  );
});
