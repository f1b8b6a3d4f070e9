import type { Letter, Part } from './letter.ts';

/** Bytes of each body of a mail. Gmail cuts one off at 102 kB, and a phone loads all of it. */
export const MOST_BYTES = 60_000;

/** How many rows and lines are kept: of the first table, which matters most, and of every other part. Tried one after the other. */
const STEPS = [
  [20, 10],
  [20, 7],
  [20, 5],
  [20, 3],
  [12, 3],
  [8, 2],
  [4, 1],
  [1, 1],
  [0, 0],
] as const;

/**
 * The letter as `render` writes it, with as many rows as fit into so many bytes of UTF-8. Whatever a directory holds, a mail is sent: what
 * is left out is counted, and stands on the page. HTML is longer than plain text, so that what is in the HTML is in the text too.
 */
export function fitted(letter: Letter, bytes: number, render: (letter: Letter) => string): string {
  let rendered = render(letter);
  for (const [first, others] of STEPS) {
    if (Buffer.byteLength(rendered) <= bytes) return rendered;
    rendered = render(shortened(letter, first, others));
  }
  return rendered;
}

/** At most `first` rows in the first table, and `others` rows and lines in each other part. What happens next and the footer keep a line. */
export function shortened(letter: Letter, first: number, others: number): Letter {
  const { next, parts, footer } = letter;
  const place = parts.findIndex(({ table }) => table !== null);
  return {
    ...letter,
    next: linesOf(next, Math.max(others, 1)),
    parts: parts.map((part, at) => partOf(part, at === place ? first : others)),
    footer: linesOf(footer, Math.max(others, 1)),
  };
}

function partOf({ title, lines, table }: Part, most: number): Part {
  if (table === null) return { title, lines: linesOf(lines, most), table };
  const { head, rows, more } = table;
  return {
    title,
    lines: linesOf(lines, most),
    table: { head, rows: rows.slice(0, most), more: more + Math.max(0, rows.length - most) },
  };
}

function linesOf(lines: readonly string[], most: number): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `… and ${lines.length - most} more`];
}
