import { MAIL_ROLES, READ_ROLES, type WorldOptions } from '../../local/world/options.ts';
import type { CreatedWorld } from '../../local/world/world.ts';
import type { EntraRecord, MailRecord } from '../../local/world/graph/records.ts';
import type { MailSettings } from '../../shared/entra/mail.ts';
import type { Channel, Message } from '../../shared/ports/channel.ts';
import type { Effect } from '../../shared/ports/effect.ts';
import { MINUTE } from '../../shared/time.ts';
import type { FakeClock } from '../loopback.ts';
import { CORRELATION } from './repairs-office.ts';

/** A world with a mailbox, and the channel of one face. */
export interface OpenedMail {
  readonly created: CreatedWorld;
  readonly clock: FakeClock;
  readonly mailOf: (settings: MailSettings) => Channel;
}

export type OpenMail<Face extends OpenedMail = OpenedMail> = (
  world: Partial<WorldOptions> & Pick<WorldOptions, 'seed' | 'people'>,
) => Promise<Face>;

export interface MailOffice extends OpenedMail {
  readonly mail: Channel;
  readonly drafts: NonNullable<Channel['drafts']>;
  readonly from: string;
  readonly mails: () => readonly MailRecord[];
  readonly effect: () => Effect;
}

const TO = {
  digest: ['identity@contoso.com', 'help@contoso.com'],
  decisions: ['boss@contoso.com'],
  alarms: ['oncall@contoso.com'],
};

export async function enterMail<Face extends OpenedMail>(
  open: OpenMail<Face>,
  options: Partial<WorldOptions> = {},
  from?: (account: EntraRecord) => string,
): Promise<Face & MailOffice> {
  const opened = await open({
    seed: 'mails',
    people: 20,
    plants: 'none',
    graph: { roles: [...READ_ROLES, ...MAIL_ROLES] },
    ...options,
  });
  const { created, clock } = opened;
  const account = [...created.inside.state.entraUsers.list(null, clock.now())].find(({ mail }) => mail !== null);
  if (account === undefined) throw new Error('Nobody has a mailbox in this world.');
  const name = from?.(account) ?? account.userName;
  const mail = opened.mailOf({ from: name, to: TO, drafts: true });
  if (mail.drafts === null) throw new Error('There are no drafts.');
  return {
    ...opened,
    mail,
    drafts: mail.drafts,
    from: name,
    mails: () => [...created.inside.state.mails.values()],
    effect: () => ({ until: clock.now() + MINUTE, correlation: CORRELATION }),
  };
}

export const MESSAGE: Message = {
  id: '0123456789abcdef0123456789abcdef',
  audience: 'alarms',
  severity: 'alarm',
  notice: 'alarm~r-1.parked',
  run: '2026-11-23T02-00-00Z',
  tenant: 'Contoso Straße',
  subject: 'Somebody is parked for too long',
  repeat: false,
  rendered: { html: '<p>Look at it.</p>', text: 'Look at it.', card: {}, payload: {} },
  attachments: [],
};
