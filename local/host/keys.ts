import { createHash, timingSafeEqual } from 'node:crypto';

export type AuthLevel = 'anonymous' | 'function' | 'admin';

/** The keys of the host. The master key opens everything; the function key, when there is one, all functions but the admin ones. */
export interface Keys {
  readonly master: string;
  readonly function: string | null;
}

/** Whether the key of a request (`x-functions-key` or `?code=`) opens what asks for `level`. */
export function isAllowed(level: AuthLevel, given: string | null, keys: Keys): boolean {
  if (level === 'anonymous') return true;
  if (given === null) return false;
  return isSame(given, keys.master) || (level === 'function' && keys.function !== null && isSame(given, keys.function));
}

/** Compared as digests: neither the key's length nor its beginning shows in the time it takes. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
