import { headOf, journal, letGo } from '../repair/journal.ts';
import { programOf } from '../repair/program.ts';
import { isOpen } from '../repair/standing.ts';
import { cursorAt } from '../repair/turns.ts';
import type { RepairRow } from '../state/repair-rows.ts';
import { type Instant, MINUTE } from '../time.ts';
import { releaseMembers } from './claims.ts';
import { type RepairFlowTools, repairToolsOf } from './repair.ts';
import { tell } from './tell.ts';

/** After this `tend` looks after somebody to whom something was done. */
const PAUSE = 5 * MINUTE;

/**
 * Gives a repair up whose message failed too often. It looks at the row first: what has settled meanwhile stays as it is, and a
 * person is told of the rest, once, however often this is asked. Nobody is left half-way: who was not touched yet is taken back to the
 * beginning, and somebody to whom something was done is looked after further, by `tend`.
 */
export async function abandonRepair(id: string, tools: RepairFlowTools): Promise<void> {
  const found = await headOf(id, tools);
  if (found === null) return;
  const { row } = found;
  if (row.state !== 'queued' && row.state !== 'working') {
    if (!isOpen(row)) await releaseMembers(row, tools);
    return;
  }
  // Somebody is at work on it all the same, and carries it on.
  if (row.leaseUntil !== null && row.leaseUntil > tools.clock.now()) return;
  const reason = 'the queue gave up after too many failed attempts; the log of the repair function says why';
  const names = row.members.map(({ userName }) => userName).join(', ');
  const about = { id, since: row.created };
  const lines = [`${names}, ${id}: ${reason}`];
  const next = row.touched
    ? 'It is looked after further every few minutes, and goes on by itself once that is mended.'
    : 'Nothing was done to anybody by it. Mend that, and the next scan looks at these people again.';
  await tell({ kind: 'needs-a-person', about, subject: 'A repair needs a person', lines, next }, tools);
  const { step, member } = row.cursor ?? { step: 'preflight', member: 0 };
  const entry = { step, member, outcome: 'ended', facts: { rule: 'poison', reason } } as const;
  const repairTools = repairToolsOf(tools);
  const written = await journal(found, givenUp(row, reason, tools.clock.now()), entry, repairTools);
  await letGo(written, written.row, repairTools);
  if (!isOpen(written.row)) await releaseMembers(row, tools);
}

function givenUp(row: RepairRow, reason: string, now: Instant): RepairRow {
  const { course, cursor, touched } = row;
  const ended: RepairRow = { ...row, state: 'needs-a-person', rule: 'poison', reason, due: null };
  if (touched) return { ...ended, due: now + PAUSE };
  if (course === null || cursor === null || cursor.goal === 'as-before') return ended;
  const [back] = programOf(row.members, course, 'as-before');
  return back === undefined
    ? ended
    : { ...ended, state: 'working', cursor: cursorAt(back, 'as-before', now), due: now };
}
