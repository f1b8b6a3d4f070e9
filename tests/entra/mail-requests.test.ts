import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createMail } from '../../shared/entra/mail.ts';
import { MINUTE } from '../../shared/time.ts';
import { MESSAGE } from './mail-office.ts';
import { CORRELATION } from './repairs-office.ts';
import { graphError, tenant, token } from './tenant.ts';

type Routes = Parameters<typeof tenant>[0];

const MAILBOX = '/v1.0/users/watch%40contoso.com';
const TO = { digest: ['identity@contoso.com'], decisions: ['boss@contoso.com'], alarms: ['oncall@contoso.com'] };

async function mailAt(routes: Routes, tokens = token()) {
  const { server, tools } = await tenant(routes, tokens);
  const credential = { kind: 'managed-identity', clientId: randomUUID() } as const;
  const settings = { from: 'watch@contoso.com', to: TO, drafts: true };
  const mail = createMail({ graphUrl: server.url, credential, rateShare: 0.8 }, settings, tools);
  if (mail.drafts === null) throw new Error('There are no drafts.');
  const effect = { until: tools.clock.now() + MINUTE, correlation: CORRELATION };
  return { server, tools, mail, drafts: mail.drafts, effect };
}

describe('what goes over the wire', () => {
  test('for a mail is one request, with a copy for Sent Items and our own id of the request', async () => {
    const { server, mail, effect } = await mailAt({
      [`${MAILBOX}/sendMail`]: { status: 202, headers: { 'request-id': 'graph-1' }, body: '' },
    });

    await expect(mail.send(MESSAGE, effect)).resolves.toEqual({ kind: 'sent', status: 202, id: 'graph-1' });
    expect(server.seen.map(({ method, path }) => [method, path])).toEqual([['POST', `${MAILBOX}/sendMail`]]);
    const [seen] = server.seen;
    expect(seen?.headers).toMatchObject({ 'content-type': 'application/json', 'client-request-id': CORRELATION });
    expect(JSON.parse(seen?.body ?? '')).toMatchObject({
      saveToSentItems: true,
      message: {
        body: { contentType: 'HTML', content: '<p>Look at it.</p>' },
        toRecipients: [{ emailAddress: { address: 'oncall@contoso.com' } }],
        internetMessageId: `<${MESSAGE.id}@contoso.com>`,
      },
    });
  });

  test('for a draft asks for ids that stay the same when it is sent', async () => {
    const { server, drafts, effect } = await mailAt({
      [`${MAILBOX}/messages`]: ({ method }) =>
        method === 'POST' ? { status: 201, body: { id: 'AAk=' } } : { body: { value: [] } },
      [`${MAILBOX}/messages/AAk%3D`]: graphError(404, 'ErrorItemNotFound', 'The object was not found.'),
      [`${MAILBOX}/messages/AAk%3D/send`]: { status: 202, body: '' },
    });

    await drafts.make(MESSAGE, effect);
    await drafts.send('AAk=', effect);
    await expect(drafts.find('AAk=', MESSAGE)).resolves.toEqual({ kind: 'nowhere' });

    expect(server.seen).toHaveLength(4);
    for (const { headers } of server.seen) expect(headers['prefer']).toBe('IdType="ImmutableId"');
    expect(server.seen.at(-1)?.query.get('$filter')).toBe(`internetMessageId eq '<${MESSAGE.id}@contoso.com>'`);
  });
});

test('a token that is not given means that nothing was sent', async () => {
  const { server, mail, effect } = await mailAt({}, { status: 400, body: { error: 'invalid_request' } });

  await expect(mail.send(MESSAGE, effect)).resolves.toMatchObject({ kind: 'refused' });
  expect(server.seen).toEqual([]);
});

test.each([500, 502, 503, 504])('a %i to a mail is not asked again, and says nothing of it', async (status) => {
  const { server, mail, effect, tools } = await mailAt({ [`${MAILBOX}/sendMail`]: { status, body: '' } });

  await expect(mail.send(MESSAGE, effect)).resolves.toMatchObject({ kind: 'unknown', status });
  expect([server.seen.length, tools.clock.waits]).toEqual([1, []]);
});

test('a draft of which no id can be read may be there, and is looked for', async () => {
  const { drafts, effect } = await mailAt({ [`${MAILBOX}/messages`]: { status: 201, body: 'half of i' } });

  await expect(drafts.make(MESSAGE, effect)).resolves.toMatchObject({ kind: 'unknown' });
});

test('a mail that was sent is believed before a draft of the same Message-ID', async () => {
  const value = [
    { id: 'draft', isDraft: true },
    { id: 'sent', isDraft: false },
  ];
  const { drafts } = await mailAt({ [`${MAILBOX}/messages`]: { body: { value } } });

  await expect(drafts.find(null, MESSAGE)).resolves.toEqual({ kind: 'sent', id: 'sent' });
});
