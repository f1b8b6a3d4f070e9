import { escapeControls } from '../controls.ts';
import { count } from './count.ts';
import { fitted, MOST_BYTES } from './fit.ts';
import type { Figure, Letter, Part, Sheet } from './letter.ts';
import { linkOf } from './link.ts';
import { SEVERITY_WORDS } from './severity-words.ts';
import { padTo } from './width.ts';
import { wrap } from './wrap.ts';

/** What fits into a mail program's window with a quote sign or two in front. */
const WIDTH = 76;

/**
 * The letter as plain text, complete by itself: every value of the HTML mail is in it. No line but an address, which must stay whole to
 * be clicked, is longer than 76 columns.
 */
export function textOf(letter: Letter): string {
  return fitted(letter, MOST_BYTES, render);
}

function render(letter: Letter): string {
  const { severity, verdict, figures, next, action, parts, footer } = letter;
  const url = action === null ? null : linkOf(action.url);
  const blocks = [
    folded(SEVERITY_WORDS[severity]),
    folded(verdict),
    figureLines(figures),
    ...(next.length === 0 ? [] : [['WHAT HAPPENS NEXT', ...next.flatMap(item)]]),
    ...(action === null || url === null ? [] : [[`${escapeControls(action.label)}:`, url]]),
    ...parts.map(partLines),
    ['--', ...footer.flatMap(folded)],
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => `${block.join('\n')}\n`)
    .join('\n');
}

/** Numbers under each other, to the right. */
function figureLines(figures: readonly Figure[]): string[] {
  const numbers = figures.map(({ value }) => count(value));
  const widest = Math.max(0, ...numbers.map((number) => number.length));
  return figures.map(({ label }, at) => `${padTo(numbers[at] ?? '', widest + 2, 'left')}  ${escapeControls(label)}`);
}

function partLines({ title, lines, table }: Part): string[] {
  return [
    ...folded(title.toLocaleUpperCase('en-US')),
    ...lines.flatMap(item),
    ...(table === null ? [] : sheetLines(table)),
  ];
}

/** Each row as a block under its first cell: columns of sentences have no room beside each other in 76 letters. */
function sheetLines({ head, rows, more }: Sheet): string[] {
  const blocks = rows.flatMap(([first = '', ...others]) => [
    ...item(labelOf(head[0] ?? '', first)),
    ...others.flatMap((cell, at) =>
      cell === '' ? [] : wrap(escapeControls(`${head[at + 1] ?? ''}: ${cell}`), WIDTH - 4).map((line) => `    ${line}`),
    ),
  ]);
  return more === 0 ? blocks : [...blocks, `  … and ${count(more)} more`];
}

/** A name speaks for itself at the head of its block; a bare number does not. */
function labelOf(column: string, cell: string): string {
  return /^[\d,]+$/.test(cell) ? `${column}: ${cell}` : cell;
}

function item(line: string): string[] {
  return wrap(escapeControls(line), WIDTH - 4).map((part, at) => `${at === 0 ? '  - ' : '    '}${part}`);
}

function folded(line: string): string[] {
  return wrap(escapeControls(line), WIDTH);
}
