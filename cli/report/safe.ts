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
