import { CsvError, parse } from 'csv-parse/sync';
import { invalid, lineBreaks } from './decode.ts';
import { type RejectedRow, type SourceRecord, shown, type Table } from './table.ts';

const DELIMITERS = [',', ';', '\t'] as const;
/** Characters of one row. Without a bound a quote that never closes would take the rest of the file for one cell. */
const LONGEST_ROW = 1024 * 1024;
const LONGEST_HEADER = 64 * 1024;
/** Twice the people of the largest tenant. Without a bound a file of line ends alone would take all memory. */
const MOST_ROWS = 2_000_000;

interface Line {
  readonly row: number;
  readonly cells: readonly string[];
}

/**
 * Reads delimited text as PowerShell, Excel and Okta's tools write it: the `#TYPE` line of older PowerShell, Excel's `sep=` line,
 * comma, semicolon or tab, quotes, any line end. Rows with more or fewer cells than the header are rejected; empty ones are
 * passed over. Throws `invalid` when the quotes do not close, two columns bear one name, or there are more than two million rows.
 */
export function readCsv(text: string, file: string): Table {
  const { start, skipped, separator } = preamble(text);
  const body = text.slice(start);
  const [header, ...lines] = linesIn(body, separator ?? sniffDelimiter(body), file, skipped + 1);
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

/**
 * Every row that is not empty, by the line it begins in. The parser counts a line end inside a quoted cell twice when it is CR LF, so the
 * lines are counted here. Its own messages quote cells, and a cell may be an anchor: they are not passed on.
 */
function linesIn(body: string, delimiter: string, file: string, firstLine: number): readonly Line[] {
  const lines: Line[] = [];
  let [rows, row] = [0, firstLine];
  try {
    parse(body, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      max_record_size: LONGEST_ROW,
      // Nothing is left for the parser to keep.
      on_record(cells: readonly string[]) {
        rows += 1;
        if (rows > MOST_ROWS) throw invalid(file, `has more than ${MOST_ROWS} rows, the most that are read.`);
        if (cells.some((cell) => cell !== '')) lines.push({ row, cells });
        row += linesOf(cells);
        return null;
      },
    });
    return lines;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const problem =
      error.code === 'CSV_MAX_RECORD_SIZE'
        ? `is longer than ${LONGEST_ROW} characters: a quote was probably never closed`
        : 'has a quote that does not close, or one inside a cell without quotes';
    throw invalid(
      file,
      `cannot be read: the row that begins in line ${row} ${problem}. Mend that row, or export again.`,
    );
  }
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
