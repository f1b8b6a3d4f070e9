import type { Audience } from '../state/rows.ts';
import type { Instant } from '../time.ts';
import { cardOf } from './card.ts';
import { htmlOf } from './html.ts';
import type { Letter } from './letter.ts';
import { letterOfNotice, type NoticeText } from './notice-letter.ts';
import { payloadOf } from './payload.ts';
import { textOf } from './text.ts';

const RECIPIENTS: Readonly<Record<Audience, string>> = {
  digest: 'You get this because you are told what each night came to (ANCHORWATCH_MAIL_TO).',
  decisions: 'You get this because you decide what is repaired (ANCHORWATCH_MAIL_DECISIONS_TO).',
  alarms: 'You get this because you are told of alarms (ANCHORWATCH_MAIL_ALARMS_TO).',
};

/** How everything is said, whatever it is told by. `pageUrl`: where it can be seen; null where there is no page. */
export function wordingOf(tenant: string, pageUrl: string | null) {
  return {
    recipients: (audience: Audience) => RECIPIENTS[audience],
    letterOf: (notice: NoticeText, audience: Audience) =>
      letterOfNotice(notice, { tenant, pageUrl, recipients: RECIPIENTS[audience] }),
    render: (letter: Letter, sent: { readonly id: string; readonly created: Instant }) => ({
      html: htmlOf(letter),
      text: textOf(letter),
      card: cardOf(letter),
      payload: payloadOf(letter, sent),
    }),
  };
}
