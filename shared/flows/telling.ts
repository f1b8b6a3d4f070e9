import type { Letter } from '../notify/letter.ts';
import type { Channel, Rendered } from '../ports/channel.ts';
import type { NoticeText } from '../notify/notice-letter.ts';
import type { Audience } from '../state/rows.ts';
import type { Instant } from '../time.ts';

/** What is told, in words and in form: pure, and the same for every channel. */
export interface Wording {
  /** The letter of a notice that brought none. */
  letterOf(notice: NoticeText, audience: Audience): Letter;
  /** `id`: the same for each attempt to send it. */
  render(letter: Letter, sent: { readonly id: string; readonly created: Instant }): Rendered;
  /** Who gets what is for this audience, and why, in one sentence. */
  recipients(audience: Audience): string;
}

/** Who tells, and how. Made by wiring.ts from the configuration. */
export interface Telling {
  /** Those that are configured; each is tried on its own. */
  readonly channels: readonly Channel[];
  readonly wording: Wording;
  /** How often a channel is tried for one notice; being asked to wait does not count. */
  readonly attempts: number;
  /** What the tenant is called. */
  readonly tenant: string;
  /** Where all of it can be seen; null where there is no page. */
  readonly pageUrl: string | null;
}
