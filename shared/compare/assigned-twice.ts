import { order } from './pair.ts';
import type { Assignment, Rosters } from './rows.ts';
import { isLive } from './standing.ts';

/** The names of everybody whom two Office 365 apps push, matched or drifted, in order; an Okta id where there is no name. */
export function assignedTwice({ assignments }: Rosters): readonly string[] {
  const first = new Map<string, Assignment>();
  const names = new Map<string, string>();
  for (const assignment of assignments) {
    if (!isLive(assignment)) continue;
    const { user, app } = assignment;
    const other = first.get(user);
    if (other === undefined) first.set(user, assignment);
    else if (other.app !== app)
      names.set(user, [other.userName ?? user, assignment.userName ?? user].sort(order)[0] ?? user);
  }
  return [...names.values()].sort(order);
}
