/**
 * What is told, whatever it is told by: mail, plain text, card, webhook and page are made from this one shape. Nothing in it is markup:
 * whoever shows it escapes every text, for much of it comes from directories, where people choose what they are called.
 */
export interface Letter {
  /** Sorts well in a mailbox and names nobody: it is shown on locked screens. */
  readonly subject: string;
  readonly severity: Severity;
  /** One sentence: what happened. It says whether anything was changed. */
  readonly verdict: string;
  /** At most five, in the order of reading. */
  readonly figures: readonly Figure[];
  /** What happens next and when, in whole sentences. */
  readonly next: readonly string[];
  /** The one place to click. It only shows something: nothing is ever done by following a link. */
  readonly action: { readonly label: string; readonly url: string } | null;
  readonly parts: readonly Part[];
  /** Run, tenant, certificates, who gets this and why: one fact a line. */
  readonly footer: readonly string[];
}

/** `quiet`: nothing new. `news`: worth reading, nothing waits for anybody. `decision`: somebody has to decide. `alarm`: somebody may be hurt now. */
export const SEVERITIES = ['quiet', 'news', 'decision', 'alarm'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Figure {
  readonly label: string;
  readonly value: number;
}

/** A part under a title of its own: lines, a table, or both. */
export interface Part {
  readonly title: string;
  readonly lines: readonly string[];
  readonly table: Sheet | null;
}

export interface Sheet {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How many more rows there are than are shown. */
  readonly more: number;
}
