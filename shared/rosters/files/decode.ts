import { AnchorwatchError } from '../../errors.ts';

/** A tenant of half a million people fits; what is larger holds columns that nobody needs. */
export const LARGEST_FILE = 256 * 1024 * 1024;
const SAMPLE = 64;

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/**
 * The text of an exported file: UTF-8 or UTF-16, with a byte order mark or without. Nothing is replaced: a byte that does not belong
 * is an error, for a name with a wrong letter would be a name that nobody has. Throws `invalid`.
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  if (bytes.length > LARGEST_FILE) throw tooLarge(file, `${bytes.length} bytes`);
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04])) {
    throw invalid(file, 'is an Excel workbook or a zip archive. Save it as "CSV UTF-8" and give that file.');
  }
  const encoding = encodingOf(bytes);
  const text = decode(bytes, encoding, file);
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    throw invalid(
      file,
      `holds a NUL character in line ${lineOf(text, nul)}: it is no text in UTF-8 or UTF-16. Export it again.`,
    );
  }
  return text;
}

/** The refusal of a file beyond the limit, for whoever reads it as well: it need not be in memory to be refused. */
export function tooLarge(file: string, length: string): AnchorwatchError {
  return invalid(file, `is ${length} long, at most ${LARGEST_FILE} are read. Export only the columns that are needed.`);
}

/** An error about a file: what is wrong with it and the way out, in one sentence or two. */
export function invalid(file: string, problem: string): AnchorwatchError {
  return new AnchorwatchError('invalid', `${file} ${problem}`, { fields: { file } });
}

/** The line, counted from 1 as an editor does, in which the character at `offset` stands. */
export function lineOf(text: string, offset: number): number {
  return lineBreaks(text.slice(0, offset)) + 1;
}

/** How many lines end in this text. */
export function lineBreaks(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}

/** Exports begin with a header in ASCII, so in UTF-16 every second byte of the beginning is zero. */
function encodingOf(bytes: Uint8Array): Encoding {
  if (startsWith(bytes, [0xff, 0xfe])) return 'utf-16le';
  if (startsWith(bytes, [0xfe, 0xff])) return 'utf-16be';
  const sample = bytes.subarray(0, SAMPLE);
  const zeros = (parity: 0 | 1): number => sample.filter((byte, at) => byte === 0 && at % 2 === parity).length;
  if (zeros(1) * 4 > sample.length) return 'utf-16le';
  return zeros(0) * 4 > sample.length ? 'utf-16be' : 'utf-8';
}

function decode(bytes: Uint8Array, encoding: Encoding, file: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    const offset = firstInvalid(bytes, encoding);
    const before = new TextDecoder(encoding).decode(bytes.subarray(0, offset));
    const byte = bytes[offset];
    const found = byte === undefined ? 'the file ends inside a letter' : `it is 0x${byte.toString(16).toUpperCase()}`;
    throw invalid(
      file,
      `is no valid ${encoding.toUpperCase()} at byte ${offset} (line ${lineBreaks(before) + 1}): ${found}. ` +
        'Export it again with -Encoding UTF8, or save it as "CSV UTF-8".',
    );
  }
}

/** The offset of the first byte that cannot be decoded; the decoder itself does not say. */
function firstInvalid(bytes: Uint8Array, encoding: Encoding): number {
  let valid = 0;
  let broken = bytes.length + 1;
  while (broken - valid > 1) {
    const middle = Math.floor((valid + broken) / 2);
    if (isValidStart(bytes.subarray(0, middle), encoding)) valid = middle;
    else broken = middle;
  }
  return valid;
}

function isValidStart(bytes: Uint8Array, encoding: Encoding): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, at) => bytes[at] === byte);
}
