import * as z from 'zod';
import { AnchorwatchError } from '../errors.ts';
import type { PlannedRepair } from '../plan/plan.ts';
import { type Proposed, proposedSchema } from '../plan/proposed.ts';
import type { DecisionRow, ProposalRow } from '../state/decision-rows.ts';
import { invertedTime } from '../state/keys.ts';
import { unpackRows } from '../state/pack.ts';
import { DAY, isoTime } from '../time.ts';
import { namesOf } from './claims.ts';
import type { Tools } from './tools.ts';

/** A proposal with what was decided on it so far. */
export interface Proposal {
  readonly row: ProposalRow;
  readonly items: readonly Proposed[];
  /** By the key of the first member. */
  readonly decisions: ReadonlyMap<string, DecisionRow>;
}

/** What somebody decides, and on what. */
export interface Decision {
  /** A beginning of the proposal's checksum, of eight digits at least: whoever decides has seen exactly that. */
  readonly checksum: string;
  /** The run whose proposal was looked at, where that is known: the accounts beside the plan are as that run saw them. */
  readonly run?: string;
  /** Whom it is about, by user name, Okta user id or Entra object id; null: all of it that may be decided on together. */
  readonly people: readonly string[] | null;
  readonly by: string;
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

/** What can be decided on, the newest first: each repair in the newest of the plans that hold it. */
export async function openProposals(tools: Pick<Tools, 'state' | 'clock'>): Promise<readonly Proposal[]> {
  const now = tools.clock.now();
  const newer = new Set<string>();
  const open: Proposal[] = [];
  for (const proposal of await proposals(tools)) {
    if (proposal.row.expires <= now) continue;
    const items = proposal.items.filter(({ members }) => !newer.has(keyOf(members)));
    for (const { members } of items) newer.add(keyOf(members));
    if (items.length > 0) open.push({ ...proposal, items });
  }
  return open;
}

/**
 * What a decision is about. Throws `invalid` for what is not there, is over, or names nobody, and `conflict` for what was proposed anew since
 * it was looked at.
 */
export async function chosenOf(
  { checksum, run: seen, people, by }: Decision,
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
  if (seen !== undefined && seen !== run)
    throw new AnchorwatchError(
      'conflict',
      `The run ${run} has proposed the same plan anew since that was looked at, perhaps with other accounts beside it: look again.`,
    );
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
