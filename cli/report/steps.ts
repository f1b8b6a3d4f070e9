import type { JournalRow, RepairRow } from '../../shared/state/repair-rows.ts';
import { factsText } from '../../shared/notify/phrases.ts';
import { isoTime } from '../../shared/time.ts';
import { plain } from './safe.ts';

/** One row of a journal, for whoever looks on while it is written. */
export function stepLine({ at, step, member, outcome, facts }: JournalRow, { members }: RepairRow): string {
  const who = members.length > 1 ? ` ${members[member]?.userName ?? ''}` : '';
  return plain(`${isoTime(at).slice(11, 19)}  ${step}${who}: ${outcome}  ${factsText(facts)}`.trimEnd());
}
