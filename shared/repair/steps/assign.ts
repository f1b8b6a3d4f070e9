import { AnchorwatchError } from '../../errors.ts';
import type { AssignmentDetail } from '../../ports/okta-repairs.ts';
import { canonical } from '../../canonical.ts';
import { assigningOf, licenseText } from '../before.ts';
import { isExcluded } from '../groups.ts';
import { isFirst, memberOf, noteFirst, readHold } from '../hold.ts';
import { AFTER, BEFORE, copyWanted, type Look, neither, refused, type Step, waiting, type Work } from '../step.ts';

const PROVISIONED: ReadonlySet<string> = new Set(['ACTIVE', 'PROVISIONED']);

/**
 * Step 7. The assignment comes back with its scope and its unmapped attributes; Okta computes the rest, finds the account by its name
 * and links it. It is done when Okta has provisioned it, holds the right anchor, and holds it for this very account.
 */
export const assign: Step = {
  async look(work) {
    const { course, member, tools } = work;
    const assignment = await tools.okta.assignmentDetail(course.app, member.user);
    // Until the rule has run nothing shows of it: whoever stays in there loses Office 365 later.
    if (await isExcluded(course, member.user, tools)) return BEFORE;
    if (assignment !== null) return course.nudge ? nudgeLook(work, assignment) : presentLook(work, assignment);
    if (course.nudge || !(await isOurs(work))) return neither('Office 365 was unassigned by somebody else');
    const user = await tools.okta.user(member.user);
    if (user === null || user.status !== 'ACTIVE')
      return {
        seen: 'over',
        rule: 'leaver',
        why: `the Okta user is ${user?.status ?? 'gone'} and cannot be assigned again; the Entra account is still enabled`,
      };
    const fault = await accountFault(work);
    if (fault !== null) return fault;
    const [deleted] = await tools.entra.deletedByAnchor(member.before.a);
    if (deleted !== undefined)
      return refused('anchor-held', `the deleted account ${deleted.id} holds the anchor and would be restored`);
    return BEFORE;
  },
  act({ course, member, before, tools }, effect) {
    const { okta, repair } = tools;
    if (before === null) throw new AnchorwatchError('invalid', 'There is no snapshot to assign by.');
    const { profile } = assigningOf(member.user, before);
    if (course.nudge) return okta.changeAssignment(course.app, member.user, { profile }, effect);
    if (course.unassign !== 'exclusion-group') return okta.assign(course.app, assigningOf(member.user, before), effect);
    if (repair.exclusionGroup === null)
      throw new AnchorwatchError('refused', 'No exclusion group is configured any more.');
    return okta.leaveGroup(repair.exclusionGroup, member.user, effect);
  },
  async conclude({ course, member, head, before, tools }) {
    if (before === null || !isFirst(await readHold(course.app, tools), head.id)) return;
    await noteFirst(course.app, head.id, await faultOf(member.objectId, before, tools), tools);
  },
  // Okta provisions in a minute or two, and asking before shows nothing.
  shows: ({ course, tools }) => (course.nudge ? tools.repair.times.poll : 2 * tools.repair.times.gone),
  // On the way back the assignment may never have been gone, and a read from before it was looks the same.
  settle: ({ cursor, head, tools }) => (cursor.goal === 'as-before' && head.touched ? tools.repair.times.lag : 0),
  byHand: ({ course, member, before }) =>
    course.unassign === 'guided'
      ? [
          `In Okta: Applications, Office 365, Assignments, assign ${member.userName} again.`,
          ...(before === null ? [] : givenBack(course.app, member.user, before)),
        ]
      : null,
};

/** Whoever was turned back before we took anything away was unassigned by somebody who meant it. */
async function isOurs({ head, course, member, tools }: Work): Promise<boolean> {
  const mine = memberOf(await readHold(course.app, tools), member.user);
  return mine?.repair === head.id ? mine.unassigned !== null : head.touched;
}

/** What a new assignment lacks, until a person gives it back. */
function givenBack(app: string, user: string, before: NonNullable<Work['before']>): readonly string[] {
  if (before.assignment.scope === 'GROUP')
    return ['Then convert the assignment back to the group: More, Convert assignments.'];
  const { userName, scope, profile } = assigningOf(user, before);
  return [
    ...Object.entries(profile).map(([name, value]) => `Give back ${name}: ${JSON.stringify(value)}`),
    `By the API, all of it: POST /api/v1/apps/${app}/users ${JSON.stringify({ id: user, scope, credentials: { userName }, profile })}`,
  ];
}

