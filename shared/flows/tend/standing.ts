import type { Answer } from '../../ports/channel.ts';
import type { Table } from '../../ports/state.ts';
import type { ChannelName, ChannelRow } from '../../state/rows.ts';
import { DAY } from '../../time.ts';
import type { Tools } from '../tools.ts';

/** How the channels fare, over one call of `tend`. */
export interface Standing {
  /** It failed in this call, or asked not to be asked yet. */
  rests(channel: ChannelName): boolean;
  /** `lost`: the notice was given up with this answer. */
  note(channel: ChannelName, answer: Answer, lost: boolean): void;
  /** Writes down what has changed, for the health endpoint and the next call. */
  keep(table: Table<ChannelRow>): Promise<void>;
}

/** A loss is told of for so long, even if the channel works again: the person who should have been told was not. */
export const LOSS_SHOWN = DAY;

export async function standingOf({ state, clock }: Pick<Tools, 'state' | 'clock'>): Promise<Standing> {
  const rows = new Map<ChannelName, ChannelRow>();
  for await (const { row } of state.channels.list('channel')) rows.set(row.channel, row);
  const resting = new Set<ChannelName>();
  const changed = new Set<ChannelName>();
  const put = (row: ChannelRow): void => {
    rows.set(row.channel, row);
    changed.add(row.channel);
  };
  return {
    rests(channel) {
      const resumes = rows.get(channel)?.resumes ?? null;
      return resting.has(channel) || (resumes !== null && resumes > clock.now());
    },
    note(channel, answer, lost) {
      const before = rows.get(channel) ?? unheard(channel);
      if (answer.kind === 'sent') {
        if (isTrouble(before)) put(recovered(before, clock.now()));
        return;
      }
      // What is wrong with one notice says nothing of the next.
      if (answer.kind === 'unknown' || answer.why !== 'invalid') resting.add(channel);
      put(failed(before, answer, lost, clock.now()));
    },
    async keep(table) {
      for (const [channel, row] of rows) if (changed.has(channel)) await table.put(row);
    },
  };
}

function unheard(channel: ChannelName): ChannelRow {
  return { channel, failing: null, why: null, resumes: null, lost: 0, lastLost: null };
}

function isTrouble({ failing, resumes, lost }: ChannelRow): boolean {
  return failing !== null || resumes !== null || lost > 0;
}

function recovered(row: ChannelRow, now: number): ChannelRow {
  const isShown = row.lastLost !== null && now - row.lastLost < LOSS_SHOWN;
  return isShown ? { ...row, failing: null, resumes: null } : unheard(row.channel);
}

function failed(
  row: ChannelRow,
  answer: Exclude<Answer, { readonly kind: 'sent' }>,
  lost: boolean,
  now: number,
): ChannelRow {
  const asked = answer.kind === 'refused' && answer.why === 'throttled' ? answer.retryAfter : null;
  return {
    ...row,
    failing: row.failing ?? now,
    why: answer.reason,
    resumes: asked === null ? null : now + asked,
    lost: row.lost + (lost ? 1 : 0),
    lastLost: lost ? now : row.lastLost,
  };
}
