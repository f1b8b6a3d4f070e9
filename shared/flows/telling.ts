import type { Letter } from '../notify/letter.ts';
import type { Channel, Rendered } from '../ports/channel.ts';
import type { Notice } from '../ports/teller.ts';

/** What is told, in words and in form: pure, and the same for every channel. */
export interface Wording {
  /** The letter of a notice that brought none. */
  letterOf(notice: NoticeWords): Letter;
  render(letter: Letter): Rendered;
}

/** A notice as its row has it. */
export interface NoticeWords extends Pick<Notice, 'kind' | 'subject' | 'lines'> {
  /** Id of the run that it is of. */
  readonly run: string | null;
}

/** Who tells, and how. Made by wiring.ts from the configuration. */
export interface Telling {
  /** Those that are configured; each is tried on its own. */
  readonly channels: readonly Channel[];
  readonly wording: Wording;
  /** How often a channel is tried for one notice; being asked to wait does not count. */
  readonly attempts: number;
  /** What the tenant is called. */
  readonly tenant: string | null;
}
