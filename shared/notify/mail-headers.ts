import { AnchorwatchError } from '../errors.ts';

export interface Mailbox {
  /** Shown in front of the address; null for the address alone. */
  readonly name: string | null;
  readonly address: string;
}

/** RFC 5322 asks for 78; encoded words and folding count in whole words. */
const LINE = 76;
/** A plain word that fits into a line behind the name of a header. */
const LONGEST_WORD = 60;
/** Bytes in one encoded word: `=?utf-8?B?` and `?=` around 52 letters of base64 fit into a line behind `Subject:`. */
const WORD_BYTES = 39;

/** A header of words between which it may be folded. No word holds anything but printable ASCII: whoever makes them sees to that. */
export function headerLine(name: string, words: readonly string[]): string {
  const lines: string[] = [];
  let line = `${name}:`;
  for (const word of words) {
    if (line.length + 1 + word.length > LINE && line !== `${name}:`) {
      lines.push(line);
      line = ` ${word}`;
    } else line += ` ${word}`;
  }
  const folded = [...lines, line].join('\r\n');
  // The one guard that nothing gets past: a fold is the only line break in a header.
  if (/[^\x20-\x7E]/.test(folded.replaceAll('\r\n ', '')))
    throw new AnchorwatchError('invalid', `The header ${name} is not plain.`);
  return folded;
}

/** A text of any letters as words of a header: itself where it is plain, else encoded words (RFC 2047) that each decode alone. */
export function unstructured(text: string): string[] {
  const isPlain = /^[\x21-\x7E]+(?: [\x21-\x7E]+)*$/.test(text) && !text.includes('=?');
  return isPlain && text.split(' ').every((word) => word.length <= LONGEST_WORD) ? text.split(' ') : encodedWords(text);
}

export function addressList(mailboxes: readonly Mailbox[]): string[] {
  return mailboxes.flatMap((mailbox, at) => {
    const words = wordsOf(mailbox);
    const isLast = at === mailboxes.length - 1;
    return isLast ? words : [...words.slice(0, -1), `${words.at(-1) ?? ''},`];
  });
}

function wordsOf({ name, address }: Mailbox): string[] {
  if (!/^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}$/.test(address)) {
    throw new AnchorwatchError('invalid', 'An address has to be of the form name@domain, in plain letters.');
  }
  const shown = name === null || name === '' ? [] : encodedWords(name);
  return [...shown, `<${address}>`];
}

/** Cut between letters, never within one. */
function encodedWords(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (const letter of text) {
    if (Buffer.byteLength(part + letter) > WORD_BYTES) {
      parts.push(part);
      part = letter;
    } else part += letter;
  }
  return [...parts, part].map((one) => `=?utf-8?B?${Buffer.from(one, 'utf8').toString('base64')}?=`);
}
