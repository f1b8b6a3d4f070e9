import type * as z from 'zod';
import { type AnchorValue, isUnreadable } from '../../anchor/value.ts';
import { readCsv } from './csv.ts';
import { decodeText, invalid } from './decode.ts';
import { readJson } from './json.ts';
import { firstFilled, type RejectedRow, shown, type Table } from './table.ts';

/** What one exported file held. `rows`, `rejected` and `leftOut` together are `total`. */
export interface FileRead<Row> {
  readonly file: string;
  readonly rows: readonly Row[];
  /** Rows that could not be used, in the file's order. While there are any, nobody's absence proves anything. */
  readonly rejected: readonly RejectedRow[];
  /** Rows that are no people: computers, groups, agents. */
  readonly leftOut: number;
  readonly total: number;
  /** The columns of the file, as it spells them. */
  readonly columns: readonly string[];
  /** What whoever reads the result must know, in whole sentences. */
  readonly notes: readonly string[];
  /** The file holds exactly as many rows as one page of its API: it may well be a first page, and the rest not there. */
  readonly onePage: boolean;
}

/** The attribute by which people of two files are joined. */
export type JoinKey = 'upn' | 'mail' | 'samAccountName';

export const JOIN_FIELDS = {
  upn: 'userName',
  mail: 'mail',
  samAccountName: 'samAccountName',
} as const satisfies Record<JoinKey, string>;

type JoinField = (typeof JOIN_FIELDS)[JoinKey];

/** How the rows of one kind of file are read. */
export interface RowKind<Field extends string, Row> {
  /** The names under which a field is exported, best first; case does not matter. */
  readonly fields: Readonly<Record<Field, readonly string[]>>;
  readonly required: readonly Field[];
  /** What to do about a missing column: a sentence with the command that exports it. */
  readonly lesson: string;
  /** Takes an object of all fields; null for a row that is no person. */
  readonly schema: z.ZodType<Row | null>;
  /** What no two rows may share, and the field it is named by. */
  readonly key: { readonly field: Field; readonly of: (row: Row) => string };
}

