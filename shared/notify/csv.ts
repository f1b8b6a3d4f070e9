import { isoDay } from '../time.ts';
import { escapeControls } from '../controls.ts';
import type { SeenFinding } from '../state/rows.ts';
import { besidesOf, differsOf, joined, SHORT_IMPACT, worstFirst } from './finding-words.ts';

/**
 * Before what Excel, LibreOffice and Google Sheets take for the beginning of a formula, full-width forms and leading blanks included:
 * where a cell begins, and behind each semicolon. Where the semicolon is the list separator of the country, a cell begins there too, for
 * quotes within what Excel then takes for one cell no longer hold it together.
 */
const FORMULA = /(?<begin>^|;)(?=[\s'"]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g;

/**
 * One cell of CSV (RFC 4180), always quoted. What could be a formula gets an apostrophe in front, which spreadsheets show as text.
 */
export function csvCell(text: string): string {
  const inert = escapeControls(text).replace(FORMULA, "$<begin>'");
  return `"${inert.replaceAll('"', '""')}"`;
}

/** A table with a byte order mark, without which Excel takes UTF-8 for its own code page. */
export function csvTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return `\uFEFF${[columns, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

/** All findings of a run, the worst first, to be sent with a mail that shows twenty of them. Anchors are in short form, as in the mail. */
export function findingsCsv(seen: readonly SeenFinding[]): string {
  const names = new Map(seen.map(({ finding }) => [finding.key, finding.userName]));
  const sorted = [...seen].sort((one, other) => worstFirst(one.finding, other.finding));
  const rows = sorted.map(({ finding, change, firstSeen, hold }) => [
    finding.userName,
    finding.verdict,
    SHORT_IMPACT[finding.impact],
    joined(
      differsOf(finding),
      besidesOf(finding, (key) => names.get(key) ?? 'another'),
    ),
    change,
    isoDay(firstSeen),
    hold?.rule ?? 'queued',
  ]);
  return csvTable(['person', 'verdict', 'hurt', 'what differs', 'change', 'since', 'what next'], rows);
}
