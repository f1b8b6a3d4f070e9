import type { SetupChange } from '../../plan/policy.ts';
import type { Setup } from '../../state/rows.ts';
import type { Instant } from '../../time.ts';
import type { Tools } from '../tools.ts';
import type { Past } from './past.ts';

/** *Deactivate Users* as people have set it: while a hold of ours was open since it was read, it is what it was before. */
export async function settledSetup(
  office365: string,
  seen: Setup,
  since: Instant,
  { state }: Pick<Tools, 'state'>,
): Promise<Setup> {
  for await (const { row } of state.holds.list('hold'))
    if (row.kind === 'hold' && row.app === office365 && (row.state !== 'closed' || row.since >= since))
      return { ...seen, deactivateUsers: row.prior };
  return seen;
}

/**
 * What somebody has changed about the app since the run whose counts were confirmed. It stays a change until somebody confirms a run
 * anew: what drifts by it is only repaired the night after it was first seen. Null where nothing was, or nobody wrote down how it was.
 */
export function setupChange(
  now: Setup,
  { runs, baselineConfirmed }: Pick<Past, 'runs' | 'baselineConfirmed'>,
): SetupChange | null {
  const baseline = baselineConfirmed ? runs.at(-1) : undefined;
  const before = baseline?.summary?.setup ?? null;
  if (baseline === undefined || before === null) return null;
  const since = `in the run ${baseline.id}; if that is meant, confirm a run anew`;
  if (before.mapping !== now.mapping) {
    const reason = `the Immutable ID is mapped by ${now.mapping ?? 'nothing'} now, and was by ${before.mapping ?? 'nothing'} ${since}`;
    return { rule: 'mapping-changed', reason };
  }
  if (before.deactivateUsers === now.deactivateUsers) return null;
  const [was, is] = [before, now].map(({ deactivateUsers }) => deactivateUsers ?? 'without provisioning');
  return { rule: 'deactivate-changed', reason: `Deactivate Users is ${is} now, and was ${was} ${since}` };
}
