import { userPrincipalName } from '../kinds.ts';
import type { Section, Setting } from '../setting.ts';

export const MAIL_FROM = {
  ...userPrincipalName(),
  name: 'ANCHORWATCH_MAIL_FROM',
  about:
    'User principal name of the mailbox that mails are sent from. This account is never repaired: for as long as its name is parked, nobody could be told of anything.',
  example: 'anchorwatch@example.com',
} satisfies Setting<string>;

export const TELLING: Section = {
  title: 'Telling',
  intro: 'Who is told what, and how.',
  settings: [MAIL_FROM],
};
