import { checksumOf } from '../../plan/plan.ts';
import type { Release } from '../../plan/policy.ts';
import { type Proposed, together } from '../../plan/proposed.ts';
import type { ProposalRow } from '../../state/decision-rows.ts';
import { packRows } from '../../state/pack.ts';
import type { RunRow } from '../../state/rows.ts';
import { isoTime } from '../../time.ts';
import { keyOf, proposals } from '../approve.ts';
import { insertOnce } from '../claims.ts';
import { tell } from '../tell.ts';
import type { Tools } from '../tools.ts';

/** More than anybody reads, and far below what a row holds; the others are proposed when these are decided on. */
export const MOST_PROPOSED = 1_000;

/** Questions carry both accounts of everybody in them; more than so many nobody answers in a night. */
const MOST_QUESTIONS = 100;

/**
 * Puts down what a person may release, under the checksum of exactly that, and tells whoever decides: of a plan that froze always, of
 * others when somebody is among them who is not in the proposal before.
 */
export async function propose(
  run: RunRow,
  { proposed, freeze }: Release,
  questions: readonly Proposed[],
  tools: Tools,
): Promise<void> {
  const items = [...proposed.slice(0, MOST_PROPOSED).map(together), ...questions.slice(0, MOST_QUESTIONS)];
  if (items.length === 0) return;
  const created = tools.clock.now();
  const row: ProposalRow = {
    kind: 'proposal',
    run: run.id,
    scheduled: run.scheduled,
    checksum: checksumOf(items.map(({ members }) => members)),
    rule: freeze?.rule ?? 'wants-approval',
    reason: freeze?.reason ?? 'nobody of these is repaired unless somebody approves it',
    repairs: items.length,
    more: proposed.length + questions.length - items.length,
    created,
    expires: created + tools.settings.policy.approvalFor,
    packed: packRows(items, 'A proposal'),
  };
  await insertOnce(() => tools.state.decisions.insert(row));
  const before = (await proposals(tools)).find(({ row: { scheduled } }) => scheduled < run.scheduled);
  const known = new Set(before?.items.map(({ members }) => keyOf(members)));
  // The same plan that is still frozen a night later was told of; a digest says that it still is.
  const isTold = before?.row.checksum === row.checksum && before.row.rule === row.rule;
  const isNews = freeze !== null || items.some(({ members }) => !known.has(keyOf(members)));
  if (isNews && !isTold) await tellProposal(run, row, tools);
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
  await tell({ kind: isFrozen ? 'freeze' : 'proposal', run, subject, lines }, tools);
}
