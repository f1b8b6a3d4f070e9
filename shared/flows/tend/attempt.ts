import { explain, kindOf } from '../../errors.ts';
import type { Answer, Channel, Drafts, Found, Message } from '../../ports/channel.ts';
import type { Effect } from '../../ports/effect.ts';
import type { Stored } from '../../ports/state.ts';
import { guidOf } from '../../repair/journal.ts';
import type { ChannelName, Delivery, NoticeRow } from '../../state/rows.ts';
import { MINUTE, SECOND } from '../../time.ts';
import type { Telling } from '../telling.ts';
import type { Tools } from '../tools.ts';
import { begun, concluded, deliveryOf, TAKEN_UP, write, writeOutcome } from './delivery.ts';
import { audienceOf, messageId, messageOf } from './message.ts';

/** An answer is waited for so long: well within the time after which somebody else takes the attempt up. */
const WITHIN = 45 * SECOND;
/** So long a mail that was sent may be in no folder, on its way: until then it is looked for, and not sent again. */
const ON_ITS_WAY = 15 * MINUTE;

export interface Attempted {
  readonly stored: Stored<NoticeRow>;
  /** Null where nothing was tried: it is still being looked for. */
  readonly answer: Answer | null;
}

export type AttemptTools = Pick<Tools, 'state' | 'clock' | 'log'> & { readonly telling: Telling };

/** One channel at one notice, and what every step of the attempt needs. */
interface Work {
  readonly stored: Stored<NoticeRow>;
  readonly name: ChannelName;
  /** As it was before the attempt, but for a draft that was made or found meanwhile. */
  readonly before: Delivery;
  readonly tools: AttemptTools;
}

/**
 * One attempt: journal it → send → journal the outcome, each write under the row's ETag, so that of two copies one sends. Whoever finds
 * an attempt without an outcome looks for the mail first, where the mailbox may be read; elsewhere it is sent again under its id, and
 * says that it may be a repeat. Throws `conflict` when somebody else is at it: nothing was sent then.
 */
export async function attempt(stored: Stored<NoticeRow>, channel: Channel, tools: AttemptTools): Promise<Attempted> {
  const before = deliveryOf(stored.row, channel.name);
  const work: Work = { stored, name: channel.name, before, tools };
  const { drafts } = channel;
  if (drafts === null) return sendAtOnce(work, channel);
  return before.state === 'unknown' || before.gone !== null ? lookFirst(work, drafts) : sendByDraft(work, drafts);
}

async function sendAtOnce(work: Work, channel: Channel): Promise<Attempted> {
  const { before } = work;
  const message = await prepared(work);
  if ('kind' in message) return failUnsent(work, message);
  const now = work.tools.clock.now();
  const during = begun(before, now, { attempts: before.attempts + 1, id: null, gone: before.gone ?? now });
  const stored = await journal(work, during);
  const answer = await asked(() => channel.send(message, effectOf(work, during, 'send')));
  return conclude({ ...work, stored }, during, answer);
}

async function lookFirst(work: Work, drafts: Drafts): Promise<Attempted> {
  const { before, stored, name, tools } = work;
  let found: Found;
  try {
    found = await drafts.find(before.id, { id: messageId(stored.row, name) });
  } catch (error) {
    return failUnsent(work, { kind: 'unknown', reason: `It cannot be looked for: ${explain(error)}`, status: null });
  }
  const now = tools.clock.now();
  if (found.kind === 'sent') {
    const answer = { kind: 'sent', status: 200, id: found.id } as const;
    const after = concluded(before, before, answer, now, mostOf(work, answer));
    return { stored: await journal(work, after), answer };
  }
  // Whatever began to send it: it is there still, so nothing was sent.
  if (found.kind === 'draft') return sendByDraft({ ...work, before: { ...before, id: found.id, gone: null } }, drafts);
  if (before.gone !== null && now - before.gone < ON_ITS_WAY) {
    return { stored: await journal(work, { ...before, due: now + TAKEN_UP }), answer: null };
  }
  return sendByDraft({ ...work, before: { ...before, id: null } }, drafts);
}

/** Make the draft, unless it is there → journal its id, and that it is being sent → send it. */
async function sendByDraft(work: Work, drafts: Drafts): Promise<Attempted> {
  const { before } = work;
  const attempts = before.attempts + 1;
  let at = work;
  if (before.id === null) {
    const message = await prepared(work);
    if ('kind' in message) return failUnsent(work, message);
    const making = begun(before, work.tools.clock.now(), { attempts });
    const stored = await journal(work, making);
    const made = await asked(() => drafts.make(message, effectOf(work, making, 'make')));
    if (made.kind !== 'sent' || made.id === null) return conclude({ ...work, stored }, making, made);
    at = { ...work, stored, before: { ...before, id: made.id } };
  }
  const draft = at.before.id ?? '';
  const now = work.tools.clock.now();
  const sending = begun(at.before, now, { attempts, gone: before.gone ?? now });
  const stored = await journal(at, sending);
  const answer = await asked(() => drafts.send(draft, effectOf(work, sending, 'send')));
  return conclude({ ...at, stored }, sending, answer);
}

/**
 * The message, or why there is none: words that cannot be made must not be tried for ever. Throws when storage cannot be asked, which
 * says nothing of the words.
 */
async function prepared({ stored, name, before, tools }: Work): Promise<Message | Answer> {
  try {
    return await messageOf(stored.row, name, before.gone !== null, tools);
  } catch (error) {
    if (kindOf(error) !== 'invalid') throw error;
    const reason = `The words for it cannot be made: ${explain(error)}`;
    return { kind: 'refused', why: 'invalid', reason, status: null, retryAfter: null, id: null };
  }
}

/** An attempt that ended before anything was sent. */
async function failUnsent(work: Work, answer: Answer): Promise<Attempted> {
  const { before, tools } = work;
  const during = { ...before, attempts: before.attempts + 1 };
  const after = concluded(before, during, answer, tools.clock.now(), mostOf(work, answer));
  return { stored: await journal(work, after), answer };
}

async function conclude(work: Work, during: Delivery, answer: Answer): Promise<Attempted> {
  const { stored, name, before, tools } = work;
  const after = concluded(before, during, answer, tools.clock.now(), mostOf(work, answer));
  return { stored: await writeOutcome(stored, name, during, after, tools.state.outbox), answer };
}

/** Who may be hurt is told, however long the channel fails; what can never be sent is no use to anybody. */
function mostOf({ stored, tools }: Work, answer: Answer): number {
  const isHopeless = answer.kind === 'refused' && answer.why === 'invalid';
  return audienceOf(stored.row.kind) === 'alarms' && !isHopeless ? Number.POSITIVE_INFINITY : tools.telling.attempts;
}

function journal({ stored, name, tools }: Work, delivery: Delivery): Promise<Stored<NoticeRow>> {
  return write(stored, name, delivery, tools.state.outbox);
}

function effectOf({ stored, name, tools }: Work, { attempts }: Delivery, step: 'make' | 'send'): Effect {
  const correlation = guidOf(`${messageId(stored.row, name)} ${attempts} ${step}`);
  return { until: tools.clock.now() + WITHIN, correlation };
}

/** A channel throws for nothing that the other side does; whatever it throws all the same says nothing of what was sent. */
async function asked(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    return { kind: 'unknown', reason: explain(error), status: null };
  }
}
