/**
 * Why something failed, in the words that decide what happens next:
 * `throttled` wait what the header says; `transient` try again; `denied` rights or credentials are missing;
 * `conflict` somebody else was faster, read again; `refused` the other side will not do it, ask a person;
 * `invalid` the input is wrong and trying again changes nothing.
 */
export type ErrorKind = 'throttled' | 'transient' | 'denied' | 'conflict' | 'refused' | 'invalid';

/** Facts that travel with an error into logs and journals. Never a secret, never a full anchor. */
export type ErrorFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

interface Details {
  readonly cause?: unknown;
  /** Milliseconds the other side asked us to wait. */
  readonly retryAfter?: number | undefined;
  readonly fields?: ErrorFields;
}

/** The one error of the house. The message says what happened, to whom, the number, and the way out. */
export class AnchorwatchError extends Error {
  readonly kind: ErrorKind;
  readonly retryAfter: number | undefined;
  readonly fields: ErrorFields;

  constructor(kind: ErrorKind, message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    this.name = 'AnchorwatchError';
    this.kind = kind;
    this.retryAfter = details.retryAfter;
    this.fields = details.fields ?? {};
  }
}

/** The kind of any thrown value; what we did not foresee is `transient` only if we said so, so it is `invalid`. */
export function kindOf(error: unknown): ErrorKind {
  return error instanceof AnchorwatchError ? error.kind : 'invalid';
}

/** One line for a person: the message, then the messages of its causes. */
export function explain(error: unknown): string {
  const lines: string[] = [];
  for (let at: unknown = error; at !== undefined && at !== null && lines.length < 5; at = causeOf(at)) {
    lines.push(
      at instanceof Error ? at.message : typeof at === 'string' ? at : `something thrown of type ${typeof at}`,
    );
  }
  // A sentence that leads to its cause does not end before it.
  return lines.map((line, at) => (at < lines.length - 1 ? line.replace(/\.$/, '') : line)).join(': ');
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
