import { escapeInJson } from '../../shared/controls.ts';
import { markdownCell, plain } from './safe.ts';
import { csvTable } from '../../shared/notify/csv.ts';
import { padTo, widthOf } from '../../shared/notify/width.ts';
import { wrap } from '../../shared/notify/wrap.ts';

/** A table with sentences above and below it: what every report is, whatever the format. */
export interface Sheet {
  readonly head: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How many cells name a row, where it is written as a block. */
  readonly title: number;
  readonly foot: readonly string[];
}

const GAP = '  ';
/** No column is made narrower than this. */
const NARROWEST = 8;

/** For a terminal: as wide as it has to be, and never wider than the terminal. What does not fit goes on in the next line. */
export function asText(sheet: Sheet, width: number): string {
  const parts = sheet.head.flatMap((line) => wrap(plain(line), width));
  if (sheet.rows.length > 0) parts.push('', ...recordLines(sheet.columns, sheet.rows, width, sheet.title), '');
  parts.push(...sheet.foot.flatMap((line) => wrap(plain(line), width)));
  return `${parts.join('\n')}\n`;
}

/** CSV is the table alone. */
export function asCsv({ columns, rows }: Sheet): string {
  return csvTable(columns, rows);
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

/** One value of unusual length is broken rather than that it takes the room of all others. */
const LONGEST_WORD = 32;
/** A column of such words is never broken. */
const SHORT = 20;
/** Below this a table of many columns is all line breaks; the rows are then written one below the other. */
const WIDE = 130;

/** A table of findings: as columns where there is room, else each row as a block whose first line is its first `title` cells. */
export function recordLines(columns: readonly string[], rows: Rows, width: number, title: number): readonly string[] {
  return width >= WIDE ? tableLines(columns, rows, width) : blockLines(columns, rows, width, title);
}

/** The lines of a table, each within the width. */
export function tableLines(columns: readonly string[], rows: Rows, width: number): readonly string[] {
  const cells = [columns, ...rows].map((row) => row.map(plain));
  const wanted = columns.map((_, at) => Math.max(...cells.map((row) => widthOf(row[at] ?? ''))));
  const words = columns.map((_, at) => {
    const isShort = (wanted[at] ?? 0) <= SHORT;
    return isShort ? (wanted[at] ?? 0) : Math.max(...cells.map((row) => longestWord(row[at] ?? '')));
  });
  const widths = fit(wanted, words, width);
  const numbers = columns.map((_, at) => rows.length > 0 && rows.every((row) => /^[\d,]*$/.test(row[at] ?? '')));
  const lines = cells.map((row) => rowLines(row, widths, numbers));
  const rule = widths.map((one) => '─'.repeat(one)).join(GAP);
  return [...(lines[0] ?? []), rule, ...lines.slice(1).flat()];
}

/** A row of the table: as many lines as its tallest cell has. Numbers stand under each other. */
function rowLines(row: readonly string[], widths: readonly number[], numbers: readonly boolean[]): string[] {
  const cells = row.map((cell, at) => wrap(cell, widths[at] ?? NARROWEST));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) =>
    cells
      .map((lines, column) => padTo(lines[at] ?? '', widths[column] ?? 0, numbers[column] === true ? 'left' : 'right'))
      .join(GAP)
      .trimEnd(),
  );
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

/** Takes from the widest column, again and again, until all fit: first where sentences can be broken, then where words must be. */
function fit(wanted: readonly number[], words: readonly number[], width: number): number[] {
  const widths = [...wanted];
  const room = width - GAP.length * (widths.length - 1);
  for (let excess = sum(widths) - room; excess > 0; excess -= 1) {
    const wide = widths.map((_, at) => at).filter((at) => (widths[at] ?? 0) > NARROWEST);
    const breakable = wide.filter((at) => (widths[at] ?? 0) > (words[at] ?? 0));
    const [first, ...others] = breakable.length > 0 ? breakable : wide;
    if (first === undefined) break;
    const widest = others.reduce((best, at) => ((widths[at] ?? 0) > (widths[best] ?? 0) ? at : best), first);
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function longestWord(text: string): number {
  return Math.min(LONGEST_WORD, Math.max(...text.split(' ').map(widthOf)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
