import { createHash } from 'node:crypto';
import { explain, kindOf } from '../../errors.ts';
import { attachmentOf, withAttached } from '../../notify/attached.ts';
import { findingsCsv } from '../../notify/csv.ts';
import { letterSchema } from '../../notify/letter-schema.ts';
import type { Letter } from '../../notify/letter.ts';
import type { Message } from '../../ports/channel.ts';
import { unpackRows } from '../../state/pack.ts';
import type { Audience, ChannelName, NoticeKind, NoticeRow } from '../../state/rows.ts';
import { scheduledOf } from '../run.ts';
import { readSeen } from '../scan/snapshot.ts';
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

/**
 * A notice as a channel is given it. Throws what the wording throws, and what storage throws where it cannot be asked for what is to be
 * attached.
 */
export async function messageOf(
  row: NoticeRow,
  channel: ChannelName,
  repeat: boolean,
  tools: Pick<Tools, 'state' | 'log'> & { readonly telling: Telling },
): Promise<Message> {
  const { telling, log } = tools;
  const list = channel === 'mail' ? await listOf(row, tools) : null;
  const bare = letterOf(row, telling, log);
  const letter = list === null ? bare : withAttached(bare, list);
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
    attachments: list === null ? [] : [attachmentOf(list)],
  };
}

/**
 * The findings that a digest tells of, as they were when it was made, so that a mail that is sent again has the same attached. Null for
 * what is no digest, where there are none, and once the run is deleted.
 */
async function listOf({ kind, run, created, notice }: NoticeRow, tools: Pick<Tools, 'state' | 'log'>) {
  const scheduled = run === null ? null : scheduledOf(run);
  if (kind !== 'digest' || run === null || scheduled === null) return null;
  try {
    const seen = await readSeen({ id: run, scheduled }, tools, created);
    return seen.length === 0 ? null : findingsCsv(seen);
  } catch (error) {
    if (kindOf(error) !== 'invalid') throw error;
    tools.log.warn('the findings cannot be attached any more', { notice, reason: explain(error) });
    return null;
  }
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
