import { type PlannedRepair, substanceOf } from '../../plan/plan.ts';
import type { Earlier } from '../../plan/policy.ts';
import type { Looked } from '../../plan/sides.ts';
import type { AnchorChange } from '../../ports/entra.ts';
import { brief } from '../../notify/brief.ts';
import { isOpen } from '../../repair/standing.ts';
import type { RepairRow } from '../../state/repair-rows.ts';
import { DAY, type Instant, isoDay, isoTime, MINUTE, SECOND } from '../../time.ts';
import type { Tools } from '../tools.ts';
import { looker } from './evidence.ts';
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
  const whoChanged = inquirer(tools);
  for (const candidate of candidates) {
    const seen = past.findings.get(candidate.key);
    const last = seen?.repair ?? null;
    const head = last === null ? null : await tools.state.repairs.get(last, 'head');
    if (seen === undefined || head?.row.kind !== 'head' || isOpen(head.row)) continue;
    const earlier = earlierOf(head.row, candidate, seen.failed, tools);
    if (earlier === null) continue;
    const isFight = earlier.came === 'undone-again' && !stillHolds(head.row, candidate);
    const who = isFight ? await whoChanged({ objectId: candidate.objectId, since: head.row.changed }) : '';
    found.set(candidate.key, { ...earlier, reason: earlier.reason + who });
  }
  return found;
}

/** What the repair set is there still: it is not in Entra that somebody changed something. */
function stillHolds({ members }: RepairRow, { key, before }: PlannedRepair): boolean {
  return members.find((member) => member.key === key)?.before.a === before.e;
}

/** The audit log answers an app five times in ten seconds (Graph, throttling limits). */
const PACE = 2 * SECOND;
const MOST_ASKED = 20;
const LONGEST = 2 * MINUTE;

interface Asked {
  readonly objectId: string;
  readonly since: Instant;
}

/**
 * Asks Entra’s audit log who has changed an account’s anchor since. Of so few people that nobody waits for it; nothing but what is shown
 * depends on the answer.
 */
function inquirer(tools: Tools): (whom: Asked) => Promise<string> {
  const { clock, entra } = tools;
  const ends = clock.now() + LONGEST;
  let asked = 0;
  const ask = async ({ objectId, since }: Asked, signal: AbortSignal) => {
    if (asked > 0) await clock.wait(PACE);
    asked += 1;
    return entra.anchorChange(objectId, since, signal);
  };
  const look = looker('changes in the audit log', ask, tools);
  return async (whom) => {
    if (asked >= MOST_ASKED || clock.now() >= ends) return '; who did it was not looked up for so many people';
    return whoText(await look(whom));
  };
}

/** Letters of a name that is shown: its owner may have made it as long as they like. */
const NAME = 80;

function whoText(looked: Looked<AnchorChange | null>): string {
  if ('unread' in looked) return `; who did it is ${looked.unread}`;
  const { found } = looked;
  if (found === null) return '; Entra’s audit log names nobody, or not yet';
  const { at, by } = found;
  if (by === null) return `, on ${isoTime(at)} by nobody whom Entra’s audit log names`;
  const who = `${by.kind === 'app' ? 'the app ' : ''}${brief(by.name, NAME)}`;
  return `, by ${who} on ${isoTime(at)}, as Entra’s audit log says`;
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
