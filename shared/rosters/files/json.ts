import { invalid, lineOf } from './decode.ts';
import type { RejectedRow, SourceRecord, Table } from './table.ts';

/** Nested as deep as `profile.immutableId`, `_links.app.href` and PowerShell's `SID.Value` are. */
const DEEPEST = 3;
/** Entries whose names are shown when a column is missing. */
const SAMPLE = 100;

/**
 * So deep may JSON be nested at all, so many items may all of its lists have, and so many fields one object: JSON.parse takes forty times the
 * memory of bare brackets, and minutes for an object of millions of fields.
 */
const DEEPEST_JSON = 100;
const MOST_ITEMS = 4_000_000;
const MOST_FIELDS = 10_000;

type PlainObject = Readonly<Record<string, unknown>>;

/**
 * Reads JSON as Okta's and Graph's APIs and PowerShell's ConvertTo-Json write it: a list, a page with `value`, a list of lists or
 * of pages, one entry alone, or several of these one behind the other. Columns are dotted paths. Throws `invalid` when
 * the text is no JSON, nested without end or larger than any export, or when every page in it announces a further one.
 */
export function readJson(text: string, file: string): Table {
  const pages = documents(text, file).flatMap(pagesOf);
  const announced = pages.filter((page) => isPlainObject(page) && typeof page['@odata.nextLink'] === 'string').length;
  if (announced > 0 && announced === pages.length) {
    throw invalid(
      file,
      'is not complete: its last page announces a further one (@odata.nextLink). Follow the links to the end and put all pages into the file.',
    );
  }
  const entries = pages.flatMap((page) => pageValue(page) ?? page);
  const records: SourceRecord[] = [];
  const rejected: RejectedRow[] = [];
  for (const [at, entry] of entries.entries()) {
    const row = at + 1;
    if (isPlainObject(entry)) records.push({ row, cell: (name) => find(entry, name) });
    else rejected.push({ file, row, unit: 'entry', column: null, reason: `not an object but ${kindOf(entry)}` });
  }
  return { file, unit: 'entry', columns: columnsOf(entries), records, rejected };
}

function documents(text: string, file: string): readonly unknown[] {
  checkExtent(text, file);
  try {
    return [JSON.parse(text)];
  } catch (error) {
    const parts = split(text);
    if (parts.length < 2) throw notJson(text, file, error);
    return parts.map((part) => {
      try {
        return JSON.parse(part.text);
      } catch (cause) {
        throw notJson(text, file, cause, part.start);
      }
    });
  }
}

/** Counts brackets and commas outside of strings, whether the text is JSON or not: what is left takes a memory that is known. */
function checkExtent(text: string, file: string): void {
  /** Of each object that is open the commas so far; null for a list. */
  const open: (number | null)[] = [];
  let items = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === '[' || character === '{') open.push(character === '[' ? null : 0);
    else if (character === ']' || character === '}') {
      open.pop();
      if (open.length === 0) items += 1;
    } else if (character === ',') {
      const fields = open.pop();
      if (fields === null) items += 1;
      if (fields !== undefined) open.push(fields === null ? null : fields + 1);
      if ((fields ?? 0) + 2 > MOST_FIELDS)
        throw invalid(
          file,
          `has an object of more than ${MOST_FIELDS} fields in line ${lineOf(text, at)}. Export it again.`,
        );
    }
    if (open.length > DEEPEST_JSON)
      throw invalid(file, `is nested more than ${DEEPEST_JSON} deep in line ${lineOf(text, at)}. Export it again.`);
    if (items > MOST_ITEMS) throw invalid(file, `has more than ${MOST_ITEMS} items, the most that are read.`);
  }
}

/** Where the string that begins there ends: at a quote behind an even number of backslashes, or nowhere before the end. */
function endOfString(text: string, begin: number): number {
  for (let end = text.indexOf('"', begin + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text[before - 1] === '\\') before -= 1;
    if ((end - before) % 2 === 0) return end;
  }
  return text.length;
}

/** The engine's own message quotes the text around the fault, so only its position is passed on, where it gives one. */
function notJson(text: string, file: string, error: unknown, start = 0): Error {
  const message = error instanceof Error ? error.message : '';
  const position = /at position (?<at>\d+)/.exec(message)?.groups?.at;
  if (position !== undefined) {
    return invalid(file, `is no valid JSON in line ${lineOf(text, start + Number(position))}. Export it again.`);
  }
  return /end of JSON input/.test(message)
    ? invalid(
        file,
        `is cut off: its JSON does not end, though the file does in line ${lineOf(text, text.length)}. Export it again.`,
      )
    : invalid(file, 'is no valid JSON. Export it again.');
}

interface Part {
  readonly start: number;
  readonly text: string;
}

/** Documents one behind the other, as `cat page1.json page2.json` or JSON Lines leave them: parted where no bracket is open. */
function split(text: string): readonly Part[] {
  const parts: Part[] = [];
  let depth = 0;
  let start = 0;
  for (const token of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token[0].startsWith('"')) continue;
    depth += token[0] === '[' || token[0] === '{' ? 1 : -1;
    if (depth !== 0) continue;
    const end = token.index + 1;
    parts.push({ start, text: text.slice(start, end) });
    start = end;
  }
  const rest = text.slice(start);
  return rest.trim() === '' ? parts : [...parts, { start, text: rest }];
}

/** A list of lists or of pages is taken apart; what is left are pages, or entries. */
function pagesOf(document: unknown): readonly unknown[] {
  return Array.isArray(document)
    ? document.flatMap((inner: unknown) => (Array.isArray(inner) ? inner : [inner]))
    : [document];
}

function pageValue(page: unknown): readonly unknown[] | null {
  return isPlainObject(page) && Array.isArray(page.value) ? page.value : null;
}

/** Own keys alone are looked at, without regard to case: PowerShell writes `Id`, the APIs write `id`. */
function find(object: PlainObject, name: string): unknown {
  for (const key of Object.keys(object)) {
    if (key.length === name.length && key.toLowerCase() === name) return object[key];
  }
  const dot = name.indexOf('.');
  const inner = dot > 0 ? find(object, name.slice(0, dot)) : undefined;
  return isPlainObject(inner) ? find(inner, name.slice(dot + 1)) : undefined;
}

function columnsOf(entries: readonly unknown[]): readonly string[] {
  return [...new Set(entries.slice(0, SAMPLE).flatMap((entry) => paths(entry, DEEPEST)))];
}

function paths(value: unknown, depth: number): readonly string[] {
  if (!isPlainObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const below = depth > 1 ? paths(inner, depth - 1) : [];
    return below.length > 0 ? below.map((path) => `${key}.${path}`) : [key];
  });
}

function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(entry: unknown): string {
  if (entry === null) return 'null';
  return Array.isArray(entry) ? 'a list' : `a ${typeof entry}`;
}
