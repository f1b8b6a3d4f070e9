import { describe, expect, test } from 'vitest';
import { READ_ROLES } from '../../local/world/options.ts';
import { MOST_LIST } from '../../shared/notify/csv.ts';
import { MINUTE } from '../../shared/time.ts';
import { enterMail, MESSAGE, type OpenMail } from './mail-office.ts';

/** What whoever sends mails may rely on, whichever face the channel has. */
export function mailContract(open: OpenMail): void {
  describe('a mail', () => {
    sendingContract(open);
  });
  describe('a draft', () => {
    draftsContract(open);
  });
  describe('a mailbox', () => {
    refusalsContract(open);
  });
}

function sendingContract(open: OpenMail): void {
  test('goes to those whom it is for, with what filters go by, and a copy of it is kept', async () => {
    const { mail, mails, from, effect, clock } = await enterMail(open);

    await expect(mail.send(MESSAGE, effect())).resolves.toEqual({ kind: 'sent', status: 202, id: expect.any(String) });
    expect(mails()).toMatchObject([
      {
        from,
        to: ['oncall@contoso.com'],
        subject: 'Somebody is parked for too long',
        content: '<p>Look at it.</p>',
        importance: 'high',
        headers: {
          'x-anchorwatch-severity': 'alarm',
          'x-anchorwatch-run': '2026-11-23T02-00-00Z',
          'x-anchorwatch-tenant': 'Contoso Stra?e',
          'x-anchorwatch-notice': 'alarm~r-1.parked',
        },
        internetMessageId: `<${MESSAGE.id}@${from.split('@')[1]}>`,
        sent: clock.now(),
        kept: true,
      },
    ]);
    expect(mails()[0]?.headers).not.toHaveProperty('x-anchorwatch-repeat');
  });

  test('that may be a repeat says so in a header, under the same Message-ID; five headers are the most', async () => {
    const { mail, mails, effect } = await enterMail(open);

    await mail.send(MESSAGE, effect());
    await mail.send({ ...MESSAGE, repeat: true }, effect());

    const [first, second] = mails();
    expect(second?.internetMessageId).toBe(first?.internetMessageId);
    expect(second?.headers).toMatchObject({ 'x-anchorwatch-repeat': 'possible' });
    expect(Object.keys(second?.headers ?? {})).toHaveLength(5);
  });

  test('carries a file with it, at once and as a draft, whatever letters are in it', async () => {
    const { mail, drafts, mails, effect } = await enterMail(open);
    const csv = '\uFEFF"person"\r\n"tomasz.zieliński@contoso.com"\r\n';
    const message = { ...MESSAGE, attachments: [{ name: 'findings.csv', csv }] };

    await mail.send(message, effect());
    await drafts.make(message, effect());

    expect(mails()).toHaveLength(2);
    for (const { attachments } of mails()) {
      expect(attachments).toMatchObject([{ name: 'findings.csv', contentType: 'text/csv' }]);
      expect(Buffer.from(attachments[0]?.contentBytes ?? '', 'base64').toString()).toBe(csv);
    }
  });

  test('takes the largest list that is made, and is refused for good beyond four megabytes', async () => {
    const { mail, mails, effect } = await enterMail(open);
    const sendWith = (bytes: number) =>
      mail.send({ ...MESSAGE, attachments: [{ name: 'findings.csv', csv: 'x'.repeat(bytes) }] }, effect());

    await expect(sendWith(MOST_LIST)).resolves.toMatchObject({ kind: 'sent' });
    await expect(sendWith(3.2 * 2 ** 20)).resolves.toMatchObject({ kind: 'refused', why: 'invalid', status: 413 });
    expect(mails()).toHaveLength(1);
  });

  test('that is only worth reading goes to all of the digest, and is of no importance', async () => {
    const { mail, mails, effect } = await enterMail(open);

    await mail.send({ ...MESSAGE, audience: 'digest', severity: 'news', run: null, tenant: null }, effect());

    expect(mails()).toMatchObject([{ to: ['identity@contoso.com', 'help@contoso.com'], importance: 'normal' }]);
  });

  test('that is too late is not sent, and known not to be', async () => {
    const { mail, mails, effect, clock } = await enterMail(open);

    await expect(mail.send(MESSAGE, { ...effect(), until: clock.now() })).resolves.toMatchObject({
      kind: 'refused',
      why: 'transient',
    });
    expect(mails()).toEqual([]);
  });

  test('beyond thirty in a minute is refused with the time to wait, and goes in the next', async () => {
    const { mail, mails, effect, clock } = await enterMail(open);
    for (let sent = 0; sent < 30; sent += 1) await mail.send(MESSAGE, effect());

    const refused = await mail.send(MESSAGE, effect());
    expect(refused).toMatchObject({ kind: 'refused', why: 'throttled', status: 429, retryAfter: expect.any(Number) });
    expect(mails()).toHaveLength(30);

    await clock.wait(refused.kind === 'refused' ? (refused.retryAfter ?? 0) : 0);
    await expect(mail.send(MESSAGE, effect())).resolves.toMatchObject({ kind: 'sent' });
  });
}

