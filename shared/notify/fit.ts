import type { Letter, Part } from './letter.ts';

/** Rows and lines that are kept of each part, tried one after the other. */
const STEPS = [30, 20, 12, 8, 5, 3, 1, 0];

/**
 * The letter as `render` writes it, with as many rows as fit into so many bytes of UTF-8. Whatever a directory holds, a mail is sent: what
 * is left out is counted, and stands on the page and in the text.
 */
export function fitted(letter: Letter, bytes: number, render: (letter: Letter) => string): string {
  let rendered = render(letter);
  for (const most of STEPS) {
    if (Buffer.byteLength(rendered) <= bytes) return rendered;
    rendered = render(shortened(letter, most));
  }
  return rendered;
}

/** At most so many rows and lines in each part. */
export function shortened(letter: Letter, most: number): Letter {
  return {
    ...letter,
    next: linesOf(letter.next, Math.max(most, 1)),
    parts: letter.parts.map((part) => partOf(part, most)),
    footer: linesOf(letter.footer, Math.max(most, 3)),
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
