import type { SetupChange } from '../../plan/policy.ts';
import type { RunRow, Setup } from '../../state/rows.ts';
import type { Tools } from '../tools.ts';
import type { Past } from './past.ts';

/** *Deactivate Users* as people have set it: while a hold of ours is open, it is what it was before. */
export async function settledSetup(office365: string, seen: Setup, { state }: Pick<Tools, 'state'>): Promise<Setup> {
  for await (const { row } of state.holds.list('hold'))
    if (row.kind === 'hold' && row.app === office365 && row.state !== 'closed')
      return { ...seen, deactivateUsers: row.prior };
  return seen;
}

/**
 * What somebody has changed about the app: the mapping since the last good run, or *Deactivate Users* since the run whose counts were
 * confirmed. Null where nothing was, or where nobody wrote down how it was before.
 */
export function setupChange(now: Setup, { runs }: Pick<Past, 'runs'>): SetupChange | null {
  const last = setupOf(runs[0]);
  if (last !== null && last.mapping !== now.mapping) {
    const [before, after] = [last, now].map(({ mapping }) => mapping ?? 'none');
    return {
      rule: 'mapping-changed',
      reason: `the Immutable ID is mapped by ${after} now, and by ${before} the last time`,
    };
  }
  const baseline = setupOf(runs.at(-1));
  if (baseline !== null && baseline.deactivateUsers !== now.deactivateUsers) {
    const [before, after] = [baseline, now].map(({ deactivateUsers }) => deactivateUsers ?? 'without provisioning');
    return {
      rule: 'deactivate-changed',
      reason: `Deactivate Users is ${after} now, and was ${before} in the run ${runs.at(-1)?.id ?? ''}; if that is meant, confirm a run anew`,
    };
  }
  return null;
}

function setupOf(run: RunRow | undefined): Setup | null {
  return run?.summary?.setup ?? null;
}
