import { checksumOf } from '../../plan/plan.ts';
import type { Release } from '../../plan/policy.ts';
import type { Rule } from '../../plan/rules.ts';
import type { ProposalRow } from '../../state/decision-rows.ts';
import { packRows } from '../../state/pack.ts';
import type { RunRow, SeenFinding } from '../../state/rows.ts';
import { isoTime } from '../../time.ts';
import { insertOnce } from '../claims.ts';
import { tell } from '../tell.ts';
import type { Tools } from '../tools.ts';
import type { Past } from './past.ts';

/** More than anybody reads, and far below what a row holds; the others are proposed when these are decided on. */
export const MOST_PROPOSED = 1_000;

/** Why somebody waits for a person's word. */
const ASKED: ReadonlySet<Rule> = new Set(['wants-approval', 'not-opted-in']);

/**
 * Puts down what a person may release, under the checksum of exactly that, and tells whoever decides: of a plan that froze always, of
 * others when somebody is among them who was not proposed by the last good run.
 */
export async function propose(
  run: RunRow,
  { proposed, freeze }: Release,
  seen: readonly SeenFinding[],
  past: Past,
  tools: Tools,
): Promise<void> {
  const repairs = proposed.slice(0, MOST_PROPOSED);
  if (repairs.length === 0) return;
  const created = tools.clock.now();
  const row: ProposalRow = {
    kind: 'proposal',
    run: run.id,
    scheduled: run.scheduled,
    checksum: checksumOf(repairs),
    rule: freeze?.rule ?? 'wants-approval',
    reason: freeze?.reason ?? 'nobody of these is repaired unless somebody approves it',
    repairs: repairs.length,
    more: proposed.length - repairs.length,
    created,
    expires: created + tools.settings.policy.approvalFor,
    packed: packRows(repairs, 'A proposal'),
  };
  await insertOnce(() => tools.state.decisions.insert(row));
  if (freeze !== null || seen.some((one) => isNewlyAsked(one, past))) await tellProposal(run, row, tools);
}

function isNewlyAsked({ finding, hold }: SeenFinding, past: Past): boolean {
  const before = past.findings.get(finding.key)?.hold?.rule;
  return hold !== null && ASKED.has(hold.rule) && (before === undefined || !ASKED.has(before));
}

async function tellProposal(run: RunRow, row: ProposalRow, tools: Tools): Promise<void> {
  const { rule, reason, repairs, more, checksum, expires } = row;
  const isFrozen = rule !== 'wants-approval';
  const subject = isFrozen
    ? 'The plan is frozen; nothing was repaired'
    : `${repairs} ${repairs === 1 ? 'repair waits' : 'repairs wait'} for approval; nothing of them was done`;
  const lines = [
    isFrozen ? reason : `${repairs} repairs are proposed${more === 0 ? '' : `, and ${more} more later`}: ${reason}`,
    `Look at them by: anchorwatch proposals. Approve all, some or none of the plan ${checksum.slice(0, 12)} until ${isoTime(expires)}; without a decision nothing happens.`,
  ];
  await tell({ kind: 'freeze', run, subject, lines }, tools);
}
