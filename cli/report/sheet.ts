import { escapeInJson } from '../../shared/log.ts';
import { csvCell, markdownCell, plain } from './safe.ts';

/** A table with sentences above and below it: what every report is, whatever the format. */
export interface Sheet {
  readonly head: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How many of the columns are cut last where the terminal is narrow. */
  readonly keep: number;
  readonly foot: readonly string[];
}

const GAP = '  ';
/** No column is cut below this: a few letters and the dots still tell names apart. */
const NARROWEST = 8;

/** For a terminal: as wide as it has to be, and never wider than the terminal. What does not fit ends in `…`. */
export function asText(sheet: Sheet, width: number): string {
  const parts = sheet.head.flatMap((line) => wrap(plain(line), width));
  if (sheet.rows.length > 0) parts.push('', ...recordLines(sheet.columns, sheet.rows, width, sheet.keep), '');
  parts.push(...sheet.foot.flatMap((line) => wrap(plain(line), width)));
  return `${parts.join('\n')}\n`;
}

/** CSV is the table alone, with a byte order mark, without which Excel takes UTF-8 for its own code page. */
export function asCsv({ columns, rows }: Sheet): string {
  return `\uFEFF${[columns, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

/** JSON in which nothing from a directory can turn a terminal or an editor around; a parser gets every text back as it was. */
export function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2).split('\n').map(escapeInJson).join('\n')}\n`;
}

export function asMarkdown({ head, columns, rows, foot }: Sheet): string {
  const table =
    rows.length === 0 ? [] : [columns, columns.map(() => '---'), ...rows.map((row) => row.map(markdownCell))];
  const lines = table.map((cells) => `| ${cells.join(' | ')} |`);
  return [...paragraphs(head), ...lines, '', ...paragraphs(foot)].join('\n');
}

function paragraphs(sentences: readonly string[]): string[] {
  return sentences.flatMap((sentence) => [markdownCell(sentence), '']);
}

/** Below this a table of many columns is all dots; the rows are then written one below the other. */
const WIDE = 120;

/** A table of findings: as columns where there is room, else each row as a block of its own. */
export function recordLines(columns: readonly string[], rows: Rows, width: number, keep: number): readonly string[] {
  return width >= WIDE ? tableLines(columns, rows, width, keep) : blockLines(columns, rows, width, keep - 1);
}

/** The lines of a table, each within the width. The first `keep` columns are the last to be cut. */
export function tableLines(columns: readonly string[], rows: Rows, width: number, keep = 1): readonly string[] {
  const cells = [columns, ...rows].map((row) => row.map(plain));
  const wanted = columns.map((_, at) => Math.max(...cells.map((row) => lengthOf(row[at] ?? ''))));
  const widths = fit(wanted, width, keep);
  const lines = cells.map((row) =>
    row
      .map((cell, at) => pad(cell, widths[at] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
  const rule = widths.map((one) => '─'.repeat(one)).join(GAP);
  return [lines[0] ?? '', rule, ...lines.slice(1)];
}

type Rows = readonly (readonly string[])[];

function blockLines(columns: readonly string[], rows: Rows, width: number, title: number): readonly string[] {
  return rows.flatMap((row) => {
    const cells = row.map(plain);
    const rest = cells.slice(title).flatMap((cell, at) => {
      if (cell === '') return [];
      return wrap(`    ${columns[title + at] ?? ''}: ${cell}`, width);
    });
    return [...wrap(cells.slice(0, title).join(GAP), width), ...rest];
  });
}

/** Takes from the widest of the later columns, again and again, until all fit; from the first ones only when nothing else is left. */
function fit(wanted: readonly number[], width: number, keep: number): number[] {
  const widths = [...wanted];
  const room = width - GAP.length * (widths.length - 1);
  const parts = [widths.map((_, at) => at).slice(keep), widths.map((_, at) => at).slice(0, keep)];
  for (const part of parts) {
    for (let excess = sum(widths) - room; excess > 0; excess -= 1) {
      const widest = part.reduce<number>(
        (best, at) => ((widths[at] ?? 0) > (widths[best] ?? 0) ? at : best),
        part[0] ?? 0,
      );
      if ((widths[widest] ?? 0) <= NARROWEST) break;
      widths[widest] = (widths[widest] ?? 0) - 1;
    }
  }
  return widths;
}

function pad(cell: string, width: number): string {
  const letters = Array.from(cell);
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
  return Array.from(text).length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
