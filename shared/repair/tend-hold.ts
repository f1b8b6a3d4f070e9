import type { HoldMemberRow } from '../state/hold-rows.ts';
import { STEPS } from '../state/repair-rows.ts';
import { MINUTE } from '../time.ts';
import { licenseText } from './before.ts';
import { isExcluded } from './groups.ts';
import { wasDeactivated } from './jobs.ts';
import { type Hold, nameOf, noteMember, observe, readHold, unsettledIn } from './hold.ts';
import { headOf } from './journal.ts';
import { closeAndName, tellLeavers } from './leavers.ts';
import { isOpen } from './standing.ts';
import type { RepairTools } from './tools.ts';

/**
 * Sees to a hold, whoever opened it: notices when the switch was moved, lets settle what a dead worker left, names the leavers, tells
 * when it is open for too long, and gives the switch back by the same rule as everybody.
 */
export async function tendHold(app: string, tools: RepairTools): Promise<void> {
  const hold = await readHold(app, tools);
  const row = hold.row?.row;
  if (row === undefined || row.state === 'closed') return;
  // What needs no tenant comes first: a tenant that does not answer is a reason to tell.
  await tellLong(app, tools);
  if (row.state === 'open') {
    await observe(hold, await tools.okta.deactivateSwitch(app), tools);
    for (const member of unsettledIn(hold)) await settle(member, tools);
  }
  await tellLeavers(row, hold, tools);
  if (row.byHand && row.state === 'open' && (await isLedOn(hold, tools))) return;
  await closeAndName(app, hold, tools);
}

/** Whoever leads somebody of it is asked for the switch when it is time: until then nobody is alarmed that it is off. */
async function isLedOn({ members }: Hold, tools: RepairTools): Promise<boolean> {
  for (const { row } of members) {
    const head = await headOf(row.repair, tools);
    const step = head?.row.cursor?.step ?? 'verify';
    if (head !== null && isOpen(head.row) && STEPS.indexOf(step) < STEPS.indexOf('release')) return true;
  }
  return false;
}

/** By the same rule as the step: gone on two reads a while apart, or there again; and the account as it was. */
async function settle(member: HoldMemberRow, tools: RepairTools): Promise<void> {
  const { okta, entra, clock, repair } = tools;
  const now = clock.now();
  const { app, user, objectId, unassigned, gone, licenses } = member;
  // Whose worker lives has settled long before the hold may close.
  if (now - (unassigned ?? now) < repair.times.quiet / 2) return;
  const account = await entra.user(objectId);
  if (account?.enabled !== true || licenseText(await entra.licenses(objectId)) !== licenses) return;
  const assignment = await okta.assignmentDetail(app, user);
  if (assignment !== null) {
    // A person who was asked to take it away may do so at any time.
    const head = await headOf(member.repair, tools);
    const course = head?.row.course ?? null;
    if (course?.unassign === 'guided' && head?.row.cursor?.step === 'unassign' && isOpen(head.row)) return;
    // Whoever is in the exclusion group loses the assignment whenever the rule comes to it, however long that takes.
    if (course !== null && (await isExcluded(course, user, tools))) return;
    // It may be that nothing was ever unassigned: then its request cannot be under way any more either.
    if (now - (unassigned ?? now) > repair.times.lag) await noteMember(app, user, { settled: now }, tools);
    return;
  }
  if (gone === null) await noteMember(app, user, { gone: now }, tools);
  else if (now - gone >= repair.times.gone && !(await wasDeactivated(user, unassigned ?? gone, tools)))
    await noteMember(app, user, { settled: now }, tools);
}

/** Never given back by the clock alone: the clock only has a person told. */
async function tellLong(app: string, tools: RepairTools): Promise<void> {
  const { state, clock, tell, repair } = tools;
  const hold = await readHold(app, tools);
  if (hold.row === null) return;
  const { row, etag } = hold.row;
  const open = clock.now() - row.opened;
  if (row.alarmed !== null || open <= repair.times.hold) return;
  const people = await Promise.all(
    unsettledIn(hold).map(async (one) => `${await nameOf(one, tools)} has not settled (${one.repair})`),
  );
  await tell({
    kind: 'alarm',
    about: { id: `hold.${app}.long`, since: row.opened },
    subject: 'Deactivate Users is off for too long',
    lines: [`It is off since ${Math.round(open / MINUTE)} minutes; nobody further is unassigned.`, ...people],
  });
  await state.holds.replace({ ...row, alarmed: clock.now() }, etag);
}