/**
 * Okta makes a new account where it finds none: so nobody is assigned whose account is gone. Where the switch came on, the task behind
 * the unassignment may still take the account away, and is waited for first.
 */
async function accountFault({ course, member, cursor, tools }: Work): Promise<Look | null> {
  const { times } = tools.repair;
  const hold = await readHold(course.app, tools);
  const unassigned = memberOf(hold, member.user)?.unassigned ?? null;
  const wait = unassigned === null ? 0 : unassigned + times.lag - tools.clock.now();
  const isBroken = hold.row !== null && hold.row.row.broken !== null;
  if (cursor.goal === 'as-before' && isBroken && wait > 0)
    return waiting('the task behind the unassignment may still run', Math.min(wait, times.shortWait));
  return (await tools.entra.user(member.objectId)) === null
    ? refused(
        'account-gone',
        `the Entra account ${member.objectId} is gone; restore it from the deleted users, and it is assigned again`,
      )
    : null;
}

function presentLook(work: Work, now: AssignmentDetail): Look {
  const { course, member, cursor, before, tools } = work;
  // The one that was taken away: a read from before that. All reads of a while are not: then it never was.
  const isOld =
    now.created === before?.assignment.created && tools.clock.now() - cursor.since <= tools.repair.times.lag;
  if (cursor.goal === 'repaired' && isOld)
    return waiting('Okta shows the assignment that was taken away', tools.repair.times.poll);
  if (now.syncState === 'ERROR')
    return refused('provisioning-failed', 'Okta could not provision the assignment; see Dashboard, Tasks in Okta');
  if (!PROVISIONED.has(now.status) || now.syncState === 'SYNCING') {
    const late = tools.clock.now() - (cursor.intended ?? cursor.since) > tools.repair.times.provision;
    return late
      ? refused('provisioning-late', `Okta has not provisioned the assignment yet (${now.status})`)
      : waiting('Okta is provisioning the assignment', tools.repair.times.gone);
  }
  if (
    now.externalId !== null &&
    before?.assignment.externalId === member.objectId &&
    now.externalId !== member.objectId
  )
    return refused(
      'second-account',
      `Okta linked another account (${now.externalId}); a second one may have been made`,
    );
  // Nothing was taken away: this is the assignment that there was before.
  if (cursor.goal === 'as-before' && now.anchor === member.before.o) return AFTER;
  if (now.anchor !== copyWanted(work)) return neither('Okta computed another anchor than the one in AD');
  const { scope, profile, unmapped } = before?.assignment ?? { ...now, unmapped: [] };
  const isAsItWas = (name: string): boolean => canonical(now.profile[name]) === canonical(profile[name]);
  if (scope === now.scope && unmapped.every(isAsItWas)) return AFTER;
  return course.unassign === 'guided'
    ? waiting('the assignment has not its scope and licences back yet', tools.repair.times.poll)
    : BEFORE;
}

function nudgeLook({ member, cursor, tools }: Work, now: AssignmentDetail): Look {
  if (now.anchor === member.before.a && PROVISIONED.has(now.status) && now.syncState !== 'SYNCING') return AFTER;
  if (cursor.attempts === 0)
    return now.anchor === member.before.o ? BEFORE : neither('Okta’s copy was changed by somebody else');
  if (tools.clock.now() - (cursor.intended ?? cursor.since) <= tools.repair.times.provision)
    return waiting('Okta is computing its copy', tools.repair.times.poll);
  // Whoever died behind the intent may never have sent it, and what was not accepted proves nothing of this tenant.
  return cursor.accepted ? refused('nudge-without-effect', 'Okta did not compute its copy anew') : BEFORE;
}

/** What is not as it was of somebody who is assigned again; null when all is. */
async function faultOf(
  objectId: string,
  before: NonNullable<Work['before']>,
  { entra }: Work['tools'],
): Promise<string | null> {
  const account = await entra.user(objectId);
  if (account === null) return 'the account of the first person is gone';
  if (!account.enabled) return 'the account of the first person is disabled';
  const licenses = licenseText(await entra.licenses(objectId));
  if (licenses !== licenseText(before.account.licenses)) return 'the licences of the first person changed';
  const groups = new Set((await entra.groupsOf(objectId)).map(({ id }) => id));
  const lost = before.account.groups.filter(({ id }) => !groups.has(id));
  return lost.length > 0 ? `the first person lost ${lost.length} groups` : null;
}
