import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NIGHT } from '../../cli/mail/sample-people.ts';
import { sampleLetters } from '../../cli/mail/sample.ts';
import { cardOf } from '../../shared/notify/card.ts';
import { digestOf } from '../../shared/notify/digest.ts';
import { letterOfDigest } from '../../shared/notify/digest-letter.ts';
import { payloadOf } from '../../shared/notify/payload.ts';
import { anyLetter, hugeInput } from './letters.ts';

/** Everything in a card that has a text, by its type. */
function textsIn(value: unknown): readonly (readonly [type: string, text: string])[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  const here = 'text' in value && 'type' in value ? [[String(value.type), String(value.text)] as const] : [];
  return [...here, ...Object.values(value).flatMap(textsIn)];
}

describe('a card', () => {
  test.each(Object.entries(sampleLetters()))(
    'of the kind %s is what a workflow takes, with one button',
    (_, letter) => {
      const { type, attachments } = cardOf(letter);

      expect(type).toBe('message');
      expect(attachments[0].contentType).toBe('application/vnd.microsoft.card.adaptive');
      expect(attachments[0].content).toMatchObject({
        type: 'AdaptiveCard',
        version: '1.5',
        fallbackText: letter.verdict,
        actions: [{ type: 'Action.OpenUrl', url: letter.action?.url }],
      });
    },
  );

  test('shows all texts where no Markdown, function or template is read', () => {
    fc.assert(
      fc.property(anyLetter, (letter) => {
        const card = cardOf(letter);
        const texts = textsIn(card);
        expect(texts.length).toBeGreaterThan(0);
        expect(texts.filter(([type]) => type !== 'TextRun')).toEqual([]);
        expect(texts.filter(([, text]) => /\{\{|\$\{|[\p{Cc}\p{Cf}\p{Cs}]/u.test(text))).toEqual([]);
        expect(JSON.stringify(card)).not.toMatch(/"(?:TextBlock|FactSet)"|"url":"(?!https:)/);
      }),
    );
  });

  test.each([
    ['usual names', undefined],
    ['names that swell when they are escaped', (at: number) => `${at}${'\u202E'.repeat(500)}`],
  ])('of 5,000 findings with %s stays below 28 kB', (_, name) => {
    const card = JSON.stringify(cardOf(letterOfDigest(digestOf(hugeInput(5_000, name)))));

    expect(Buffer.byteLength(card)).toBeLessThan(28_000);
    expect(card).toMatch(/… and 4,99\d more|… and 5,000 more/);
  });
});

test('the payload of a webhook is the letter, with its version and an id that stays the same', () => {
  const letter = sampleLetters()['alarm']!;

  expect(payloadOf(letter, { id: 'n1', created: NIGHT })).toEqual({
    version: 1,
    kind: 'anchorwatch.letter',
    id: 'n1',
    created: '2026-11-23T02:00:00.000Z',
    ...letter,
  });
});
