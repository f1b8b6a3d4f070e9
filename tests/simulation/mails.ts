import type { EntraRecord, MailRecord } from '../../local/world/graph/records.ts';
import type { CreatedWorld } from '../../local/world/world.ts';
import { mailOver, type MailSettings } from '../../shared/entra/mail.ts';
import { audienceOf, messageId } from '../../shared/flows/tend/message.ts';
import { isSettled } from '../../shared/flows/tend/delivery.ts';
import type { Telling } from '../../shared/flows/telling.ts';
import { wordingOf } from '../../shared/notify/wording.ts';
import type { NoticeRow } from '../../shared/state/rows.ts';
import { START } from '../world/callers.ts';
import type { Fault } from './faults.ts';
import type { Mirror } from './mirror.ts';
import type { Broken } from './rest.ts';
import type { Happened, Scheduler, Worker } from './scheduler.ts';
import type { Made, Scenario } from './simulation.ts';
import { type Asker, mailClientIn } from './tenants.ts';
import { mailPort } from './wrap.ts';

// How people are told, and what must hold of it once nothing happens any more.

const TO = { digest: ['all@contoso.com'], decisions: ['decide@contoso.com'], alarms: ['oncall@contoso.com'] } as const;

/** The mailbox that all mails are sent from: that of somebody who is not repaired. */
function mailboxOf({ inside }: CreatedWorld): EntraRecord {
  const found = [...inside.state.entraUsers.list(null, START)].findLast(({ mail }) => mail !== null);
  if (found === undefined) throw new Error('Nobody has a mailbox in this world.');
  return found;
}

/** The product's own channel, over requests that are effects of this worker each. */
export function tellingOf(
  created: CreatedWorld,
  way: NonNullable<Scenario['mails']>,
  asker: (staleness: number) => Asker,
  worker: Worker,
  scheduler: Scheduler,
): Telling {
  const client = mailPort((staleness) => mailClientIn(asker(staleness)), worker, scheduler);
  const settings: MailSettings = { from: mailboxOf(created).userName, to: TO, drafts: way === 'drafts' };
  return {
    channels: [mailOver(client, settings)],
    wording: wordingOf('contoso', null),
    attempts: 5,
    tenant: 'contoso',
    pageUrl: null,
  };
}

/** Whatever is to be told is told or given up; the night itself is one of these things. */
export function isTold({ outbox }: Mirror): boolean {
  const notices = [...outbox.values()];
  return notices.some(({ kind }) => kind === 'digest') && notices.every((notice) => isSettled(notice, 'mail'));
}

/** What was sent of a notice, the first first. */
export function copiesOf({ notice }: NoticeRow, { created }: Pick<Made, 'created'>): readonly MailRecord[] {
  return [...created.inside.state.mails.values()]
    .filter(({ headers, sent }) => sent !== null && headers['x-anchorwatch-notice'] === notice)
    .sort((one, other) => (one.sent ?? 0) - (other.sent ?? 0));
}

/** A mail that was taken, and where in the history that is. */
export interface Post {
  readonly worker: string;
  readonly fault: Fault | null;
  readonly at: number;
}

/**
 * 9: every notice is in the mailbox of those whom it is for. It is there a second time only where the answer to the copy before it was
 * lost, and says so; and never where it could be looked for.
 */
export function asTheyWereTold(made: Made, posts: ReadonlyMap<string, readonly Post[]>, broken: Broken): void {
  const { mails } = made.scenario;
  if (mails === undefined) return;
  const { history, trouble } = made.scheduler;
  const isUndisturbed = trouble === null && history.every(({ fault }) => fault === null);
  for (const notice of made.mirror.outbox.values()) {
    const copies = copiesOf(notice, made);
    const told = `"${notice.subject}" (${notice.notice})`;
    const [first] = copies;
    if (first === undefined) broken(9, `${told} was told, and nobody got it`);
    else if (notice.deliveries.mail?.state !== 'sent') broken(9, `${told} was sent, and never known to be`);
    if (copies.some(({ internetMessageId: id }) => !id.startsWith(`<${messageId(notice, 'mail')}@`)))
      broken(9, `${told} came under another id`);
    if (first !== undefined && first.to.join() !== TO[audienceOf(notice.kind)].join())
      broken(9, `${told} went to ${first.to.join(', ')}, for whom it is not`);
    if (copies.some(isMarked) && isUndisturbed) broken(9, `${told} says that it may be a repeat, and it cannot be`);
    if (copies.slice(1).some((copy) => !isMarked(copy))) broken(9, `${told} came again and does not say so`);
    if (copies.length > 1 && mails === 'drafts') broken(9, `${told} came twice, though it could be looked for`);
    const sent = posts.get(first?.internetMessageId ?? '') ?? [];
    if (sent.slice(0, -1).some((post) => !isLost(post, history)))
      broken(9, `${told} was sent again although its answer was heard`);
  }
}

function isMarked({ headers, subject }: MailRecord): boolean {
  return headers['x-anchorwatch-repeat'] === 'possible' && subject.endsWith('(possible repeat)');
}

const LOSES_ANSWER: readonly (Fault | null)[] = ['crash after', 'lands late'];
const LOSES_OUTCOME: readonly (Fault | null)[] = ['crash before', 'crash after', 'frozen past the lease'];

/**
 * The answer was not heard; or whoever heard it died, or slept for so long that it was taken for dead, before it could write it down. A
 * storage that stumbles loses nothing.
 */
function isLost({ worker, fault, at }: Post, history: readonly Happened[]): boolean {
  if (LOSES_ANSWER.includes(fault) || (history[at]?.failed ?? null) !== null) return true;
  for (const happened of history.slice(at + 1)) {
    if (happened.worker !== worker) continue;
    if (happened.name.startsWith('mail.')) return false;
    if (LOSES_OUTCOME.includes(happened.fault)) return true;
  }
  return false;
}
