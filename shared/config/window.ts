import { type Instant, MINUTE } from '../time.ts';

/** When repairs may begin: on some days of the week, between two times of the day, by the clocks of some place. */
export interface Window {
  /** 0 is Sunday. A window that goes on past midnight belongs to the day on which it opens. */
  readonly days: readonly number[];
  /** Minutes since midnight. */
  readonly from: number;
  readonly to: number;
}

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const DAY_MINUTES = 24 * 60;
/** So often is looked whether it is open; whoever waits for it comes so late at most. */
const GRAIN = 5 * MINUTE;
/** A week and a day, whichever way clocks are changed in between. */
const LONGEST = 8 * DAY_MINUTES * MINUTE;

/** `MON-FRI 20:00-05:00`, `SAT,SUN 00:00-24:00`, `22:00-04:00` for every day; null for any other text. */
export function parseWindow(text: string): Window | null {
  const parts = /^(?:(?<days>[A-Z,-]+) )?(?<from>\d\d:\d\d)-(?<to>\d\d:\d\d)$/.exec(text.trim().toUpperCase());
  if (parts?.groups === undefined) return null;
  const days = daysOf(parts.groups['days']);
  const from = minutesOf(parts.groups['from'] ?? '');
  const to = minutesOf(parts.groups['to'] ?? '');
  return days === null || from === null || to === null || from === to || from === DAY_MINUTES
    ? null
    : { days, from, to };
}

function daysOf(text: string | undefined): readonly number[] | null {
  if (text === undefined) return DAYS.map((_, day) => day);
  const days = text.split(',').map((part) => {
    const [first = '', last = first, ...more] = part.split('-');
    const [from, to] = [DAYS.indexOf(first), DAYS.indexOf(last)];
    if (from < 0 || to < 0 || more.length > 0) return null;
    return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, at) => (from + at) % 7);
  });
  return days.includes(null) ? null : days.flatMap((some) => some ?? []);
}

function minutesOf(text: string): number | null {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return minutes > 59 || hours * 60 + minutes > DAY_MINUTES ? null : hours * 60 + minutes;
}

/** Whether that is the name of a time zone, such as `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

/** Milliseconds until repairs may begin; 0 while they may. Right also in nights in which clocks are changed. */
export function untilOpen(window: Window, timeZone: string, now: Instant): number {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const next = now - (now % GRAIN);
  for (let at = now; at - now <= LONGEST; at = at === now ? next + GRAIN : at + GRAIN)
    if (isOpenAt(window, clock, at)) return at - now;
  return LONGEST;
}

function isOpenAt({ days, from, to }: Window, clock: Intl.DateTimeFormat, at: Instant): boolean {
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  const day = DAYS.indexOf((parts.get('weekday') ?? '').toUpperCase());
  const minute = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
  if (from < to) return days.includes(day) && minute >= from && minute < to;
  return (days.includes(day) && minute >= from) || (days.includes((day + 6) % 7) && minute < to);
}
