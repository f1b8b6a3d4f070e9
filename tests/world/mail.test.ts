import { describe, expect, test } from 'vitest';
import { MAIL_ROLES, READ_ROLES } from '../../local/world/options.ts';
import type { Answer } from '../../local/world/call.ts';
import { json, Tenant } from './callers.ts';

const MESSAGE = {
  subject: 'Hello',
  body: { contentType: 'HTML', content: '<p>Hello</p>' },
  toRecipients: [{ emailAddress: { address: 'identity@contoso.com' } }],
};

const FILE = { '@odata.type': '#microsoft.graph.fileAttachment', name: 'a.csv', contentBytes: 'YQ==' };

/** A tenant with a mailbox, whose app may use it. */
class Mailbox extends Tenant {
  readonly user: string;

  constructor() {
    super({ people: 20, plants: 'none', graph: { roles: [...READ_ROLES, ...MAIL_ROLES] } });
    this.user = this.graphRows('/v1.0/users?$select=id,mail').find(({ mail }) => mail !== null).id;
  }

  post(path: string, body: unknown): Answer {
    return this.send({
      side: 'graph',
      method: 'POST',
      target: `/v1.0/users/${this.user}/${path}`,
      headers: { host: 'graph.test', authorization: `Bearer ${this.graphToken()}` },
      body: JSON.stringify(body),
    });
  }

  listed(): unknown[] {
    return json(this.graph(`/v1.0/users/${this.user}/messages?$select=id,isDraft`)).value;
  }
}

describe('a mailbox', () => {
  test('accepts a mail with 202 and no body, and keeps a copy unless told otherwise', () => {
    const mailbox = new Mailbox();

    expect(mailbox.post('sendMail', { message: MESSAGE })).toMatchObject({ status: 202, body: '' });
    expect(mailbox.post('sendMail', { message: MESSAGE, saveToSentItems: false })).toMatchObject({ status: 202 });
    expect(mailbox.listed()).toMatchObject([{ isDraft: false }]);
    expect(mailbox.created.inside.state.mails.size).toBe(2);
  });

  test.each([
    ['six headers', 'InvalidInternetMessageHeaderCollection', Array.from({ length: 6 }, (_, at) => [`x-h${at}`, 'a'])],
    ['a header that is not the sender’s to set', 'InvalidInternetMessageHeader', [['References', 'a']]],
    ['a header of two lines', 'InvalidInternetMessageHeader', [['x-run', 'a\nb']]],
  ])('refuses %s', (_what, code, headers) => {
    const mailbox = new Mailbox();
    const internetMessageHeaders = headers.map(([name, value]) => ({ name, value }));

    const answer = mailbox.post('sendMail', { message: { ...MESSAGE, internetMessageHeaders } });

    expect([answer.status, json(answer).error.code]).toEqual([400, code]);
    expect(mailbox.created.inside.state.mails.size).toBe(0);
  });

  test.each([
    ['nobody to send it to', { ...MESSAGE, toRecipients: [] }],
    ['no body', { subject: 'Hello', toRecipients: MESSAGE.toRecipients }],
    ['a property that these tenants do not know', { ...MESSAGE, flag: {} }],
    ['a Message-ID without angle brackets', { ...MESSAGE, internetMessageId: 'a@b' }],
    ['an attachment of no known type', { ...MESSAGE, attachments: [{ ...FILE, '@odata.type': undefined }] }],
    ['an attachment of another type', { ...MESSAGE, attachments: [{ ...FILE, '@odata.type': 'attachment' }] }],
    ['an attachment that is not base64', { ...MESSAGE, attachments: [{ ...FILE, contentBytes: 'person,verdict' }] }],
  ])('refuses a message with %s', (_what, message) => {
    expect(new Mailbox().post('sendMail', { message }).status).toBe(400);
  });

  test('sends a draft once, which keeps its id', () => {
    const mailbox = new Mailbox();
    const { id } = json(mailbox.post('messages', MESSAGE));
    expect(mailbox.listed()).toEqual([expect.objectContaining({ id, isDraft: true })]);

    expect(mailbox.post(`messages/${id}/send`, {}).status).toBe(202);
    expect(mailbox.post(`messages/${id}/send`, {})).toMatchObject({ status: 404 });
    expect(mailbox.listed()).toEqual([expect.objectContaining({ id, isDraft: false })]);
  });
});
