import type { Letter } from './letter.ts';
import { type Instant, isoTime } from '../time.ts';

/** What a webhook of anybody's own is sent. Fields are only ever added to a version. */
export interface Payload extends Letter {
  readonly version: 1;
  readonly kind: 'anchorwatch.letter';
  /** The same for each attempt to send one letter, so that whoever gets it twice knows. */
  readonly id: string;
  /** ISO 8601 in UTC. */
  readonly created: string;
}

/**
 * The letter as JSON. Its texts are as they came, for it is the receiver who knows what they are shown in; nothing in them is markup, and
 * much of them was written by strangers.
 */
export function payloadOf(
  letter: Letter,
  { id, created }: { readonly id: string; readonly created: Instant },
): Payload {
  return { version: 1, kind: 'anchorwatch.letter', id, created: isoTime(created), ...letter };
}
