import { type PlannedRepair, substanceOf } from '../../plan/plan.ts';
import type { Earlier } from '../../plan/policy.ts';
import { isOpen } from '../../repair/standing.ts';
import type { RepairRow } from '../../state/repair-rows.ts';
import { DAY, isoDay } from '../../time.ts';
import type { Tools } from '../tools.ts';
import type { Past } from './past.ts';

/** A refusal stands for so long, unless the finding changes. */
const REST = 7 * DAY;

/** Refusals that lie in the person. Others are over with the setting, the state of the tenant or the run that they came from. */
const LASTING: ReadonlySet<string> = new Set([
  'account-gone',
  'not-assigned',
  'suspended',
  'ad-unlinked',
  'two-directories',
  'name-differs',
  'okta-user-not-active',
  'assignment-unsettled',
  'assigned-twice',
  'guest',
  'disabled',
  'resource-account',
  'restricted',
  'privileged',
  'okta-administrator',
  'parking-taken',
  'anchor-held',
  'left-synchronisation',
  'poison',
]);

/** Whoever changes an anchor again within so many days after a repair is fought with. */
const FIGHT = 14 * DAY;

/** What the last repair of each of these people came to, by key, where that says anything of the next one. */
export async function earlierRepairs(
  candidates: readonly PlannedRepair[],
  past: Past,
  tools: Tools,
): Promise<ReadonlyMap<string, Earlier>> {
  const found = new Map<string, Earlier>();
  for (const candidate of candidates) {
    const seen = past.findings.get(candidate.key);
    const last = seen?.repair ?? null;
    const head = last === null ? null : await tools.state.repairs.get(last, 'head');
    if (seen === undefined || head?.row.kind !== 'head' || isOpen(head.row)) continue;
    const earlier = earlierOf(head.row, candidate, seen.failed, tools);
    if (earlier !== null) found.set(candidate.key, earlier);
  }
  return found;
}

function earlierOf(
  { id, state, rule, reason, changed, members }: RepairRow,
  candidate: PlannedRepair,
  failed: readonly string[],
  { clock, settings }: Pick<Tools, 'clock' | 'settings'>,
): Earlier | null {
  const age = clock.now() - changed;
  const said = { reason: `${rule ?? state}: ${reason ?? ''}`, failed };
  if (state === 'done') {
    const again = `repaired on ${isoDay(changed)} by ${id}, and changed again since`;
    return age > FIGHT ? null : { ...said, came: 'undone-again', reason: again, rested: false };
  }
  if (state === 'undone')
    return { ...said, came: 'failed', failed: [...new Set([...failed, id])], rested: age > settings.policy.coolDown };
  // Whatever was refused for other values says nothing of these.
  const before = members.find((member) => member.key === candidate.key);
  const isSame = before !== undefined && substanceOf([before]) === substanceOf([candidate]);
  if (isSame && LASTING.has(rule ?? '')) return { ...said, came: 'refused', rested: age > REST };
  return failed.length > 0 ? { ...said, came: 'failed', rested: true } : null;
}
