import { AnchorwatchError } from '../../errors.ts';
import { canonical } from '../../canonical.ts';
import type { AssignmentDetail } from '../../ports/okta-repairs.ts';
import type { HoldMemberRow, HoldRow } from '../../state/hold-rows.ts';
import type { Instant } from '../../time.ts';
import { licenseText } from '../before.ts';
import {
  type Hold,
  hasTurn,
  isOff,
  lineFault,
  memberOf,
  noteMember,
  noteTurn,
  observe,
  readHold,
  reserve,
  unsettledIn,
} from '../hold.ts';
import { isKnown, knownWait, nextJob, untilJobOver, wasDeactivated } from '../jobs.ts';
import type { RepairTimes } from '../tools.ts';
import { isNamed } from './entra.ts';
import { AFTER, BEFORE, type Look, neither, refused, refusedByUs, type Step, waiting, type Work } from '../step.ts';

/**
 * Step 3. The assignment is taken away by the mode that fits it. The switch is read before, and again after: an unassignment that
 * meets it on costs a mailbox. Seen as done when the assignment is gone on reads a while apart, the account is as it was, and, where
 * this tenant wants it so, Entra has let go of the person.
 */
export const unassign: Step = {
  async look(work) {
    const { course, member, tools } = work;
    const hold = await readHold(course.app, tools);
    // Whoever has to wait for others finds that in our own tables: so many wait that their looks would fill Okta's bucket.
    const turn = await turnOf(work, hold);
    if (turn !== null) return turn;
    const read = await tools.okta.deactivateSwitch(course.app);
    const row = await observe(hold, read, tools);
    const assignment = await tools.okta.assignmentDetail(course.app, member.user);
    const mine = memberOf(hold, member.user);
    if (assignment === null) return afterLook(work, row, mine);
    if (row === null || row.state !== 'open' || mine === null) return { seen: 'undone', step: 'hold', isCertain: true };
    if (row.broken !== null) return refusedByUs('hold-broken', row.broken);
    if (!isOff(read)) return { seen: 'undone', step: 'hold', isCertain: true };
    if (!isAsBefore(assignment, work)) return neither('the assignment is not what it was when this repair began');
    return (await accountFault(work)) ?? BEFORE;
  },
  /**
   * The right to unassign is taken before each act, a repeated one too: from then on the hold waits for this person to settle anew,
   * whatever was seen of an earlier one.
   */
  async remember({ course, member, tools }) {
    await reserve(await readHold(course.app, tools), member.user, tools);
  },
  async act({ course, member, tools }, effect) {
    const { okta, repair } = tools;
    if (course.unassign !== 'exclusion-group') return okta.unassign(course.app, member.user, effect);
    if (repair.exclusionGroup === null)
      throw new AnchorwatchError('refused', 'No exclusion group is configured any more.');
    return okta.joinGroup(repair.exclusionGroup, member.user, effect);
  },
  settle: ({ tools }) => tools.repair.times.gone,
  canWait: ({ head }) => !head.touched,
  async conclude({ course, member, tools }) {
    const now = tools.clock.now();
    await noteMember(course.app, member.user, { gone: now, settled: now }, tools);
  },
  byHand: ({ course, member, before }) =>
    course.unassign === 'guided'
      ? [
          `In Okta: Applications, Office 365, Assignments, ${member.userName}.`,
          before?.assignment.scope === 'GROUP'
            ? 'Edit the assignment, set it to Administrator (overrides group), save, then remove it with the X.'
            : `Remove it with the X. By the API: DELETE /api/v1/apps/${course.app}/users/${member.user}`,
          'Do not take the person out of the group: a rule would leave them out for ever.',
        ]
      : null,
};

/** The assignment is gone: nothing else may have happened to the account. */
async function afterLook(work: Work, row: HoldRow | null, mine: HoldMemberRow | null): Promise<Look> {
  const { course, member, cursor, before, tools } = work;
  if (row?.broken !== null && row?.broken !== undefined) return refusedByUs('hold-broken', row.broken);
  // Whoever is unassigned without our doing is a leaver, or somebody's decision.
  if ((mine?.unassigned ?? null) === null && cursor.attempts === 0)
    return neither('Office 365 was unassigned by somebody else');
  // Whoever was asked by mail may obey when nobody waits any more.
  if (row?.state !== 'open' && (mine?.gone ?? null) === null)
    return refusedByUs('unassigned-late', 'Office 365 was unassigned when Deactivate Users was given back already');
  const account = await tools.entra.user(member.objectId);
  if (account === null || !account.enabled) return refused('account-deactivated', 'Okta deactivated the Entra account');
  // Seen several times while the unassignment settles, so that a rename which one replica had not heard of is not written over.
  if (!isNamed(account, member.userName) && !isNamed(account, course.parking[cursor.member] ?? ''))
    return neither('the UPN was changed by somebody else');
  const licenses = licenseText(await tools.entra.licenses(member.objectId));
  if (before !== null && licenses !== licenseText(before.account.licenses))
    return refused('licences-changed', 'the licences in Entra changed with the unassignment');
  if (cursor.seen !== null && (await wasDeactivated(member.user, mine?.unassigned ?? cursor.since, tools)))
    return refused('account-deactivated', 'the System Log shows that Okta deactivated the Entra account');
  if (!course.gate || account.synced !== true) return AFTER;
  // Longer than it took the pilot, who met one day of many.
  const limit = Math.max(tools.repair.times.unsync, 2 * (course.lag ?? 0));
  return tools.clock.now() - (await goneSince(work, mine)) > limit
    ? refused('still-synced', 'Entra still shows the person as synchronised, so that nothing can be written')
    : waiting('Entra has not let go of the person yet', tools.repair.times.poll);
}