/** Reads CSV or JSON, whichever the file is. Throws `invalid` when it is neither, or holds no rows. */
export function readTable(bytes: Uint8Array, file: string): Table {
  const text = decodeText(bytes, file);
  const table = /^\s*[[{]/.test(text) ? readJson(text, file) : readCsv(text, file);
  if (table.records.length === 0 && table.rejected.length === 0) throw invalid(file, 'holds no rows.');
  return table;
}

/** Types every row of a table. Throws `invalid` when required columns are missing, naming all of them and what was found. */
export function readRows<Field extends string, Row>(
  table: Table,
  kind: RowKind<Field, Row>,
): Omit<FileRead<Row>, 'notes' | 'onePage'> {
  requireColumns(table, kind);
  const { file, unit, columns } = table;
  const names = lowerCased(kind.fields);
  const rejected: RejectedRow[] = [...table.rejected];
  const first = new Map<string, { readonly row: number; readonly data: Row }>();
  const disputed = new Map<string, number>();
  const column = spelled(columns, kind.fields[kind.key.field]);
  let leftOut = 0;
  for (const record of table.records) {
    const { row } = record;
    const fields = Object.fromEntries(names.map(([field, of]) => [field, firstFilled(record, of)]));
    const read = kind.schema.safeParse(fields);
    if (!read.success) {
      rejected.push({ file, row, unit, ...faultOf(read.error, columns, kind.fields) });
    } else if (read.data === null) {
      leftOut += 1;
    } else {
      const key = kind.key.of(read.data);
      const known = first.get(key);
      if (known === undefined) {
        first.set(key, { row, data: read.data });
        continue;
      }
      const isSame = JSON.stringify(known.data) === JSON.stringify(read.data);
      if (!isSame) disputed.set(key, row);
      const reason = isSame ? `the same as in ${unit} ${known.row}` : contradicts(unit, known.row);
      rejected.push({ file, row, unit, column, reason });
    }
  }
  // Which of the two is right nobody can tell, so that neither is believed.
  for (const [key, other] of disputed) {
    const row = first.get(key)?.row ?? other;
    rejected.push({ file, row, unit, column, reason: contradicts(unit, other) });
    first.delete(key);
  }
  const rows = [...first.values()].map(({ data }) => data);
  rejected.sort((one, other) => one.row - other.row);
  return { file, rows, rejected, leftOut, total: rows.length + rejected.length + leftOut, columns };
}

function contradicts(unit: string, row: number): string {
  return `the same as in ${unit} ${row}, which says otherwise`;
}

function requireColumns<Field extends string, Row>(table: Table, kind: RowKind<Field, Row>): void {
  const missing = kind.required.filter((field) => !hasColumn(table, kind.fields[field]));
  if (missing.length === 0) return;
  refuseFlattened(table);
  const wanted = missing.map((field) => kind.fields[field].slice(0, 2).join(' or '));
  const found = table.columns.slice(0, 40).map(shown);
  const more = table.columns.length > found.length ? ` and ${table.columns.length - found.length} more` : '';
  throw invalid(
    table.file,
    `lacks the ${wanted.length === 1 ? 'column' : 'columns'} ${wanted.join(', ')}. Found: ${found.join(', ') || 'none'}${more}. ${kind.lesson}`,
  );
}

/**
 * Throws `invalid` when PowerShell wrote an object as text, `@{immutableId=…}`, as ConvertTo-Json does below its depth and Export-Csv
 * always: what is missing may be within, and cannot be read back out of it for certain.
 */
export function refuseFlattened(table: Table): void {
  const column = table.columns.find((name) =>
    table.records.some((record) => isHashTable(record.cell(name.toLowerCase()))),
  );
  if (column === undefined) return;
  throw invalid(
    table.file,
    `holds objects that PowerShell wrote as text: ${shown(column)} begins with @{. Write it again with ConvertTo-Json -Depth 10, ` +
      'for without -Depth it leaves out what lies deeper, and Export-Csv always does.',
  );
}

/** Throws `invalid` when not one row has a readable anchor: then the export did not carry it, or the wrong column was chosen. */
export function requireAnchors(
  read: { readonly file: string; readonly rows: readonly { readonly anchor: AnchorValue }[] },
  column: string,
  lesson: string,
): void {
  const { file, rows } = read;
  if (rows.length === 0 || rows.some(({ anchor }) => typeof anchor === 'string')) return;
  const unreadable = rows.map(({ anchor }) => anchor).find(isUnreadable);
  const found = unreadable === undefined ? 'is empty' : `holds nothing but ${unreadable.unreadable}`;
  throw invalid(file, `has nothing to compare: the column ${column} ${found} in all ${rows.length} rows. ${lesson}`);
}

/** Throws `invalid` when not one row has the join key: then nobody could be compared, which is not the same as no drift. */
export function requireKeys(
  read: {
    readonly file: string;
    readonly rows: readonly Readonly<Record<JoinField, string | null>>[];
    readonly columns: readonly string[];
  },
  join: JoinKey,
  fields: Readonly<Record<JoinField, readonly string[]>>,
): void {
  const { file, rows, columns } = read;
  const field = JOIN_FIELDS[join];
  if (rows.length === 0 || rows.some((row) => row[field] !== null)) return;
  const others = Object.keys(JOIN_FIELDS).filter((key) => key !== join);
  throw invalid(
    file,
    `has nothing to join people by: the column ${spelled(columns, fields[field])} is empty in all ${rows.length} rows. ` +
      `Export it again with that column filled, or join by another key: --join ${others.join(' or --join ')}.`,
  );
}

/** Entries of JSON may leave out what is empty, so one that has the column is enough. */
export function hasColumn(table: Table, names: readonly string[]): boolean {
  const lower = names.map((name) => name.toLowerCase());
  return (
    table.columns.some((column) => lower.includes(column.toLowerCase())) ||
    table.records.some((record) => lower.some((name) => record.cell(name) !== undefined))
  );
}

function faultOf(
  error: z.ZodError,
  columns: readonly string[],
  fields: Readonly<Record<string, readonly string[]>>,
): { readonly column: string | null; readonly reason: string } {
  const faults = error.issues.map(({ path, message }) => ({
    column: spelled(columns, fields[String(path[0])] ?? []),
    reason: message,
  }));
  const [first, ...others] = faults;
  const also = others.map(({ column, reason }) => `; ${column ?? 'the row'}: ${reason}`).join('');
  return { column: first?.column ?? null, reason: `${first?.reason ?? 'unreadable'}${also}` };
}

/** PowerShell's words for an object, where a value should be; whatever else JSON holds there is no text at all. */
function isHashTable(cell: unknown): boolean {
  return typeof cell === 'string' && /^@\{.*\}$/s.test(cell);
}

/** A field's column as the file spells it. */
function spelled(columns: readonly string[], names: readonly string[]): string | null {
  const lower = new Set(names.map((name) => name.toLowerCase()));
  const column = columns.find((each) => lower.has(each.toLowerCase())) ?? names[0];
  return column === undefined ? null : shown(column);
}

function lowerCased<Field extends string>(
  fields: Readonly<Record<Field, readonly string[]>>,
): readonly (readonly [string, readonly string[]])[] {
  return Object.entries<readonly string[]>(fields).map(([field, names]) => [
    field,
    names.map((name) => name.toLowerCase()),
  ]);
}
