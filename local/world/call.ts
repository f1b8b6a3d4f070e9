/** One request as a tenant receives it. */
export interface Call {
  readonly side: 'okta' | 'graph' | 'identity';
  readonly method: string;
  /** Path and query exactly as received, undecoded. */
  readonly target: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the tenant says to it. The body is text of any content type; the headers say which. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Okta, Active Directory and Entra ID as one state machine. It has no clock, no chance and no socket of its own: the same calls
 * at the same instants with the same chance are answered alike, for ever.
 */
export interface World {
  /** `now` in milliseconds since 1970 UTC; `random` gives numbers from 0 up to but not including 1. */
  handle(call: Call, now: number, random: () => number): Answer;
}
