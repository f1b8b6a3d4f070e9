import { AnchorwatchError } from '../errors.ts';
import type { DeactivateSwitch } from '../ports/okta-repairs.ts';
import type { Stored, Write } from '../ports/state.ts';
import type { HoldMemberRow, HoldRow } from '../state/hold-rows.ts';
import type { RepairRow } from '../state/repair-rows.ts';
import { joinKey } from '../state/keys.ts';
import { DAY, HOUR, type Instant } from '../time.ts';
import { headOf } from './journal.ts';
import type { RepairTimes, RepairTools } from './tools.ts';

/**
 * For so long whoever was in a hold is kept after it: every look reads all who are listed, and the journals say for longer what came of it.
 */
export const MEMBERS_KEPT = 7 * DAY;

/** The hold of one app as it stands in our table. */
export interface Hold {
  /** Null where there never was one. */
  readonly row: Stored<HoldRow> | null;
  readonly members: readonly Stored<HoldMemberRow>[];
}

export async function readHold(app: string, { state }: Pick<RepairTools, 'state'>): Promise<Hold> {
  let row: Stored<HoldRow> | null = null;
  const members: Stored<HoldMemberRow>[] = [];
  for await (const { row: one, etag } of state.holds.list('hold')) {
    if (one.app !== app) continue;
    if (one.kind === 'hold') row = { row: one, etag };
    if (one.kind === 'member') members.push({ row: one, etag });
  }
  return { row, members: members.filter((member) => member.row.opened === row?.row.opened) };
}

export function memberOf(hold: Hold, user: string): HoldMemberRow | null {
  return hold.members.find(({ row }) => row.user === user)?.row ?? null;
}

export function isOff(read: DeactivateSwitch): boolean {
  return read.status === 'DISABLED' && !read.pushesDeactivation;
}

/**
 * Enters somebody, and opens the hold where none is open, for which the switch was read. Both in one transaction, so that nobody comes
 * in while it is given back.
 */
export async function enter(
  member: Pick<HoldMemberRow, 'app' | 'user' | 'objectId' | 'repair' | 'licenses'> & Pick<HoldRow, 'byHand'>,
  hold: Hold,
  read: DeactivateSwitch | null,
  { state, clock }: RepairTools,
): Promise<void> {
  const now = clock.now();
  const found = hold.row;
  const { byHand, ...person } = member;
  const isOpen = found !== null && found.row.state === 'open';
  const entering: HoldMemberRow = {
    kind: 'member',
    ...person,
    opened: isOpen ? found.row.opened : now,
    entered: now,
    turn: null,
    unassigned: null,
    gone: null,
    settled: null,
  };
  // What the switch says while it is given back is nobody's wish: whoever took it for the value before would keep it off for ever.
  if (found?.row.state === 'closing')
    throw new AnchorwatchError('conflict', 'The hold is being closed: nobody comes in until it is.');
  if (!isOpen && (read === null || read.status === null))
    throw new AnchorwatchError('refused', 'Provisioning is off for the Office 365 app: there is no switch to hold.');
  const opened: HoldRow = {
    kind: 'hold',
    app: member.app,
    state: 'open',
    since: now,
    opened: now,
    prior: read?.status ?? 'DISABLED',
    rest: read?.rest ?? '',
    byHand,
    off: null,
    lastUnassigned: null,
    first: null,
    firstIntact: null,
    broken: null,
    alarmed: null,
    named: null,
    jobs: null,
  };
  const head: Write<HoldRow | HoldMemberRow> =
    found === null
      ? { kind: 'insert', row: opened }
      : { kind: 'replace', row: isOpen ? found.row : opened, etag: found.etag };
  await state.holds.transact([head, { kind: 'put', row: entering }]);
}

/** Notes when the switch was first seen off, and when it was not any more. Gives back what is now true of the hold. */
export async function observe(hold: Hold, read: DeactivateSwitch, tools: RepairTools): Promise<HoldRow | null> {
  const row = hold.row?.row ?? null;
  if (hold.row === null || row === null || row.state !== 'open') return row;
  const broken = row.broken ?? faultOf(row, read);
  const off = row.off ?? (isOff(read) && broken === null ? tools.clock.now() : null);
  if (broken === row.broken && off === row.off) return row;
  const next: HoldRow = { ...row, broken, off };
  if (broken !== null && row.broken === null) await tellBroken(next, hold, tools);
  await tools.state.holds.replace(next, hold.row.etag);
  return next;
}

/** Why the hold is broken, by what was read; null while it is not. */
export function faultOf(row: HoldRow, read: DeactivateSwitch): string | null {
  if (row.off !== null && !isOff(read)) return '*Deactivate Users* was switched on while it had to be off';
  if (read.rest !== row.rest) return 'the other provisioning settings of the app were changed';
  return null;
}

export async function tellBroken(row: HoldRow, hold: Hold, tools: RepairTools): Promise<void> {
  const unsettled = await Promise.all(
    unsettledIn(hold).map(
      async (one) => `${await nameOf(one, tools)} was unassigned and is assigned again (${one.repair}).`,
    ),
  );
  await tools.tell({
    kind: 'alarm',
    about: { id: `hold.${row.app}.broken`, since: row.opened },
    subject: 'The hold on Deactivate Users was broken',
    lines: [
      `${row.broken ?? ''}. Nobody further is unassigned in this hold.`,
      ...unsettled,
      'Look in the System Log who changed the Office 365 app (application.lifecycle.update), and whether these accounts are intact.',
    ],
  });
}

