import { explain } from '../../shared/errors.ts';
import { escapeControls } from '../../shared/controls.ts';
import { redact } from '../../shared/redact.ts';

/**
 * Names in a directory are whatever their owners wrote. Here they are made harmless for where they are shown: control characters,
 * bidi marks and terminal escapes everywhere, formulas in CSV, markup in Markdown.
 */
export function plain(text: string): string {
  return escapeControls(text);
}

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
  const inert = plain(text).replace(FORMULA, "$<begin>'");
  return `"${inert.replaceAll('"', '""')}"`;
}

/** One cell of a Markdown table, with nothing in it that Markdown or HTML would read. */
export function markdownCell(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  return plain(text)
    .replace(/[&<>]/g, (sign) => entities[sign] ?? sign)
    .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&');
}

/** Our messages have lines of their own; what they quote from files and answers must not turn the terminal around. */
export function told(error: unknown): string {
  return redact(explain(error)).split('\n').map(plain).join('\n');
}
