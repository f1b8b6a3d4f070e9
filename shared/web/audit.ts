import { h } from 'preact';
import { moment } from '../notify/phrases.ts';
import type { AuditRow } from '../state/decision-rows.ts';
import { at } from '../notify/pages.ts';
import { mainHeading, personLink, table, sentence } from './blocks.ts';
import type { Page } from './page.ts';

/** `since`: a day. `isCut`: there were more than are shown. */
export function auditPage(rows: readonly AuditRow[], since: string, isCut: boolean): Page {
  const lines = rows.map(({ at: when, actor, what, person, before, after, run }) => [
    moment(when),
    actor,
    what,
    person === null ? '' : person.includes(', ') ? person : personLink(person),
    before,
    after,
    run ?? '',
  ]);
  return {
    room: 'audit',
    title: 'Audit',
    inside: [
      mainHeading('What was decided and done, by whom'),
      h(
        'form',
        { method: 'get', action: at('audit') },
        h('label', null, 'Since ', h('input', { type: 'date', name: 'since', value: since })),
        h('button', { type: 'submit', class: 'other' }, 'Show'),
      ),
      ...(isCut
        ? [sentence(`Only the newest ${rows.length} are shown. All of them: anchorwatch audit --since ${since}`)]
        : []),
      lines.length === 0
        ? sentence('Nothing was decided or done in that time.')
        : table('Audit', ['when', 'who', 'what', 'of', 'before', 'after', 'run'], lines),
    ],
  };
}
