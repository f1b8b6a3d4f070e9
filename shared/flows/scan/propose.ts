import { checksumOf } from '../../plan/plan.ts';
import type { Release } from '../../plan/policy.ts';
import { type Proposed, together } from '../../plan/proposed.ts';
import type { Question } from '../../plan/questions.ts';
import { moment } from '../../notify/phrases.ts';
import type { Notice } from '../../ports/teller.ts';
import type { ProposalRow } from '../../state/decision-rows.ts';
import { packFirst } from '../../state/pack.ts';
import type { RunRow } from '../../state/rows.ts';
import { keyOf, proposals } from '../proposals.ts';
import { insertOnce } from '../claims.ts';
import { tell } from '../tell.ts';
import type { Tools } from '../tools.ts';
import type { Past } from './past.ts';

/** More than anybody reads, and far below what a row holds; the others are proposed when these are decided on. */
export const MOST_PROPOSED = 1_000;

/** Why somebody is proposed although nothing froze. */
export const UNLESS_APPROVED = 'nobody of these is repaired unless somebody approves it';

/** Questions carry both accounts of everybody in them; more than so many nobody answers in a night. Fewer, where a row does not hold them. */
export const MOST_QUESTIONS = 100;

/**
 * Puts down what a person may release, under the checksum of exactly that, and tells whoever decides: of a plan that froze, also where
 * nothing in it was due yet, and of others when somebody is among them who is not in the proposal before.
 */
export async function propose(
  run: RunRow,
  { proposed, freeze }: Release,
  questions: readonly Question[],
  shown: (question: Question) => Proposed,
  past: Past,
  tools: Tools,
): Promise<void> {
  const most = [...proposed.slice(0, MOST_PROPOSED).map(together), ...questions.slice(0, MOST_QUESTIONS).map(shown)];
  if (most.length === 0) {
    const wasFrozen = past.runs[0]?.summary?.freeze?.rule === freeze?.rule;
    if (freeze !== null && !wasFrozen) await tell(freezeNotice(run, [`${freeze.reason}.`]), tools);
    return;
  }
  const made = rowOf(run, most, freeze, proposed.length + questions.length, tools);
  await insertOnce(() => tools.state.decisions.insert(made));
  // What a call that died has put down stands, and is what is told of.
  const [row, before] = (await proposals(tools)).filter(({ row: { scheduled } }) => scheduled <= run.scheduled);
  if (row === undefined) return;
  const known = new Set(before?.items.map(({ members }) => keyOf(members)));
  // Whoever withdrew a rejection waits to be asked.
  for (const { key, withdrawn } of before?.decisions.values() ?? []) if (withdrawn !== null) known.delete(key);
  const hasNew = row.items.some(({ members }) => !known.has(keyOf(members)));
  // The same plan that is still frozen a night later was told of; a digest says that it still is.
  const isTold = before?.row.checksum === row.row.checksum && before.row.rule === row.row.rule;
  if (hasNew || (row.row.rule !== 'wants-approval' && !isTold)) await tell(proposalNotice(run, row.row), tools);
}

function rowOf(
  { id: run, scheduled }: RunRow,
  most: readonly Proposed[],
  freeze: Release['freeze'],
  all: number,
  { clock, settings }: Tools,
): ProposalRow {
  // One alone always fits: the longest ring, with all that two directories let anybody write of themselves.
  const { packed, count } = packFirst(most, 'A proposal');
  const items = most.slice(0, count);
  const created = clock.now();
  return {
    kind: 'proposal',
    run,
    scheduled,
    checksum: checksumOf(items.map(({ members }) => members)),
    rule: freeze?.rule ?? 'wants-approval',
    reason: freeze?.reason ?? UNLESS_APPROVED,
    repairs: count,
    more: all - count,
    created,
    expires: created + settings.policy.approvalFor,
    packed,
  };
}

type ToldRun = NonNullable<Notice['run']>;

/** Of a plan that froze: why, and what can be done. */
function freezeNotice(run: ToldRun, lines: readonly string[]): Notice {
  return { kind: 'freeze', run, subject: 'The plan is frozen; nothing was repaired', lines };
}

/** Of what was proposed: that the plan froze, or that people wait for approval. */
export function proposalNotice(
  run: ToldRun,
  row: Pick<ProposalRow, 'rule' | 'reason' | 'repairs' | 'more' | 'checksum' | 'expires'>,
): Notice {
  const { rule, reason, repairs, more, checksum, expires } = row;
  const how = `Look at them by: anchorwatch proposals. Approve all, some or none of the plan ${checksum.slice(0, 12)} until ${moment(expires)}; without a decision nothing happens.`;
  if (rule !== 'wants-approval') return freezeNotice(run, [`${reason}.`, how]);
  const subject = `${repairs} ${repairs === 1 ? 'repair waits' : 'repairs wait'} for approval; nothing of them was done`;
  const are = repairs === 1 ? 'repair is' : 'repairs are';
  const proposed = `${repairs} ${are} proposed${more === 0 ? '' : `, and ${more} more later`}: ${reason}.`;
  return { kind: 'proposal', run, subject, lines: [proposed, how] };
}
