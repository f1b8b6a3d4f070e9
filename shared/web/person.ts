import { type ComponentChild, h } from 'preact';
import type { AnchorValue } from '../anchor/value.ts';
import type { Finding } from '../compare/finding.ts';
import { ignoreWords } from '../notify/decision-words.ts';
import type { Side } from '../plan/sides.ts';
import type { IgnoreRow } from '../state/decision-rows.ts';
import { heading, link, list, mainHeading, sentence, table } from './blocks.ts';
import { field, form, framed } from './form.ts';
import type { Page } from './page.ts';
import { accounts, alone, type Open } from './proposals.ts';
import type { Visitor } from './visitor.ts';

export interface Person {
  /** What the last good run found; null where it found nothing. */
  readonly finding: Finding | null;
  readonly userName: string;
  /** Why it is so, and what was before; null without a finding. */
  readonly explanation: {
    readonly lines: readonly string[];
    /** Changes, the newest first: when, what, verdict, impact. */
    readonly past: readonly (readonly string[])[];
    /** Both accounts, where a person has to compare them. */
    readonly sides: readonly Side[];
  } | null;
  /** Whether any run was ever good. */
  readonly wasChecked: boolean;
  /** Somebody has rejected the repair, and it is proposed no more. */
  readonly isRejected: boolean;
  /** The newest repair; null when there is none. */
  readonly repair: { readonly id: string; readonly standing: string } | null;
  readonly ignored: IgnoreRow | null;
  /** What somebody may decide on, and of which proposal. */
  readonly item: { readonly row: Open['row']; readonly item: Open['items'][number] } | null;
}

export function personPage(person: Person, visitor: Visitor): Page {
  const { finding, userName, explanation, repair, item } = person;
  return {
    room: 'person',
    title: userName,
    inside: [
      mainHeading(userName),
      explanation === null ? sentence(nothingOf(person)) : list(explanation.lines),
      ...(repair === null
        ? []
        : [
            sentence(repair.standing),
            h('p', null, link({ text: 'Each of its steps', room: 'repair', asked: { of: repair.id } })),
          ]),
      ...(item === null ? [] : [heading('What may be decided'), alone(item.row, item.item, visitor)]),
      ...(explanation === null ? [] : besides(explanation, item !== null)),
      ...(finding === null || !visitor.mayDecide ? [] : wholeValues(finding)),
      ...leftAlone(person, visitor),
    ],
  };
}

function nothingOf({ wasChecked }: Person): string {
  return wasChecked
    ? 'The last good run found nothing of this person: all is well, or nobody of that name is watched.'
    : 'No run has been good yet, so that nothing is known of anybody.';
}

/** What may be decided has the accounts beside it. */
function besides({ past, sides }: NonNullable<Person['explanation']>, isDecided: boolean): readonly ComponentChild[] {
  return [
    ...(sides.length === 0 || isDecided ? [] : [heading('Both accounts'), ...accounts(sides)]),
    ...(past.length === 0
      ? []
      : [heading('What was before'), table('Changes', ['when', 'what', 'verdict', 'impact'], past)]),
  ];
}

/** Whole, for whoever looks the person up in a console: everywhere else they are shown in short form. */
function wholeValues({ user, objectId, a, o, e }: Finding): readonly ComponentChild[] {
  const values = [
    ['Okta user id', user],
    ['Entra object id', objectId],
    ['anchor in Active Directory', a],
    ['Okta’s copy', o],
    ['Immutable ID in Entra ID', e],
  ] as const;
  return [
    heading('The values as they are'),
    table(
      'Values',
      ['what', 'value'],
      values.map(([what, value]) => [what, valueText(value)]),
    ),
  ];
}

function valueText(value: AnchorValue): string {
  if (value === null) return 'nothing';
  return typeof value === 'string' ? value : `not readable: ${value.unreadable}`;
}

/** Nothing repairs an ignored person, whoever approves it. */
function leftAlone(person: Person, { mayDecide }: Visitor): readonly ComponentChild[] {
  const { finding, isRejected, ignored } = person;
  const id = finding?.user ?? finding?.objectId ?? null;
  if (ignored !== null) {
    const again = form(
      { person: ignored.person },
      [],
      [{ does: 'unignore', label: 'Look at the person again', isOther: true }],
    );
    return [framed('Left alone', [sentence(`${ignoreWords(ignored)}.`), mayDecide ? again : null])];
  }
  if (id === null || !mayDecide) return [];
  const withdraw = form(
    { person: id },
    [],
    [{ does: 'unreject', label: 'Have it proposed again by the next scan', isOther: true }],
  );
  return [
    ...(isRejected ? [framed('Rejected', [withdraw])] : []),
    framed('Leave this person alone', [
      form(
        { person: id },
        [field('reason', 'Why', { type: 'text', maxlength: '500' }), field('until', 'Until the day', { type: 'date' })],
        [{ does: 'ignore', label: 'Leave alone until then', isOther: true }],
      ),
    ]),
  ];
}
