import { AnchorwatchError } from '../errors.ts';
import { type PlannedRepair, substanceOf } from '../plan/plan.ts';
import type { Stored } from '../ports/state.ts';
import type { DecisionRow } from '../state/decision-rows.ts';
import { invertedTime } from '../state/keys.ts';
import { DAY, isoDay } from '../time.ts';
import { auditSaid } from './audit.ts';
import type { Tools } from './tools.ts';

/** For so long nobody is asked again about a repair that somebody did not want. */
const REJECTED_FOR = 30 * DAY;

/** Which repairs somebody did not want lately: asked by their members, whatever run has proposed them. */
export async function rejections({ state, clock }: Pick<Tools, 'state' | 'clock'>): Promise<Rejections> {
  const since = clock.now() - REJECTED_FOR;
  const found = new Map<string, DecisionRow>();
  for await (const { row } of state.decisions.list('decision', { to: invertedTime(since) }))
    if (row.kind === 'decision' && rejects(row)) found.set(`${row.key} ${row.of}`, row);
  return (members) => found.get(`${members[0]?.key} ${substanceOf(members)}`) ?? null;
}

/** It is a rejection, and nobody has withdrawn it. */
export function rejects({ decision, withdrawn }: DecisionRow): boolean {
  return decision === 'rejected' && withdrawn === null;
}

export type Rejections = (members: readonly PlannedRepair[]) => DecisionRow | null;

export function rejectionText({ by, at }: DecisionRow): string {
  return `${by} rejected it on ${isoDay(at)}`;
}

/**
 * Has the next scan propose again what somebody did not want of a person, by Okta user id or Entra object id, in whatever proposal. On the
 * proposal itself the decision stands: nothing runs by this. Gives back the rejections. Throws `invalid` where there are none.
 */
export async function withdrawRejections(
  person: string,
  by: string,
  { state, clock }: Pick<Tools, 'state' | 'clock'>,
): Promise<readonly DecisionRow[]> {
  if (by.trim() === '') throw new AnchorwatchError('invalid', 'Whoever withdraws a rejection gives a name.');
  const at = clock.now();
  const found: Stored<DecisionRow>[] = [];
  for await (const { row, etag } of state.decisions.list('decision', { to: invertedTime(at - REJECTED_FOR) }))
    if (row.kind === 'decision' && rejects(row) && row.keys.some((key) => key.split('.').includes(person)))
      found.push({ row, etag });
  if (found.length === 0)
    throw new AnchorwatchError('invalid', `Nobody has rejected a repair of ${person} within 30 days.`);
  for (const { row, etag } of found) {
    const { run, key } = row;
    const before = rejectionText(row);
    await auditSaid({ at, about: key, run, person, actor: by, what: 'rejection withdrawn', before }, { state });
    await state.decisions.replace({ ...row, withdrawn: { by, at } }, etag);
  }
  return found.map(({ row }) => row);
}
