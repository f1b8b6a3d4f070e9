import { beforeRow, readBefore } from '../before.ts';
import { AFTER, BEFORE, type Step, type Work } from '../step.ts';

/**
 * Step 1. What there was before is written down once, before anything is changed; the row is written with the head, by the runner.
 */
export const snapshot: Step = {
  // Taking it is the look: who is gone by then is refused by that.
  look: async ({ before }) => (before === null ? BEFORE : AFTER),
  async act() {
    return { requestId: null };
  },
};

/** The row of the snapshot; null when one of the two is gone meanwhile. */
export async function takeSnapshot({ course, member, head, cursor, tools }: Work) {
  const before = await readBefore(course.app, member, tools);
  return before === null ? null : { before, row: beforeRow(head, cursor.member, before) };
}
