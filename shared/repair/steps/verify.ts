import { canonical } from '../../canonical.ts';
import type { EntraDetail } from '../../ports/entra.ts';
import type { AssignmentDetail } from '../../ports/okta-repairs.ts';
import { licenseText } from '../before.ts';
import { splitLeft } from '../groups.ts';
import { untilTwoJobs } from '../jobs.ts';
import { AFTER, copyWanted, type Look, refused, type Step, waiting, type Work } from '../step.ts';

/** Step 13. Fresh reads of all sides; groups and licences once more after two sync cycles: until then it is set, not yet proven. */
export const verify: Step = {
  async look(work): Promise<Look> {
    const { cursor, course, tools } = work;
    if ((await splitLeft(work)).outside.length > 0) return { seen: 'undone', step: 'rejoin-groups', isCertain: false };
    const faults = await faultsOf(work);
    if (faults.length > 0) return refused('not-as-it-should-be', faults.join('; '));
    // No job finds anybody missing who was never unassigned.
    const isUntouched = !work.head.touched || course.unassign === 'none';
    const left = cursor.since + 2 * tools.repair.times.cycle - tools.clock.now();
    if (left <= 0 || (cursor.goal === 'as-before' && isUntouched)) return AFTER;
    const jobs = await untilTwoJobs(course.app, cursor.since, 0, tools);
    return jobs === 0 ? AFTER : waiting('set, not yet proven', Math.min(jobs, left));
  },
  canWait: () => true,
  async act() {
    return { requestId: null };
  },
};

async function faultsOf(work: Work): Promise<readonly string[]> {
  const { member, tools } = work;
  const account = await tools.entra.user(member.objectId);
  if (account === null) return ['the Entra account is gone'];
  const assignment = await tools.okta.assignmentDetail(work.course.app, member.user);
  return [
    ...anchorFaults(work, account, assignment),
    ...(await accountFaults(work, account)),
    ...assignmentFaults(work, assignment),
    ...(await secondAccounts(work)),
  ];
}

function anchorFaults(work: Work, account: EntraDetail, assignment: AssignmentDetail | null): readonly string[] {
  const { member, cursor, course } = work;
  const { a, o, e } = member.before;
  const wanted = cursor.goal === 'repaired' ? a : e;
  // Whom Okta assigns again while Entra holds no anchor is given Okta's: nothing is left to bring back.
  const isHealed = cursor.goal === 'as-before' && e === null && account.anchor === a;
  const faults = account.anchor === wanted || isHealed ? [] : ['the anchor in Entra is not what it should be'];
  if (course.unassign === 'none' && !course.nudge) return faults;
  const copy = assignment?.anchor ?? null;
  if (cursor.goal === 'repaired')
    return copy === copyWanted(work) ? faults : [...faults, 'Okta’s copy is not the anchor of AD'];
  // Where Entra is right, a copy that is right after all is nothing to complain of.
  return copy === o || (member.recipe === 'reassign' && copy === a)
    ? faults
    : [...faults, 'Okta holds the anchor of AD by now and Entra does not: the person cannot sign in'];
}

async function accountFaults(
  { member, course, before, tools }: Work,
  account: EntraDetail,
): Promise<readonly string[]> {
  const faults: string[] = [];
  if (account.userName.toLowerCase() !== member.userName.toLowerCase()) faults.push('the UPN is not the person’s own');
  if (!account.enabled) faults.push('the Entra account is disabled');
  if (before === null) return faults;
  if (licenseText(await tools.entra.licenses(member.objectId)) !== licenseText(before.account.licenses))
    faults.push('the licences are not what they were');
  // Groups follow AD's anchor, which is taken back here.
  if (course.undoes) return faults;
  const held = new Set((await tools.entra.groupsOf(member.objectId)).map(({ id }) => id));
  const missing = before.account.groups.filter(({ id }) => !held.has(id));
  const out = missing.length === 0 ? new Set<string>() : await takenOut(member.user, before, tools);
  const lost = missing.filter(({ id }) => !out.has(id));
  if (lost.length > 0)
    faults.push(`not in the groups ${lost.map(({ id, displayName }) => displayName ?? id).join(', ')} any more`);
  return faults;
}

/** Entra's twins of the AD groups that somebody has taken the person out of meanwhile: Entra lacks them with good reason. */
async function takenOut(
  user: string,
  { directoryGroups }: NonNullable<Work['before']>,
  { okta, entra }: Work['tools'],
): Promise<ReadonlySet<string>> {
  const now = new Set((await okta.oktaGroups(user)).map(({ id }) => id));
  const twins = await Promise.all(directoryGroups.filter(({ id }) => !now.has(id)).map((group) => entra.twinOf(group)));
  return new Set(twins.flatMap((twin) => (twin === null ? [] : [twin.id])));
}

function assignmentFaults({ course, cursor, before }: Work, now: AssignmentDetail | null): readonly string[] {
  if (now === null)
    return cursor.goal === 'as-before' && course.unassign === 'guided'
      ? [
          'Office 365 was unassigned after it was wanted no more, with Deactivate Users on: assign it again, and look whether the account is intact',
        ]
      : ['Office 365 is not assigned'];
  if (before === null) return [];
  const { scope, profile, unmapped } = before.assignment;
  const changed = unmapped.filter((name) => canonical(now.profile[name]) !== canonical(profile[name]));
  return [
    ...(scope === now.scope
      ? []
      : [`the assignment’s scope is ${now.scope ?? 'unknown'}, it was ${scope ?? 'unknown'}`]),
    ...(changed.length === 0 ? [] : [`the assignment’s ${changed.join(', ')} changed`]),
  ];
}

async function secondAccounts({ member, cursor, tools }: Work): Promise<readonly string[]> {
  const named = await tools.entra.usersByAddress(member.userName);
  const anchored = cursor.goal === 'repaired' ? await tools.entra.usersByAnchor(member.before.a) : [];
  const others = new Set([...named, ...anchored].map(({ id }) => id).filter((id) => id !== member.objectId));
  return others.size === 0 ? [] : [`there is a second account: ${[...others].join(', ')}`];
}
