import { z } from 'zod';
import { type Instant, MINUTE, SECOND } from '../../../shared/time.ts';
import { diceOf } from '../dice.ts';
import { guid } from '../ids.ts';
import type { Reply } from '../routes.ts';
import type { GraphCall, GraphRoute } from './context.ts';
import { type Fields, parseFilter } from './filter.ts';
import { matches } from './match.ts';
import type { EntraRecord, MailRecord } from './records.ts';
import { badRequest, GraphRefusal } from './refusal.ts';
import { theUser } from './users.ts';

/** Exchange Online takes so many messages a minute from one mailbox (Exchange Online limits, sending limits). */
export const MAILS_A_MINUTE = 30;
/** Graph takes no more in one request, attachments in base64 and all (Graph, use the API; outlook-large-attachments). */
const MOST_BYTES = 4 * 1024 * 1024;
/** More of its own headers Graph refuses in one message. */
const MOST_HEADERS = 5;

const SENDS = ['Mail.Send'];
const DRAFTS = ['Mail.ReadWrite'];
const READS = ['Mail.Read', 'Mail.ReadWrite'];

export const mailRoutes: readonly GraphRoute[] = [
  { method: 'POST', path: '/v1.0/users/{user}/sendMail', query: [], needs: SENDS, handle: sendMail },
  { method: 'POST', path: '/v1.0/users/{user}/messages', query: [], needs: DRAFTS, handle: createDraft },
  {
    method: 'GET',
    path: '/v1.0/users/{user}/messages',
    query: ['$filter', '$select', '$top'],
    needs: READS,
    handle: listMessages,
  },
  { method: 'GET', path: '/v1.0/users/{user}/messages/{id}', query: ['$select'], needs: READS, handle: getMessage },
  { method: 'POST', path: '/v1.0/users/{user}/messages/{id}/send', query: [], needs: SENDS, handle: sendDraft },
];

const address = z.object({ emailAddress: z.object({ address: z.string().regex(/^[^\s@]+@[^\s@]+$/) }) });
/** Of the kinds that there are only files: messages and references to drives nobody here attaches. */
const attachmentSchema = z
  .strictObject({
    '@odata.type': z.literal('#microsoft.graph.fileAttachment'),
    name: z.string().min(1),
    contentType: z.string().default('application/octet-stream'),
    contentBytes: z.base64(),
  })
  .transform(({ name, contentType, contentBytes }) => ({ name, contentType, contentBytes }));
const messageSchema = z.strictObject({
  subject: z.string(),
  body: z.strictObject({ contentType: z.enum(['HTML', 'Text']), content: z.string() }),
  toRecipients: z.array(address).min(1),
  importance: z.enum(['low', 'normal', 'high']).default('normal'),
  internetMessageId: z
    .string()
    .regex(/^<[^<>@\s]+@[^<>@\s]+>$/)
    .optional(),
  internetMessageHeaders: z.array(z.strictObject({ name: z.string(), value: z.string() })).default([]),
  attachments: z.array(attachmentSchema).default([]),
});
const sendMailSchema = z.strictObject({ message: messageSchema, saveToSentItems: z.boolean().default(true) });

type Asked = z.output<typeof messageSchema>;

/** 202 without a body: accepted, which is not delivered. */
function sendMail(call: GraphCall): Reply {
  const mailbox = mailboxOf(call, SENDS);
  const { message, saveToSentItems } = parsed(sendMailSchema, call);
  const record = recordOf(call, mailbox, message);
  takeTurn(call, mailbox);
  call.state.mails.set(record.id, { ...record, sent: call.now, kept: saveToSentItems });
  return { status: 202, body: '' };
}

function createDraft(call: GraphCall): Reply {
  const mailbox = mailboxOf(call, DRAFTS);
  const record = recordOf(call, mailbox, parsed(messageSchema, call));
  call.state.mails.set(record.id, record);
  return { status: 201, body: messageJson(record, call.now) };
}

/** By its immutable id, which stays the same when a draft becomes the copy in Sent Items (Graph, Outlook immutable ids). */
function getMessage(call: GraphCall): Reply {
  const mailbox = mailboxOf(call, READS);
  const found = visible(call, mailbox).find(({ id }) => id === call.parameters['id']);
  if (found === undefined) throw itemNotFound();
  return { status: 200, body: messageJson(found, call.asOf) };
}

const FIELDS: Fields<MailRecord> = {
  internetMessageId: { operators: ['eq'], get: (mail) => mail.internetMessageId },
};

function listMessages(call: GraphCall): Reply {
  const mailbox = mailboxOf(call, READS);
  const filter = call.target.query.get('$filter');
  const clause = filter === undefined ? null : parseFilter(filter, FIELDS, false);
  const found = visible(call, mailbox).filter((mail) => clause === null || matches(clause, FIELDS, mail));
  const value = found.slice(0, Number(call.target.query.get('$top') ?? 10)).map((mail) => messageJson(mail, call.asOf));
  return { status: 200, body: { '@odata.context': `${call.origin}/v1.0/$metadata#users('x')/messages`, value } };
}

