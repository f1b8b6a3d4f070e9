import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeText } from '../../shared/rosters/files/decode.ts';
import { ENCODINGS, encoded } from './written.ts';

const HEADER = 'Id,UserPrincipalName,OnPremisesImmutableId\n';

describe('text is decoded', () => {
  test.each(ENCODINGS)('from %s without a letter lost, and without its mark', (encoding) => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.includes('\0'));
        expect(decodeText(encoded(HEADER + text, encoding), 'a.csv')).toBe(HEADER + text);
      }),
    );
  });

  test('from UTF-8 whose first bytes hold no NUL, even when it is one letter long', () => {
    expect(decodeText(encoded('ü'), 'a.csv')).toBe('ü');
    expect(decodeText(encoded(''), 'a.csv')).toBe('');
  });
});

describe('a file is refused, by name, place and way out', () => {
  test('for a byte of the Windows code page', () => {
    const bytes = Buffer.concat([Buffer.from('id,name\r\n1,ü\r\n2,J'), Buffer.from([0xfc]), Buffer.from('rgen\r\n')]);

    expect(() => decodeText(bytes, 'old.csv')).toThrow(
      /^old\.csv is no valid UTF-8 at byte 18 \(line 3\): it is 0xFC\..*-Encoding UTF8/,
    );
  });

  test('for a letter cut in half at the end', () => {
    const bytes = encoded('a\nü').subarray(0, 3);

    expect(() => decodeText(bytes, 'a.csv')).toThrow(/at byte 3 \(line 2\): the file ends inside a letter/);
  });

  test('for half a surrogate pair in UTF-16', () => {
    const bytes = Buffer.from('\uFEFFid\n\uD83D!', 'utf16le');

    expect(() => decodeText(bytes, 'a.csv')).toThrow(/UTF-16LE at byte 1\d \(line 2\)/);
  });

  test.each([
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x69, 0, 0, 0]), /NUL character in line 1/],
    ['binary content', Buffer.from(`id\nabc\0`), /NUL character in line 2/],
    ['a workbook', Buffer.from('PK\u0003\u0004rest'), /Excel workbook.*CSV UTF-8/],
    ['more than a tenant has', new Uint8Array(256 * 1024 * 1024 + 1), /268435457 bytes.*only the columns/],
  ])('for %s', (_, bytes, message) => {
    expect(() => decodeText(bytes, 'a.csv')).toThrow(message);
    expect(() => decodeText(bytes, 'a.csv')).toThrow(expect.objectContaining({ kind: 'invalid' }));
  });

  test('at the right byte, wherever it stands', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
        fc.pre(!before.includes('\0') && !after.includes('\0'));
        const start = Buffer.from(before);
        const bytes = Buffer.concat([start, Buffer.from([0xff]), Buffer.from(after)]);
        expect(() => decodeText(bytes, 'a.csv')).toThrow(new RegExp(`at byte ${start.length} `));
      }),
    );
  });

  test('and no bytes whatever end in any other error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(decodeText(bytes, 'a.csv')).toBeTypeOf('string');
        } catch (error) {
          expect(error).toMatchObject({ name: 'AnchorwatchError', kind: 'invalid' });
        }
      }),
      { numRuns: 2000 },
    );
  });
});
