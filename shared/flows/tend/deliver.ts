import { explain, kindOf } from '../../errors.ts';
import type { Answer, Channel } from '../../ports/channel.ts';
import type { Stored } from '../../ports/state.ts';
import { unsentKey } from '../../state/keys.ts';
import type { ChannelName, NoticeRow, UnsentRow } from '../../state/rows.ts';
import { DAY, HOUR, isoDay, MINUTE } from '../../time.ts';
import { insertOnce } from '../claims.ts';
import type { Telling } from '../telling.ts';
import type { Tools } from '../tools.ts';
import { attempt, type AttemptTools } from './attempt.ts';
import { deliveryOf, isSettled } from './delivery.ts';
import { type Standing, standingOf } from './standing.ts';

/** For so long one call sends; the rest is the next one's, five minutes later. */
const BUDGET = 3 * MINUTE;
/** Places that one call looks at, the most urgent first. */
const PLACES = 500;
/** A place whose notice was never written: the call that took it is dead for long. */
const NEVER_WRITTEN = HOUR;
/** Days that are looked through for notices without a place: of before anything was sent, or told from a command line. */
const DAYS = 3;

/**
 * Sends what is in the outbox: take in what has no place yet → go through the places, the most urgent first → for each channel whose
 * time has come, one attempt → drop the place of what every channel has sent or given up. A channel that fails rests until the next
 * call, and keeps no other waiting. Does nothing where no channel is configured.
 */
export async function deliver(tools: Tools): Promise<void> {
  const { telling, state, clock } = tools;
  if (telling === undefined || telling.channels.length === 0) return;
  const end = clock.now() + BUDGET;
  await takeIn({ ...tools, telling });
  const standing = await standingOf(tools);
  const failures: unknown[] = [];
  for (const place of await placesIn(tools)) {
    if (clock.now() >= end || telling.channels.every(({ name }) => standing.rests(name))) break;
    try {
      await deliverOne(place, standing, { ...tools, telling });
    } catch (error) {
      // Another copy of tend is at this notice, and sees to the rest of it too.
      if (kindOf(error) === 'conflict') continue;
      tools.log.warn('a notice could not be seen to; it is come back to', { reason: explain(error) });
      failures.push(error);
    }
  }
  await standing.keep(state.channels);
  if (failures.length > 0) throw failures[0];
}

/** Read before anything is sent: places come and go meanwhile. */
async function placesIn({ state }: Tools): Promise<readonly Stored<UnsentRow>[]> {
  const places: Stored<UnsentRow>[] = [];
  for await (const place of state.unsent.list('unsent', { limit: PLACES })) places.push(place);
  return places;
}

type DeliverTools = Tools & { readonly telling: Telling };

/** Gives a place to whatever of the last days has none and wants one. */
async function takeIn({ state, clock, telling }: DeliverTools): Promise<void> {
  for (let age = 0; age < DAYS; age += 1) {
    const day = isoDay(clock.now() - age * DAY);
    for await (const { row } of state.outbox.list(day)) {
      const { notice, kind, created } = row;
      if (row.sent !== null || isOver(row, telling)) continue;
      const place = { day, notice, kind, since: created };
      if ((await state.unsent.get('unsent', unsentKey(place))) !== null) continue;
      await insertOnce(() => state.unsent.insert(place));
    }
  }
}

async function deliverOne(place: Stored<UnsentRow>, standing: Standing, tools: DeliverTools): Promise<void> {
  const { state, clock, telling } = tools;
  const found = await state.outbox.get(place.row.day, place.row.notice);
  if (found === null) {
    if (clock.now() - place.row.since > NEVER_WRITTEN) await drop(place, tools);
    return;
  }
  let stored = found;
  for (const channel of telling.channels) {
    const { due } = deliveryOf(stored.row, channel.name);
    if (due === null || due > clock.now() || standing.rests(channel.name)) continue;
    stored = await attemptOne(stored, channel, standing, tools);
  }
  if (!isOver(stored.row, telling)) return;
  await closeNotice(stored, tools);
  await drop(place, tools);
}

async function attemptOne(
  stored: Stored<NoticeRow>,
  channel: Channel,
  standing: Standing,
  tools: AttemptTools,
): Promise<Stored<NoticeRow>> {
  const { stored: after, answer } = await attempt(stored, channel, tools);
  if (answer === null) return after;
  const lost = answer.kind !== 'sent' && isSettled(after.row, channel.name);
  standing.note(channel.name, answer, lost);
  say(after.row, channel.name, answer, lost, tools);
  return after;
}

function say(
  row: NoticeRow,
  channel: ChannelName,
  answer: Answer,
  lost: boolean,
  { log }: Pick<AttemptTools, 'log'>,
): void {
  const { attempts } = deliveryOf(row, channel);
  const fields = { notice: row.notice, day: row.day, channel, attempts, status: answer.status };
  if (answer.kind === 'sent') log.info('a notice was sent', { ...fields, id: answer.id });
  else if (lost)
    log.error('a notice was given up: nobody was told of it this way', { ...fields, reason: answer.reason });
  else log.warn('a notice was not sent, or nobody knows; it is tried again', { ...fields, reason: answer.reason });
}

function isOver(row: NoticeRow, { channels }: Telling): boolean {
  return channels.every(({ name }) => isSettled(row, name));
}

/** A notice that no channel has sent is never `sent`, so that it is kept whatever its age. */
async function closeNotice({ row, etag }: Stored<NoticeRow>, { state, clock }: Tools): Promise<void> {
  const isSent = Object.values(row.deliveries).some((delivery) => delivery.state === 'sent');
  if (row.sent === null && isSent) await state.outbox.replace({ ...row, sent: clock.now() }, etag);
}

async function drop({ row, etag }: Stored<UnsentRow>, { state }: Tools): Promise<void> {
  await state.unsent.remove('unsent', unsentKey(row), etag);
}
