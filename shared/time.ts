/** Instants are milliseconds since 1970 UTC everywhere inside; text exists only at the borders. */
export type Instant = number;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** `2026-11-23T02:00:00.000Z` */
export function isoTime(instant: Instant): string {
  return new Date(instant).toISOString();
}

/** `2026-11-23` */
export function isoDay(instant: Instant): string {
  return isoTime(instant).slice(0, 10);
}

/** The instant of an ISO 8601 text with a time zone, or null when it is none. */
export function parseTime(text: string): Instant | null {
  if (!/^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/.test(text)) return null;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? null : instant;
}
