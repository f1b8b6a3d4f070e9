import { z } from 'zod';
import { AnchorwatchError } from '../errors.ts';
import type { DecisionOutcome } from '../notify/decision-words.ts';
import { type PlannedRepair, substanceOf } from '../plan/plan.ts';
import { type Proposed, proposedSchema } from '../plan/proposed.ts';
import { headOf } from '../repair/journal.ts';
import { isOpen } from '../repair/standing.ts';
import type { AuditRow, DecisionRow, ProposalRow } from '../state/decision-rows.ts';
import { joinKey, invertedTime } from '../state/keys.ts';
import { unpackRows } from '../state/pack.ts';
import { DAY, isoTime } from '../time.ts';
import { audit } from './audit.ts';
import { approvedRepairId, insertOnce, namesOf } from './claims.ts';
import type { Desk } from './lead.ts';
import { rejections, rejects } from './rejected.ts';
import { queueRepair } from './scan/queue-repairs.ts';
import type { Tools } from './tools.ts';

/** A proposal with what was decided on it so far. */
export interface Proposal {
  readonly row: ProposalRow;
  readonly items: readonly Proposed[];
  /** By the key of the first member. */
  readonly decisions: ReadonlyMap<string, DecisionRow>;
}

export interface Decision {
  /** A beginning of the proposal's checksum, of eight digits at least: whoever decides has seen exactly that. */
  readonly checksum: string;
  /** Whom it is about, by user name, Okta user id or Entra object id; null: all of it that may be decided on together. */
  readonly people: readonly string[] | null;
  readonly by: string;
}

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

const itemsSchema = z.array(proposedSchema);

/** Under which a decision is kept: the key of the first member's finding. */
export function keyOf([first]: readonly PlannedRepair[]): string {
  return first?.key ?? '';
}

/** Proposals are looked back on for so long; what is older cannot be approved any more. */
const LISTED = 31 * DAY;

/** Proposals of the last month, the newest first. */
export async function proposals({ state, clock }: Pick<Tools, 'state' | 'clock'>): Promise<readonly Proposal[]> {
  const rows: ProposalRow[] = [];
  const decisions = new Map<string, Map<string, DecisionRow>>();
  const range = { to: invertedTime(clock.now() - LISTED) };
  for await (const { row } of state.decisions.list('plan', range)) if (row.kind === 'proposal') rows.push(row);
  for await (const { row } of state.decisions.list('decision', range))
    if (row.kind === 'decision')
      decisions.set(row.run, (decisions.get(row.run) ?? new Map<string, DecisionRow>()).set(row.key, row));
  return rows.map((row) => ({
    row,
    items: unpackRows(itemsSchema, row.packed, `The proposal of ${row.run}`),
    decisions: decisions.get(row.run) ?? new Map<string, DecisionRow>(),
  }));
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
  const decided: Decided[] = [];
  for (const item of chosen) {
    const row = await decide(proposal, item, 'rejected', decision.by, desk);
    decided.push({ item, decision: row, outcome: rejects(row) ? 'rejected' : 'decided' });
  }
  return decided;
}

async function chosenOf(
  { checksum, people, by }: Decision,
  desk: Pick<Tools, 'state' | 'clock'>,
): Promise<{ readonly proposal: Proposal; readonly chosen: readonly Proposed[] }> {
  if (by.trim() === '') throw new AnchorwatchError('invalid', 'A decision names the person who decides.');
  if (!/^[0-9a-f]{8,64}$/.test(checksum))
    throw new AnchorwatchError('invalid', 'A proposal is named by its checksum: eight hexadecimal digits at least.');
  const found = (await proposals(desk)).filter(({ row }) => row.checksum.startsWith(checksum));
  // The same people may be proposed night after night, under the same checksum: the newest is the one that is open.
  const [proposal] = found;
  if (proposal === undefined)
    throw new AnchorwatchError(
      'invalid',
      `There is no proposal ${checksum}. They are listed by: anchorwatch proposals`,
    );
  if (found.some(({ row }) => row.checksum !== proposal.row.checksum))
    throw new AnchorwatchError(
      'invalid',
      `${checksum} begins the checksums of ${found.length} proposals: give more of it.`,
    );
  const { run, expires } = proposal.row;
  if (expires <= desk.clock.now())
    throw new AnchorwatchError(
      'invalid',
      `The proposal of ${run} could be decided on until ${isoTime(expires)}. The next scan proposes anew what is still so.`,
    );
  const chosen = people === null ? proposal.items.filter(({ why }) => why === null) : named(proposal, people);
  if (chosen.length === 0)
    throw new AnchorwatchError('invalid', `Each of the proposal of ${run} is decided on alone: name whom it is about.`);
  return { proposal, chosen };
}

/** Each once, also where two of a ring are named. */
function named({ row, items }: Proposal, people: readonly string[]): readonly Proposed[] {
  const found = people.map((name) => {
    const wanted = name.toLowerCase();
    const isOf = (repair: PlannedRepair): boolean =>
      [repair.userName, ...namesOf(repair)].some((one) => one.toLowerCase() === wanted);
    const item = items.find(({ members }) => members.some(isOf));
    if (item === undefined)
      throw new AnchorwatchError('invalid', `"${name}" is not in the proposal of ${row.run}; nothing was decided.`);
    return item;
  });
  const chosen = [...new Set(found)];
  if (chosen.length > 1 && chosen.some(({ why }) => why !== null))
    throw new AnchorwatchError(
      'invalid',
      'Who is decided on alone is named alone, with both accounts in view: nothing was decided.',
    );
  return chosen;
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

async function queueApproved(
  { row: { run, checksum, expires } }: Proposal,
  { members }: Proposed,
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
