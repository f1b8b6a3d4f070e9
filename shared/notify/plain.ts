import type { NoticeKind } from '../state/rows.ts';
import type { Letter, Severity } from './letter.ts';

/** A notice that is nothing but a subject and lines. */
export interface PlainNotice {
  readonly kind: NoticeKind;
  readonly run: string | null;
  readonly subject: string;
  readonly lines: readonly string[];
}

/** Who tells it: in the subject, and where its one link leads. */
export interface Sender {
  readonly tenant: string | null;
  readonly pageUrl: string | null;
}

const SEVERITY: Readonly<Record<NoticeKind, Severity>> = {
  alarm: 'alarm',
  'could-not-tell': 'alarm',
  'needs-a-person': 'alarm',
  freeze: 'decision',
  baseline: 'decision',
  digest: 'news',
};

/** The letter of a notice. */
export function plainLetter({ kind, run, subject, lines }: PlainNotice, { tenant, pageUrl }: Sender): Letter {
  const [verdict = subject, ...more] = lines;
  return {
    subject: `[Anchorwatch] ${tenant === null ? '' : `${tenant}: `}${subject}`,
    severity: SEVERITY[kind],
    verdict,
    figures: [],
    next: [],
    action: pageUrl === null ? null : { label: 'Open Anchorwatch', url: pageUrl },
    parts: more.length === 0 ? [] : [{ title: subject, lines: more, table: null }],
    footer: run === null ? [] : [`Run ${run}`],
  };
}

/** Every line of a letter, as plain text. */
export function plainText(letter: Letter): string {
  const { verdict, figures, next, action, parts, footer } = letter;
  const partLines = parts.flatMap(({ title, lines, table }) => [
    '',
    title,
    ...lines,
    ...(table === null ? [] : [table.head, ...table.rows].map((cells) => cells.join(' | '))),
    ...(table === null || table.more === 0 ? [] : [`and ${table.more} more`]),
  ]);
  return [
    verdict,
    ...figures.map(({ label, value }) => `${label}: ${value}`),
    ...next,
    ...(action === null ? [] : [`${action.label}: ${action.url}`]),
    ...partLines,
    '',
    ...footer,
  ].join('\n');
}

/** The same, escaped: people choose what they are called. */
export function plainHtml(letter: Letter): string {
  const escaped = plainText(letter)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  return `<!doctype html><html lang="en"><body><pre style="font-family:inherit;white-space:pre-wrap">${escaped}</pre></body></html>`;
}

/** Lines that a card shows: Teams takes no more than 28 KB. */
const CARD_LINES = 30;
const CARD_LINE = 400;

/** An Adaptive Card of plain text runs, in which nothing is read as markdown. */
export function plainCard(letter: Letter): object {
  const lines = plainText({ ...letter, action: null })
    .split('\n')
    .filter((text) => text !== '')
    .slice(0, CARD_LINES);
  const { action } = letter;
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [line(letter.subject, 'bolder'), ...lines.map((text) => line(text))],
    actions: action === null ? [] : [{ type: 'Action.OpenUrl', title: action.label, url: action.url }],
  };
}

function line(text: string, weight: 'default' | 'bolder' = 'default'): object {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: text.slice(0, CARD_LINE), weight }] };
}
