import { type ComponentChild, h, type VNode } from 'preact';
import { escapeControls } from '../controls.ts';
import { count } from './count.ts';
import { legible } from './html-inline.ts';
import { STYLE } from './html-style.ts';
import type { Sheet } from './letter.ts';

/** A table of the letter, for eyes and for screen readers: every column and every row has its head. */
export function sheetTable(title: string, { head, rows, more }: Sheet): ComponentChild[] {
  const numeric = head.map((_, at) => rows.length > 0 && rows.every((row) => /^[\d,]+$/.test(row[at] ?? '')));
  const columns = head.map((name, at) =>
    h('th', { scope: 'col', class: 'p l', style: `${STYLE.th}${aligned(numeric[at])}` }, legible(name)),
  );
  const table = h(
    'table',
    {
      class: 'r',
      width: '100%',
      cellpadding: '0',
      cellspacing: '0',
      border: '0',
      style: STYLE.table,
      'aria-label': escapeControls(title),
    },
    [
      h('thead', null, h('tr', null, columns)),
      h(
        'tbody',
        null,
        rows.map((row) => rowOf(row, head, numeric)),
      ),
    ],
  );
  if (more === 0) return [table];
  return [table, h('p', { class: 'p', style: STYLE.more }, `… and ${count(more)} more`)];
}

function rowOf(row: readonly string[], head: readonly string[], numeric: readonly boolean[]): VNode {
  const cells = row.map((cell, at) => {
    const style = `${STYLE.td}${aligned(numeric[at])}`;
    const content = [...labelOf(head[at] ?? '', at === 0 && numeric[at] !== true), ...legible(cell)];
    if (at > 0) return h('td', { class: 't l', style }, content);
    return h('th', { scope: 'row', class: 't l', style: `${style}${STYLE.rowHead}` }, content);
  });
  return h('tr', { class: 'l', valign: 'top' }, cells);
}

/** The column's name before the cell, for phones alone: there the head of the table is not shown. A name needs none. */
function labelOf(name: string, isName: boolean): ComponentChild[] {
  return isName ? [] : [h('span', { class: 'n p', style: STYLE.short }, [...legible(name), ': '])];
}

function aligned(isNumber: boolean | undefined): string {
  return isNumber === true ? 'text-align:right;white-space:nowrap;' : '';
}
