import type { Answer } from '../../ports/channel.ts';
import type { Stored, Table } from '../../ports/state.ts';
import type { ChannelName, Delivery, NoticeRow } from '../../state/rows.ts';
import { HOUR, type Instant, MINUTE } from '../../time.ts';
import { kindOf } from '../../errors.ts';

/** So long after an attempt was journalled nobody else takes it up: its request is over by then. */
export const TAKEN_UP = 2 * MINUTE;
/** Between attempts: as long as this at first, then twice as long each time. */
const FIRST_PAUSE = 5 * MINUTE;
export const LONGEST_PAUSE = 6 * HOUR;

/** What a channel that has not begun is at. */
function begin(now: Instant): Delivery {
  return { state: 'waiting', attempts: 0, at: now, id: null, why: null, due: now, gone: null };
}

export function deliveryOf({ deliveries, created }: NoticeRow, channel: ChannelName): Delivery {
  return deliveries[channel] ?? begin(created);
}

/** It is sent, or given up. */
export function isSettled(row: NoticeRow, channel: ChannelName): boolean {
  return deliveryOf(row, channel).due === null;
}

/** As the attempt is journalled before anything is sent: if nothing else is ever written, nobody knows what became of it. */
export function begun(before: Delivery, now: Instant, more: Partial<Delivery>): Delivery {
  return { ...before, state: 'unknown', at: now, due: now + TAKEN_UP, ...more };
}

/**
 * What an attempt's answer makes of the delivery. `before`: as it was before the attempt, but for a draft that was made meanwhile.
 * Being asked to wait costs no attempt, for then nothing is wrong.
 */
export function concluded(before: Delivery, during: Delivery, answer: Answer, now: Instant, most: number): Delivery {
  if (answer.kind === 'sent')
    return { ...during, state: 'sent', at: now, id: answer.id ?? during.id, why: null, due: null };
  const throttled = answer.kind === 'refused' && answer.why === 'throttled';
  const attempts = throttled ? before.attempts : during.attempts;
  const due = attempts >= most && !throttled ? null : now + pauseOf(answer, attempts);
  const common = { ...during, attempts, at: now, why: answer.reason, due };
  if (answer.kind === 'unknown') return common;
  return { ...common, state: during.id === null ? 'refused' : 'drafted', gone: before.gone };
}

/** Milliseconds until the next attempt. */
function pauseOf(answer: Exclude<Answer, { readonly kind: 'sent' }>, attempts: number): number {
  const usual = Math.min(FIRST_PAUSE * 2 ** Math.max(0, attempts - 1), LONGEST_PAUSE);
  const asked = answer.kind === 'refused' ? answer.retryAfter : null;
  return asked === null ? usual : Math.min(Math.max(asked, MINUTE), LONGEST_PAUSE);
}

/** Writes a delivery under the row's ETag. Throws `conflict` when somebody else was faster: nothing may be sent then. */
export function write(
  { row, etag }: Stored<NoticeRow>,
  channel: ChannelName,
  delivery: Delivery,
  outbox: Table<NoticeRow>,
): Promise<Stored<NoticeRow>> {
  return outbox.replace({ ...row, deliveries: { ...row.deliveries, [channel]: delivery } }, etag);
}

/** As often is the outcome of an attempt written, over what others wrote into the row meanwhile and over a storage that stumbles. */
const TRIES = 4;

/**
 * Writes the outcome of an attempt: what is known must not be lost, for else it would be sent again. A write whose answer was lost is
 * found in the row. The row of somebody who has taken the attempt over is left alone.
 */
export async function writeOutcome(
  stored: Stored<NoticeRow>,
  channel: ChannelName,
  during: Delivery,
  after: Delivery,
  outbox: Table<NoticeRow>,
): Promise<Stored<NoticeRow>> {
  let current: Stored<NoticeRow> | null = stored;
  for (let tries = 1; ; tries += 1) {
    try {
      current ??= await outbox.get(stored.row.day, stored.row.notice);
      if (current === null) return stored;
      if (!isSame(current.row.deliveries[channel], during)) return current;
      return await write(current, channel, after, outbox);
    } catch (error) {
      if (tries >= TRIES || !['conflict', 'transient', 'throttled'].includes(kindOf(error))) throw error;
      current = null;
    }
  }
}

function isSame(one: Delivery | undefined, other: Delivery): boolean {
  return one !== undefined && one.state === other.state && one.at === other.at && one.attempts === other.attempts;
}
