import { explain, kindOf } from '../errors.ts';
import type { Approval, Course, RepairRow } from '../state/repair-rows.ts';
import type { RunRow } from '../state/rows.ts';
import type { PreflightFacts, PreflightPolicy } from './facts.ts';
import { courseOf } from './course.ts';
import { RULES } from './rules.ts';
import type { RepairTools } from './tools.ts';
import { type Instant, isoTime } from '../time.ts';

/** What step 0 comes to for one member: refused by a rule, or ready, and then how the steps are done. */
export type Preflight =
  | { readonly state: 'refused'; readonly rule: string; readonly reason: string }
  | { readonly state: 'ready'; readonly course: Course };

type Refused = Extract<Preflight, { readonly state: 'refused' }>;

function refused(rule: string, reason: string): Refused {
  return { state: 'refused', rule, reason };
}

/** Whether a repair that a run queued may begin whatever the tenants say; null when it may. The run is as it is by now. */
export function runMayBegin(run: Pick<RunRow, 'state' | 'summary'> | null, approval: Approval | null): Refused | null {
  if (run === null) return refused('run-gone', 'the run that queued this is not there any more');
  if (run.state !== 'good') return refused('run-not-good', `the run that queued this is ${run.state}, not good`);
  if (approval === null && run.summary !== null && run.summary.freeze !== null)
    return refused('frozen', 'the plan of the run that queued this froze in the end');
  return null;
}

/** Whether anything may be written to a tenant at all, and of this repair; null when it may. A pilot and an undo are a person's word. */
export function modeAllows(
  { mode, maxRepairs, maxPercent }: Pick<PreflightPolicy, 'mode' | 'maxRepairs' | 'maxPercent'>,
  { purpose, approval }: Pick<RepairRow, 'purpose' | 'approval'>,
): Refused | null {
  if (mode === 'observe') return refused('observe-mode', 'the mode is observe by now: nothing is ever repaired');
  if (mode === 'propose' && purpose.kind === 'drift' && approval === null)
    return refused('wants-approval', 'the mode is propose by now, and nobody has approved this');
  if (maxRepairs === 0 || maxPercent === 0) return refused('limit-zero', 'the limit of repairs a night is 0 by now');
  return null;
}

/** An approval holds for a while, and for what has not begun; null where it holds or none was needed. */
export function approvalHolds(
  { approval, begun }: Pick<RepairRow, 'approval' | 'begun'>,
  now: Instant,
): Refused | null {
  if (approval === null || begun !== null || now < approval.expires) return null;
  return refused(
    'approval-expired',
    `${approval.by} approved this until ${isoTime(approval.expires)}, and it had not begun`,
  );
}

/** Okta gives the token of repairs only to an app that was granted all of their scopes: asking for anything with it is the question. */
export async function mayRepair({ okta }: Pick<RepairTools, 'okta'>): Promise<Refused | null> {
  try {
    await okta.groupRules();
    return null;
  } catch (error) {
    if (kindOf(error) !== 'denied') throw error;
    return refused('rights-missing', `Okta does not let repairs be carried out: ${explain(error)}`);
  }
}

/**
 * Step 0 of every repair. Synchronised people may be written to only in a tenant that has proven to allow it; nobody can know that
 * from outside, so without such a proof a person does the steps and is led.
 */
export function preflight(facts: PreflightFacts, policy: PreflightPolicy, isApproved = false): Preflight {
  for (const { name, refuses, liftedByApproval = false } of RULES) {
    if (isApproved && liftedByApproval) continue;
    const reason = refuses(facts, policy);
    if (reason !== null) return refused(name, reason);
  }
  return { state: 'ready', course: courseOf(facts, policy) };
}
