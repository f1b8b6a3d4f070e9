import { type PlannedRepair, substanceOf } from '../plan/plan.ts';
import type { DecisionRow } from '../state/decision-rows.ts';
import { invertedTime } from '../state/keys.ts';
import { DAY, isoDay } from '../time.ts';
import type { Tools } from './tools.ts';

/** For so long nobody is asked again about a repair that somebody did not want. */
const REJECTED_FOR = 30 * DAY;

/** Which repairs somebody did not want lately: asked by their members, whatever run has proposed them. */
export async function rejections({ state, clock }: Pick<Tools, 'state' | 'clock'>): Promise<Rejections> {
  const since = clock.now() - REJECTED_FOR;
  const found = new Map<string, DecisionRow>();
  for await (const { row } of state.decisions.list('decision', { to: invertedTime(since) }))
    if (row.kind === 'decision' && row.decision === 'rejected') found.set(`${row.key} ${row.of}`, row);
  return (members) => found.get(`${members[0]?.key} ${substanceOf(members)}`) ?? null;
}

export type Rejections = (members: readonly PlannedRepair[]) => DecisionRow | null;

export function rejectionText({ by, at }: DecisionRow): string {
  return `${by} rejected it on ${isoDay(at)}`;
}