/**
 * Entra can let go of a person only once the assignment is gone. Neither the step nor its last intent says when that was: the one
 * begins while others are waited for, the other is taken back when its act was not sent.
 */
async function goneSince({ course, member, cursor, tools }: Work, mine: HoldMemberRow | null): Promise<Instant> {
  if (mine === null) return cursor.intended ?? cursor.since;
  if (mine.gone !== null) return mine.gone;
  const now = tools.clock.now();
  await noteMember(course.app, member.user, { gone: now }, tools);
  return now;
}

/** As the snapshot has it, and as it was planned: somebody may have been here between the two. */
function isAsBefore(now: AssignmentDetail, { before, member }: Work): boolean {
  if (before === null || now.anchor !== member.before.o) return false;
  const { userName, scope, grantedBy, profile } = before.assignment;
  return (
    canonical([now.userName, now.scope, now.grantedBy, now.profile]) ===
    canonical([userName, scope, grantedBy, profile])
  );
}

/** Null for whoever has the turn; and where nobody has one, or the person had it already, which the rest of the look finds. */
async function turnOf(work: Work, hold: Hold): Promise<Look | null> {
  const row = hold.row?.row;
  const mine = memberOf(hold, work.member.user);
  if (row?.state !== 'open' || row.broken !== null || mine?.unassigned !== null) return null;
  return waitingForOthers(work, hold, row, mine) ?? takeTurn(work, hold, row, mine);
}

/** The first person of a hold goes alone, few are unsettled at a time, and nobody is out while a group job looks. */
function waitingForOthers({ head, tools }: Work, hold: Hold, row: HoldRow, mine: HoldMemberRow): Look | null {
  const { times, unsettled } = tools.repair;
  const fault = lineFault(head, tools);
  if (fault !== null) return refusedByUs('no-turn', fault);
  const now = tools.clock.now();
  const later = laterThan(times);
  const job = knownWait(row.jobs, now, times);
  if (job > 0) return waiting(JOB, Math.max(job, later));
  if (now - row.opened > times.hold) return waiting('the hold is open for too long', times.quiet);
  if (hasTurn(mine, now, times)) return null;
  const others = unsettledIn(hold).length + hold.members.filter((one) => hasTurn(one.row, now, times)).length;
  if (row.firstIntact === null && row.first !== head.id && (row.first !== null || others > 0))
    return waiting('the first person of this hold goes alone', later);
  return others >= unsettled ? waiting('enough people are unassigned at this moment', later) : null;
}

/** Longer than a call waits itself: whoever is out already needs the worker. */
function laterThan({ shortWait, poll }: RepairTimes): number {
  return shortWait + poll;
}

const JOB = 'a group job is about to look';

/** Whoever has the turn asks for the group jobs, where nobody of the hold has done so lately. */
async function takeTurn(
  { course, member, tools }: Work,
  hold: Hold,
  row: HoldRow,
  mine: HoldMemberRow,
): Promise<Look | null> {
  const { times } = tools.repair;
  const now = tools.clock.now();
  const known = isKnown(row.jobs, now, times) ? row.jobs : null;
  const jobs = known ?? { next: await nextJob(course.app, tools), asked: now };
  const wait = untilJobOver(jobs.next, now, times);
  const turn = wait > 0 ? null : hasTurn(mine, now, times) ? mine.turn : now;
  if (known === null || turn !== mine.turn) await noteTurn(hold, member.user, { turn, jobs }, tools);
  return wait > 0 ? waiting(JOB, Math.max(wait, laterThan(times))) : null;
}

/** The plan's before-image of Entra still holds. */
async function accountFault({ member, tools }: Work): Promise<Look | null> {
  const account = await tools.entra.user(member.objectId);
  if (account === null) return refused('account-gone', 'the Entra account is gone');
  if (!account.enabled) return refused('disabled', 'the Entra account is disabled');
  if (account.anchor !== member.before.e || account.userName.toLowerCase() !== member.userName.toLowerCase())
    return neither('the Entra account is not what it was when this repair was planned');
  return null;
}
