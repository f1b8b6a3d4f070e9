import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { previewEnvelope } from '../../cli/mail.ts';
import { NIGHT } from '../../cli/mail/sample-people.ts';
import { sampleLetters } from '../../cli/mail/sample.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import { emlOf, type Envelope } from '../../shared/notify/eml.ts';
import { htmlOf } from '../../shared/notify/html.ts';
import type { Letter } from '../../shared/notify/letter.ts';
import { quotedPrintable } from '../../shared/notify/mail-encodings.ts';
import { textOf } from '../../shared/notify/text.ts';
import { anyLetter, hostileText } from './letters.ts';

const envelope = previewEnvelope('test', NIGHT);
const alarm = sampleLetters()['alarm']!;

const NAMES = [
  'From',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'Auto-Submitted',
  'X-Anchorwatch-Severity',
  'MIME-Version',
  'Content-Type',
];

/** The headers of a message, unfolded, in their order. */
function headersOf(eml: string): readonly (readonly [string, string])[] {
  const head = eml.slice(0, eml.indexOf('\r\n\r\n')).replaceAll('\r\n ', ' ');
  return head
    .split('\r\n')
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const);
}

/** The bodies of the alternatives, decoded, as a mail program would have them. */
function bodiesOf(eml: string): readonly string[] {
  const parts = eml.split('\r\n--=_anchorwatch_alternative').slice(1, -1);
  return parts.map((part) => {
    const body = part.slice(part.indexOf('\r\n\r\n') + 4).replace(/=\r\n/g, '');
    const octets = body.replace(/=([0-9A-F]{2})/g, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    );
    return Buffer.from(octets, 'latin1').toString('utf8').replaceAll('\r\n', '\n');
  });
}

function decoded(header: string): string {
  return header
    .replace(/\?= =\?/g, '?==?')
    .replace(/=\?utf-8\?B\?([^?]*)\?=/g, (_, text: string) => Buffer.from(text, 'base64').toString('utf8'));
}

describe('a message', () => {
  test('carries text and HTML, which come out as they went in', () => {
    fc.assert(
      fc.property(anyLetter, (letter) => {
        const bodies = bodiesOf(emlOf(letter, envelope));
        expect(bodies).toEqual([textOf(letter), htmlOf(letter)]);
      }),
    );
  });

  test('is ASCII in lines of at most 76 letters, each ended by CRLF', () => {
    fc.assert(
      fc.property(anyLetter, (letter) => {
        const eml = emlOf(letter, envelope);
        expect(eml).toMatch(/^[\r\n\x20-\x7E]*$/);
        expect(eml.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
        expect(eml.split('\r\n').filter((line) => line.length > 76)).toEqual([]);
        // SMTP ends a message with a line of one dot, and a mailbox file begins one with "From ".
        expect(
          eml
            .split('\r\n')
            .slice(1)
            .filter((line) => /^(?:\.|From )/.test(line)),
        ).toEqual([]);
      }),
    );
  });

  test('has its own headers and no other, whatever the subject and the names are', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (subject, name) => {
        const letter: Letter = { ...alarm, subject };
        const to = [
          { name, address: 'a@example.com' },
          { name: null, address: 'b@example.com' },
        ];
        const headers = headersOf(emlOf(letter, { ...envelope, from: { name, address: 'c@example.com' }, to }));
        expect(headers.map(([header]) => header)).toEqual(NAMES);
      }),
    );
  });

  test('brings any subject over', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (subject) => {
        const eml = emlOf({ ...alarm, subject: `${subject}x` }, envelope);
        const header = headersOf(eml).find(([name]) => name === 'Subject')?.[1] ?? '';
        expect(eml).not.toMatch(/=\?[^?\s]*\?B\?[^?\s]{64,}\?=/);
        if (!/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(subject)) expect(decoded(header)).toBe(`${subject}x`);
      }),
    );
  });

  test('does not take a subject for an encoded word that looks like one', () => {
    const subject = '=?utf-8?B?PGI+?=';
    const header = headersOf(emlOf({ ...alarm, subject }, envelope)).find(([name]) => name === 'Subject')?.[1];

    expect(header).not.toBe(subject);
    expect(decoded(header ?? '')).toBe(subject);
  });

  test.each([
    ['a \nb', 'a=20\r\nb'],
    ['.\n..', '=2E\r\n=2E.'],
    ['From a', '=46rom a'],
    ['--b', '=2D-b'],
    ['a=b', 'a=3Db'],
    ['é', '=C3=A9'],
    ['x'.repeat(77), `${'x'.repeat(75)}=\r\nxx`],
    [`${'x'.repeat(75)}.`, `${'x'.repeat(75)}=\r\n=2E`],
    [`${'x'.repeat(74)} `, `${'x'.repeat(74)}=\r\n=20`],
  ])('writes %j so that no server on the way touches it', (text, encoded) => {
    expect(quotedPrintable(text)).toBe(encoded);
  });

  test.each<[string, Partial<Envelope>]>([
    ['an address with a line break', { to: [{ name: null, address: 'a@example.com\r\nBcc: b@example.com' }] }],
    ['an address with a second one in it', { to: [{ name: null, address: 'a@example.com>, <b@example.com' }] }],
    ['an address without a domain', { from: { name: null, address: 'a' } }],
    ['a message id with a line break', { messageId: 'a@b\r\nBcc: c@d' }],
    ['a thread with a blank', { thread: 'a b@c' }],
    ['an attachment with a quote in its name', { attachments: [{ name: 'a".csv', csv: '' }] }],
  ])('is refused with %s', (_, given) => {
    expect(() => emlOf(alarm, { ...envelope, ...given })).toThrow(AnchorwatchError);
  });

  test('says when it was sent, that it was sent by itself, and to what it belongs', () => {
    const headers = new Map(headersOf(emlOf(alarm, { ...envelope, thread: 'hold@example.com' })));

    expect(headers.get('Date')).toBe('Mon, 23 Nov 2026 02:00:00 +0000');
    expect(headers.get('Auto-Submitted')).toBe('auto-generated');
    expect(headers.get('X-Anchorwatch-Severity')).toBe('alarm');
    expect(headers.get('References')).toBe('<hold@example.com>');
  });

  test('takes CSV files along', () => {
    const csv = 'person\r\n"名"\r\n';
    const eml = emlOf(alarm, { ...envelope, attachments: [{ name: 'findings.csv', csv }] });
    const [, encoded] = /filename="findings\.csv"\r\n\r\n([^-]*)\r\n--/.exec(eml) ?? [];

    expect(Buffer.from(encoded ?? '', 'base64').toString('utf8')).toBe(csv);
    expect(headersOf(eml).at(-1)?.[1]).toContain('multipart/mixed');
  });
});
