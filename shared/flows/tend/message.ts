import { createHash } from 'node:crypto';
import { explain } from '../../errors.ts';
import { letterSchema } from '../../notify/letter-schema.ts';
import type { Letter } from '../../notify/letter.ts';
import type { Message } from '../../ports/channel.ts';
import { unpackRows } from '../../state/pack.ts';
import type { Audience, ChannelName, NoticeKind, NoticeRow } from '../../state/rows.ts';
import type { Telling } from '../telling.ts';
import type { Tools } from '../tools.ts';

const AUDIENCE: Readonly<Record<NoticeKind, Audience>> = {
  digest: 'digest',
  baseline: 'digest',
  freeze: 'decisions',
  proposal: 'decisions',
  alarm: 'alarms',
  'could-not-tell': 'alarms',
  'needs-a-person': 'alarms',
};

/** Whom a notice of this kind is for. */
export function audienceOf(kind: NoticeKind): Audience {
  return AUDIENCE[kind];
}

/**
 * The same for the same notice and channel, however often it is sent. When it was created is in it: two installations may tell of a run
 * of one name, and mailboxes drop the second of two mails with one id.
 */
export function messageId({ day, notice, created }: NoticeRow, channel: ChannelName): string {
  return createHash('sha256').update(`${day} ${notice} ${created} ${channel}`).digest('hex').slice(0, 32);
}

/** A notice as a channel is given it. Throws what the wording throws. */
export function messageOf(
  row: NoticeRow,
  channel: ChannelName,
  repeat: boolean,
  { telling, log }: { readonly telling: Telling; readonly log: Tools['log'] },
): Message {
  const letter = letterOf(row, telling, log);
  const said = repeat ? asRepeat(letter) : letter;
  return {
    id: messageId(row, channel),
    audience: audienceOf(row.kind),
    severity: said.severity,
    notice: row.notice,
    run: row.run,
    tenant: telling.tenant,
    subject: said.subject,
    repeat,
    rendered: telling.wording.render(said, { id: messageId(row, channel), created: row.created }),
  };
}

/** A letter that cannot be read is no reason to be silent: subject and body say the same in short. */
function letterOf(row: NoticeRow, telling: Telling, log: Tools['log']): Letter {
  const { letter, notice } = row;
  if (letter !== null) {
    try {
      return unpackRows(letterSchema, letter, 'The letter of a notice');
    } catch (error) {
      log.warn('a letter cannot be read; its lines are sent instead', { notice, reason: explain(error) });
    }
  }
  return telling.wording.letterOf(row, audienceOf(row.kind));
}

function asRepeat(letter: Letter): Letter {
  const sentence = 'You may have had this before: it was sent once already, and the answer to that was lost.';
  return { ...letter, subject: `${letter.subject} (possible repeat)`, next: [sentence, ...letter.next] };
}
