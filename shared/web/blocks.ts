import { type ComponentChild, h, type VNode } from 'preact';
import { escapeControls } from '../controls.ts';
import { count } from '../notify/count.ts';
import { legible } from '../notify/html-inline.ts';
import type { Figure, Letter, Part } from '../notify/letter.ts';
import { SEVERITY_WORDS } from '../notify/severity-words.ts';
import { at, type Room } from '../notify/pages.ts';

/** What pages are made of. Every text comes through here, where the renderer escapes it; nothing is ever put in as markup. */

/** A cell with a link on it, or with a control. */
export type Cell = string | Link | VNode;

export interface Link {
  readonly text: string;
  readonly room: Room;
  readonly asked: Readonly<Record<string, string>>;
}

export function personLink(text: string, of: string = text): Link {
  return { text, room: 'person', asked: { of } };
}

export function sentence(value: string): VNode {
  return h('p', null, ...legible(value));
}

export function list(lines: readonly string[]): ComponentChild {
  const items = lines.map((line) => h('li', null, ...legible(line)));
  return lines.length === 0 ? null : h('ul', null, ...items);
}

/** What the whole page is about. */
export function mainHeading(words: string): VNode {
  return h('h1', null, ...legible(words));
}

export function heading(words: string): VNode {
  return h('h2', null, ...legible(words));
}

export function smallHeading(words: string): VNode {
  return h('h3', null, ...legible(words));
}

export function link({ text: shown, room, asked }: Link): VNode {
  return h('a', { href: at(room, asked) }, ...legible(shown));
}

export function back(room: Room, words: string): VNode {
  return h('p', null, link({ text: words, room, asked: {} }));
}

/** How it is, in one sentence, and how urgent that is in words and colour. */
export function lead({ severity, verdict }: Pick<Letter, 'severity' | 'verdict'>): VNode {
  return h('div', { class: `severity ${severity}` }, [
    h('p', { class: 'badge' }, SEVERITY_WORDS[severity]),
    mainHeading(verdict),
  ]);
}

export function figures(shown: readonly Figure[]): ComponentChild {
  const items = shown.map(({ label, value }) => h('li', null, h('b', null, count(value)), label));
  return shown.length === 0 ? null : h('ul', { class: 'figures' }, ...items);
}

/** A part of a letter; in its column `person` stands whom there is a page about. */
export function part({ title, lines, table: sheet }: Part): ComponentChild {
  if (sheet === null) return [heading(title), list(lines)];
  const person = sheet.head.indexOf('person');
  const rows = sheet.rows.map((row) =>
    row.map((cell, column) =>
      column === person && !cell.includes(', ') && !cell.includes('…') ? personLink(cell) : cell,
    ),
  );
  const more = sheet.more === 0 ? null : h('p', { class: 'pale' }, `… and ${count(sheet.more)} more`);
  return [heading(title), list(lines), table(title, sheet.head, rows), more];
}

/** For eyes and for screen readers: every column and every row has its head. */
export function table(title: string, head: readonly string[], rows: readonly (readonly Cell[])[]): VNode {
  const numeric = head.map((_, column) => column > 0 && rows.length > 0 && rows.every((row) => isNumber(row[column])));
  const columns = head.map((name, column) => h('th', { scope: 'col', ...aligned(numeric[column]) }, ...legible(name)));
  const lines = rows.map((row) => {
    const [first = '', ...others] = row;
    const cells = others.map((cell, index) =>
      h(
        'td',
        { 'data-label': escapeControls(head[index + 1] ?? ''), ...aligned(numeric[index + 1]) },
        ...content(cell),
      ),
    );
    return h('tr', null, h('th', { scope: 'row' }, ...content(first)), ...cells);
  });
  return h('table', { 'aria-label': escapeControls(title) }, [
    h('thead', null, h('tr', null, ...columns)),
    h('tbody', null, ...lines),
  ]);
}

function isNumber(cell: Cell | undefined): boolean {
  return typeof cell === 'string' && /^[\d,]+$/.test(cell);
}

function aligned(isNumeric: boolean | undefined): Readonly<Record<string, string>> {
  return isNumeric === true ? { class: 'number' } : {};
}

function content(cell: Cell): readonly ComponentChild[] {
  if (typeof cell === 'string') return legible(cell);
  return [isLink(cell) ? link(cell) : cell];
}

function isLink(cell: Link | VNode): cell is Link {
  return 'room' in cell;
}
