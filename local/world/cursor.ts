import type { Instant } from '../../shared/time.ts';

/** An opaque place in a list: which list, after which row, and when it was given out. */
export function writeCursor(list: string, after: string, now: Instant): string {
  return Buffer.from(JSON.stringify([list, after, now])).toString('base64url');
}

/** The row after which to go on; null where the cursor is not of this list, was tampered with, is older than `lifetime`, or was never yet given out. */
export function readCursor(cursor: string, list: string, now: Instant, lifetime: number): string | null {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
  if (!Array.isArray(parts) || parts.length !== 3) return null;
  const [name, after, issued]: unknown[] = parts;
  if (name !== list || typeof after !== 'string' || typeof issued !== 'number') return null;
  return now - issued > lifetime || issued > now ? null : after;
}
