import * as z from 'zod';
import { inShape, parseJson } from '../answers.ts';
import { AnchorwatchError } from '../errors.ts';
import { outcomeOf, unsentOutcome } from '../outcome.ts';
import type { Answer, Attachment, Channel, Drafts, Found, Message } from '../ports/channel.ts';
import type { Effect } from '../ports/effect.ts';
import type { RetryDeps, RetryRules } from '../retry.ts';
import { SECOND } from '../time.ts';
import { createGraphClient, type GraphClient, type GraphPoster, type Posted } from './client.ts';
import { filterQuery, odataText } from './filter.ts';
import { type GraphSettings, readGraphUrl } from './settings.ts';

export interface MailSettings {
  /** User principal name of the mailbox. */
  readonly from: string;
  readonly to: Readonly<Record<Message['audience'], readonly string[]>>;
  /** The mailbox may be read: mails are made as drafts, and looked up. */
  readonly drafts: boolean;
}

/** What mails need of Graph. */
export type MailClient = Pick<GraphClient, 'json' | 'rights'> & GraphPoster;

/** Mail through Microsoft Graph, from one mailbox. Throws `invalid` at once when the address of Graph cannot be right. */
export function createMail(graph: GraphSettings, settings: MailSettings, deps: RetryDeps): Channel {
  return mailOver(createGraphClient(readGraphUrl(graph), graph.credential, graph.rateShare, deps), settings);
}

/**
 * The same over a client that is there already. Needs Mail.Send, and Mail.ReadWrite for drafts
 * (learn.microsoft.com/graph: user: sendMail, user: post messages, message: send).
 */
export function mailOver(client: MailClient, settings: MailSettings): Channel {
  const mailbox = `/v1.0/users/${encodeURIComponent(settings.from)}`;
  return {
    name: 'mail',
    send(message, effect) {
      const body = { message: mailOf(message, settings), saveToSentItems: true };
      return answered(client, () => client.post(`${mailbox}/sendMail`, body, effect), sent);
    },
    drafts: settings.drafts ? draftsIn(client, mailbox, settings) : null,
  };
}

function draftsIn(client: MailClient, mailbox: string, settings: MailSettings): Drafts {
  return {
    make: (message, effect) =>
      answered(client, () => client.post(`${mailbox}/messages`, mailOf(message, settings), effect), made),
    async send(draft: string, effect: Effect): Promise<Answer> {
      const path = `${mailbox}/messages/${encodeURIComponent(draft)}/send`;
      const answer = await answered(client, () => client.post(path, {}, effect), sent);
      if (answer.kind !== 'refused' || answer.status !== 404) return answer;
      return { kind: 'unknown', reason: `The draft is not there any more. ${answer.reason}`, status: 404 };
    },
    find: (draft, { id }) => find(client, mailbox, draft, messageIdOf(id, settings)),
  };
}

/** The token comes first, so that whatever is wrong with it is known to have sent nothing. */
async function answered<Taken>(
  client: MailClient,
  post: () => Promise<Posted>,
  read: (posted: Posted) => Taken,
): Promise<Taken | ReturnType<typeof outcomeOf>> {
  try {
    await client.rights();
  } catch (error) {
    return unsentOutcome(error);
  }
  try {
    return read(await post());
  } catch (error) {
    return outcomeOf(error);
  }
}

/** `id`: what Microsoft's support asks for. */
function sent({ status, requestId }: Posted) {
  return { kind: 'sent', status, id: requestId } as const;
}

const foundSchema = z.object({ id: z.string().min(1), isDraft: z.boolean() });
const madeSchema = z.object({ id: z.string().min(1) });
const pageSchema = z.object({ value: z.array(foundSchema) });

function made({ status, text }: Posted) {
  const what = 'POST /v1.0/users/{id}/messages';
  return { kind: 'sent', status, id: inShape(madeSchema, parseJson(text, what), what).id } as const;
}

/** A look is asked once: whoever looks comes again in minutes. */
const ONCE: RetryRules = { attempts: 1, totalWait: 0, deadline: 30 * SECOND };
const LOOK = { immutableIds: true, rules: ONCE } as const;

async function find(client: MailClient, mailbox: string, draft: string | null, messageId: string): Promise<Found> {
  const known = draft === null ? null : await byId(client, `${mailbox}/messages/${encodeURIComponent(draft)}`);
  if (known !== null) return known;
  const filter = filterQuery(`internetMessageId eq ${odataText(messageId)}`);
  const body = await client.json(`${mailbox}/messages?${filter}&$select=id,isDraft&$top=10`, LOOK);
  const { value } = inShape(pageSchema, body, 'GET /v1.0/users/{id}/messages');
  const one = value.find(({ isDraft }) => !isDraft) ?? value[0];
  return one === undefined ? { kind: 'nowhere' } : foundOf(one);
}

async function byId(client: MailClient, path: string): Promise<Found | null> {
  try {
    const body = await client.json(`${path}?$select=id,isDraft`, LOOK);
    return foundOf(inShape(foundSchema, body, 'GET /v1.0/users/{id}/messages/{id}'));
  } catch (error) {
    if (error instanceof AnchorwatchError && error.fields['status'] === 404) return null;
    throw error;
  }
}

function foundOf({ id, isDraft }: z.output<typeof foundSchema>): Found {
  return { kind: isDraft ? 'draft' : 'sent', id };
}

function messageIdOf(id: string, { from }: MailSettings): string {
  return `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`;
}

/** A message as Graph takes it. Of our own headers it takes five, each beginning with `x-`. */
function mailOf(message: Message, settings: MailSettings) {
  const { severity, run, tenant, notice, repeat } = message;
  const headers = { severity, run, tenant, notice, repeat: repeat ? 'possible' : null };
  return {
    subject: message.subject,
    body: { contentType: 'HTML', content: message.rendered.html },
    toRecipients: settings.to[message.audience].map((address) => ({ emailAddress: { address } })),
    importance: severity === 'alarm' ? 'high' : 'normal',
    internetMessageId: messageIdOf(message.id, settings),
    internetMessageHeaders: Object.entries(headers).flatMap(([name, value]) =>
      value === null ? [] : [{ name: `x-anchorwatch-${name}`, value: headerText(value) }],
    ),
    ...(message.attachments.length === 0 ? {} : { attachments: message.attachments.map(fileOf) }),
  };
}

/** A file within the request itself: below 3 MB, or Graph wants a session for it (learn.microsoft.com/graph: fileAttachment). */
function fileOf({ name, csv }: Attachment) {
  const contentBytes = Buffer.from(csv).toString('base64');
  return { '@odata.type': '#microsoft.graph.fileAttachment', name, contentType: 'text/csv', contentBytes };
}

/** A header is one line of ASCII; what is beyond it is for a filter to match, not for a person to read. */
function headerText(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]+/g, '?').slice(0, 200);
}
