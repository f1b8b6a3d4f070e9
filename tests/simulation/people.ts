import type { AssignmentRecord, DirectoryRecord } from '../../local/world/okta/records.ts';
import type { EntraRecord } from '../../local/world/graph/records.ts';
import type { CreatedWorld } from '../../local/world/world.ts';
import type { PlannedRepair } from '../../shared/plan/plan.ts';
import { guidOf } from '../../shared/repair/journal.ts';
import { immutableIdOf } from '../../shared/anchor/write.ts';
import { START } from '../world/callers.ts';

/** One person of a simulated world, on all three sides. */
export interface Someone {
  readonly user: string;
  readonly directory: DirectoryRecord;
  readonly assignment: AssignmentRecord;
  readonly account: EntraRecord;
}

/** People whose three sides are equal and who are licensed: those with a scope of their own, or those whom a group grants the app. */
export function peopleOf({ inside, ids }: CreatedWorld, scope: 'USER' | 'GROUP'): readonly Someone[] {
  const { state } = inside;
  const found: Someone[] = [];
  for (const assignment of state.assignments.get(ids.office365)?.list(null, START) ?? []) {
    const { user, externalId } = assignment;
    const account = externalId === null ? undefined : state.entraUsers.get(externalId, START);
    const directory = [...state.directories.values()].flatMap((roster) => roster.get(user, START) ?? [])[0];
    if (account === undefined || directory === undefined || assignment.scope !== scope) continue;
    if (account.anchor !== directory.externalId || assignment.immutableId !== directory.externalId) continue;
    found.push({ user, directory, assignment, account });
  }
  return found;
}

/** So many people with an assignment of their own; where there are too few, people leave the group that grants it, for good. */
export function peopleOfTheirOwn(created: CreatedWorld, number: number): readonly Someone[] {
  const own = peopleOf(created, 'USER');
  const converted = peopleOf(created, 'GROUP')
    .slice(0, Math.max(0, number - own.length))
    .map((someone) => ownOf(created, someone));
  const people = [...own, ...converted].slice(0, number);
  if (people.length < number) throw new Error(`There are only ${people.length} people in this world.`);
  return people;
}

function ownOf({ inside, ids }: CreatedWorld, someone: Someone): Someone {
  const { state } = inside;
  const user = state.oktaUsers.get(someone.user, START);
  if (user === undefined) return someone;
  const groups = user.groups.filter((group) => group !== ids.groups.granting);
  // No rule puts somebody without a department back.
  state.oktaUsers.put({ ...user, groups, department: null });
  const assignment: AssignmentRecord = { ...someone.assignment, scope: 'USER', grantedBy: null };
  state.assignments.get(ids.office365)?.put(assignment);
  return { ...someone, assignment };
}

/** An anchor that nobody in the world has. */
export function strangeAnchor(name: string): string {
  return immutableIdOf(guidOf(name));
}

/** Sets what Okta and Entra hold of somebody, as if it had always been so, and plans the repair. */
export function drifted(
  created: CreatedWorld,
  someone: Someone,
  held: { readonly o?: string | null; readonly e?: string | null },
  recipe: PlannedRepair['recipe'] = 'reanchor',
): PlannedRepair {
  const { state } = created.inside;
  const a = someone.directory.externalId ?? '';
  const { o = a, e = a } = held;
  state.assignments.get(created.ids.office365)?.put({ ...someone.assignment, immutableId: o });
  // Whoever is anchored wrongly has dropped out of the synced groups.
  const syncedGroups = e === a ? someone.account.syncedGroups : [];
  state.entraUsers.put({ ...someone.account, anchor: e, syncedGroups });
  const { userName } = someone.assignment;
  const federated = state.domains.get(userName.slice(userName.indexOf('@') + 1))?.federated === true;
  return {
    key: `${someone.user}.${someone.account.id}`,
    user: someone.user,
    objectId: someone.account.id,
    userName,
    recipe,
    park: recipe !== 'reassign' && federated,
    after: null,
    before: { a, o, e },
    witness: 'external-id',
  };
}

/** Puts people into an Okta group, as if they had always been in it. */
export function inGroup({ inside }: CreatedWorld, group: string, users: readonly string[]): void {
  for (const user of users) {
    const record = inside.state.oktaUsers.get(user, START);
    if (record !== undefined && !record.groups.includes(group))
      inside.state.oktaUsers.put({ ...record, groups: [...record.groups, group] });
  }
}
