import type { MailConfig, TellingConfig } from './config.ts';
import type { SettingsReader } from './reader.ts';
import * as telling from './settings/telling.ts';

/** What was read of the mailbox, which other rooms want to know too: each setting is asked for once. */
export interface ReadTelling {
  readonly config: TellingConfig;
  readonly mailbox: string | null;
}

/** Who is told, and how. Half of a channel is a problem: somebody believes that it tells. */
export function readTelling(reader: SettingsReader): ReadTelling {
  const { mailbox, mail } = readMail(reader);
  const teams = reader.optional(telling.TEAMS_URL);
  const url = reader.optional(telling.WEBHOOK_URL);
  const signs = reader.isSet(telling.WEBHOOK_URL);
  const secret = signs ? reader.required(telling.WEBHOOK_SECRET) : reader.optional(telling.WEBHOOK_SECRET);
  return {
    mailbox,
    config: {
      mail,
      teams: teams === null ? null : { url: teams },
      webhook: url === null || secret === null ? null : { url, secret },
      pageUrl: reader.optional(telling.PAGE_URL),
      tenantName: reader.optional(telling.TENANT_NAME),
      attempts: reader.value(telling.TELL_ATTEMPTS),
    },
  };
}

const RECIPIENTS = [telling.MAIL_TO, telling.MAIL_DECISIONS_TO, telling.MAIL_ALARMS_TO];

function readMail(reader: SettingsReader): { readonly mailbox: string | null; readonly mail: MailConfig | null } {
  const isMeant = [telling.MAIL_FROM, ...RECIPIENTS].some((setting) => reader.isSet(setting));
  const mailbox = isMeant ? reader.required(telling.MAIL_FROM) : reader.optional(telling.MAIL_FROM);
  const digest = isMeant ? reader.required(telling.MAIL_TO) : reader.optional(telling.MAIL_TO);
  const decisions = reader.optional(telling.MAIL_DECISIONS_TO) ?? digest;
  const alarms = reader.optional(telling.MAIL_ALARMS_TO) ?? digest;
  const drafts = reader.value(telling.MAIL_DRAFTS) === 'yes';
  if (mailbox === null || digest === null || decisions === null || alarms === null) return { mailbox, mail: null };
  return { mailbox, mail: { from: mailbox, to: { digest, decisions, alarms }, drafts } };
}
