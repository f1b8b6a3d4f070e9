import { type ComponentChild, h, type VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { escapeControls } from '../controls.ts';
import { count } from './count.ts';
import { fitted, MOST_BYTES } from './fit.ts';
import { legible } from './html-inline.ts';
import { SEVERITY_COLOUR, SHEET, STYLE } from './html-style.ts';
import { sheetTable } from './html-table.ts';
import type { Figure, Letter, Part } from './letter.ts';
import { linkOf } from './link.ts';
import { SEVERITY_WORDS } from './severity-words.ts';

/**
 * The letter as an HTML mail: one column of 600 pixels in tables, which is all that Outlook lays out, without images, scripts or fonts of
 * its own. Every text goes through the one renderer, which escapes it; nothing is ever put in as markup.
 */
export function htmlOf(letter: Letter): string {
  return fitted(letter, MOST_BYTES, render);
}

function render(letter: Letter): string {
  const { subject, severity } = letter;
  const page = h('html', { lang: 'en', dir: 'ltr' }, [
    h('head', null, [
      h('meta', { charset: 'utf-8' }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'color-scheme', content: 'light dark' }),
      h('meta', { name: 'supported-color-schemes', content: 'light dark' }),
      h('meta', { name: 'x-anchorwatch-severity', content: severity }),
      h('title', null, escapeControls(subject)),
      h('style', null, SHEET),
    ]),
    h('body', { style: STYLE.body, class: 'g' }, [
      // What a mailbox shows beside the subject.
      h('div', { style: STYLE.hidden, 'aria-hidden': 'true' }, escapeControls(letter.verdict)),
      h(
        'div',
        { role: 'article', 'aria-roledescription': 'email', 'aria-label': escapeControls(subject), lang: 'en' },
        [
          layout(STYLE.ground, 'g', [
            h('tr', null, h('td', { align: 'center', style: STYLE.margin }, columnOf(letter))),
          ]),
        ],
      ),
    ]),
  ]);
  return `<!DOCTYPE html>\n${renderToString(page)}\n`;
}

function columnOf(letter: Letter): VNode {
  const { figures, next, parts, footer, action } = letter;
  const blocks = [
    headOf(letter),
    ...(figures.length === 0 ? [] : [figuresOf(figures)]),
    ...(next.length === 0 ? [] : [[heading('What happens next'), listOf(next)]]),
    ...buttonOf(action),
    ...parts.map(partOf),
  ];
  return layout(
    STYLE.column,
    'c',
    [
      ...blocks.map((block, at) =>
        h('tr', null, h('td', { class: 'w', style: at === 0 ? STYLE.top : STYLE.block }, block)),
      ),
      h('tr', null, h('td', { class: 'w', style: STYLE.last }, footer.map(footLine))),
    ],
    '600',
  );
}

/** The severity is said in words; the bar beside it only says it again. */
function headOf({ severity, verdict }: Letter): ComponentChild {
  const colour = SEVERITY_COLOUR[severity];
  const bar = `border-left:5px solid ${colour};padding-left:14px;`;
  return h('div', { class: `s-${severity}`, style: bar }, [
    h('p', { class: `s-${severity}`, style: `${STYLE.badge}color:${colour};` }, SEVERITY_WORDS[severity]),
    h('h1', { class: 't', style: STYLE.h1 }, legible(verdict)),
  ]);
}

function figuresOf(figures: readonly Figure[]): VNode {
  const cells = figures.map(({ label, value }) =>
    h('td', { class: 'l', style: STYLE.figure }, [
      h('span', { class: 't n2', style: STYLE.number }, count(value)),
      ' ',
      h('span', { class: 'p', style: STYLE.label }, legible(label)),
    ]),
  );
  return layout(STYLE.figures, '', [h('tr', null, cells)]);
}

/** One button, and it only shows something: scanners of mail follow every link. */
function buttonOf(action: Letter['action']): ComponentChild[] {
  const url = action === null ? null : linkOf(action.url);
  if (action === null || url === null) return [];
  const link = h('a', { href: url, class: 'bt', style: STYLE.button }, legible(action.label));
  return [
    layout('border-collapse:separate;', '', [h('tr', null, h('td', { class: 'b', style: STYLE.buttonCell }, link))]),
  ];
}

function partOf({ title, lines, table }: Part): ComponentChild {
  return [
    heading(title),
    lines.length === 0 ? null : listOf(lines),
    ...(table === null ? [] : sheetTable(title, table)),
  ];
}

function heading(title: string): VNode {
  return h('h2', { class: 't', style: STYLE.h2 }, legible(title));
}

function listOf(lines: readonly string[]): VNode {
  const items = lines.map((line) => h('li', { style: STYLE.item }, legible(line)));
  return h('ul', { class: 't', style: STYLE.list }, items);
}

function footLine(line: string): VNode {
  return h('p', { class: 'p', style: STYLE.foot }, legible(line));
}

/** A table that only lays out, and is not read as one. Outlook goes by the attribute for the width, everybody else by the style. */
function layout(style: string, name: string, rows: readonly VNode[], width = '100%'): VNode {
  const given = name === '' ? {} : { class: name };
  const isButton = style.startsWith('border-collapse:separate');
  const wide = isButton ? {} : { width };
  return h(
    'table',
    { role: 'presentation', ...wide, cellpadding: '0', cellspacing: '0', border: '0', style, ...given },
    [h('tbody', null, rows)],
  );
}
