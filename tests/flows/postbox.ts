import type { Letter } from '../../shared/notify/letter.ts';
import type { Answer, Channel, Drafts, Message, Refused } from '../../shared/ports/channel.ts';
import type { Notice } from '../../shared/ports/teller.ts';
import type { ChannelName, NoticeRow } from '../../shared/state/rows.ts';
import { deliver } from '../../shared/flows/tend/deliver.ts';
import type { Telling, Wording } from '../../shared/flows/telling.ts';
import { tell } from '../../shared/flows/tell.ts';
import type { Tools } from '../../shared/flows/tools.ts';
import { type Instant, isoTime, DAY, MINUTE } from '../../shared/time.ts';
import { tenantOf } from '../rosters/tenant.ts';
import { type Night, nightOf } from './night.ts';

export const PLAIN: Wording = {
  recipients: (audience) => `You are told because of ${audience}.`,
  letterOf: ({ subject, body }): Letter => ({
    subject,
    severity: 'alarm',
    verdict: body.split('\n')[0] ?? subject,
    figures: [],
    next: body.split('\n').slice(1),
    action: null,
    parts: [],
    footer: [],
  }),
  render: (letter) => {
    const text = [letter.verdict, ...letter.next].join('\n');
    return { html: `<p>${text}</p>`, text, card: { text }, payload: { ...letter } };
  },
};

/** The other side of a channel: what it took, in order. */
export interface Postbox {
  readonly channel: Channel;
  readonly taken: { readonly id: string; readonly repeat: boolean; readonly message: Message; readonly at: Instant }[];
  /** The next answers, in place of taking it; `null` takes it. */
  readonly answers: (Answer | null)[];
}

export function postbox(name: ChannelName, clock: { now(): Instant }, draftsToo = false): Postbox {
  const taken: Postbox['taken'][number][] = [];
  const answers: (Answer | null)[] = [];
  const held = new Map<string, Message>();
  const take = (message: Message): Answer => {
    const said = answers.shift() ?? null;
    if (said?.kind === 'refused') return said;
    taken.push({ id: message.id, repeat: message.repeat, message, at: clock.now() });
    return said ?? { kind: 'sent', status: 202, id: `request-${taken.length}` };
  };
  const drafts: Drafts = {
    async make(message) {
      const id = `draft-${held.size + 1}`;
      held.set(id, message);
      return { kind: 'sent', status: 201, id };
    },
    async send(id) {
      const message = held.get(id);
      if (message === undefined) return { kind: 'unknown', reason: 'The draft is not there.', status: 404 };
      const answer = take(message);
      if (answer.kind !== 'refused') held.delete(id);
      return answer;
    },
    async find(id, { id: wanted }) {
      const draft = [...held].find(([key, message]) => key === id || message.id === wanted);
      if (draft !== undefined) return { kind: 'draft', id: draft[0] };
      const sent = taken.find((one) => one.id === wanted);
      return sent === undefined ? { kind: 'nowhere' } : { kind: 'sent', id: `sent-${sent.id}` };
    },
  };
  const channel: Channel = { name, send: async (message) => take(message), drafts: draftsToo ? drafts : null };
  return { channel, taken, answers };
}

export const denied: Refused = {
  kind: 'refused',
  why: 'denied',
  reason: 'Microsoft Graph answered 403.',
  status: 403,
  retryAfter: null,
  id: null,
};
export const lost: Answer = { kind: 'unknown', reason: 'The answer was lost.', status: null };

export interface Office {
  readonly night: Night;
  readonly tools: Tools & { readonly telling: Telling };
  readonly clock: Night['clock'];
}

export function officeWith(
  boxes: readonly Postbox[] | ((clock: Night['clock']) => readonly Postbox[]),
  attempts = 5,
): Office {
  const night = nightOf(tenantOf(1));
  const made = typeof boxes === 'function' ? boxes(night.clock) : boxes;
  const telling: Telling = {
    channels: made.map(({ channel }) => channel),
    wording: PLAIN,
    attempts,
    tenant: 'contoso',
    pageUrl: null,
  };
  return { night, clock: night.clock, tools: { ...night.tools, telling } };
}

export function notice(id: string, kind: Notice['kind'] = 'alarm', since?: Instant): Notice {
  const about = { id, ...(since === undefined ? {} : { since }) };
  return { kind, about, subject: `Something about ${id}`, lines: ['It happened.', 'Look at it.'] };
}

export async function told(office: Office, ...notices: readonly Notice[]): Promise<void> {
  for (const one of notices) await tell(one, office.tools);
}

/** `deliver` comes by so many times, five minutes apart. What it throws is the caller's to see in the last call alone. */
export async function rounds({ tools, clock }: Office, times = 1): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    clock.at += 5 * MINUTE;
    await deliver(tools);
  }
}

export async function rowsOf({ tools, clock }: Office, days = 3): Promise<readonly NoticeRow[]> {
  const rows: NoticeRow[] = [];
  for (let day = 0; day < days; day += 1)
    for await (const { row } of tools.state.outbox.list(isoTime(clock.at - day * DAY).slice(0, 10))) rows.push(row);
  return rows;
}

export async function placesOf({ tools }: Office): Promise<readonly string[]> {
  const places: string[] = [];
  for await (const { row } of tools.state.unsent.list('unsent')) places.push(row.notice);
  return places;
}
