import { AnchorwatchError } from '../errors.ts';
import type { PreflightPolicy } from '../repair/facts.ts';
import { look } from '../repair/look.ts';
import { approvalHolds, mayRepair, modeAllows, preflight, type Preflight, runMayBegin } from '../repair/preflight.ts';
import type { Course, RepairRow } from '../state/repair-rows.ts';
import type { RunRow } from '../state/rows.ts';
import { HOUR, type Instant } from '../time.ts';
import { claimPerson } from './claims.ts';
import { ignoreWords } from '../notify/decision-words.ts';
import { ignoredAmong } from './ignore.ts';
import { rejections, rejectionText } from './rejected.ts';
import type { RepairFlowTools } from './repair.ts';
import type { Tools } from './tools.ts';

/** Step 0. Nothing is looked at for a repair that must not begin whatever the tenants say; one refused member refuses all. */
export async function firstStep(head: RepairRow, run: RunRow | null, tools: RepairFlowTools): Promise<Preflight> {
  const policy = policyOf(tools);
  const isRuns = head.purpose.kind === 'drift';
  const obstacle =
    (isRuns ? runMayBegin(run, head.approval) : null) ??
    modeAllows(policy, head) ??
    approvalHolds(head, tools.clock.now()) ??
    (isRuns ? (outlived(head, tools.clock.now()) ?? (await leftAlone(head, tools))) : null) ??
    (await claimAnew(head, tools)) ??
    (await mayRepair(tools));
  if (obstacle !== null) return obstacle;
  const passed: Course[] = [];
  const { exclusionGroup } = policy;
  const wanted = { parkDomain: tools.settings.policy.parkDomain, exclusionGroup };
  for (const member of head.members) {
    const outcome = preflight(
      await look(member, tools, wanted, head.members, head.purpose),
      policy,
      head.approval !== null,
    );
    if (outcome.state === 'refused') return outcome;
    passed.push(outcome.course);
  }
  return { state: 'ready', course: joined(passed) };
}

/** Somebody may have said so after the scan, or after the approval. */
async function leftAlone({ members }: RepairRow, tools: RepairFlowTools): Promise<Preflight | null> {
  const row = await ignoredAmong(members, tools);
  if (row !== null) return { state: 'refused', rule: 'ignored', reason: ignoreWords(row) };
  const rejection = (await rejections(tools))(members);
  return rejection === null ? null : { state: 'refused', rule: 'rejected', reason: rejectionText(rejection) };
}

/** Longer than from a scan to the next but for an hour or two: the next plans anew, within its own limit. */
const NIGHT = 20 * HOUR;

/** What waited for so long to begin that another night has planned, or will: else the nights of a week would begin at once. */
function outlived({ state, created, approval, operator }: RepairRow, now: Instant): Preflight | null {
  if (state !== 'queued' || approval !== null || operator !== null || now - created <= NIGHT) return null;
  const reason = `planned ${Math.floor((now - created) / HOUR)} hours ago and not begun; the next scan plans anew`;
  return { state: 'refused', rule: 'outlived', reason };
}

/**
 * The people of a repair that was written down an hour after its place may have been freed meanwhile, by `tend`, which takes it for one
 * that never was.
 */
async function claimAnew({ id, members }: RepairRow, tools: RepairFlowTools): Promise<Preflight | null> {
  for (const member of members) {
    if (await claimPerson(member, id, tools)) continue;
    return { state: 'refused', rule: 'another-repair', reason: `another repair has ${member.userName} by now` };
  }
  return null;
}

/** One course for all members of a ring: the least that any of them allows. */
function joined(courses: readonly Course[]): Course {
  const [first, ...others] = courses;
  if (first === undefined) throw new AnchorwatchError('invalid', 'A repair has at least one member.');
  return others.reduce(
    (one, other) => ({
      ...one,
      unassign: one.unassign === other.unassign ? one.unassign : 'guided',
      writes: one.writes === 'person' ? 'person' : other.writes,
      gate: one.gate || other.gate,
      nudge: one.nudge && other.nudge,
      parking: [...one.parking, ...other.parking],
    }),
    first,
  );
}

/** What the configuration says to the preflight. */
export function policyOf({ settings: { mode, policy, okta, repair: how } }: Pick<Tools, 'settings'>): PreflightPolicy {
  const { exclusionGroup, allowResidue } = how;
  const anchorIsGuid = okta.anchorAttribute === 'externalId';
  return { ...policy, mode, signInHosts: okta.signInHosts, anchorIsGuid, exclusionGroup, allowResidue };
}
