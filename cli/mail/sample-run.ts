import type { Certificate } from '../../shared/state/certificate.ts';
import type { RunRow, RunSummary, SeenFinding } from '../../shared/state/rows.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { NIGHT } from './sample-people.ts';

export const RUN_ID = '2026-11-23T02-00-00Z';

/** What the people of a frozen night have in common, and what follows from it. */
export const CAUSE = { kind: 'ou', value: 'OU=Sales,DC=contoso,DC=com', people: 9, of: 10 } as const;
export const FREEZE = {
  rule: 'mass-cause',
  reason:
    '9 of 10 new findings share one cause: ou OU=Sales,DC=contoso,DC=com. Mend the cause; the plan waits until then',
} as const;

/** A run that found nothing out: Entra counts more accounts than it gave. */
export function couldNotTellRun(): RunRow {
  return {
    ...runOf([]),
    state: 'could-not-tell',
    summary: null,
    certificates: [
      certificateOf('assignments', 'Okta assignments', 11_982, 60, null),
      { ...certificateOf('users', 'Entra users', 11_846, 12, null), expected: { before: 12_345, after: 12_344 } },
    ],
    doubts: [
      {
        rule: 'count',
        list: 'users',
        message: 'Entra users: 11,846 rows were read, and Entra counts 12,345 before and 12,344 after.',
      },
    ],
  };
}

/** A good run with these findings. */
export function runOf(seen: readonly SeenFinding[], given: Partial<RunSummary> = {}): RunRow {
  const summary: RunSummary = {
    baseline: false,
    paired: 11_982,
    matched: 11_982 - seen.length,
    verdicts: countBy(seen.map(({ finding }) => finding.verdict)),
    impacts: countBy(seen.map(({ finding }) => finding.impact)),
    changes: countBy(seen.map(({ change }) => change)),
    unconfirmed: 0,
    buckets: {
      directories: { matched: 11_982, 'outside: staged': 14, 'outside: service-account': 37 },
      assignments: { matched: 11_982 },
      entra: { matched: 11_982, 'outside: guest': 301, 'outside: cloud-only': 25, 'outside: room-or-shared': 36 },
      deleted: { 'outside: soft-deleted': 18 },
    },
    causes: [],
    checksum: '5f2b1c',
    queued: seen.filter(({ hold }) => hold === null).length,
    proposed: 0,
    held: countBy(seen.flatMap(({ hold }) => (hold === null ? [] : [hold.rule]))),
    refused: {},
    freeze: null,
    setup: { mapping: null, deactivateUsers: 'ENABLED' },
    warnings: [],
    ...given,
  };
  return {
    id: RUN_ID,
    scheduled: NIGHT,
    trigger: 'timer',
    mode: 'remediate',
    state: 'good',
    began: NIGHT,
    ended: NIGHT + 15 * MINUTE,
    slices: 3,
    plan: null,
    certificates: [
      certificateOf('directory:0oa1', 'AD contoso.com', 12_033, 61, NIGHT - HOUR),
      certificateOf('assignments', 'Okta assignments', 11_982, 60, null),
      certificateOf('users', 'Entra users', 12_344, 13, null),
    ],
    doubts: [],
    summary,
  };
}

export function certificateOf(
  list: Certificate['list'],
  label: string,
  rows: number,
  pages: number,
  freshAsOf: number | null,
): Certificate {
  return {
    list,
    label,
    complete: true,
    pages,
    largestPage: 999,
    rows,
    distinct: rows,
    duplicates: 0,
    shortPages: 0,
    mended: 0,
    leftOut: 0,
    filled: rows,
    filledShare: 1,
    expected: list === 'users' ? { before: rows, after: rows } : null,
    churn: null,
    cursors: { distinct: pages - 1, repeated: 0, broken: 0, digest: '' },
    began: NIGHT,
    ended: NIGHT + 5 * MINUTE,
    restarts: 0,
    slices: 1,
    freshAsOf,
  };
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
