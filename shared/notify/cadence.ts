import { DAY, HOUR, type Instant } from '../time.ts';

/** What decides whether a digest is due. */
export interface CadenceInput {
  /** When a digest went out last, for whatever reason; null when none ever did. */
  readonly lastDigest: Instant | null;
  /** When one went out last because something had changed, or because it was the first; null when none ever did. */
  readonly lastChange: Instant | null;
  /** Whether anything is different from what the last digest said: new cases, cases that are over, repairs that ended. */
  readonly changed: boolean;
  /** Drift that is not resolved. */
  readonly open: number;
  readonly now: Instant;
}

/**
 * Why a digest is due. `first`: nobody has been told anything yet, and one mail tells all of it. `change`: something is new.
 * `unresolved`: a reminder. `quiet`: the weekly sign that the watch is kept.
 */
export type DigestReason = 'first' | 'change' | 'unresolved' | 'quiet';

/** Days after the last change on which somebody is reminded: three days running, then every third day, */
const REMINDERS = [1, 2, 3, 6, 9, 12];
/** and then once a week. */
const WEEK = 7;

/** A night's run may end this much earlier than the one before it, and its mail is due all the same. */
export const SLACK = 4 * HOUR;

/**
 * Whether a digest is due now, and why; null when it is not. Asked after each run: on change at once, while drift stays unresolved ever
 * more seldom, and in a week without anything that all is quiet. When nothing changed there is nothing else.
 */
export function isDigestDue({ lastDigest, lastChange, changed, open, now }: CadenceInput): DigestReason | null {
  if (lastDigest === null) return 'first';
  if (changed) return 'change';
  if (open === 0) return now + SLACK >= lastDigest + WEEK * DAY ? 'quiet' : null;
  const due = lastReminder(lastChange ?? lastDigest, now + SLACK);
  return due !== null && due > lastDigest + SLACK ? 'unresolved' : null;
}

/** The latest time up to `now` at which a reminder of that change is due; null before the first. */
function lastReminder(change: Instant, now: Instant): Instant | null {
  const days = Math.floor((now - change) / DAY);
  const last = REMINDERS.at(-1) ?? 0;
  const weeks = Math.floor((days - last) / WEEK);
  const passed = weeks > 0 ? last + weeks * WEEK : REMINDERS.findLast((reminder) => reminder <= days);
  return passed === undefined ? null : change + passed * DAY;
}
