import { type ComponentChild, h } from 'preact';
import { count } from '../notify/count.ts';
import { STATE_WORDS } from '../notify/digest-repairs.ts';
import { factsText, moment } from '../notify/phrases.ts';
import type { JournalRow, RepairRow } from '../state/repair-rows.ts';
import type { MarkRow } from '../state/rows.ts';
import { mainHeading, heading, type Link, list, table, sentence } from './blocks.ts';
import { form, framed, oath } from './form.ts';
import type { Page } from './page.ts';
import type { Visitor } from './visitor.ts';

/** A repair with what is asked of a person at this moment. */
export interface Standing {
  readonly head: RepairRow;
  /** Whom it waits for: somebody who begins it, or who can leave groups in Active Directory; null for nobody. */
  readonly awaits: 'to-be-led' | 'to-leave-groups' | null;
  /** The step that a person is asked to do, line by line; null while nobody is. */
  readonly task: {
    readonly step: string;
    readonly userName: string;
    readonly lines: readonly string[];
    /** Which asking it is. */
    readonly asked: number;
  } | null;
}

/** `ended`: the newest that are at their end. */
export function repairsPage(
  open: readonly Standing[],
  ended: readonly RepairRow[],
  stop: MarkRow | null,
  visitor: Visitor,
): Page {
  const rows = open.map(({ head }) => [repairLink(head), STATE_WORDS[head.state], whereOf(head), moment(head.changed)]);
  const over = ended.map((head) => [
    repairLink(head),
    STATE_WORDS[head.state],
    head.reason ?? '',
    moment(head.changed),
  ]);
  return {
    room: 'repairs',
    title: 'Repairs',
    inside: [
      mainHeading(open.length === 0 ? 'No repair is open' : `Open repairs: ${count(open.length)}`),
      stopping(stop, visitor),
      ...open.flatMap((one) => asked(one, visitor)),
      ...(rows.length === 0
        ? []
        : [heading('All of them'), table('Open repairs', ['who', 'how', 'where', 'last change'], rows)]),
      ...(over.length === 0
        ? []
        : [heading('The last that ended'), table('Ended repairs', ['who', 'how', 'why', 'when'], over)]),
    ],
  };
}

/** `canUndo`: it is done, and has a way back. */
export function repairPage(standing: Standing, rows: readonly JournalRow[], canUndo: boolean, visitor: Visitor): Page {
  const { head } = standing;
  const names = head.members.map(({ userName }) => userName);
  const lines = rows.map(({ at, step, member, outcome, facts }) => [
    moment(at),
    step,
    names[member] ?? '',
    outcome,
    factsText(facts),
  ]);
  return {
    room: 'repair',
    title: names.join(', '),
    inside: [
      mainHeading(names.join(', ')),
      sentence(standingOf(head)),
      ...asked(standing, visitor),
      ...(canUndo && visitor.mayDecide ? [takingBack(head)] : []),
      heading('Each of its steps'),
      lines.length === 0
        ? sentence('It has not begun.')
        : table('Journal', ['when', 'step', 'of', 'outcome', 'what'], lines),
    ],
  };
}

/** In one sentence: how it stands, where it is, and why it ended as it did. */
export function standingOf(head: RepairRow): string {
  const { id, state, rule, reason } = head;
  const why = rule === null ? '' : `, by rule ${rule}: ${reason ?? ''}`;
  return `The repair ${id} is ${STATE_WORDS[state]}, ${whereOf(head)}${why}.`;
}

function whereOf({ cursor, due }: RepairRow): string {
  const looked = due === null ? '' : `; it is looked at again at ${moment(due)}`;
  return cursor === null || due === null ? 'not under way' : `at the step ${cursor.step}${looked}`;
}

function repairLink({ id, members }: RepairRow): Link {
  return { text: members.map(({ userName }) => userName).join(', '), room: 'repair', asked: { of: id } };
}

function asked({ head, awaits, task }: Standing, { mayDecide }: Visitor): readonly ComponentChild[] {
  const names = head.members.map(({ userName }) => userName).join(', ');
  const repair = { repair: head.id };
  if (task !== null) {
    const done = form({ ...repair, asked: String(task.asked) }, [], [{ does: 'done', label: 'It is done: look now' }]);
    return [framed(`${task.userName}: ${task.step}`, [list(task.lines), mayDecide ? done : null])];
  }
  if (awaits === null) return [];
  const isLed = awaits === 'to-be-led';
  const words = isLed
    ? 'A person does the steps, and is shown each of them. Deactivate Users is off while somebody is unassigned: begin when you have half an hour to see it through.'
    : 'Entra has not caught up with these groups. Say so when you can take people out of them in Active Directory and start imports.';
  const groups = isLed
    ? null
    : list(head.groups.map(({ name, instance }) => `${name}, imported by the AD instance ${instance}`));
  const here = form(repair, [], [{ does: 'here', label: isLed ? 'I am here: begin' : 'I am here' }]);
  return [
    framed(`${names} ${isLed ? 'waits to be led' : 'waits to leave groups'}`, [
      sentence(words),
      groups,
      mayDecide ? here : null,
    ]),
  ];
}

function takingBack({ id }: RepairRow): ComponentChild {
  return framed('Take it back', [
    sentence(
      'The account in Entra ID gets the anchor back that it had before. The person cannot sign in to Microsoft 365 afterwards, as before the repair; a later night repairs whoever is in the opted-in group again.',
    ),
    form(
      { repair: id },
      [oath('I want the person to be as before.')],
      [{ does: 'undo', label: 'Take it back', isOther: true }],
    ),
  ]);
}

function stopping(stop: MarkRow | null, { mayDecide }: Visitor): ComponentChild {
  if (stop === null) {
    const button = form({}, [], [{ does: 'stop', label: 'Stop all repairs', isOther: true }]);
    return mayDecide ? button : null;
  }
  const words = sentence(
    `Repairs are stopped by ${stop.by} since ${moment(stop.at)}: none begins anything, and whoever is under way is brought to rest.`,
  );
  const oathed = form(
    { stopped: String(stop.at) },
    [oath('They may begin again.')],
    [{ does: 'resume', label: 'Let them begin again' }],
  );
  return h('div', { class: 'note' }, words, mayDecide ? oathed : null);
}
