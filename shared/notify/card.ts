import { escapeControls } from '../controls.ts';
import { count } from './count.ts';
import { shortened } from './fit.ts';
import type { Figure, Letter, Part, Severity } from './letter.ts';
import { linkOf } from './link.ts';
import { SEVERITY_WORDS } from './severity-words.ts';

type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json };

/** What a workflow of Teams takes that is begun by a webhook. */
export interface CardMessage {
  readonly type: 'message';
  readonly attachments: readonly [{ readonly contentType: string; readonly content: Json }];
}

/** Teams refuses messages from 28 kB on; what stands around the card is counted too. */
const MOST_BYTES = 26_000;
/** Rows and lines of each part, tried one after the other until the card is small enough. */
const STEPS = [5, 3, 1, 0];

const COLOUR: Readonly<Record<Severity, string>> = {
  quiet: 'good',
  news: 'accent',
  decision: 'warning',
  alarm: 'attention',
};

/**
 * The letter as an Adaptive Card: verdict, figures, what happens next, the first rows of each part, one button that shows the rest. Texts
 * stand in text runs alone. A text block or a fact would read Markdown in them, and a link in somebody's name would be one.
 */
export function cardOf(letter: Letter): CardMessage {
  for (const most of STEPS) {
    const message = messageOf(shortened(letter, most, most));
    if (Buffer.byteLength(JSON.stringify(message)) <= MOST_BYTES) return message;
  }
  return messageOf({ ...letter, parts: [], next: letter.next.slice(0, 1), footer: [] });
}

function messageOf(letter: Letter): CardMessage {
  const { severity, verdict, figures, next, parts, footer, action } = letter;
  const url = action === null ? null : linkOf(action.url);
  const content: Json = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.5',
    lang: 'en',
    fallbackText: legible(verdict),
    msteams: { width: 'Full' },
    body: [
      rich([run(SEVERITY_WORDS[severity], { weight: 'bolder', color: COLOUR[severity] })]),
      rich([run(verdict, { size: 'large', weight: 'bolder' })]),
      ...(figures.length === 0 ? [] : [figureColumns(figures)]),
      ...section(
        'What happens next',
        next.map((line) => rich([run(`• ${line}`)])),
      ),
      ...parts.flatMap(partItems),
      ...footer.map((line) => rich([run(line, { size: 'small', isSubtle: true })])),
    ],
    actions: action === null || url === null ? [] : [{ type: 'Action.OpenUrl', title: legible(action.label), url }],
  };
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }] };
}

function figureColumns(figures: readonly Figure[]): Json {
  const columns = figures.map(({ label, value }) => ({
    type: 'Column',
    width: 'stretch',
    items: [
      rich([run(count(value), { size: 'large', weight: 'bolder' })], 'center'),
      rich([run(label, { size: 'small', isSubtle: true })], 'center'),
    ],
  }));
  return { type: 'ColumnSet', columns };
}

function partItems({ title, lines, table }: Part): readonly Json[] {
  if (table === null)
    return section(
      title,
      lines.map((line) => rich([run(`• ${line}`)])),
    );
  const rows = table.rows.map(([first = '', ...others]) => {
    const rest = others
      .map((cell, at) => (cell === '' ? '' : `${table.head[at + 1] ?? ''}: ${cell}`))
      .filter((cell) => cell !== '');
    const name = /^[\d,]+$/.test(first) ? `${table.head[0] ?? ''}: ${first}` : first;
    return rich([run(name, { weight: 'bolder' }), run(` · ${rest.join(' · ')}`)]);
  });
  const more = table.more === 0 ? [] : [rich([run(`… and ${count(table.more)} more`, { isSubtle: true })])];
  return section(title, [...lines.map((line) => rich([run(`• ${line}`)])), ...rows, ...more]);
}

function section(title: string, items: readonly Json[]): readonly Json[] {
  return items.length === 0 ? [] : [rich([run(title, { weight: 'bolder', size: 'medium' })]), ...items];
}

function rich(inlines: readonly Json[], align: 'left' | 'center' = 'left'): Json {
  return { type: 'RichTextBlock', horizontalAlignment: align, inlines };
}

function run(text: string, looks: Readonly<Record<string, string | boolean>> = {}): Json {
  return { type: 'TextRun', text: legible(text), ...looks };
}

/** `{{` begins a function of Teams, and `${` one of card templates; a joiner between them would be invisible, so it is a blank. */
function legible(text: string): string {
  return escapeControls(text).replace(/(?<=[{$])\{/g, ' {');
}
