import { type Instant, isoTime } from '../time.ts';
import { count } from './count.ts';

/** `1 person`, `3 people`. */
export function people(number: number): string {
  return number === 1 ? '1 person' : `${count(number)} people`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}

/** `2026-11-23 02:00 UTC` */
export function moment(instant: Instant): string {
  return `${isoTime(instant).slice(0, 16).replace('T', ' ')} UTC`;
}

/** What a step has looked at, in one line. */
export function factsText(facts: Readonly<Record<string, string>>): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
