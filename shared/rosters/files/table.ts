/** A row that was left out, in words that let its owner find and mend it. Never the content of an anchor. */
export interface RejectedRow {
  readonly file: string;
  /** Counted from 1: the line that an editor shows, header included, or the entry of a JSON list. */
  readonly row: number;
  readonly unit: 'line' | 'entry';
  /** The column as the file spells it; null when the row as a whole is wrong. */
  readonly column: string | null;
  readonly reason: string;
}

/** One row of a file, before anything is known of its meaning. */
export interface SourceRecord {
  readonly row: number;
  /** The cell of a column by its name in lower case; undefined when the row has none. Cells of JSON may be anything. */
  readonly cell: (name: string) => unknown;
}

export interface Table {
  readonly file: string;
  readonly unit: 'line' | 'entry';
  /** As the file spells them; of JSON, dotted paths. */
  readonly columns: readonly string[];
  readonly records: readonly SourceRecord[];
  readonly rejected: readonly RejectedRow[];
}

/** The first cell that holds something, of the columns that mean the same. Undefined: the row has no such column. */
export function firstFilled(record: SourceRecord, names: readonly string[]): unknown {
  let found: unknown;
  for (const name of names) {
    const cell = record.cell(name);
    if (cell !== undefined && cell !== null && cell !== '') return cell;
    if (cell !== undefined) found = cell;
  }
  return found;
}

/** What a file calls itself may hold anything, a terminal's escape sequences too: shown short and tame. */
export function shown(name: string): string {
  const tame = name.replaceAll(/\p{C}/gu, '?');
  return tame.length <= 60 ? tame : `${tame.slice(0, 59)}…`;
}
