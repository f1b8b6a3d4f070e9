import { DAY, HOUR, MINUTE } from '../time.ts';

export interface ReadLimits {
  /** A list longer than this many pages is taken for one without an end. */
  readonly maxPages: number;
  /** And so is one of more rows, all of which are kept in memory, 340 bytes each. */
  readonly maxRows: number;
  /** How often a list may be begun again because the other side no longer took its cursor. */
  readonly maxRestarts: number;
  /** How far back the newest import of an AD instance is looked for, in milliseconds. */
  readonly importLookback: number;
}

/** Twice as many rows as the largest tenant that fits an instance, and pages of 200 rows for that. The System Log keeps ninety days; older than a week is too old unless a setting allows it. */
export const READ_LIMITS: ReadLimits = {
  maxPages: 10_000,
  maxRows: 2_000_000,
  maxRestarts: 2,
  importLookback: 7 * DAY,
};

/** An import that is still young enough has to be looked for as far back as that, and a day further, as lists begin later. */
export function readLimits(sourceAge: number): ReadLimits {
  return { ...READ_LIMITS, importLookback: Math.max(READ_LIMITS.importLookback, sourceAge + DAY) };
}

/** When a complete-looking read is not believed. Shares are between 0 and 1, and 0 means 0. */
export interface CertificateLimits {
  /** Rows by which a list may miss the counts, and duplicates it may hold; always less than half a page. */
  readonly rows: number;
  /** The same as a share of the list; the larger of the two counts. */
  readonly share: number;
  /** The share by which a list may be smaller than in the last good run, or than the median of the last seven. */
  readonly shrink: number;
  /** By how much the share of rows with an anchor may fall: 0.05 is five points. */
  readonly fill: number;
  /** The age of an AD instance's newest successful import when its list begins, in milliseconds. */
  readonly sourceAge: number;
}

export const CERTIFICATE_LIMITS: CertificateLimits = {
  rows: 5,
  share: 0.001,
  shrink: 0.1,
  fill: 0.05,
  sourceAge: 26 * HOUR,
};

/** A list that lost no more rows than these has not shrunk, nor its anchors: a small office may lose one of its eight people. */
export const FEW_ROWS = 5;

/** Graph counts by an index: whoever was deleted so shortly before a list began may be missing in the count. In milliseconds. */
export const COUNT_LAG = 5 * MINUTE;

export interface AbsenceLimits {
  /** People asked for singly, for each list. */
  readonly sample: number;
  /** A row made less than this before the list began proves nothing: replicas lag, and clocks differ. In milliseconds. */
  readonly margin: number;
}

export const ABSENCE_LIMITS: AbsenceLimits = { sample: 20, margin: 5 * MINUTE };
