import { csvCell, markdownCell, plain } from './safe.ts';

/** A table with sentences above and below it: what every report is, whatever the format. */
export interface Sheet {
  readonly head: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly foot: readonly string[];
}

const GAP = '  ';
/** No column is cut below this: a few letters and the dots still tell names apart. */
const NARROWEST = 8;

/** For a terminal: as wide as it has to be, and never wider than the terminal. What does not fit ends in `…`. */
export function asText(sheet: Sheet, width: number): string {
  const parts = [...sheet.head.flatMap((line) => wrap(plain(line), width))];
  if (sheet.rows.length > 0) parts.push('', ...tableLines(sheet.columns, sheet.rows, width), '');
  parts.push(...sheet.foot.flatMap((line) => wrap(plain(line), width)));
  return `${parts.join('\n')}\n`;
}

/** CSV is the table alone, with a byte order mark, without which Excel takes UTF-8 for its own code page. */
export function asCsv({ columns, rows }: Sheet): string {
  return `\uFEFF${[columns, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

export function asMarkdown({ head, columns, rows, foot }: Sheet): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const table =
    rows.length === 0
      ? []
      : [line(columns), line(columns.map(() => '---')), ...rows.map((row) => line(row.map(markdownCell))), ''];
  const paragraphs = (lines: readonly string[]): string[] => lines.flatMap((text) => [markdownCell(text), '']);
  return [...paragraphs(head), ...table, ...paragraphs(foot)].join('\n');
}

/** The lines of a table, each within the width. */
export function tableLines(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): readonly string[] {
  const cells = [columns, ...rows].map((row) => row.map(plain));
  const widths = fit(
    columns.map((_, at) => Math.max(...cells.map((row) => lengthOf(row[at] ?? '')))),
    width,
  );
  const lines = cells.map((row) =>
    row
      .map((cell, at) => pad(cell, widths[at] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
  const rule = widths.map((one) => '─'.repeat(one)).join(GAP);
  return [lines[0] ?? '', rule, ...lines.slice(1)];
}

/** Takes from the widest column, again and again, until all fit. */
function fit(wanted: readonly number[], width: number): number[] {
  const widths = [...wanted];
  const room = width - GAP.length * (widths.length - 1);
  for (let excess = sum(widths) - room; excess > 0; excess -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= NARROWEST) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function pad(cell: string, width: number): string {
  const letters = [...cell];
  if (letters.length > width) return `${letters.slice(0, Math.max(0, width - 1)).join('')}…`;
  return cell + ' '.repeat(width - letters.length);
}

/** Breaks a sentence at its blanks; the lines behind the first keep its indent. */
export function wrap(line: string, width: number): string[] {
  const indent = /^ */.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = '';
  for (const word of line.slice(indent.length).split(' ')) {
    if (current !== '' && indent.length + lengthOf(current) + 1 + lengthOf(word) > width) {
      lines.push(indent + current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, indent + current];
}

function lengthOf(text: string): number {
  return [...text].length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
