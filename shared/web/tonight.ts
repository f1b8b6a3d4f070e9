import { type ComponentChild, h } from 'preact';
import { count } from '../notify/count.ts';
import type { Letter } from '../notify/letter.ts';
import { moment } from '../notify/phrases.ts';
import type { Certificate } from '../state/certificate.ts';
import type { MarkRow } from '../state/rows.ts';
import { mainHeading, figures, heading, lead, link, list, part, table, sentence } from './blocks.ts';
import { form, framed, oath } from './form.ts';
import type { Page } from './page.ts';
import type { Visitor } from './visitor.ts';

/** What the nights came to; `reds`: why the watch is not kept, one sentence each, empty when it is. */
export interface Tonight {
  readonly reds: readonly string[];
  /** Null where it could not be read. */
  readonly night: NightView | null;
}

export interface NightView {
  /** The digest of the last run that has ended, as of now; null when there is none. */
  readonly letter: Letter | null;
  readonly stop: MarkRow | null;
  /** The run whose counts wait for somebody who confirms them, and the run of which that was done before; null where none do. */
  readonly unconfirmed: {
    readonly run: string;
    readonly certificates: readonly Certificate[];
    readonly baseline: string | null;
  } | null;
  /** Items that somebody may decide on, and repairs that wait for a person. */
  readonly undecided: number;
  readonly waiting: number;
}

export function tonightPage({ reds, night }: Tonight, visitor: Visitor): Page {
  const isKept = reds.length === 0;
  const note = h('div', { class: 'note' }, h('strong', null, 'The watch is not kept as it should be.'), list(reds));
  const shown = night === null ? [mainHeading('The last run cannot be read.')] : nightBlocks(night, visitor);
  return { room: '', title: 'Tonight', inside: [...(isKept ? [] : [note]), ...shown] };
}

function nightBlocks(night: NightView, visitor: Visitor): readonly ComponentChild[] {
  const { letter, stop, undecided, waiting, unconfirmed } = night;
  const wants = [
    ...(undecided === 0
      ? []
      : [link({ text: `Decide on what is proposed: ${count(undecided)}`, room: 'proposals', asked: {} })]),
    ...(waiting === 0
      ? []
      : [link({ text: `Repairs that wait for a person: ${count(waiting)}`, room: 'repairs', asked: {} })]),
  ];
  return [
    ...(stop === null
      ? []
      : [h('div', { class: 'note' }, sentence(`Repairs are stopped by ${stop.by} since ${moment(stop.at)}.`))]),
    ...(letter === null
      ? [mainHeading('No run has ended yet.'), sentence('The nightly timer makes the first one.')]
      : inside(letter)),
    ...(wants.length === 0
      ? []
      : [heading('What waits for you'), h('ul', null, ...wants.map((one) => h('li', null, one)))]),
    ...(unconfirmed === null ? [] : [confirmation(unconfirmed, visitor)]),
    ...(letter === null ? [] : [...letter.parts.map(part), heading('Where this comes from'), list(letter.footer)]),
  ];
}

function inside({ severity, verdict, figures: numbers, next }: Letter) {
  return [
    lead({ severity, verdict }),
    figures(numbers),
    ...(next.length === 0 ? [] : [heading('What happens next'), list(next)]),
  ];
}

/** Nothing is ever repaired before somebody has looked at how many there are of everything. */
function confirmation({ run, certificates, baseline }: NonNullable<NightView['unconfirmed']>, { mayDecide }: Visitor) {
  const rows = certificates.map(({ label, distinct }) => [label, count(distinct)]);
  return framed('Are these counts right?', [
    sentence(
      `The run ${run} has read so many of everything. Nothing is repaired before somebody has confirmed that this is about right.`,
    ),
    table('Counts', ['list', 'rows'], rows),
    mayDecide
      ? form(
          { run, baseline: baseline ?? '' },
          [oath('These counts are about right.')],
          [{ does: 'confirm', label: 'Confirm the counts' }],
        )
      : null,
  ]);
}
