import { beforeRow, readBefore } from '../before.ts';
import { AFTER, BEFORE, refused, type Step, type Work } from '../step.ts';

/**
 * Step 1. What there was before is written down once, before anything is changed; the row is written with the head, by the runner.
 */
export const snapshot: Step = {
  async look({ before, course, member, tools }) {
    if (before !== null) return AFTER;
    const { entra } = tools;
    const account = await entra.user(member.objectId);
    if (account === null) return refused('account-gone', 'the Entra account is gone');
    return (await tools.okta.assignmentDetail(course.app, member.user)) === null
      ? refused('not-assigned', 'Office 365 is not assigned any more')
      : BEFORE;
  },
  async act() {
    return { requestId: null };
  },
};

/** The row of the snapshot; null when one of the two is gone meanwhile. */
export async function takeSnapshot({ course, member, head, cursor, tools }: Work) {
  const before = await readBefore(course.app, member, tools);
  return before === null ? null : { before, row: beforeRow(head, cursor.member, before) };
}