/** What a person calls somebody in a hold: the user name, or the Okta user id where the repair is not there to say it. */
export async function nameOf({ user, repair }: HoldMemberRow, { state }: Pick<RepairTools, 'state'>): Promise<string> {
  const head = await headOf(repair, { state });
  return head?.row.members.find((member) => member.user === user)?.userName ?? user;
}

/** Takes the right to unassign somebody: from here on the hold waits for it to settle. Throws `conflict` when somebody was faster. */
export async function reserve(hold: Hold, user: string, { state, clock, repair }: RepairTools): Promise<void> {
  const member = hold.members.find(({ row }) => row.user === user);
  if (hold.row === null || hold.row.row.state !== 'open' || member === undefined)
    throw new AnchorwatchError('conflict', `${user} is not in the hold any more.`);
  const now = clock.now();
  const { row } = hold.row;
  // What the look saw may have changed since: this row's ETag is what makes these true at the moment of the write.
  const alone = row.first !== null && row.first !== member.row.repair && row.firstIntact === null;
  const others = unsettledIn(hold).filter((one) => one.user !== user).length;
  if (row.broken !== null || alone || others >= repair.unsettled)
    throw new AnchorwatchError('conflict', `${user} may not be unassigned at this moment.`);
  await state.holds.transact([
    {
      kind: 'replace',
      row: { ...row, lastUnassigned: now, first: row.first ?? member.row.repair },
      etag: hold.row.etag,
    },
    { kind: 'replace', row: { ...member.row, unassigned: now, gone: null, settled: null }, etag: member.etag },
  ]);
}

/**
 * Gives somebody the turn, or notes what was heard of the group jobs, or both. Throws `conflict` when somebody was faster: two who have
 * the turn at a time are two looks at everything, and one of them for nothing.
 */
export async function noteTurn(
  { row, members }: Hold,
  user: string,
  { turn, jobs }: Pick<HoldMemberRow, 'turn'> & Pick<HoldRow, 'jobs'>,
  { state }: RepairTools,
): Promise<void> {
  const mine = members.find((member) => member.row.user === user);
  if (row === null || mine === undefined) return;
  await state.holds.transact([
    { kind: 'replace', row: { ...row.row, jobs }, etag: row.etag },
    { kind: 'replace', row: { ...mine.row, turn }, etag: mine.etag },
  ]);
}

/** Whether it still is somebody's turn: whoever does not use it in time loses it to the next. */
export function hasTurn(
  { turn, unassigned }: HoldMemberRow,
  now: Instant,
  { fresh }: Pick<RepairTimes, 'fresh'>,
): boolean {
  return unassigned === null && turn !== null && now - turn < 4 * fresh;
}

/** Notes what was seen of somebody who was unassigned. */
export async function noteMember(
  app: string,
  user: string,
  note: Partial<Pick<HoldMemberRow, 'gone' | 'settled'>>,
  { state }: RepairTools,
): Promise<void> {
  const hold = await readHold(app, { state });
  const member = hold.members.find(({ row }) => row.user === user);
  if (member === undefined) return;
  await state.holds.replace({ ...member.row, ...note }, member.etag);
}

/** Whether this is the first repair of the hold, of whom nobody has seen yet that the person is intact. */
export function isFirst({ row }: Hold, repair: string): boolean {
  return row !== null && row.row.first === repair && row.row.firstIntact === null;
}

/** Notes that the first person of this hold is intact, or breaks the hold because that person is not. */
export async function noteFirst(app: string, repair: string, fault: string | null, tools: RepairTools): Promise<void> {
  const hold = await readHold(app, tools);
  const found = hold.row;
  if (found === null || !isFirst(hold, repair)) return;
  const next: HoldRow =
    fault === null
      ? { ...found.row, firstIntact: tools.clock.now() }
      : { ...found.row, broken: found.row.broken ?? fault };
  if (fault !== null && found.row.broken === null) await tellBroken(next, hold, tools);
  await tools.state.holds.replace(next, found.etag);
}

/** Whoever has not had the turn to be unassigned by then stands behind a hold that does not close: the next night looks again. */
const LONGEST_LINE = 12 * HOUR;

/** Why somebody who waits for the turn is not kept waiting any longer; null while it is worth it. */
export function lineFault(
  { touched, begun, created }: RepairRow,
  { clock }: Pick<RepairTools, 'clock'>,
): string | null {
  if (touched || clock.now() - (begun ?? created) <= LONGEST_LINE) return null;
  return 'the turn to be unassigned never came: the hold on Deactivate Users did not close';
}

export function unsettledIn({ members }: Hold): readonly HoldMemberRow[] {
  return members.map(({ row }) => row).filter(({ unassigned, settled }) => unassigned !== null && settled === null);
}

/** Takes somebody out of the app's hold, unless an unassignment of theirs is waited for in it. */
export async function leaveUntouched(app: string, user: string, tools: RepairTools): Promise<void> {
  const hold = await readHold(app, tools);
  if (memberOf(hold, user)?.unassigned === null) await leave(hold, user, tools);
}

/** Takes somebody out who was never unassigned in it. */
export async function leave(hold: Hold, user: string, { state }: RepairTools): Promise<void> {
  const member = hold.members.find(({ row }) => row.user === user);
  if (member !== undefined) await state.holds.remove('hold', joinKey(member.row.app, 'member', user), member.etag);
}
