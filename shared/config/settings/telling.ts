import { originAddress, secretAddress } from '../addresses.ts';
import { mailAddresses, oneOf, secretText, text, userPrincipalName, wholeNumber } from '../kinds.ts';
import type { DefaultedSetting, Section, Setting } from '../setting.ts';

export const MAIL_FROM = {
  ...userPrincipalName(),
  name: 'ANCHORWATCH_MAIL_FROM',
  required: 'with any list of recipients',
  about:
    'User principal name of the mailbox that mails are sent from. This account is never repaired: for as long as its name is parked, nobody could be told of anything.',
  example: 'anchorwatch@example.com',
} satisfies Setting<string>;

export const MAIL_TO = {
  ...mailAddresses(),
  name: 'ANCHORWATCH_MAIL_TO',
  required: 'with ANCHORWATCH_MAIL_FROM',
  about: 'Who gets the digest of a night by mail, and whatever has no recipients of its own below.',
  example: 'identity@example.com, helpdesk@example.com',
} satisfies Setting<readonly string[]>;

export const MAIL_DECISIONS_TO = {
  ...mailAddresses(),
  name: 'ANCHORWATCH_MAIL_DECISIONS_TO',
  about: 'Who is asked by mail for decisions: a plan that is frozen. Those of the digest when not set.',
  example: 'identity@example.com',
} satisfies Setting<readonly string[]>;

export const MAIL_ALARMS_TO = {
  ...mailAddresses(),
  name: 'ANCHORWATCH_MAIL_ALARMS_TO',
  about:
    'Who is told by mail of what cannot wait: an alarm, a run that could not tell, a repair that needs a person. Those of the digest when not set.',
  example: 'oncall@example.com',
} satisfies Setting<readonly string[]>;

export const MAIL_DRAFTS = {
  ...oneOf(['no', 'yes']),
  name: 'ANCHORWATCH_MAIL_DRAFTS',
  fallback: 'no',
  about:
    'Whether a mail is made as a draft first and looked up before it is sent again, so that a lost answer makes no second mail. The app then needs Mail.ReadWrite for the mailbox beside Mail.Send. Without it, a mail whose answer was lost is sent again under the same Message-ID, marked as a possible repeat.',
  example: 'yes',
} satisfies DefaultedSetting<'no' | 'yes'>;

export const TEAMS_URL = {
  ...secretAddress(),
  name: 'ANCHORWATCH_TEAMS_URL',
  secret: true,
  about:
    'Address of a Teams workflow with the trigger *When a Teams webhook request is received*, which posts the Adaptive Card it is sent. Whoever knows the address can post.',
  example: 'https://prod-00.westeurope.logic.azure.com/workflows/1/triggers/manual/paths/invoke?sig=1',
} satisfies Setting<string>;

export const WEBHOOK_URL = {
  ...secretAddress(),
  name: 'ANCHORWATCH_WEBHOOK_URL',
  secret: true,
  about: 'Address that gets everything that is told as signed JSON; docs/telling.md has the shape.',
  example: 'https://tickets.example.com/hooks/anchorwatch',
} satisfies Setting<string>;

export const WEBHOOK_SECRET = {
  ...secretText(32),
  name: 'ANCHORWATCH_WEBHOOK_SECRET',
  required: 'with ANCHORWATCH_WEBHOOK_URL',
  secret: true,
  about:
    'What the JSON is signed with (HMAC-SHA256), so that whoever gets it knows that it is from here, and when from.',
  example: '@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/anchorwatch-webhook)',
} satisfies Setting<string>;

export const PAGE_URL = {
  ...originAddress('https://anchorwatch.example.com'),
  name: 'ANCHORWATCH_PAGE_URL',
  about:
    'Origin under which people reach the function app; its pages are at `/api/page` there, and what is told links to them. Pages are shown behind App Service Authentication alone (docs/page.md). Without it there are neither pages nor links.',
  example: 'https://anchorwatch.example.com',
} satisfies Setting<string>;

export const TENANT_NAME = {
  ...text(),
  name: 'ANCHORWATCH_TENANT_NAME',
  about: 'What the tenant is called in subjects, for whoever watches several.',
  example: 'contoso',
} satisfies Setting<string>;

export const TELL_ATTEMPTS = {
  ...wholeNumber(1, 100),
  name: 'ANCHORWATCH_TELL_ATTEMPTS',
  fallback: '12',
  about:
    'How often a channel is tried for one thing to tell, from five minutes up to six hours apart, before that is given up and the health endpoint is red. Twelve take a day and a half. Being asked to wait does not count.',
  example: '12',
} satisfies DefaultedSetting<number>;

export const TELLING: Section = {
  title: 'Telling',
  intro:
    'Who is told what, and how. Every channel that is set is used, each on its own: one that fails keeps no other waiting. docs/telling.md says what each needs; `anchorwatch mail test` tries them all.',
  settings: [
    MAIL_FROM,
    MAIL_TO,
    MAIL_DECISIONS_TO,
    MAIL_ALARMS_TO,
    MAIL_DRAFTS,
    TEAMS_URL,
    WEBHOOK_URL,
    WEBHOOK_SECRET,
    PAGE_URL,
    TENANT_NAME,
    TELL_ATTEMPTS,
  ],
};
