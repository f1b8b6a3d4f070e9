import { isoDay } from '../time.ts';
import { escapeControls } from '../controls.ts';
import type { SeenFinding } from '../state/rows.ts';
import { count } from './count.ts';
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
  return `${MARK}${[columns, ...rows].map(csvLine).join('')}`;
}

const MARK = '\uFEFF';

function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** The findings of a run as a file: how many are in it, and how many were too many. */
export interface FindingsList {
  readonly csv: string;
  readonly listed: number;
  readonly left: number;
}

/**
 * Bytes of a list. Graph takes 4 MB in one request (learn.microsoft.com/graph/use-the-api), in which base64 makes a third more of it, and
 * the mail itself is there too; a file of 3 MB or more would want a session of its own (graph/outlook-large-attachments).
 */
export const MOST_LIST = 2 * 1024 * 1024;

const COLUMNS = ['person', 'verdict', 'hurt', 'what differs', 'change', 'since', 'what next'];

/**
 * The findings of a run, the worst first, to be sent with a mail that shows twenty of them: all of them, or as many as fit into so many
 * bytes, and then the last line says how many are left out. Anchors are in short form, as in the mail.
 */
export function findingsCsv(seen: readonly SeenFinding[], most: number = MOST_LIST): FindingsList {
  const names = new Map(seen.map(({ finding }) => [finding.key, finding.userName]));
  const sorted = [...seen].sort((one, other) => worstFirst(one.finding, other.finding));
  const lines = [MARK, csvLine(COLUMNS)];
  // The last line, whatever it will say.
  let bytes = 500 + Buffer.byteLength(lines.join(''));
  let listed = 0;
  for (const one of sorted) {
    const line = csvLine(cellsOf(one, names));
    bytes += Buffer.byteLength(line);
    if (bytes > most) break;
    lines.push(line);
    listed += 1;
  }
  const left = sorted.length - listed;
  if (left > 0) lines.push(csvLine([`${count(left)} more are not in this list`, ...COLUMNS.slice(1).map(() => '')]));
  return { csv: lines.join(''), listed, left };
}

function cellsOf(
  { finding, change, firstSeen, hold }: SeenFinding,
  names: ReadonlyMap<string, string>,
): readonly string[] {
  return [
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
  ];
}
