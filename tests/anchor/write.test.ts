import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guidOf } from '../../shared/anchor/forms.ts';
import { anchorValue } from '../../shared/anchor/value.ts';
import { immutableIdOf, shortForm } from '../../shared/anchor/write.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import { adBytes, anyOldGuid } from './spelled.ts';

describe('an Immutable ID is written', () => {
  test('as canonical base64 that reads back as the same GUID', () => {
    fc.assert(
      fc.property(anyOldGuid, fc.constantFrom('', '{}', '()'), fc.boolean(), (guid, braces, upper) => {
        const text = `${braces.slice(0, 1)}${upper ? guid.toUpperCase() : guid}${braces.slice(1)}`;
        const written = immutableIdOf(text);
        expect(written).toBe(adBytes(guid).toString('base64'));
        expect(guidOf(written)).toBe(guid);
      }),
    );
  });

  test.each([
    '',
    'BpazOkLGm0iEtljAONPvOQ==',
    '3ab39606c642489b84b658c038d3ef39',
    ' 3ab39606-c642-489b-84b6-58c038d3ef39',
    'x',
  ])('but not of %j', (text) => {
    expect(() => immutableIdOf(text)).toThrow(AnchorwatchError);
    expect(() => immutableIdOf(text)).toThrow(expect.objectContaining({ kind: 'invalid' }));
  });

  test('and the refusal does not repeat the value', () => {
    expect(() => immutableIdOf('S3cretCustomAnchor')).toThrow(/^(?!.*S3cret)/);
  });
});

describe('the short form', () => {
  test.each([
    ['q1w2e3r4t5z6u7i8o9p0aQ==', 'q1w2…Q=='],
    ['67d8ac54-be50-4422-99c4-85a5ad6e484e', '67d8…84e'],
    ['E0012345', 'E0…5'],
    ['abc', '…'],
    ['bob@x.io', 'bo…o'],
    ['', '…'],
  ])('of %j is %j', (value, short) => {
    expect(shortForm(value)).toBe(short);
  });

  test('says when a value is empty or unreadable', () => {
    expect(shortForm(null)).toBe('(empty)');
    expect(shortForm(anchorValue(7))).toBe('(unreadable: not text but number)');
  });

  test('never shows more than three eighths of a value, nor seven letters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }), (value) => {
        const shown = Array.from(shortForm(value)).length - 1;
        expect(shown).toBeLessThanOrEqual(Math.min(7, (Array.from(value).length * 3) / 8));
      }),
    );
  });
});
