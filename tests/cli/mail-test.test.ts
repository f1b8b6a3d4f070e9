import { describe, expect, test } from 'vitest';
import { MAIL_ROLES, READ_ROLES } from '../../local/world/options.ts';
import { DAY } from '../../shared/time.ts';
import { serve } from '../loopback.ts';
import { realNight } from '../nights/tenants.ts';
import { anchorwatch } from './run.ts';

const SECRET = 'a secret of thirty-two characters';

/** A tenant with a mailbox that the app may use, and the settings that lead to it. */
async function mailbox(drafts: 'yes' | 'no', roles: readonly string[] = MAIL_ROLES) {
  const { created, tenants } = await realNight({
    // Tokens are kept for the whole process, one for each identity.
    seed: `mail test ${roles.length}`,
    people: 10,
    graph: { roles: [...READ_ROLES, ...roles], tokenLifetime: DAY },
  });
  const { inside, credentials, ids } = created;
  const from = [...inside.state.entraUsers.list(null, Date.now())].find(({ mail }) => mail !== null)?.userName ?? '';
  const env = {
    ANCHORWATCH_GRAPH_URL: tenants.addresses.graph,
    ANCHORWATCH_TENANT_ID: ids.tenant,
    ANCHORWATCH_ENTRA_CREDENTIAL: 'managed-identity',
    ANCHORWATCH_ENTRA_CLIENT_ID: credentials.identity.clientId,
    ANCHORWATCH_MAIL_FROM: from,
    ANCHORWATCH_MAIL_TO: 'identity@contoso.com',
    ANCHORWATCH_MAIL_ALARMS_TO: 'oncall@contoso.com',
    ANCHORWATCH_MAIL_DRAFTS: drafts,
    ANCHORWATCH_TENANT_NAME: 'contoso',
  };
  return { env, mails: () => [...inside.state.mails.values()] };
}

describe('anchorwatch mail test', () => {
  test.each(['no', 'yes'] as const)(
    'sends one mail to those of alarms, and says what the server answered; drafts: %s',
    async (drafts) => {
      const { env, mails } = await mailbox(drafts);

      const { code, out, err } = await anchorwatch(['mail', 'test'], { env });

      expect([err, code]).toEqual(['', 0]);
      expect(out).toMatch(/^mail: sent\. The server answered 202 under the request id [0-9a-f-]{36}\.\n$/);
      expect(mails()).toMatchObject([
        { to: ['oncall@contoso.com'], subject: '[Anchorwatch] contoso: This is a test', sent: expect.any(Number) },
      ]);
    },
  );

  test('goes on after a channel that fails, says what it takes, and ends with 1', async () => {
    const { env, mails } = await mailbox('no', []);
    const hook = await serve(() => ({ status: 200, headers: { 'x-request-id': 'there-1' } }));
    const teams = await serve(() => ({ status: 429, headers: { 'retry-after': '30' } }));

    const { code, out } = await anchorwatch(['mail', 'test'], {
      env: {
        ...env,
        ANCHORWATCH_TEAMS_URL: `${teams.url}/card?sig=keepthis`,
        ANCHORWATCH_WEBHOOK_URL: `${hook.url}/hook`,
        ANCHORWATCH_WEBHOOK_SECRET: SECRET,
      },
    });

    const [mail, card, webhook] = out.split('\n');
    expect(mail).toMatch(/^mail: not sent \(denied\)\. Microsoft Graph answered 403 .*Mail\.Send/);
    expect(card).toMatch(
      /^teams: not sent \(throttled\)\. The Teams workflow answered 429\. It asks to wait 30 seconds\./,
    );
    expect(webhook).toBe('webhook: sent. The server answered 200 under the request id there-1.');
    expect([code, mails()]).toEqual([1, []]);
    expect(out).not.toContain('keepthis');
  });

  test('tries the one channel that is asked for', async () => {
    const hook = await serve(() => ({}));
    const env = {
      ANCHORWATCH_TENANT_ID: '11111111-2222-3333-4444-555555555555',
      ANCHORWATCH_TEAMS_URL: 'http://127.0.0.1:9/',
      ANCHORWATCH_WEBHOOK_URL: hook.url,
      ANCHORWATCH_WEBHOOK_SECRET: SECRET,
    };

    const { code, out } = await anchorwatch(['mail', 'test', '--channel', 'webhook'], { env });

    expect([code, out]).toEqual([0, 'webhook: sent. The server answered 200.\n']);
  });

  test('says what to set where no channel is configured, or not this one, and ends with 2', async () => {
    const none = await anchorwatch(['mail', 'test']);
    expect(none).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/No channel is configured.*MAIL_FROM.*TEAMS_URL/),
    });

    const env = { ANCHORWATCH_TEAMS_URL: 'http://127.0.0.1:9/' };
    const other = await anchorwatch(['mail', 'test', '--channel', 'mail'], { env });
    expect(other).toMatchObject({ code: 2, err: expect.stringMatching(/The channel mail is not configured/) });
    expect(other.err).not.toContain('TEAMS_URL');
  });
});
