import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTimeZone, parseWindow, untilOpen, type Window } from '../../shared/config/window.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';

function windowOf(text: string): Window {
  const window = parseWindow(text);
  if (window === null) throw new Error(`${text} is no window`);
  return window;
}

test.each([
  ['MON-FRI 20:00-05:00', { days: [1, 2, 3, 4, 5], from: 1_200, to: 300 }],
  ['sat,sun 00:00-24:00', { days: [6, 0], from: 0, to: 1_440 }],
  ['FRI-MON 22:30-23:00', { days: [5, 6, 0, 1], from: 1_350, to: 1_380 }],
  ['22:00-04:00', { days: [0, 1, 2, 3, 4, 5, 6], from: 1_320, to: 240 }],
])('%s is a window', (text, window) => {
  expect(parseWindow(text)).toEqual(window);
});

test.each([
  '',
  '22:00',
  'MON',
  'MON 22-04',
  'MO 22:00-04:00',
  'MON-TUE-WED 22:00-04:00',
  '25:00-26:00',
  '10:60-11:00',
  '05:00-05:00',
  '24:00-05:00',
])('"%s" is none', (text) => {
  expect(parseWindow(text)).toBeNull();
});

test('a time zone is one that this computer knows', () => {
  expect([isTimeZone('Europe/Berlin'), isTimeZone('UTC'), isTimeZone('Mars/Olympus'), isTimeZone('')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

function clock(at: number): string {
  return `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
}

describe('repairs may begin', () => {
  test.each([
    // A Monday, 19:30 in Berlin.
    ['MON-FRI 20:00-05:00', 'Europe/Berlin', '2026-11-23T18:30:00Z', 30 * MINUTE],
    ['MON-FRI 20:00-05:00', 'Europe/Berlin', '2026-11-23T19:00:00Z', 0],
    // Saturday, 04:55: still Friday's window. Five minutes later it is over until Monday evening.
    ['MON-FRI 20:00-05:00', 'Europe/Berlin', '2026-11-28T03:55:00Z', 0],
    ['MON-FRI 20:00-05:00', 'Europe/Berlin', '2026-11-28T04:00:00Z', 63 * HOUR],
    ['00:00-24:00', 'UTC', '2026-11-28T04:00:00Z', 0],
    // Clocks are put forward in this night: two o'clock comes an hour sooner.
    ['03:00-04:00', 'Europe/Berlin', '2026-03-29T00:30:00Z', 30 * MINUTE],
    // And back in this one: half past two comes twice, and the window is open twice as long.
    ['02:00-03:00', 'Europe/Berlin', '2026-10-25T01:30:00Z', 0],
  ])('in the window %s of %s, at %s, after %d ms', (text, zone, now, wait) => {
    expect(untilOpen(windowOf(text), zone, Date.parse(now))).toBe(wait);
  });

  test('then, whatever the window, and not before', () => {
    const days = fc.subarray(['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'], { minLength: 1 });
    const minute = fc.nat(287).map((five) => five * 5);
    fc.assert(
      fc.property(days, minute, minute, fc.nat(365 * 24 * 60), (some, from, to, at) => {
        fc.pre(from !== to);
        const window = windowOf(`${some.join(',')} ${clock(from)}-${clock(to)}`);
        const now = 1_795_399_200_000 + at * MINUTE;
        const wait = untilOpen(window, 'America/New_York', now);
        expect(untilOpen(window, 'America/New_York', now + wait)).toBe(0);
        expect(wait).toBeLessThanOrEqual(8 * 24 * HOUR);
        if (wait > 0) expect(untilOpen(window, 'America/New_York', now + wait - 5 * MINUTE)).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
  });
});
