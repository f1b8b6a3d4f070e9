import { CsvError, parse } from 'csv-parse/sync';
import { invalid, lineBreaks } from './decode.ts';
import { type RejectedRow, type SourceRecord, shown, type Table } from './table.ts';

const DELIMITERS = [',', ';', '\t'] as const;
/** Characters of one row. Without a bound a quote that never closes would take the rest of the file for one cell. */
const LONGEST_ROW = 1024 * 1024;
const LONGEST_HEADER = 64 * 1024;

interface Line {
  readonly row: number;
  readonly cells: readonly string[];
}

/**
 * Reads delimited text as PowerShell, Excel and Okta's tools write it: the `#TYPE` line of older PowerShell, Excel's `sep=` line,
 * comma, semicolon or tab, quotes, any line end. Rows with more or fewer cells than the header are rejected; empty ones are
 * passed over. Throws `invalid` when the quotes do not close or two columns bear one name.
 */
export function readCsv(text: string, file: string): Table {
  const { start, skipped, separator } = preamble(text);
  const body = text.slice(start);
  const parsed = parseRows(body, separator ?? sniffDelimiter(body), file, skipped + 1);
  const [header, ...lines] = numbered(parsed, skipped + 1).filter(({ cells }) => cells.some((cell) => cell !== ''));
  if (header === undefined) throw invalid(file, 'is empty.');
  const columns = header.cells.map((name) => name.trim());
  const index = indexOf(columns, file);
  const records: SourceRecord[] = [];
  const rejected: RejectedRow[] = [];
  for (const { row, cells } of lines) {
    const fault = wrongLength(cells, columns);
    if (fault !== null) rejected.push({ file, row, unit: 'line', ...fault });
    else records.push({ row, cell: (name) => cells[index.get(name) ?? -1] });
  }
  return { file, unit: 'line', columns, records, rejected };
}

interface Preamble {
  /** Offset of the header in the text. */
  readonly start: number;
  /** Lines before it. */
  readonly skipped: number;
  readonly separator: string | null;
}

/** What stands before the header. Excel quotes these lines and adds delimiters when it saves them again. */
function preamble(text: string): Preamble {
  const type = /^"?#TYPE [^\r\n]*(?:\r\n|\r|\n|$)/.exec(text)?.[0] ?? '';
  const sep = /^"?sep=(?<separator>[,;\t|])[^\r\n]*(?:\r\n|\r|\n|$)/i.exec(text.slice(type.length));
  const start = type.length + (sep?.[0].length ?? 0);
  return { start, skipped: lineBreaks(text.slice(0, start)), separator: sep?.groups?.separator ?? null };
}

/** The delimiter that the header holds most of outside its quotes; a comma when it holds none. */
function sniffDelimiter(body: string): string {
  const beginning = body.slice(0, LONGEST_HEADER).replace(/^[\r\n]+/, '');
  const header = /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(beginning)?.[0] ?? '';
  const outside = header.replaceAll(/"(?:[^"]|"")*"/g, '');
  const counts = DELIMITERS.map((delimiter) => outside.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** The parser's own messages quote cells, and a cell may be an anchor: they are not passed on. */
function parseRows(body: string, delimiter: string, file: string, firstLine: number): string[][] {
  const options = {
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: LONGEST_ROW,
  };
  try {
    return parse(body, options);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const before = typeof error.records === 'number' && error.records > 0 ? error.records : 0;
    const lines = before === 0 ? [] : numbered(parse(body, { ...options, to: before }), firstLine);
    const last = lines.at(-1);
    const line = last === undefined ? firstLine : last.row + linesOf(last.cells);
    const problem =
      error.code === 'CSV_MAX_RECORD_SIZE'
        ? `is longer than ${LONGEST_ROW} characters: a quote was probably never closed`
        : 'has a quote that does not close, or one inside a cell without quotes';
    throw invalid(
      file,
      `cannot be read: the row that begins in line ${line} ${problem}. Mend that row, or export again.`,
    );
  }
}

/** The parser counts a line end inside a quoted cell twice when it is CR LF, so the lines are counted here. */
function numbered(rows: readonly string[][], firstLine: number): readonly Line[] {
  let row = firstLine;
  return rows.map((cells) => {
    const line = { row, cells };
    row += linesOf(cells);
    return line;
  });
}

function linesOf(cells: readonly string[]): number {
  let lines = 1;
  for (const cell of cells) if (cell.includes('\n') || cell.includes('\r')) lines += lineBreaks(cell);
  return lines;
}

/** Column positions by name in lower case. */
function indexOf(columns: readonly string[], file: string): ReadonlyMap<string, number> {
  const index = new Map<string, number>();
  const twice: string[] = [];
  for (const [at, column] of columns.entries()) {
    const name = column.toLowerCase();
    if (index.has(name) && name !== '') twice.push(shown(column));
    index.set(name, at);
  }
  if (twice.length > 0) throw invalid(file, `has several columns of one name: ${twice.join(', ')}. Leave one of each.`);
  return index;
}

function wrongLength(
  cells: readonly string[],
  columns: readonly string[],
): { readonly column: string | null; readonly reason: string } | null {
  if (cells.length < columns.length) {
    const column = shown(columns[cells.length] ?? '');
    return {
      column,
      reason: `the row ends before this column: ${cells.length} cells where the header has ${columns.length}`,
    };
  }
  // Excel adds empty cells behind the last column.
  const surplus = cells.slice(columns.length).some((cell) => cell !== '');
  return surplus ? { column: null, reason: `${cells.length} cells where the header has ${columns.length}` } : null;
}
