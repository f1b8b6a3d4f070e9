import { createHash } from 'node:crypto';
import { AnchorwatchError } from '../errors.ts';
import type { Instant } from '../time.ts';

/**
 * Keys of rows, built here alone. Table Storage orders them ordinally (`'10' < '2' < 'A' < 'a'`) and takes any text of at most
 * 1 KiB in UTF-16 without `/ \ # ?` and control characters
 * (learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model).
 */

/** 1 KiB, two bytes a UTF-16 unit. */
const LONGEST_KEY = 512;

/** `\p{Cc}` is U+0000–U+001F and U+007F–U+009F, exactly the control characters that the service refuses. */
const FORBIDDEN = /[/\\#?\p{Cc}]/u;

/**
 * Sixteen bytes in base64. An anchor is never a key: a quarter of all anchors hold a `/`, so that a table keyed by them works for
 * most people and fails for the rest. All are refused, so that the mistake shows at the first row.
 */
const ANCHOR = /^[A-Za-z0-9+/]{22}==$/;

/**
 * Throws `invalid` unless `key` can be a partition or row key; `what` says whose. The message never shows the key, which may be
 * what must not be shown.
 */
export function checkKey(key: string, what: string): void {
  const problem = keyProblem(key);
  if (problem !== null) {
    throw new AnchorwatchError('invalid', `${what} cannot be a storage key: ${problem}. Build keys from ids.`);
  }
}

function keyProblem(key: string): string | null {
  if (key === '') return 'it is empty';
  if (key.length > LONGEST_KEY) return `it has ${key.length} characters, ${LONGEST_KEY} are allowed`;
  if (!key.isWellFormed()) return 'it holds half of a surrogate pair';
  if (ANCHOR.test(key)) return 'it has the form of an anchor';
  const at = key.search(FORBIDDEN);
  if (at < 0) return null;
  const code = key.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  return `character ${at + 1} is U+${code}; / \\ # ? and control characters are forbidden`;
}

/** No id of Okta or Entra ID holds a tilde, and it needs no escape in an address. */
const SEPARATOR = '~';

/** One key of several ids, so that no two lists of ids give the same key. Throws `invalid` for an id that holds a tilde. */
export function joinKey(...parts: readonly string[]): string {
  for (const [index, part] of parts.entries()) {
    checkKey(part, `Part ${index + 1} of a key`);
    if (part.includes(SEPARATOR)) {
      throw new AnchorwatchError(
        'invalid',
        `Part ${index + 1} of a key holds ${SEPARATOR}, which separates the parts.`,
      );
    }
  }
  return parts.join(SEPARATOR);
}

/** What cannot wait is told first, and what is only worth reading last. */
const URGENCY = {
  alarm: 0,
  'could-not-tell': 1,
  'needs-a-person': 1,
  freeze: 2,
  proposal: 2,
  baseline: 3,
  digest: 3,
} as const;

/**
 * The place of a notice that is not sent everywhere yet, the most urgent first, for the first rows are looked at first. A notice's own
 * key holds the separator; the day before it never does, so that no two notices share a place.
 */
export function unsentKey({
  day,
  notice,
  kind,
}: {
  readonly day: string;
  readonly notice: string;
  readonly kind: keyof typeof URGENCY;
}): string {
  return `${joinKey(String(URGENCY[kind]), day)}${SEPARATOR}${notice}`;
}

/** The last instant of thirteen digits: 2286-11-20. */
const LAST_INSTANT = 9_999_999_999_999;
const TIME_DIGITS = 13;

/**
 * A time as a key that sorts the newest row first, because a table is only ever read upwards: "the last run" is the first row.
 * Always thirteen digits, because the order is that of text.
 */
export function invertedTime(instant: Instant): string {
  if (!Number.isInteger(instant) || instant < 0 || instant > LAST_INSTANT) {
    throw new AnchorwatchError('invalid', `${instant} cannot be a time key: milliseconds from 1970 to 2286 can.`);
  }
  return String(LAST_INSTANT - instant).padStart(TIME_DIGITS, '0');
}

/** The instant of a key made by `invertedTime`. Throws `invalid` for any other text. */
export function timeOfKey(key: string): Instant {
  if (!/^\d{13}$/.test(key)) throw new AnchorwatchError('invalid', 'A time key has thirteen digits, and nothing else.');
  return LAST_INSTANT - Number(key);
}

/** A time as a key that sorts the oldest row first. Throws `invalid` like `invertedTime`. */
export function timeKey(instant: Instant): string {
  return invertedTime(LAST_INSTANT - instant);
}

const PAGE_DIGITS = 6;

/** Pages sort by number only when padded. Six digits: a million pages of 200 rows are more people than any tenant has. */
export function pageKey(page: number): string {
  if (!Number.isInteger(page) || page < 0 || page >= 10 ** PAGE_DIGITS) {
    throw new AnchorwatchError('invalid', `${page} cannot be a page number: whole numbers below a million can.`);
  }
  return String(page).padStart(PAGE_DIGITS, '0');
}

/**
 * The partition of a person: the first two hex digits of a hash of the id. 256 partitions let a large night be written in
 * parallel (one partition takes about 2,000 rows a second), and still hold enough people each to fill transactions of 100. The
 * hash is needed because ids of one tenant begin alike.
 */
export function personPartition(person: string): string {
  checkKey(person, 'A person');
  return createHash('sha256').update(person).digest('hex').slice(0, 2);
}

/** All partitions that `personPartition` can give, in order. */
export function personPartitions(): string[] {
  return Array.from({ length: 256 }, (_, index) => index.toString(16).padStart(2, '0'));
}
