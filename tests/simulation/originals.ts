import type { EntraRecord } from '../../local/world/graph/records.ts';
import type { PlannedRepair } from '../../shared/plan/plan.ts';
import { placeholderOf } from '../../shared/repair/anchors.ts';
import { START } from '../world/callers.ts';
import type { Made } from './simulation.ts';

/** What was true of one person before anything began. */
export interface Original {
  readonly member: PlannedRepair;
  readonly repair: string;
  /** Which member of the repair. */
  readonly place: number;
  /** What a member of this repair, if it is a ring, may hold for a moment. */
  readonly placeholder: string;
  readonly account: EntraRecord;
  readonly assignment: unknown;
  readonly groups: readonly string[];
}

export function originalsOf({ created, repairs, ids }: Made): readonly Original[] {
  const { state } = created.inside;
  return repairs.flatMap((members, at) => {
    const repair = ids[at] ?? '';
    const placeholder = placeholderOf(repair);
    return members.flatMap((member, place) => {
      const account = state.entraUsers.get(member.objectId, START);
      const held = state.assignments.get(created.ids.office365)?.get(member.user, START);
      if (account === undefined || held === undefined) return [];
      const groups = state.oktaUsers.get(member.user, START)?.groups ?? [];
      return [{ member, repair, place, placeholder, account, assignment: assignmentOf(held), groups }];
    });
  });
}

export function assignmentOf({
  scope,
  grantedBy,
  licenses,
  roles,
  userName,
}: {
  readonly scope: string;
  readonly grantedBy: string | null;
  readonly licenses: readonly string[];
  readonly roles: readonly string[];
  readonly userName: string;
}) {
  return { scope, grantedBy, licenses, roles, userName };
}
