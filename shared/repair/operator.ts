import type { RepairRow } from '../state/repair-rows.ts';
import { leave, memberOf, readHold } from './hold.ts';
import { type Head, journal } from './journal.ts';
import type { Work } from './step.ts';
import { BEGINS } from './steps/all.ts';
import { entryOf, refuse, type Turn, withdraw } from './turns.ts';

/**
 * What becomes of a step that a person does while nobody is there. Where nothing was done to anybody the repair waits for the next who
 * comes; who was asked to unassign and did not is asked no more, for the hold exposes leavers; and nobody leaves a group before somebody
 * is there to put them back. Null where there is only forward: the person is reminded.
 */
export async function withoutOperator(head: Head, work: Work): Promise<Turn | null> {
  const { cursor, tools } = work;
  if (cursor.goal === 'as-before') return null;
  if (BEGINS.has(cursor.step) && !head.row.touched) return standDown(head, work);
  const reason = 'whoever led this went away before it was done';
  if (cursor.step === 'unassign') return refuse(head, work, 'operator-gone', reason);
  return cursor.step === 'leave-groups' && cursor.attempts === 0 ? { head, pause: tools.repair.times.cycle / 4 } : null;
}

async function standDown(head: Head, work: Work): Promise<Turn> {
  const { cursor, course, member, tools } = work;
  await withdraw(work);
  const hold = await readHold(course.app, tools);
  if (memberOf(hold, member.user)?.unassigned === null) await leave(hold, member.user, tools);
  const waits: RepairRow = {
    ...head.row,
    state: 'ready',
    operator: null,
    begun: null,
    due: null,
    rule: null,
    reason: null,
  };
  const facts = { rule: 'operator-gone', reason: 'nobody is there to lead it any more' };
  return { head: await journal(head, waits, entryOf(cursor, 'again', facts), tools), pause: null };
}
