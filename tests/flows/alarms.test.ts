import { expect, test } from 'vitest';
import { findingOf, seenOf } from '../../cli/mail/sample-people.ts';
import { runOf } from '../../cli/mail/sample-run.ts';
import { alarmsOf } from '../../shared/flows/scan/alarms.ts';
import type { SeenFinding } from '../../shared/state/rows.ts';
import { DAY } from '../../shared/time.ts';

const run = runOf([]);
const AT = run.scheduled;
const ada = findingOf(1, 'ada@contoso.com');

/** Of a last good run at that time, or of none. */
function pastAt(at: number | null, seen: readonly SeenFinding[] = []): Parameters<typeof alarmsOf>[2] {
  return {
    runs: at === null ? [] : [{ ...run, scheduled: at }],
    findings: new Map(seen.map((one) => [one.finding.key, one])),
  };
}

function subjects(
  ...[seen, before = AT - DAY]: readonly [Parameters<typeof alarmsOf>[1], (number | null)?]
): readonly string[] {
  return alarmsOf(run, seen, pastAt(before)).map(({ subject }) => subject);
}

test('somebody who may sign in as somebody else is an alarm when it is new, also in the first run', () => {
  const finding = { ...ada, impact: 'signs in as another' } as const;

  expect(subjects([seenOf(finding)], null)).toEqual(['1 person may sign in as somebody else; nothing was changed']);
  expect(subjects([seenOf(finding, { change: 'open' })])).toEqual([]);
});

test('a finding that has turned into an outage is an alarm, and an outage that was one before is none', () => {
  const finding = { ...ada, impact: 'cannot sign in' } as const;

  expect(subjects([seenOf(finding, { change: 'worse' })])).toEqual([
    '1 person who could sign in cannot any more; nothing was changed',
  ]);
  expect(subjects([seenOf(finding)])).toEqual([]);
});

test.each([
  [11, 'new', []],
  [10, 'new', ['1 deleted account that holds a wanted anchor is forgotten within ten days; nothing was changed']],
  [9.5, 'open', ['1 deleted account that holds a wanted anchor is forgotten within ten days; nothing was changed']],
  [8, 'open', []],
] as const)('a deleted account that is forgotten in %d days, %s: %j', (days, change, told) => {
  const finding = { ...ada, relation: 'taken-deleted', holder: 'e-9', lastDay: AT + days * DAY } as const;

  expect(subjects([seenOf(finding, { change })])).toEqual(told);
});

test('each sort is a notice of its own, with who and until when', () => {
  const danger = { ...ada, impact: 'signs in as another' } as const;
  const bin = { ...ada, relation: 'taken-deleted', holder: 'e-9', lastDay: AT + DAY } as const;
  const alarms = alarmsOf(run, [seenOf(danger), seenOf(bin)], pastAt(null));

  expect(new Set(alarms.map(({ about }) => about?.id)).size).toBe(2);
  expect(alarms.at(-1)?.lines).toEqual([expect.stringContaining('e-9 can be restored until 2026-11-24')]);
});

test('somebody who changes a repaired anchor back is an alarm once, with who it is', () => {
  const hold = { rule: 'fight', reason: 'repaired, and changed again since, by eve@contoso.com' } as const;
  const seen = [seenOf(ada, { change: 'open', hold })];

  expect(alarmsOf(run, seen, pastAt(AT - DAY, [seenOf(ada)]))).toMatchObject([
    {
      about: { id: `${run.id}.fight` },
      subject: '1 person whom a repair had mended drifted again: somebody fights it; nothing was changed',
      lines: [expect.stringMatching(/^ada@contoso\.com: .*by eve@contoso\.com$/)],
    },
  ]);
  expect(alarmsOf(run, seen, pastAt(AT - DAY, seen))).toEqual([]);
});
