import { mayClose } from '../close-hold.ts';
import { leave, memberOf, noteMember, readHold } from '../hold.ts';
import { licenseText } from '../before.ts';
import { closeAndName } from '../leavers.ts';
import { AFTER, BEFORE, type Look, refused, type Step, waiting, type Work } from '../step.ts';

/**
 * Step 8. *Deactivate Users* is given back when every unassignment in the hold has settled, never by a deadline alone: while one has
 * not, the task behind it may still read the switch.
 */
export const release: Step = {
  async look(work): Promise<Look> {
    const { course, member, tools } = work;
    const { times } = tools.repair;
    const hold = await readHold(course.app, tools);
    const mine = memberOf(hold, member.user);
    if (hold.row === null || hold.row.row.state === 'closed' || mine === null) return AFTER;
    if (mine.unassigned === null && !hold.row.row.byHand) return BEFORE;
    if (mine.unassigned === null) await leave(hold, member.user, tools);
    else if (mine.settled === null)
      return (await settleAssignedAgain(work, mine.licenses))
        ? waiting('the last unassignment has just settled', 0)
        : unsettled(work, mine.unassigned);
    if (mayClose(hold, tools.clock.now(), times)) {
      // Where a person gives the switch back, looking is all that is ours to do.
      return hold.row.row.byHand && (await closeAndName(course.app, hold, tools)).state === 'closed' ? AFTER : BEFORE;
    }
    const now = tools.clock.now();
    const quiet = (hold.row.row.lastUnassigned ?? 0) + times.quiet - now;
    // Somebody else does not settle: the hold is theirs by now, and `tend` gives it back. Until then the people of a hold stay together,
    // so that they wait for the same imports.
    if (quiet <= 0 && now - hold.row.row.opened > times.hold) return AFTER;
    const pause = quiet <= 0 ? times.quiet : Math.min(quiet, times.quiet);
    return waiting('the unassignments of the hold are settling', Math.max(times.poll, pause));
  },
  async act({ course, member, tools }) {
    const hold = await readHold(course.app, tools);
    if (memberOf(hold, member.user)?.unassigned === null) await leave(hold, member.user, tools);
    const { requestId } = await closeAndName(course.app, hold, tools);
    return { requestId };
  },
  byHand: ({ course }) =>
    course.writes === 'api'
      ? null
      : [
          'In Okta: Applications, Office 365, Provisioning, To App, Edit: set the tick at Deactivate Users again, and save.',
        ],
};

/** Whoever was turned back is settled once the assignment is there again and the account as it was. */
async function settleAssignedAgain({ course, member, tools }: Work, licenses: string): Promise<boolean> {
  const assignment = await tools.okta.assignmentDetail(course.app, member.user);
  const account = await tools.entra.user(member.objectId);
  if (assignment === null || account?.enabled !== true) return false;
  if (licenseText(await tools.entra.licenses(member.objectId)) !== licenses) return false;
  await noteMember(course.app, member.user, { settled: tools.clock.now() }, tools);
  return true;
}

/** While somebody is not as before the switch stays off: a person has to look what became of the account. */
function unsettled({ tools }: Work, unassigned: number): Look {
  const { provision, poll } = tools.repair.times;
  return tools.clock.now() - unassigned > provision
    ? refused('unsettled', 'the assignment, the account or its licences are not as they were before the unassignment')
    : waiting('the unassignment has not settled', poll);
}
