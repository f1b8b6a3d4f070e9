import { IMPACTS } from '../../compare/verdicts.ts';
import { people } from '../../notify/phrases.ts';
import type { Notice } from '../../ports/teller.ts';
import type { RunRow, SeenFinding } from '../../state/rows.ts';
import { DAY, type Instant, isoDay } from '../../time.ts';
import { tell } from '../tell.ts';
import type { Tools } from '../tools.ts';
import type { Past } from './past.ts';

/** Entra forgets a deleted account 30 days after its deletion; whoever should decide is told when ten are left. */
const LAST_DAYS = 10 * DAY;

/**
 * What somebody has to be told of at once, one notice for each sort of it: people who may sign in as somebody else, a finding that has
 * turned into an outage, deleted accounts that hold a wanted anchor and are about to be forgotten, and people whom somebody changes back
 * after a repair. By `past` each is told of by the first run that sees it.
 */
export function alarmsOf(
  run: RunRow,
  seen: readonly SeenFinding[],
  past: Pick<Past, 'runs' | 'findings'>,
): readonly Notice[] {
  const before = past.runs[0]?.scheduled ?? null;
  const endangered = seen.filter(({ finding, change }) => finding.impact === IMPACTS[0] && change !== 'open');
  const outages = seen.filter(({ finding, change }) => finding.impact === 'cannot sign in' && change === 'worse');
  const forgotten = seen.filter(
    ({ finding, change }) =>
      isLast(finding, run.scheduled) && (change === 'new' || before === null || !isLast(finding, before)),
  );
  const fought = seen.filter((one) => isFought(one) && !isFought(past.findings.get(one.finding.key)));
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
    ['fight', fought, (amount) => `${people(amount)} whom a repair had mended drifted again: somebody fights it`],
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

/**
 * Puts them into the outbox as soon as what they tell of is recorded: whatever fails behind that, they are told. A call that comes back
 * after a crash tells them again under the same keys.
 */
export async function tellAlarms(run: RunRow, seen: readonly SeenFinding[], past: Past, tools: Tools): Promise<void> {
  for (const alarm of alarmsOf(run, seen, past)) await tell(alarm, tools);
}

function isLast({ relation, lastDay }: SeenFinding['finding'], at: Instant): boolean {
  return relation === 'taken-deleted' && lastDay !== null && lastDay - at <= LAST_DAYS;
}

function isFought(seen: SeenFinding | undefined): boolean {
  return seen?.hold?.rule === 'fight';
}

function lineOf(seen: SeenFinding): string {
  const { userName, verdict, relation, holder, lastDay } = seen.finding;
  if (isFought(seen)) return `${userName}: ${verdict}; ${seen.hold?.reason ?? ''}`;
  const until = lastDay === null ? '' : `; ${holder ?? ''} can be restored until ${isoDay(lastDay)}`;
  return `${userName}: ${verdict}, ${relation}${until}`;
}
