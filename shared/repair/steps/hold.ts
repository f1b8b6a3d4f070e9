import { AnchorwatchError } from '../../errors.ts';
import { licenseText } from '../before.ts';
import { enter, isOff, lineFault, memberOf, observe, readHold } from '../hold.ts';
import { nextJob, untilJobOver } from '../jobs.ts';
import { lookBackOn } from '../leavers.ts';
import { isoTime } from '../../time.ts';
import { AFTER, BEFORE, refusedByUs, type Step, waiting } from '../step.ts';

/**
 * Step 2. *Deactivate Users* is off while at least one unassignment has not settled: else Okta would disable or delete the accounts of
 * those who are unassigned. It is read back uncached, twice over: from the feature and from the app's own `features`.
 */
export const hold: Step = {
  async look({ course, head, member, tools }) {
    const { okta, clock, repair } = tools;
    const fault = lineFault(head, tools);
    if (fault !== null) return refusedByUs('no-turn', fault);
    const found = await readHold(course.app, tools);
    const row = found.row?.row ?? null;
    if (row?.state === 'closing') return waiting('the hold is being closed', repair.times.request);
    const me = memberOf(found, member.user);
    // What broke it is for a person to look at before anybody else is unassigned: not in this night.
    if (
      row !== null &&
      row.state === 'closed' &&
      row.broken !== null &&
      clock.now() - row.since < repair.times.afterBroken
    )
      return refusedByUs('hold-broken', `${row.broken}, at ${isoTime(row.since)}`);
    if (row === null || row.state === 'closed') {
      // While the first person goes alone a job would come near, and nobody could follow: the hold would be open for nothing.
      const { times } = repair;
      const wait = untilJobOver(await nextJob(course.app, tools), clock.now(), times, times.parked);
      return wait === 0 ? BEFORE : waiting('a group job comes first', wait);
    }
    if (me === null && clock.now() - row.opened > repair.times.hold)
      return waiting('the hold is open for too long already', repair.times.quiet);
    if (me === null && found.members.filter((one) => one.row.settled === null).length >= repair.wave)
      return waiting('the wave before is not done', repair.times.gone);
    // For whoever comes in later the switch is off already, and it is read before and after each unassignment.
    if (row.broken === null && row.off !== null) return me === null ? BEFORE : AFTER;
    const now = await observe(found, await okta.deactivateSwitch(course.app), tools);
    if (now?.broken !== null && now?.broken !== undefined) return refusedByUs('hold-broken', now.broken);
    return me !== null && now?.off !== null && now?.off !== undefined ? AFTER : BEFORE;
  },
  /** Whoever comes in is written down first; nobody can come in while the switch is given back. */
  async remember({ course, member, head, before, tools }) {
    if (before === null) throw new AnchorwatchError('invalid', 'There is no snapshot to hold anybody by.');
    let found = await readHold(course.app, tools);
    if (found.row?.row.state === 'open' && memberOf(found, member.user) !== null) return;
    // The one before is written over by this one.
    if (found.row?.row.state === 'closed') {
      await lookBackOn(found, tools);
      found = await readHold(course.app, tools);
    }
    const isOpen = found.row?.row.state === 'open';
    const read = isOpen ? null : await tools.okta.deactivateSwitch(course.app);
    const { user, objectId } = member;
    const licenses = licenseText(before.account.licenses);
    const byHand = course.writes === 'person';
    await enter({ app: course.app, user, objectId, repair: head.id, licenses, byHand }, found, read, tools);
  },
  async act({ course, tools }, effect) {
    const { okta } = tools;
    // Whether it still is the next look says, and that is not for us to change.
    if ((await readHold(course.app, tools)).row?.row.off !== null) return { requestId: null };
    const read = await okta.deactivateSwitch(course.app);
    return isOff(read) ? { requestId: null } : okta.switchDeactivate(course.app, 'DISABLED', effect);
  },
  byHand: ({ course }) =>
    course.writes === 'api'
      ? null
      : [
          'In Okta: Applications, Office 365, Provisioning, To App, Edit: take the tick from Deactivate Users, and save.',
          `By the API: PUT /api/v1/apps/${course.app}/features/USER_PROVISIONING {"update":{"lifecycleDeactivate":{"status":"DISABLED"}}}`,
        ],
};