function draftsContract(open: OpenMail): void {
  test('is made, found by its id and by its message, sent once, and found as sent under the same id', async () => {
    const { drafts, mails, effect } = await enterMail(open);

    const made = await drafts.make(MESSAGE, effect());
    if (made.kind !== 'sent') throw new Error('it was not made');
    expect(mails()).toMatchObject([{ sent: null }]);
    await expect(drafts.find(made.id, MESSAGE)).resolves.toEqual({ kind: 'draft', id: made.id });
    await expect(drafts.find(null, MESSAGE)).resolves.toEqual({ kind: 'draft', id: made.id });

    await expect(drafts.send(made.id, effect())).resolves.toMatchObject({ kind: 'sent', status: 202 });
    await expect(drafts.find(made.id, MESSAGE)).resolves.toEqual({ kind: 'sent', id: made.id });
    await expect(drafts.find(null, MESSAGE)).resolves.toEqual({ kind: 'sent', id: made.id });
    expect(mails()).toMatchObject([{ sent: expect.any(Number) }]);
  });

  test('that was sent already is not sent again: nobody knows then what became of it', async () => {
    const { drafts, mails, effect } = await enterMail(open);
    const made = await drafts.make(MESSAGE, effect());
    const id = made.kind === 'sent' ? made.id : '';
    await drafts.send(id, effect());

    await expect(drafts.send(id, effect())).resolves.toMatchObject({ kind: 'unknown', status: 404 });
    expect(mails()).toHaveLength(1);
  });

  test('that nobody made is nowhere', async () => {
    const { drafts } = await enterMail(open);

    await expect(drafts.find('AAkALgAAAnone', MESSAGE)).resolves.toEqual({ kind: 'nowhere' });
  });

  test('is seen where a replica has heard of it', async () => {
    const { drafts, clock, effect } = await enterMail(open, {
      graph: { roles: ['Mail.Send', 'Mail.ReadWrite', 'User.Read.All'], replicaLag: 10 * MINUTE },
    });
    await drafts.make(MESSAGE, effect());

    await expect(drafts.find(null, MESSAGE)).resolves.toEqual({ kind: 'nowhere' });
    await clock.wait(10 * MINUTE);
    await expect(drafts.find(null, MESSAGE)).resolves.toMatchObject({ kind: 'draft' });
  });
}

function refusalsContract(open: OpenMail): void {
  test('that the app may not use refuses, and says which permission it takes', async () => {
    const { mail, drafts, effect } = await enterMail(open, { seed: 'no rights', graph: { roles: READ_ROLES } });

    const refusal = { kind: 'refused', why: 'denied', status: 403, reason: expect.stringMatching(/Mail\.Send.*RBAC/) };
    await expect(mail.send(MESSAGE, effect())).resolves.toMatchObject(refusal);
    await expect(drafts.make(MESSAGE, effect())).resolves.toMatchObject(refusal);
    await expect(drafts.find(null, MESSAGE)).rejects.toMatchObject({ kind: 'denied' });
  });

  test('that the app may only send from refuses drafts', async () => {
    const { mail, drafts, effect } = await enterMail(open, {
      seed: 'send only',
      graph: { roles: [...READ_ROLES, 'Mail.Send'] },
    });

    await expect(mail.send(MESSAGE, effect())).resolves.toMatchObject({ kind: 'sent' });
    await expect(drafts.make(MESSAGE, effect())).resolves.toMatchObject({ kind: 'refused', why: 'denied' });
  });

  test('that is not there is invalid, and says which setting names it', async () => {
    const { mail, effect } = await enterMail(open, {}, () => 'nobody@contoso.com');

    await expect(mail.send(MESSAGE, effect())).resolves.toMatchObject({
      kind: 'refused',
      why: 'invalid',
      status: 404,
      reason: expect.stringContaining('ANCHORWATCH_MAIL_FROM'),
    });
  });
}
