import { type Head, keep } from './journal.ts';
import { assigningOf } from './before.ts';
import type { Asked, Work } from './step.ts';
import { STEP } from './steps/all.ts';
import { wayBack } from './program.ts';
import { refuse, type Turn } from './turns.ts';

/**
 * Before each write of a pilot the person who looks on says yes; thinking makes the look old, so that it is looked again. A pilot that nobody looks on at any more begins nothing further: it is brought to rest. Null where the write may be sent.
 */
export async function unconfirmed(head: Head, work: Work): Promise<Turn | null> {
  const { cursor, course, tools } = work;
  const { repair, confirm } = tools;
  const canGoBack = wayBack(course, cursor) === 'back';
  if (confirm === undefined) {
    const isLeft = head.row.purpose.kind === 'pilot' && canGoBack;
    return isLeft ? refuse(head, work, 'pilot-left', 'nobody confirms the writes of this pilot any more') : null;
  }
  if (confirm.has(work)) return null;
  const kept = await keep(head, tools);
  if (await confirm.ask(work)) return { head: kept, pause: 0 };
  if (canGoBack) return refuse(kept, work, 'declined', 'whoever looks on did not say yes');
  return { head: kept, pause: repair.times.lag };
}

/** What is about to be written, as the request that it is or as a person would do it. */
export function writeLines(work: Asked): readonly string[] {
  const { course, cursor, member, before, tools } = work;
  const isExcluding = course.unassign === 'exclusion-group' && (cursor.step === 'unassign' || cursor.step === 'assign');
  if (isExcluding) {
    const method = cursor.step === 'unassign' ? 'PUT' : 'DELETE';
    return [`${method} /api/v1/groups/${tools.repair.exclusionGroup ?? ''}/users/${member.user}`];
  }
  if (course.nudge && before !== null) {
    const { profile } = assigningOf(member.user, before);
    return [`POST /api/v1/apps/${course.app}/users/${member.user} ${JSON.stringify({ profile })}`];
  }
  const byHand: Asked = { ...work, course: { ...course, writes: 'person', unassign: 'guided' } };
  return cursor.step === 'preflight' ? [] : (STEP[cursor.step].byHand?.(byHand) ?? []);
}
