import type { Attachment } from '../ports/channel.ts';
import { count } from './count.ts';
import type { FindingsList } from './csv.ts';
import type { Letter, Part } from './letter.ts';

const NAME = 'findings.csv';

export function attachmentOf({ csv }: FindingsList): Attachment {
  return { name: NAME, csv };
}

/** The letter with a part that says what is attached to it, and what is not. */
export function withAttached(letter: Letter, { listed, left }: FindingsList): Letter {
  const all = listed === 1 ? 'the only finding' : `all ${count(listed)} findings`;
  const line =
    left === 0
      ? `${NAME}, attached, has ${all} of this run.`
      : `${NAME}, attached, has the worst ${count(listed)} findings of this run; ${count(left)} more would be too much for a mail, and are shown by: anchorwatch status --format json`;
  const part: Part = { title: 'The whole list', lines: [line], table: null };
  return { ...letter, parts: [...letter.parts, part] };
}
