import * as z from 'zod';
import { type AnchorValue, anchorValue } from '../../anchor/value.ts';
import { type Instant, parseTime } from '../../time.ts';

/** No attribute that is read here is longer; a distinguished name may be long. */
const LONGEST_CELL = 2_048;

/** What PowerShell prints for a value that is a list or an object: the name of its type. */
const TYPE_NAME = /^(?:System|Microsoft)\.[\w.`]+(?:\[[\w.,\s]*\])*$/;

/** What a spreadsheet leaves of a text that begins like a formula; one anchor in 64 begins with `+`. */
const SPREADSHEET_ERROR = /^#(?:NAME\?|VALUE!|REF!|DIV\/0!|NUM!|N\/A|NULL!)$/;

/** What is wrong with a cell, by shape alone, never by content. Thrown by `wrong`, caught by `cell`. */
class CellFault extends Error {}

export function wrong(message: string): never {
  throw new CellFault(message);
}

/** The type of a cell: `read` takes any value, and tells through `wrong` what it cannot take. */
export function cell<Value>(read: (value: unknown) => Value) {
  return z.unknown().transform((value, context): Value => {
    try {
      return read(value);
    } catch (fault) {
      if (!(fault instanceof CellFault)) throw fault;
      context.addIssue({ code: 'custom', message: fault.message });
      return z.NEVER;
    }
  });
}

export function readText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return wrong(`not text but ${Array.isArray(value) ? 'a list' : typeof value}`);
  const text = value.trim();
  if (text.length > LONGEST_CELL) return wrong(`${text.length} characters long, at most ${LONGEST_CELL} are read`);
  return text === '' || isTypeName(text) ? null : text;
}

/**
 * A name that people are joined by. `?` and U+FFFD stand where a letter was lost: Export-Csv of Windows PowerShell 5.1 writes ASCII
 * unless told otherwise, and neither sign may stand in a user principal name.
 */
function readName(value: unknown): string | null {
  const text = readText(value);
  return text !== null && /[?\uFFFD]/.test(text)
    ? wrong('letters outside ASCII were lost when it was written: export again with -Encoding UTF8')
    : text;
}

/** Text, or null where the cell is empty, absent, or holds only the name of a type. Surrounding space is dropped. */
export const textCell = cell(readText);

export const nameCell = cell(readName);

export const requiredNameCell = cell((value): string => readName(value) ?? wrong('empty'));

/** `True`, `False` in any case, or nothing. Three states: never coerced. */
export const flagCell = cell((value): boolean | null => {
  if (typeof value === 'boolean') return value;
  const text = readText(value)?.toLowerCase() ?? null;
  if (text === null) return null;
  return text === 'true' || text === 'false' ? text === 'true' : wrong('neither True nor False');
});

/** An anchor as exact text: nothing is trimmed, for Entra would not either. */
export function readAnchor(value: unknown): AnchorValue {
  if (typeof value === 'string' && isTypeName(value)) return { unreadable: 'the name of a type, not its value' };
  if (typeof value === 'string' && SPREADSHEET_ERROR.test(value)) return { unreadable: 'an error of a spreadsheet' };
  return anchorValue(value);
}

export const anchorCell = cell(readAnchor);

/** An instant, where it is written in ISO 8601 with its zone. PowerShell writes times as the country does: those are not read. */
export const instantCell = cell((value): Instant | null => (typeof value === 'string' ? parseTime(value) : null));

/** Whether a list holds anything; null where the cell does not tell, as a type's name does not. */
export function readListFilled(value: unknown): boolean | null {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value !== 'string' || isTypeName(value)) return null;
  return value.trim() !== '';
}

export function isTypeName(text: string): boolean {
  return TYPE_NAME.test(text);
}
