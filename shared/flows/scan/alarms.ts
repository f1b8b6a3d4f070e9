import { IMPACTS } from '../../compare/verdicts.ts';
import { people } from '../../notify/phrases.ts';
import type { Notice } from '../../ports/teller.ts';
import type { RunRow, SeenFinding } from '../../state/rows.ts';
import { DAY, type Instant, isoDay } from '../../time.ts';

/** Entra forgets a deleted account 30 days after its deletion; whoever should decide is told when ten are left. */
const LAST_DAYS = 10 * DAY;

/**
 * What somebody has to be told of at once, one notice for each sort of it: people who may sign in as somebody else, a finding that has
 * turned into an outage, and deleted accounts that hold a wanted anchor and are about to be forgotten. `before`: when the last good run
 * was, so that each is told of by the first run that sees it; null when there was none.
 */
export function alarmsOf(run: RunRow, seen: readonly SeenFinding[], before: Instant | null): readonly Notice[] {
  const endangered = seen.filter(({ finding, change }) => finding.impact === IMPACTS[0] && change !== 'open');
  const outages = seen.filter(({ finding, change }) => finding.impact === 'cannot sign in' && change === 'worse');
  const forgotten = seen.filter(
    ({ finding, change }) =>
      isLast(finding, run.scheduled) && (change === 'new' || before === null || !isLast(finding, before)),
  );
  const sorts: readonly (readonly [string, readonly SeenFinding[], (amount: number) => string])[] = [
    ['danger', endangered, (amount) => `${people(amount)} may sign in as somebody else`],
    ['outage', outages, (amount) => `${people(amount)} who could sign in cannot any more`],
    [
      'bin',
      forgotten,
      (amount) =>
        amount === 1
          ? '1 deleted account that holds a wanted anchor is forgotten within ten days'
          : `${amount} deleted accounts that hold a wanted anchor are forgotten within ten days`,
    ],
  ];
  return sorts.flatMap(([sort, seenSo, subject]) =>
    seenSo.length === 0
      ? []
      : [
          {
            kind: 'alarm',
            about: { id: `${run.id}.${sort}`, since: run.scheduled },
            subject: `${subject(seenSo.length)}; nothing was changed`,
            lines: seenSo.map(lineOf),
          },
        ],
  );
}

function isLast({ relation, lastDay }: SeenFinding['finding'], at: Instant): boolean {
  return relation === 'taken-deleted' && lastDay !== null && lastDay - at <= LAST_DAYS;
}

function lineOf({ finding: { userName, verdict, relation, holder, lastDay } }: SeenFinding): string {
  const until = lastDay === null ? '' : `; ${holder ?? ''} can be restored until ${isoDay(lastDay)}`;
  return `${userName}: ${verdict}, ${relation}${until}`;
}
