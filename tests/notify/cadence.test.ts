import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CadenceInput, type DigestReason, isDigestDue, SLACK } from '../../shared/notify/cadence.ts';
import { DAY, HOUR, type Instant, MINUTE } from '../../shared/time.ts';

const NIGHT: Instant = Date.parse('2026-11-23T02:00:00Z');

interface Night {
  readonly changed: boolean;
  readonly open: number;
  /** How much later than two o'clock the run ended. */
  readonly late: number;
}

/** The nights on which a mail went out, and why. */
function mailsOf(nights: readonly Night[]): readonly (readonly [night: number, reason: DigestReason])[] {
  let last: Pick<CadenceInput, 'lastDigest' | 'lastChange'> = { lastDigest: null, lastChange: null };
  return nights.flatMap(({ changed, open, late }, at) => {
    const now = NIGHT + at * DAY + late;
    const reason = isDigestDue({ ...last, changed, open, now });
    if (reason === null) return [];
    const isChange = reason === 'first' || reason === 'change';
    last = { lastDigest: now, lastChange: isChange ? now : last.lastChange };
    return [[at, reason] as const];
  });
}

const still = (open: number): Night => ({ changed: false, open, late: 20 * MINUTE });

describe('when a digest is due', () => {
  test.each<[string, Partial<CadenceInput>, DigestReason | null]>([
    ['nobody was told anything yet', { lastDigest: null, lastChange: null }, 'first'],
    [
      'nobody was told yet, and all is new',
      { lastDigest: null, lastChange: null, changed: true, open: 4_000 },
      'first',
    ],
    ['something changed an hour after the last', { changed: true, lastDigest: NIGHT - HOUR }, 'change'],
    ['something changed, and nothing is open any more', { changed: true, open: 0 }, 'change'],
    ['nothing changed since an hour', { lastDigest: NIGHT - HOUR, lastChange: NIGHT - HOUR }, null],
    ['a day later', {}, 'unresolved'],
    ['a day later, where nothing is open', { open: 0 }, null],
    ['six days of quiet later', { open: 0, lastDigest: NIGHT - 6 * DAY }, null],
    ['a week of quiet later', { open: 0, lastDigest: NIGHT - 7 * DAY }, 'quiet'],
    ['four days later, reminded yesterday', { lastChange: NIGHT - 4 * DAY, lastDigest: NIGHT - DAY }, null],
    [
      'a month later, reminded nine days ago',
      { lastChange: NIGHT - 30 * DAY, lastDigest: NIGHT - 9 * DAY },
      'unresolved',
    ],
    ['by a clock that went back', { lastDigest: NIGHT + DAY, lastChange: NIGHT + DAY }, null],
  ])('%s: %s is %s', (_, given, reason) => {
    const input = { lastDigest: NIGHT - DAY, lastChange: NIGHT - DAY, changed: false, open: 3, now: NIGHT };

    expect(isDigestDue({ ...input, ...given })).toBe(reason);
  });

  test('drift that stays is told of after one, two and three days, then every third day, then weekly', () => {
    const mails = mailsOf(Array.from({ length: 41 }, () => still(3)));

    expect(mails.map(([night]) => night)).toEqual([0, 1, 2, 3, 6, 9, 12, 19, 26, 33, 40]);
    expect(new Set(mails.slice(1).map(([, reason]) => reason))).toEqual(new Set(['unresolved']));
  });

  test('where nobody has drifted there is one mail a week', () => {
    expect(mailsOf(Array.from({ length: 22 }, () => still(0))).map(([night]) => night)).toEqual([0, 7, 14, 21]);
  });

  test('a change begins the reminders anew', () => {
    const nights = Array.from({ length: 12 }, (_, at) => ({ ...still(3), changed: at === 5 }));

    expect(mailsOf(nights).map(([night]) => night)).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 11]);
  });
});

const anyNight = fc.record({
  changed: fc.boolean(),
  open: fc.nat({ max: 2 }),
  late: fc.integer({ min: 0, max: SLACK - MINUTE }),
});

describe('whatever the nights are', () => {
  const nights = fc.array(anyNight, { minLength: 1, maxLength: 60 });

  test('the first is told, every change is told, and nothing is told as a change that is none', () => {
    fc.assert(
      fc.property(nights, (all) => {
        const mails = new Map(mailsOf(all));
        expect(mails.get(0)).toBe('first');
        for (const [at, { changed }] of all.entries()) {
          if (at > 0) expect(mails.get(at) === 'change').toBe(changed);
        }
      }),
    );
  });

  test('somebody hears of the watch at least every eighth night', () => {
    fc.assert(
      fc.property(nights, (all) => {
        const mails = mailsOf(all).map(([night]) => night);
        const gaps = [...mails, all.length].map((night, at, list) => night - (list[at - 1] ?? 0));
        expect(Math.max(...gaps)).toBeLessThanOrEqual(8);
      }),
    );
  });

  test('runs that end at different times of the night change no reminder', () => {
    const quiet = fc.array(
      fc.record({ changed: fc.constant(false), open: fc.constant(2), late: anyNight.map(({ late }) => late) }),
      {
        minLength: 41,
        maxLength: 41,
      },
    );
    fc.assert(
      fc.property(quiet, (all) => {
        expect(mailsOf(all).map(([night]) => night)).toEqual([0, 1, 2, 3, 6, 9, 12, 19, 26, 33, 40]);
      }),
    );
  });
});
