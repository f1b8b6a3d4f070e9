import { redact } from '../redact.ts';
import type { DecisionRow } from '../state/decision-rows.ts';
import type { RunSummary } from '../state/rows.ts';
import type { Freeze } from '../plan/policy.ts';
import type { Instant } from '../time.ts';
import { brief } from './brief.ts';
import { count } from './count.ts';
import { CELL, NAME } from './digest-people.ts';
import { listed, moment } from './phrases.ts';

/** The repairs of a plan that froze, and what people have decided on them since. */
export interface FrozenPlan {
  /** How many there are to decide on. */
  readonly repairs: number;
  readonly decisions: readonly Pick<DecisionRow, 'decision' | 'by' | 'at' | 'keys' | 'withdrawn'>[];
  /** Until when the others can be decided on. */
  readonly expires: Instant;
}

/** A rejection that was withdrawn is none any more. */
function decided({ decisions }: FrozenPlan, decision: DecisionRow['decision']) {
  return decisions.filter((one) => one.decision === decision && one.withdrawn === null);
}

/** Nobody is waited for: there is a decision on every repair of it. One that was withdrawn is made anew on a later plan alone. */
export function isDecided(plan: FrozenPlan | null): boolean {
  return plan !== null && plan.repairs > 0 && plan.decisions.length >= plan.repairs;
}

/** `3 of 12 approved and 9 rejected`; null where nobody has decided anything. */
function countsOf(plan: FrozenPlan): string | null {
  const approved = decided(plan, 'approved').length;
  const rejected = decided(plan, 'rejected').length;
  if (approved + rejected === 0) return null;
  const of = `of ${count(plan.repairs)}`;
  if (approved === 0) return `${count(rejected)} ${of} rejected`;
  return `${count(approved)} ${of} approved${rejected === 0 ? '' : ` and ${count(rejected)} rejected`}`;
}

/** For the subject: counts, and nobody’s name. */
export function freezeHeadline(plan: FrozenPlan | null): string {
  const counts = plan === null ? null : countsOf(plan);
  return counts === null ? 'plan frozen' : `plan frozen, ${counts} since`;
}

/** For the verdict, which is shown beside the subject. */
export function freezeClause(plan: FrozenPlan | null): string {
  const counts = plan === null ? null : countsOf(plan);
  return counts === null ? 'the whole plan is frozen' : `the whole plan froze, with ${counts} since`;
}

/** Why it froze, who has decided what on it, and what still waits. */
export function* freezeLines({ reason }: Freeze, plan: FrozenPlan | null, now: Instant): Generator<string> {
  const why = brief(redact(reason), CELL).replace(/\.$/, '');
  if (plan === null || plan.decisions.length === 0) {
    yield `The plan is frozen: ${why}. Nothing in it runs before a person has acted.`;
    return;
  }
  yield `The plan froze: ${why}.`;
  for (const decision of ['approved', 'rejected'] as const) {
    const rows = decided(plan, decision);
    if (rows.length === 0) continue;
    const by = listed([...new Set(rows.map((row) => brief(redact(row.by), NAME)))]);
    const at = moment(Math.max(...rows.map((row) => row.at)));
    const were = rows.length === 1 ? 'was' : 'were';
    yield `${count(rows.length)} of its ${count(plan.repairs)} repairs ${were} ${decision} by ${by}, ${rows.length === 1 ? '' : 'last '}at ${at}.`;
  }
  const withdrawn = plan.decisions.filter((one) => one.withdrawn !== null).length;
  if (withdrawn > 0)
    yield `${withdrawn === 1 ? 'One rejection was' : `${count(withdrawn)} rejections were`} withdrawn; the next scan proposes anew what is still so.`;
  const left = plan.repairs - plan.decisions.length;
  if (left <= 0) return;
  const others = left === 1 ? 'the other one' : `the other ${count(left)}`;
  yield plan.expires > now
    ? `Nothing runs of ${others} before somebody decides; that can be done until ${moment(plan.expires)}.`
    : `Of ${others} nobody decided until ${moment(plan.expires)}; the next scan proposes anew what is still so.`;
}

/** Whom each rule holds back, without those who were released since. */
export function heldSince({ held, freeze }: RunSummary, plan: FrozenPlan | null): RunSummary['held'] {
  if (freeze === null || plan === null) return held;
  const released = decided(plan, 'approved').reduce((sum, { keys }) => sum + keys.length, 0);
  return { ...held, [freeze.rule]: Math.max(0, (held[freeze.rule] ?? 0) - released) };
}
