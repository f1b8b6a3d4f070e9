import { canonical } from '../../shared/canonical.ts';
import type { PlannedRepair } from '../../shared/plan/plan.ts';
import type { RepairRow } from '../../shared/state/repair-rows.ts';
import { HOUR } from '../../shared/time.ts';
import { hasTold, isGivenUp } from './mirror.ts';
import { assignmentOf, type Original } from './originals.ts';
import { endsOf, type Made } from './simulation.ts';

// What must hold once nothing happens any more.

export type Broken = (promise: number, what: string) => void;

/** Whatever happens, a run is at rest within two days. */
const LONGEST = 47 * HOUR;

/** 9: whatever cannot finish stops, and waits for a person. */
export function inTime(made: Made, broken: Broken): void {
  const { heads, journal } = made.mirror;
  const isTheirs = [...heads.values()].every((head) => head.due === null || isForPeople(head, made));
  const { tells } = made.scenario;
  if (tells !== undefined && !hasTold(made.mirror, tells)) broken(9, `nobody was told: ${tells}`);
  if (!isTheirs && made.scheduler.now - (journal[0]?.at ?? made.scheduler.now) >= LONGEST)
    broken(9, 'it never came to rest');
}

/** Every repair at the end that its scenario names, every person as before but for the anchor, and no secret in the log. */
export function asTheyEnded(made: Made, originals: readonly Original[], broken: Broken): void {
  for (const head of made.mirror.heads.values()) ended(head, made, broken);
  if (made.scenario.isEdited !== true) for (const original of originals) asBefore(original, made, broken);
  for (const line of made.lines) if (ANCHOR.test(line)) broken(10, `a full anchor stands in the log: ${line}`);
  for (const error of made.errors) broken(0, `something unforeseen was thrown: ${String(error)}`);
}

const ANCHOR = /[A-Za-z0-9+/]{22}==/;

/** After an edit it may be for a person to mend, who is reminded; what was done by hand may have been undone by it. */
function isForPeople({ id, state }: RepairRow, { scenario, mirror }: Made): boolean {
  const isAsked = mirror.journal.findLast(({ repair }) => repair === id)?.facts['by'] === 'person';
  return scenario.isEdited === true && (isAsked || state === 'needs-a-person');
}

/** The end that the scenario names; and 9: who did not get through is told of. */
function ended(head: RepairRow, made: Made, broken: Broken): void {
  const { scenario, mirror } = made;
  if (!endsOf(scenario).includes(head.state) && !isGivenUp(head) && !isForPeople(head, made)) {
    const where = `${head.cursor?.goal ?? ''} ${head.cursor?.step ?? ''}, ${head.rule ?? ''} ${head.reason ?? ''}`;
    broken(0, `${head.id} ended ${head.state}, not ${endsOf(scenario).join(' or ')} (${where})`);
  }
  const mustTell = head.state === 'needs-a-person' || head.state === 'undone';
  const names = [head.id, ...head.members.map(({ userName }) => userName)];
  const isTold = mirror.notices.some(({ notice, body }) =>
    names.some((name) => notice.includes(name) || body.includes(name)),
  );
  const isAlarm = mirror.notices.some(({ kind, notice }) => kind === 'alarm' && notice.includes(head.id));
  if (head.rule === 'leaver' && !isAlarm) broken(9, `${head.id} is a leaver’s and nobody was alarmed`);
  if (mustTell && !isTold) broken(9, `${head.id} ended ${head.state} and nobody was told`);
}

/** 3 and 4: UPN, licences, memberships, scope, roles as they were, apart from the anchor and what the scenario excuses. */
function asBefore(original: Original, made: Made, broken: Broken): void {
  const { created, scheduler, scenario, mirror } = made;
  const { account, assignment, member, groups, repair } = original;
  const { state } = created.inside;
  const now = state.entraUsers.get(account.id, scheduler.now);
  const held = state.assignments.get(created.ids.office365)?.get(member.user, scheduler.now);
  const compare = (promise: number, what: string, one: unknown, other: unknown): void => {
    if (!(scenario.excused ?? []).includes(what) && canonical(one) !== canonical(other))
      broken(promise, `${member.userName}: ${what} is ${canonical(other)}, it was ${canonical(one)}`);
  };
  const own = state.oktaUsers.get(member.user, scheduler.now)?.groups ?? [];
  const lost = account.syncedGroups.filter((group) => now?.syncedGroups.includes(group) !== true);
  compare(3, 'UPN', account.userName, now?.userName);
  compare(4, 'enabled', account.enabled, now?.enabled);
  compare(4, 'licences', account.licenses, now?.licenses);
  compare(4, 'memberships', [], lost);
  compare(4, 'groups of its own', account.extras?.groups ?? [], now?.extras?.groups ?? []);
  compare(4, 'assignment', assignment, held === undefined ? null : assignmentOf(held));
  compare(4, 'Okta groups', [...groups].sort(), [...own].sort());
  const head = mirror.heads.get(repair);
  if (endsOf(scenario).length === 0) compare(4, 'old anchor', member.before.e, now?.anchor);
  if (head === undefined || isGivenUp(head)) return;
  if (scenario.regroups === true) compare(4, 'lacking', [], lacking(member, now?.syncedGroups ?? [], made));
  if (head.state === 'done') compare(0, 'anchor', member.before.a, now?.anchor);
  if (head.state === 'done') compare(0, 'copy', member.before.a, held?.immutableId);
  if (head.state === 'refused' || head.state === 'undone') compare(4, 'old anchor', member.before.e, now?.anchor);
}

/** Distribution groups of the person in whose twins the account is not. */
function lacking({ user }: PlannedRepair, held: readonly string[], { created, scheduler }: Made): readonly string[] {
  const { state } = created.inside;
  const groups = state.oktaUsers.get(user, scheduler.now)?.groups ?? [];
  return groups.filter((group) => {
    const twin = state.twins.get(group);
    const isList = state.groups.get(group)?.directory?.groupType === 'Distribution';
    return isList && twin !== undefined && !held.includes(twin);
  });
}
