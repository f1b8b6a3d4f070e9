import fc from 'fast-check';
import { findingOf, NIGHT, repairOf, seenOf } from '../../cli/mail/sample-people.ts';
import { inputOf } from '../../cli/mail/sample.ts';
import { runOf } from '../../cli/mail/sample-run.ts';
import type { DigestInput } from '../../shared/notify/digest.ts';
import { type Letter, SEVERITIES } from '../../shared/notify/letter.ts';

/** What somebody might call themselves who wishes harm to whoever reads of them, in any kind of mail. */
const HARM = [
  '<script>alert(1)</script>',
  '</td></tr></table><img src=x onerror=alert(1)>',
  '" onmouseover="alert(1)',
  "' style='position:fixed",
  '&lt;b&gt;',
  '&#60;b&#62;',
  '<!--',
  ']]>',
  '{{DATE(2026-11-23T02:00:00Z)}}',
  '${evil}',
  '[click](https://evil.example)',
  '**bold** _it_ `code` ~~no~~',
  '=1+1',
  '\r\nBcc: all@evil.example',
  '\n.\n',
  '=?utf-8?B?PGI+?=',
  '--=_anchorwatch_alternative--',
  '\u202E\u2066',
  '\u0000\u0007\u001B[2J',
  '\u2028',
  '\uD800',
  '=_',
  'é',
  '名',
  '👩‍🚀',
  'a',
  ' ',
];

export const hostileText = fc
  .array(fc.constantFrom(...HARM), { minLength: 1, maxLength: 4 })
  .map((parts) => `${parts.join('')}x`);

const lines = fc.array(hostileText, { maxLength: 3 });

/** Any letter, with hostile texts wherever there is one. */
export const anyLetter: fc.Arbitrary<Letter> = fc.record({
  subject: hostileText,
  severity: fc.constantFrom(...SEVERITIES),
  verdict: hostileText,
  figures: fc.array(fc.record({ label: hostileText, value: fc.nat() }), { maxLength: 5 }),
  next: lines,
  action: fc.option(
    fc.record({
      label: hostileText,
      url: fc.constantFrom('https://anchorwatch.contoso.com/?a=1&b=2', 'javascript:alert(1)', 'data:text/html,x', 'no'),
    }),
  ),
  parts: fc.array(
    fc.record({
      title: hostileText,
      lines,
      table: fc.option(
        fc.record({
          head: fc.tuple(hostileText, hostileText),
          rows: fc.array(fc.tuple(hostileText, hostileText), { maxLength: 3 }),
          more: fc.nat({ max: 3 }),
        }),
      ),
    }),
    { maxLength: 3 },
  ),
  footer: lines,
});

/** Everything that a mail has to show in one text, without blanks and line breaks, which each kind of mail sets in its own way. */
export function squeezed(text: string): string {
  return text.replace(/\s+/g, '');
}

function several<Item>(make: (at: number) => Item): Item[] {
  return Array.from({ length: 200 }, (_, at) => make(at));
}

/** A night of which nothing fits into a mail: so many new cases, and every other list as long as the longest names. */
export function hugeInput(people: number, name = (at: number): string => `person${at}@contoso.com`): DigestInput {
  const seen = Array.from({ length: people }, (_, at) =>
    seenOf(findingOf(at, name(at)), { hold: { rule: at % 2 === 0 ? 'no-witness' : 'not-opted-in', reason: '' } }),
  );
  return inputOf({
    run: runOf(seen, { warnings: several((at) => name(at)) }),
    seen,
    closed: seen.slice(0, 200).map((one) => ({ ...one, change: 'gone' as const })),
    repairs: several((at) =>
      repairOf(at, name(at), {
        state: at % 3 === 0 ? 'done' : at % 3 === 1 ? 'refused' : 'working',
        rule: 'x',
        reason: name(at),
      }),
    ),
    unassigned: several((at) => ({ userName: name(at), at: NIGHT, fate: 'left' as const })),
  });
}
