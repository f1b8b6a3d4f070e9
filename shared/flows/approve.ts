import type { DecisionOutcome } from '../notify/decision-words.ts';
import { type PlannedRepair, substanceOf } from '../plan/plan.ts';
import type { Proposed } from '../plan/proposed.ts';
import { headOf } from '../repair/journal.ts';
import { isOpen } from '../repair/standing.ts';
import type { AuditRow, DecisionRow } from '../state/decision-rows.ts';
import { joinKey, invertedTime } from '../state/keys.ts';
import { MINUTE } from '../time.ts';
import { audit } from './audit.ts';
import { approvedRepairId, insertOnce, namesOf } from './claims.ts';
import type { Desk } from './lead.ts';
import { chosenOf, type Decision, keyOf, type Proposal, proposals } from './proposals.ts';
import { rejections, rejects } from './rejected.ts';
import { queueRepair } from './scan/queue-repairs.ts';
import type { Tools } from './tools.ts';

/**
 * What became of one item of a proposal. `decided`: somebody had decided otherwise before, on this proposal or on the same repair in
 * another. `busy`: another repair has the person, and nothing was decided. `over`: it was released before and is at its end.
 */
export interface Decided {
  readonly item: Proposed;
  readonly outcome: DecisionOutcome;
  /** Who decided, and when; null where nothing was decided. */
  readonly decision: DecisionRow | null;
}

/**
 * Releases repairs of a proposal. Each is looked at afresh by its own preflight before anything is done, and none raises a limit of
 * tomorrow's. Said again, it goes on where a call that died has stopped. Throws `invalid` for what is not there, is over, or names
 * nobody.
 */
export async function approve(decision: Decision, desk: Desk & Pick<Tools, 'log'>): Promise<readonly Decided[]> {
  const { proposal, chosen } = await chosenOf(decision, desk);
  const rejected = await rejections(desk);
  const decided: Decided[] = [];
  for (const item of chosen) decided.push(await approveOne(proposal, item, rejected(item.members), decision.by, desk));
  return decided;
}

async function approveOne(
  proposal: Proposal,
  item: Proposed,
  rejection: DecisionRow | null,
  by: string,
  desk: Desk & Pick<Tools, 'log'>,
): Promise<Decided> {
  if (rejection !== null) return { item, outcome: 'decided', decision: rejection };
  const isOurs = proposal.decisions.get(keyOf(item.members))?.decision === 'approved';
  if (!isOurs && (await isBusy(item, desk))) return { item, outcome: 'busy', decision: null };
  const row = await decide(proposal, item, 'approved', by, desk);
  return { item, decision: row, outcome: await queueApproved(proposal, item, row, desk) };
}

/** Asked before anything is decided: what nobody can carry out now is proposed again when the other repair is over. */
async function isBusy({ members }: Proposed, { state }: Pick<Tools, 'state'>): Promise<boolean> {
  for (const name of members.flatMap((member) => namesOf(member)))
    if ((await state.claims.get(name, 'open')) !== null) return true;
  return false;
}

/** Says that nobody is to be asked again about these repairs, for as long as their findings stay the same. Throws like `approve`. */
export async function reject(decision: Decision, desk: Pick<Tools, 'state' | 'clock'>): Promise<readonly Decided[]> {
  const { proposal, chosen } = await chosenOf(decision, desk);
  const begun = await begunApprovals(desk);
  const decided: Decided[] = [];
  for (const item of chosen) {
    const approved = begun(item.members);
    if (approved !== null) {
      decided.push({ item, decision: approved, outcome: 'decided' });
      continue;
    }
    const row = await decide(proposal, item, 'rejected', decision.by, desk);
    decided.push({ item, decision: row, outcome: rejects(row) ? 'rejected' : 'decided' });
  }
  return decided;
}

/** Approvals of which the repair has begun, in whatever proposal: whoever rejects it now comes too late. */
async function begunApprovals(
  desk: Pick<Tools, 'state' | 'clock'>,
): Promise<(members: readonly PlannedRepair[]) => DecisionRow | null> {
  const begun = new Map<string, DecisionRow>();
  for (const { decisions } of await proposals(desk)) {
    for (const row of decisions.values()) {
      const head = row.decision === 'approved' ? await headOf(approvedRepairId(row.run, row.key), desk) : null;
      if (head !== null && head.row.state !== 'queued' && head.row.state !== 'refused')
        begun.set(`${row.key} ${row.of}`, row);
    }
  }
  return (members) => begun.get(`${keyOf(members)} ${substanceOf(members)}`) ?? null;
}

/** The first decision on a repair stands; whoever comes later is told whose it is. */
async function decide(
  { row, decisions }: Proposal,
  { members }: Proposed,
  decision: DecisionRow['decision'],
  by: string,
  { state, clock }: Pick<Tools, 'state' | 'clock'>,
): Promise<DecisionRow> {
  const { run, scheduled, checksum } = row;
  const key = keyOf(members);
  const mine: DecisionRow = {
    kind: 'decision',
    run,
    scheduled,
    checksum,
    key,
    keys: members.map((member) => member.key),
    decision,
    of: substanceOf(members),
    by,
    at: clock.now(),
    withdrawn: null,
  };
  const stands = decisions.get(key) ?? (await firstOf(mine, { state }));
  // Whatever stands is written down once, also by whoever comes after a call that died.
  await audit([auditOf(stands, members)], { state });
  return stands;
}

async function firstOf(row: DecisionRow, { state }: Pick<Tools, 'state'>): Promise<DecisionRow> {
  if (await insertOnce(() => state.decisions.insert(row))) return row;
  const found = await state.decisions.get('decision', joinKey(invertedTime(row.scheduled), row.key));
  return found?.row.kind === 'decision' ? found.row : row;
}

function auditOf({ run, key, checksum, decision, by, at }: DecisionRow, members: readonly PlannedRepair[]): AuditRow {
  return {
    at,
    id: `decision.${key}`,
    run,
    repair: decision === 'approved' ? approvedRepairId(run, key) : null,
    person: members.map(({ userName }) => userName).join(', '),
    actor: by,
    what: decision,
    before: 'proposed',
    after: `of the proposal ${checksum.slice(0, 12)}`,
    requests: {},
  };
}

/** A call that is under way has so long to queue what it has approved. */
const UNDER_WAY = 5 * MINUTE;

/** Queues what was approved and is not queued, because the call died in between or another repair had the person. */
export async function queueTheApproved(desk: Desk & Pick<Tools, 'log'>): Promise<void> {
  const now = desk.clock.now();
  for (const { row, items, decisions } of await proposals(desk)) {
    for (const { members } of row.expires > now ? items : []) {
      const decision = decisions.get(keyOf(members));
      if (decision?.decision === 'approved' && now - decision.at > UNDER_WAY)
        await queueApproved({ row }, { members }, decision, desk);
    }
  }
}

async function queueApproved(
  { row: { run, checksum, expires } }: Pick<Proposal, 'row'>,
  { members }: Pick<Proposed, 'members'>,
  { decision, by, at }: DecisionRow,
  desk: Desk & Pick<Tools, 'log'>,
): Promise<Decided['outcome']> {
  if (decision !== 'approved') return 'decided';
  const id = approvedRepairId(run, keyOf(members));
  // One that is there already was queued by the call that died, and may be over by now.
  const before = await headOf(id, desk);
  if (before !== null) return isOpen(before.row) || before.row.state === 'done' ? 'queued' : 'over';
  await queueRepair(run, id, members, desk, { approval: { by, at, checksum, expires } });
  return (await headOf(id, desk)) === null ? 'busy' : 'queued';
}
