import { kindOf } from '../errors.ts';
import type { HoldRow } from '../state/hold-rows.ts';
import { type Instant, isoTime } from '../time.ts';
import { faultOf, type Hold, isOff, readHold, tellBroken, unsettledIn } from './hold.ts';
import { guidOf } from './journal.ts';
import type { RepairTimes, RepairTools } from './tools.ts';

/**
 * Whether the switch may be given back: every unassignment has settled, and then there was a quiet time. A deadline alone never gives
 * it back; after it only nobody is waited for who was not unassigned yet.
 */
export function mayClose(
  hold: Hold,
  now: Instant,
  { quiet, hold: longest }: Pick<RepairTimes, 'quiet' | 'hold'>,
): boolean {
  const row = hold.row?.row;
  if (row === undefined || row.state === 'closed') return false;
  if (row.state === 'closing') return true;
  if (unsettledIn(hold).length > 0) return false;
  const waits = hold.members.some(({ row: member }) => member.unassigned === null);
  if (waits && row.broken === null && now - row.opened < longest) return false;
  return now - (row.lastUnassigned ?? row.since) >= quiet;
}

/** What came of it, and what the tenant calls the request by which the switch was given back; null where none was sent or answered. */
export interface Closing {
  readonly state: 'closed' | 'open';
  readonly requestId: string | null;
}

/**
 * Gives the switch back, if it may be: `closing` is written first, so that nobody comes in; closed is only what was read back as it
 * was before. Whoever finds a `closing` that is not its own takes it, and waits until the other one's request cannot be under way
 * any more.
 */
export async function closeHold(app: string, tools: RepairTools): Promise<Closing> {
  const { state, okta, clock, repair } = tools;
  const hold = await readHold(app, tools);
  if (hold.row === null || hold.row.row.state === 'closed') return { state: 'closed', requestId: null };
  if (!mayClose(hold, clock.now(), repair.times)) return OPEN;
  const found = hold.row;
  const isMine = found.row.state === 'open';
  // Where a person moves the switch nobody sends anything, and nothing can be under way.
  const isTakenOver = !isMine && !found.row.byHand;
  const now = clock.now();
  // Whoever has it is given the time to wait and to send, or two would take it from each other for ever.
  if (isTakenOver && now - found.row.since < 3 * repair.times.request) return OPEN;
  const since = isMine || isTakenOver ? now : found.row.since;
  let closing = await state.holds.replace({ ...found.row, state: 'closing', since }, found.etag);
  if (closing.row.kind !== 'hold') return OPEN;
  // By a clock of its own, for no two agree: what the other one sent may land for so long.
  if (isTakenOver) await clock.wait(repair.times.request);
  const { prior, rest, broken, byHand } = closing.row;
  let read = await okta.deactivateSwitch(app);
  const mustRestore = prior === 'ENABLED' && isOff(read) && !byHand;
  let requestId: string | null = null;
  if (mustRestore) {
    requestId = await sendSwitch(closing.row, isMine ? now : clock.now(), tools);
    read = await okta.deactivateSwitch(app);
  }
  // Whatever else was changed, off it does not stay; on, against what it was, is an administrator's own wish.
  if (prior === 'ENABLED' && isOff(read)) {
    // A person who gives it back is reminded of that as of every step, and is not waited for without end.
    const isLate = !byHand || now - since > repair.times.quiet;
    if (!isMine && isLate) await tellStuck(closing.row, tools);
    return { state: 'open', requestId };
  }
  if (read.rest !== rest && broken === null) {
    await tellBroken({ ...closing.row, broken: faultOf(closing.row, read) }, hold, tools);
  }
  if (prior === 'ENABLED') await auditGivenBack(closing.row, requestId, tools);
  closing = await state.holds.replace({ ...closing.row, state: 'closed', since: clock.now() }, closing.etag);
  tools.log.info('hold closed', { app, open: clock.now() - found.row.opened });
  return { state: 'closed', requestId };
}

/** Before it counts as closed, so that it is there whoever gave the switch back, and whichever call died. */
async function auditGivenBack(
  { app, opened, byHand, prior }: HoldRow,
  requestId: string | null,
  { state, clock }: RepairTools,
): Promise<void> {
  const at = clock.now();
  const requests = requestId === null ? {} : { 'okta-request-id': requestId };
  const actor = byHand ? 'a person' : 'Anchorwatch';
  const what = { what: 'hold closed', before: 'Deactivate Users off', after: `Deactivate Users ${prior}` };
  try {
    await state.audit.insert({
      at,
      id: `hold.${app}.${opened}`,
      run: null,
      repair: null,
      person: null,
      actor,
      ...what,
      requests,
    });
  } catch (error) {
    if (kindOf(error) !== 'conflict') throw error;
  }
}

const OPEN: Closing = { state: 'open', requestId: null };

async function tellStuck({ app, since, opened, prior }: HoldRow, { tell }: RepairTools): Promise<void> {
  await tell({
    kind: 'alarm',
    about: { id: `hold.${app}.stuck`, since: opened },
    subject: 'Deactivate Users could not be switched on again',
    lines: [
      `It was ${prior} before and is not so now; it has been tried since ${isoTime(since)} and is tried again every few minutes.`,
      'Until it is, leavers keep a live Microsoft 365 account. Switch it on in Okta: Applications, Office 365, Provisioning, To App, Deactivate Users.',
    ],
  });
}

/** Nothing is sent once somebody else may have taken the closing over: the request's time begins when the row was written. */
async function sendSwitch(
  { app, prior }: HoldRow,
  since: Instant,
  { okta, repair }: RepairTools,
): Promise<string | null> {
  const effect = { until: since + repair.times.request, correlation: guidOf(`${app} closing ${since}`) };
  try {
    return (await okta.switchDeactivate(app, prior, effect)).requestId;
  } catch (error) {
    // Whether it arrived is read, not guessed.
    if (kindOf(error) !== 'transient') throw error;
    return null;
  }
}
