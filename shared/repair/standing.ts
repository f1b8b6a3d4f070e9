import type { Course, RepairRow } from '../state/repair-rows.ts';
import type { Instant } from '../time.ts';

/**
 * The people of it are held by this repair: it waits, is under way, or something was done to them and a person has to bring it to its
 * end. No other repair may begin meanwhile.
 */
export function isOpen({ state, touched }: RepairRow): boolean {
  return state === 'queued' || state === 'ready' || state === 'working' || (state === 'needs-a-person' && touched);
}

/** Whether a person does one of the steps that cannot wait: then it begins when that person says "I am here". */
export function needsOperator({ writes, unassign }: Course): boolean {
  return writes === 'person' || unassign === 'guided';
}

/** Whether somebody said "I am here" for it, and not too long ago to be believed. */
export function isPresent({ operator }: Pick<RepairRow, 'operator'>, now: Instant): boolean {
  return operator !== null && now < operator.until;
}
