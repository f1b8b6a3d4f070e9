import { isRule } from '../plan/rules.ts';
import type { Side } from '../plan/sides.ts';
import { differsOf } from '../notify/finding-words.ts';
import { moment } from '../notify/phrases.ts';
import { CHANGE_WORDS, IMPACT_WORDS, RELATION_WORDS, VERDICT_WORDS } from '../notify/words.ts';
import { RULE_WORDS } from '../notify/rule-words.ts';
import { invertedTime, joinKey, personPartition } from '../state/keys.ts';
import type { HistoryRow, SeenFinding } from '../state/rows.ts';
import { isoDay } from '../time.ts';
import { goodRunsBefore } from './run.ts';
import { readSeen, readSides } from './scan/snapshot.ts';
import type { Tools } from './tools.ts';

type Kept = Pick<Tools, 'state' | 'clock'>;

/** Why a person is as the last good run found them, and what is done about it. */
export interface Explanation {
  readonly lines: readonly string[];
  /** Changes of the finding, the newest first: when, what, verdict, impact. */
  readonly past: readonly (readonly [string, string, string, string])[];
  /** Both accounts of somebody whose accounts a person has to compare, as the run saw them; empty for anybody else. */
  readonly sides: readonly Side[];
}

/** What the last good run found of somebody, by user name, Okta user id or Entra object id; null where it found nothing. */
export async function seenAs(name: string, { state, clock }: Kept): Promise<SeenFinding | null> {
  const [last] = await goodRunsBefore(state, clock.now() + 1, 1);
  if (last === undefined) return null;
  const wanted = name.toLowerCase();
  const isOf = ({ finding: { userName, user, objectId } }: SeenFinding): boolean =>
    [userName, user, objectId].some((one) => one?.toLowerCase() === wanted);
  return (await readSeen(last, { state })).find(isOf) ?? null;
}

export async function explained(seen: SeenFinding, tools: Kept): Promise<Explanation> {
  const { finding, firstSeen } = seen;
  const { when, why, next } = VERDICT_WORDS[finding.verdict];
  const relation = finding.relation === 'none' ? [] : [RELATION_WORDS[finding.relation]];
  const past = await pastOf(finding.key, tools);
  return {
    lines: [
      `${finding.userName}: ${finding.verdict}, since ${isoDay(firstSeen)}. ${when} ${why}`,
      IMPACT_WORDS[finding.impact],
      ...relation,
      `${differsOf(finding)}.`,
      next,
      ...(await whatIsDone(seen, tools)),
    ],
    past: past.map(({ at, change, verdict, impact }) => [moment(at), CHANGE_WORDS[change], verdict, impact]),
    sides: await sidesOf(finding.key, tools),
  };
}

async function sidesOf(key: string, { state, clock }: Kept): Promise<readonly Side[]> {
  const [last] = await goodRunsBefore(state, clock.now() + 1, 1);
  return last === undefined ? [] : readSides(last.id, key, { state });
}

/** The rule that holds the person back with its numbers, or where the repair is. */
async function whatIsDone({ hold, repair }: SeenFinding, { state }: Kept): Promise<readonly string[]> {
  const found = repair === null ? null : await state.repairs.get(repair, 'head');
  const head = found?.row.kind === 'head' ? found.row : null;
  const standing =
    head === null
      ? []
      : [`The repair ${head.id} is ${head.state}${head.rule === null ? '' : ` (${head.rule}: ${head.reason ?? ''})`}.`];
  // Approved by a call that died before it had queued it, `tend` queues it.
  if (hold === null)
    return standing.length > 0
      ? standing
      : ['It was released for repair, and is queued within the hour if it is not yet.'];
  const words = isRule(hold.rule) ? RULE_WORDS[hold.rule] : null;
  const held = `Not repaired by rule ${hold.rule}: ${hold.reason}. ${words?.why ?? ''} ${words?.next ?? ''}`.trim();
  return [held, ...standing];
}

/** Changes of the person's finding, the newest first. */
async function pastOf(key: string, { state, clock }: Kept): Promise<readonly HistoryRow[]> {
  const rows: HistoryRow[] = [];
  const range = { from: joinKey(key, invertedTime(clock.now())), to: joinKey(key, invertedTime(0)), limit: 20 };
  for await (const { row } of state.history.list(personPartition(key), range)) rows.push(row);
  return rows;
}
