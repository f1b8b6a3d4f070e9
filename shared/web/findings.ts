import { type ComponentChild, h } from 'preact';
import { count } from '../notify/count.ts';
import { beforeAndAfter, SHORT_IMPACT, worstFirst } from '../notify/finding-words.ts';
import type { SeenFinding } from '../state/rows.ts';
import { isoDay } from '../time.ts';
import { at } from '../notify/pages.ts';
import { mainHeading, link, personLink, table, sentence } from './blocks.ts';
import type { Page } from './page.ts';

/** What is asked of the list. */
export interface Asked {
  /** Part of a name, a verdict, an impact or a rule; empty for all. */
  readonly find: string;
  /** From 1 on. */
  readonly page: number;
}

/** More than anybody reads at once, and little enough for a phone. */
const ROWS = 100;

/** `run`: whose findings these are; null where no run was ever good. */
export function findingsPage(seen: readonly SeenFinding[], run: string | null, { find, page }: Asked): Page {
  const wanted = find.trim().toLowerCase();
  const found = seen
    .filter((one) => wanted === '' || wordsOf(one).some((word) => word.toLowerCase().includes(wanted)))
    .sort((one, other) => worstFirst(one.finding, other.finding));
  const pages = Math.max(1, Math.ceil(found.length / ROWS));
  const here = Math.min(Math.max(1, page), pages);
  const rows = found
    .slice((here - 1) * ROWS, here * ROWS)
    .map(({ finding, firstSeen, hold, repair }) => [
      personLink(finding.userName, finding.user ?? finding.objectId ?? finding.userName),
      finding.verdict,
      SHORT_IMPACT[finding.impact],
      beforeAndAfter(finding),
      isoDay(firstSeen),
      hold?.rule ?? (repair === null ? '' : 'in repair'),
    ]);
  const head = ['person', 'verdict', 'who is hurt', 'before → after', 'since', 'held by'];
  return {
    room: 'findings',
    title: 'Findings',
    inside: [
      mainHeading(run === null ? 'No run has been good yet.' : `Findings of the run ${run}: ${count(seen.length)}`),
      search(find),
      ...(wanted === ''
        ? []
        : [sentence(`${count(found.length)} of them have “${find}” in a name, verdict, impact or rule.`)]),
      ...(rows.length === 0 ? [sentence('Nobody.')] : [table('Findings', head, rows)]),
      ...(pages === 1 ? [] : [turning(find, here, pages)]),
    ],
  };
}

function wordsOf({ finding, hold }: SeenFinding): readonly string[] {
  const { userName, user, objectId, verdict, impact } = finding;
  return [userName, user ?? '', objectId ?? '', verdict, impact, hold?.rule ?? ''];
}

/** Asks and changes nothing, so it is a GET. */
function search(find: string): ComponentChild {
  const input = h('input', {
    type: 'search',
    name: 'find',
    value: find,
    'aria-label': 'Find',
    placeholder: 'name, verdict, rule',
  });
  return h(
    'form',
    { method: 'get', action: at('findings'), role: 'search' },
    input,
    ' ',
    h('button', { type: 'submit', class: 'other' }, 'Find'),
  );
}

function turning(find: string, here: number, pages: number): ComponentChild {
  const to = (page: number, words: string): ComponentChild =>
    page < 1 || page > pages ? null : link({ text: words, room: 'findings', asked: { find, page: String(page) } });
  return h('p', null, to(here - 1, 'Before'), ` Page ${count(here)} of ${count(pages)} `, to(here + 1, 'Next'));
}
