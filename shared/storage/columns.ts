import { AnchorwatchError } from '../errors.ts';
import { type Column, MAX_BINARY, MAX_TEXT } from './entity.ts';

/**
 * A row's fields as columns. Table Storage knows neither objects nor arrays nor null, so:
 * - a text, a finite number, a boolean is a column of its own name, readable in any storage browser;
 * - bytes too, split at 64 KiB into `name__1of3`, `name__2of3` …;
 * - everything else, null included (the service drops it), is JSON text in `name__json`, split in the same way above 32,768 units.
 *   So are texts that would not come back as they were: half surrogate pairs, control characters, long ones beyond ASCII.
 * A field that is absent has no column, and is absent again when read.
 *
 * Numbers are written as `Edm.Double` with the type spelled out. Without it the service guesses from the digits, and an instant in
 * milliseconds does not fit the Int32 that it guesses for whole numbers; `Edm.Int64` comes back as a bigint. A double holds every
 * whole number up to 2^53, so every instant, exactly.
 */

/** A C# identifier, as the service wants; `__` is ours. */
const FIELD = /^(?!.*__)[A-Za-z][A-Za-z0-9_]{0,199}$/;

/** Names that the service, the SDK or the row's frame use. */
const RESERVED = new Set(['partitionkey', 'rowkey', 'timestamp', 'etag', 'v', 'w']);

const SUFFIXED = /^(?<field>.+?)__(?:json|(?<part>[1-9]\d{0,2})of(?<count>[1-9]\d{0,2}))$/;

/** Control characters that XML, the other language of the service, cannot carry; JSON writes them as escapes. */
const CONTROL = /(?![\t\n\r\u007F-\u009F])\p{Cc}/u;

const BEYOND_ASCII = /[\u0080-\uFFFF]/g;

/**
 * Longer texts are written in ASCII, as JSON escapes. Azurite 3.37 decodes the body of a request chunk by chunk, and breaks the
 * character that two chunks share (readRequestIntoText of its serializer.js); what is short arrives in one chunk.
 */
const SHORT = 4_096;

/** Throws `invalid` for a field's name or a value that cannot be stored; `place` names the row. */
export function toColumns(fields: object, place: string): Record<string, Column> {
  const columns: Record<string, Column> = {};
  const entries: readonly (readonly [string, unknown])[] = Object.entries(fields);
  for (const [name, value] of entries) {
    if (value === undefined) continue;
    if (!FIELD.test(name) || RESERVED.has(name.toLowerCase())) {
      throw new AnchorwatchError('invalid', `Field "${name}" of ${place} cannot be a column: rename it.`);
    }
    addColumns(columns, name, value, place);
  }
  return columns;
}

function addColumns(columns: Record<string, Column>, name: string, value: unknown, place: string): void {
  if (isPlain(value)) {
    // The service may or may not keep the sign of a zero.
    columns[name] = value === 0 ? 0 : value;
  } else if (value instanceof Uint8Array) {
    addParts(columns, name, splitBytes(value), name);
  } else {
    addParts(columns, name, splitText(jsonOf(name, value, place)), `${name}__json`);
  }
}

function isPlain(value: unknown): value is string | number | boolean {
  if (typeof value === 'string') return isPlainText(value);
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}

function isPlainText(text: string): boolean {
  if (text.length > MAX_TEXT || !text.isWellFormed() || CONTROL.test(text)) return false;
  return text.length <= SHORT || text.search(BEYOND_ASCII) < 0;
}

function jsonOf(name: string, value: unknown, place: string): string {
  if (typeof value === 'number') {
    throw new AnchorwatchError('invalid', `Field "${name}" of ${place} is ${value}, which is no number to store.`);
  }
  try {
    const text: string | undefined = JSON.stringify(value);
    if (text !== undefined) return text.length <= SHORT ? text : text.replace(BEYOND_ASCII, escaped);
  } catch (cause) {
    throw new AnchorwatchError('invalid', `Field "${name}" of ${place} cannot be written as JSON.`, { cause });
  }
  throw new AnchorwatchError('invalid', `Field "${name}" of ${place} is a ${typeof value}, which cannot be stored.`);
}

function addParts(columns: Record<string, Column>, name: string, parts: readonly Column[], single: string): void {
  for (const [index, part] of parts.entries()) {
    columns[parts.length === 1 ? single : `${name}__${index + 1}of${parts.length}`] = part;
  }
}

function splitBytes(bytes: Uint8Array): Uint8Array[] {
  const parts = [bytes.slice(0, MAX_BINARY)];
  for (let at = MAX_BINARY; at < bytes.length; at += MAX_BINARY) parts.push(bytes.slice(at, at + MAX_BINARY));
  return parts;
}

/** Whatever is long enough to be split is ASCII by now: no cut falls into a character. */
function splitText(text: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += MAX_TEXT) parts.push(text.slice(at, at + MAX_TEXT));
  return parts;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The fields again. Throws `invalid` when parts are missing or are no JSON; `place` names the row. */
export function toFields(columns: Readonly<Record<string, unknown>>, place: string): Record<string, unknown> {
  const fields = new Map<string, unknown>();
  const parts = new Map<string, unknown[]>();
  for (const [name, value] of Object.entries(columns)) {
    const suffix = SUFFIXED.exec(name)?.groups;
    if (suffix?.['field'] === undefined) {
      fields.set(name, value instanceof Uint8Array ? new Uint8Array(value) : value);
      continue;
    }
    const part = Number(suffix['part'] ?? 1);
    const count = Number(suffix['count'] ?? 1);
    const known = parts.get(suffix['field']) ?? Array.from({ length: count });
    if (known.length !== count || part > count) {
      throw damaged(suffix['field'], place, `it has a part ${part} of ${count} beside parts of ${known.length}`);
    }
    known[part - 1] = value;
    parts.set(suffix['field'], known);
  }
  for (const [field, values] of parts) {
    if (fields.has(field)) throw damaged(field, place, 'it is there twice, plain and in parts');
    fields.set(field, joinParts(field, values, place));
  }
  return Object.fromEntries(fields);
}

function joinParts(field: string, values: readonly unknown[], place: string): unknown {
  const missing = values.indexOf(undefined);
  if (missing >= 0) throw damaged(field, place, `part ${missing + 1} of ${values.length} is missing`);
  if (values.every((value) => value instanceof Uint8Array)) return new Uint8Array(Buffer.concat(values));
  if (!values.every((value) => typeof value === 'string')) throw damaged(field, place, 'its parts are no text');
  try {
    const value: unknown = JSON.parse(values.join(''));
    return value;
  } catch {
    throw damaged(field, place, 'its text is no JSON');
  }
}

function damaged(field: string, place: string, problem: string): AnchorwatchError {
  return new AnchorwatchError(
    'invalid',
    `Field "${field}" of ${place} cannot be read: ${problem}. Something else wrote the row or cut it: restore or delete it.`,
  );
}