function sendDraft(call: GraphCall): Reply {
  const mailbox = mailboxOf(call, SENDS);
  const draft = call.state.mails.get(call.parameters['id'] ?? '');
  if (draft === undefined || draft.mailbox !== mailbox.id || draft.sent !== null) throw itemNotFound();
  takeTurn(call, mailbox);
  call.state.mails.set(draft.id, { ...draft, sent: call.now });
  return { status: 202, body: '' };
}

/** Exchange asks again whether the app may use this very mailbox, and refuses in other words than the directory. */
function mailboxOf(call: GraphCall, roles: readonly string[]): EntraRecord {
  if (!roles.some((role) => call.roles.has(role))) {
    throw new GraphRefusal(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
  }
  const user = userOf(call);
  if (user.mail !== null) return user;
  const message = 'The mailbox is either inactive, soft-deleted, or is hosted on-premise.';
  throw new GraphRefusal(404, 'MailboxNotEnabledForRESTAPI', message);
}

function userOf(call: GraphCall): EntraRecord {
  try {
    return theUser({ ...call, asOf: call.now });
  } catch (error) {
    if (!(error instanceof GraphRefusal)) throw error;
    throw new GraphRefusal(404, 'ErrorInvalidUser', `The requested user '${call.parameters['user']}' is invalid.`);
  }
}

function takeTurn({ state, now }: GraphCall, { id }: EntraRecord): void {
  const room = state.mailRates.take(id, now, MINUTE, MAILS_A_MINUTE);
  if (room.allowed) return;
  throw new GraphRefusal(429, 'ApplicationThrottled', 'The mailbox is over its message rate limit.', {
    'retry-after': String(Math.ceil((room.reset - now) / SECOND)),
  });
}

function parsed<Shape>(schema: z.ZodType<Shape>, { body }: GraphCall): Shape {
  if (Buffer.byteLength(body) > MOST_BYTES)
    throw new GraphRefusal(413, 'RequestEntityTooLarge', 'The maximum request length supported is 4MB.');
  const read = schema.safeParse(jsonOf(body));
  if (!read.success) throw badRequest(`The message is not well formed: ${z.prettifyError(read.error)}`);
  return read.data;
}

function jsonOf(body: string): unknown {
  try {
    const json: unknown = JSON.parse(body);
    return json;
  } catch {
    throw badRequest('Unable to read JSON request payload.');
  }
}

function recordOf({ state, now }: GraphCall, mailbox: EntraRecord, asked: Asked): MailRecord {
  const { internetMessageHeaders: headers } = asked;
  if (headers.length > MOST_HEADERS) {
    const message = `Maximum number of headers in one message should be less than or equal to ${MOST_HEADERS}.`;
    throw new GraphRefusal(400, 'InvalidInternetMessageHeaderCollection', message);
  }
  const wrong = headers.find(({ name, value }) => !/^x-[\w-]+$/i.test(name) || !/^[\x20-\x7e]{0,995}$/.test(value));
  if (wrong !== undefined) {
    const message = `The internet message header name '${wrong.name}' should start with 'x-' or 'X-'.`;
    throw new GraphRefusal(400, 'InvalidInternetMessageHeader', message);
  }
  const unique = guid(diceOf(`mail ${state.mails.size} of ${mailbox.id}`).next).replaceAll('-', '');
  return {
    id: `AAkALgAAA${unique}`,
    mailbox: mailbox.id,
    from: mailbox.userName,
    to: asked.toRecipients.map(({ emailAddress }) => emailAddress.address),
    subject: asked.subject,
    content: asked.body.content,
    importance: asked.importance,
    headers: Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value])),
    internetMessageId: asked.internetMessageId ?? `<${unique}@${mailbox.userName.split('@')[1] ?? ''}>`,
    attachments: asked.attachments,
    created: now,
    sent: null,
    kept: true,
  };
}

/** What the folders of a mailbox show, to a replica that has not heard of the last while. */
function visible({ state, asOf }: GraphCall, { id }: EntraRecord): readonly MailRecord[] {
  return [...state.mails.values()].filter((mail) => {
    if (mail.mailbox !== id || mail.created > asOf) return false;
    return mail.kept || mail.sent === null || mail.sent > asOf;
  });
}

function messageJson(mail: MailRecord, asOf: Instant) {
  return {
    id: mail.id,
    isDraft: mail.sent === null || mail.sent > asOf,
    subject: mail.subject,
    internetMessageId: mail.internetMessageId,
  };
}

function itemNotFound(): GraphRefusal {
  return new GraphRefusal(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
}
