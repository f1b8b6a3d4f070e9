import { type ComponentChild, h } from 'preact';
import type { Side } from '../plan/sides.ts';
import type { IgnoreRow } from '../state/decision-rows.ts';
import { isoDay } from '../time.ts';
import { mainHeading, heading, link, list, table, sentence } from './blocks.ts';
import { field, form, framed } from './form.ts';
import type { Page } from './page.ts';
import { accounts, alone, type Open } from './proposals.ts';
import type { Visitor } from './visitor.ts';

export interface Person {
  /** Okta user id, or Entra object id where there is no Okta user; null where nothing was found of the name. */
  readonly id: string | null;
  readonly userName: string;
  /** What is wrong, whom it hurts, and why it is repaired or not; empty without a finding. */
  readonly lines: readonly string[];
  /** Changes, the newest first: when, what, verdict, impact. */
  readonly past: readonly (readonly string[])[];
  /** Both accounts, where a person has to compare them. */
  readonly sides: readonly Side[];
  /** The newest repair; null when there is none. */
  readonly repair: { readonly id: string; readonly standing: string } | null;
  readonly ignored: IgnoreRow | null;
  /** What somebody may decide on, with the checksum of its proposal. */
  readonly item: { readonly checksum: string; readonly item: Open['items'][number] } | null;
}

export function personPage(person: Person, visitor: Visitor): Page {
  const { userName, lines, past, sides, repair, item } = person;
  const found = lines.length > 0;
  return {
    room: 'person',
    title: userName,
    inside: [
      mainHeading(userName),
      ...(found
        ? [list(lines)]
        : [
            sentence('The last good run found nothing of this person: all is well, or nobody of that name is watched.'),
          ]),
      ...(repair === null
        ? []
        : [
            sentence(repair.standing),
            h('p', null, link({ text: 'Each of its steps', room: 'repair', asked: { of: repair.id } })),
          ]),
      ...(item === null ? [] : [heading('What may be decided'), alone(item.checksum, item.item, visitor)]),
      // What may be decided has them beside it.
      ...(sides.length === 0 || item !== null ? [] : [heading('Both accounts'), ...accounts(sides)]),
      ...(past.length === 0
        ? []
        : [heading('What was before'), table('Changes', ['when', 'what', 'verdict', 'impact'], past)]),
      ...leftAlone(person, visitor),
    ],
  };
}

/** Nothing repairs an ignored person, whoever approves it. */
function leftAlone({ id, userName, ignored }: Person, { mayDecide }: Visitor): readonly ComponentChild[] {
  if (ignored !== null) {
    const { reason, by, until, person } = ignored;
    const words = sentence(`${by} said to leave the person alone until ${isoDay(until)}: ${reason}`);
    const end = form({ person }, [], [{ does: 'unignore', label: 'Look at the person again', isOther: true }]);
    return [framed('Left alone', [words, mayDecide ? end : null])];
  }
  if (id === null || !mayDecide) return [];
  return [
    framed('Leave this person alone', [
      form(
        { person: id, userName },
        [field('reason', 'Why', { maxlength: '500', size: '40' }), field('until', 'Until the day', { type: 'date' })],
        [{ does: 'ignore', label: 'Leave alone until then', isOther: true }],
      ),
    ]),
  ];
}
