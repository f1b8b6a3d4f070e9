import type { ComponentChild } from 'preact';
import { count } from '../notify/count.ts';
import { ALONE_WORDS, entraWords } from '../notify/decision-words.ts';
import { moment, people } from '../notify/phrases.ts';
import { RECIPE_WORDS } from '../notify/words.ts';
import type { PlannedRepair } from '../plan/plan.ts';
import type { Proposed } from '../plan/proposed.ts';
import type { Side } from '../plan/sides.ts';
import type { DecisionRow, IgnoreRow, ProposalRow } from '../state/decision-rows.ts';
import { isoDay } from '../time.ts';
import { mainHeading, type Cell, heading, list, personLink, smallHeading, table, sentence } from './blocks.ts';
import { choice, form, framed, oath } from './form.ts';
import type { Page } from './page.ts';
import type { Visitor } from './visitor.ts';

/** A proposal with what was decided on each of its items, in their order; null where nobody has decided. */
export interface Open {
  readonly row: ProposalRow;
  readonly items: readonly (Proposed & { readonly decision: DecisionRow | null })[];
}

/** Rows of a plan that are shown; whoever decides on these sees the next. */
const SHOWN = 200;

export function proposalsPage(open: readonly Open[], ignored: readonly IgnoreRow[], visitor: Visitor): Page {
  return {
    room: 'proposals',
    title: 'Decisions',
    inside: [
      mainHeading(open.length === 0 ? 'Nothing waits for a decision' : 'What waits for a decision'),
      sentence(
        'What is approved is looked at afresh before anything is done. An approval lapses, and raises no limit of tomorrow’s.',
      ),
      ...open.flatMap((one) => proposal(one, visitor)),
      ...leftAlone(ignored),
    ],
  };
}

function leftAlone(ignored: readonly IgnoreRow[]): readonly ComponentChild[] {
  const rows = ignored.map((row) => [personLink(row.userName, row.person), isoDay(row.until), row.by, row.reason]);
  if (rows.length === 0) return [];
  return [heading('Who is left alone'), table('Left alone', ['person', 'until', 'by', 'why'], rows)];
}

function proposal({ row, items }: Open, visitor: Visitor): readonly ComponentChild[] {
  const { checksum, run, rule, reason, more, expires } = row;
  const usual = items.filter(({ why }) => why === null);
  return [
    heading(`The plan ${checksum.slice(0, 12)} of the run ${run}`),
    sentence(`${rule}: ${reason}.`),
    sentence(
      `It can be decided on until ${moment(expires)}; without a decision nothing of this plan happens. What a later night plans is measured by its own limit.`,
    ),
    ...(more === 0 ? [] : [sentence(`${count(more)} more are proposed when these are decided on.`)]),
    ...(usual.length === 0 ? [] : together(row, usual, visitor)),
    ...items.filter(({ why }) => why !== null).map((item) => alone(row, item, visitor)),
  ];
}

/** Whoever may be decided on with others. A box is offered only where nobody has decided. */
function together(plan: ProposalRow, items: Open['items'], { mayDecide }: Visitor): readonly ComponentChild[] {
  const undecided = items.filter(({ decision }) => decision === null);
  const shown = [...undecided, ...items.filter(({ decision }) => decision !== null)].slice(0, SHOWN);
  const rows = shown.map(({ members, decision }) => rowOf(members, decision, mayDecide));
  const head = ['person', 'what is done', 'Entra now', 'then', 'decision'];
  const sheet = [
    table('Who would be repaired', head, rows),
    items.length > SHOWN ? sentence(`… and ${count(items.length - SHOWN)} more.`) : null,
  ];
  const legend = `${people(items.length)}, ${count(undecided.length)} undecided`;
  if (!mayDecide || undecided.length === 0) return [framed(legend, sheet)];
  const some = form(
    boundTo(plan),
    [...sheet, oath('I have seen whom this is about.')],
    [
      { does: 'approve', label: 'Have the ticked repaired' },
      { does: 'reject', label: 'Leave the ticked as they are', isOther: true },
    ],
  );
  return [framed(legend, [some]), ...all(plan, undecided.length)];
}

/** On its own, and not beside what is for some: nobody decides on all by a slip of the hand. */
function all(plan: ProposalRow, undecided: number): readonly ComponentChild[] {
  if (undecided < 2) return [];
  const at = undecided > SHOWN ? `, the first ${count(SHOWN)} at once` : '';
  return [
    framed('Decide on all of them', [
      form(
        boundTo(plan),
        [oath(`I decide on all ${count(undecided)} who are undecided${at}.`)],
        [
          { does: 'approve-all', label: `Have all ${count(undecided)} repaired`, isOther: true },
          { does: 'reject-all', label: `Leave all ${count(undecided)} as they are`, isOther: true },
        ],
      ),
    ]),
  ];
}

/** What was looked at: the plan by its checksum, and the accounts beside it by their run. */
function boundTo({ checksum, run }: ProposalRow): Readonly<Record<string, string>> {
  return { checksum, run };
}

function rowOf(members: readonly PlannedRepair[], decision: DecisionRow | null, mayDecide: boolean): readonly Cell[] {
  const [first] = members;
  if (first === undefined) return [];
  const { userName, user, recipe } = first;
  const decided: Cell = decision === null ? (mayDecide ? choice('who', user, userName) : '') : said(decision);
  return [personLink(userName, user), RECIPE_WORDS[recipe], ...entraWords(first), decided];
}

/** Decided on one by one, with both accounts in view where the values alone do not say what is right. */
export function alone(plan: ProposalRow, item: Open['items'][number], { mayDecide }: Visitor): ComponentChild {
  const { why, members, sides, decision } = item;
  const names = members.map(({ userName }) => userName).join(', ');
  const inside = [...(why === null ? [] : [sentence(ALONE_WORDS[why])]), list(members.map(doneTo)), ...accounts(sides)];
  if (decision !== null) return framed(names, [...inside, sentence(`${said(decision)}.`)]);
  if (!mayDecide) return framed(names, inside);
  const sure = oath(why === null ? 'I know what is done.' : 'I have compared both accounts, and know what is right.');
  return framed(names, [
    ...inside,
    form(
      { ...boundTo(plan), who: members[0]?.user ?? '' },
      [sure],
      [
        { does: 'approve', label: members.length === 1 ? 'Have it repaired' : 'Have them repaired together' },
        { does: 'reject', label: 'Leave it as it is', isOther: true },
      ],
    ),
  ]);
}

function doneTo(repair: PlannedRepair): string {
  const [now, then] = entraWords(repair);
  return `${repair.userName}: ${RECIPE_WORDS[repair.recipe]} (Entra ID: ${now} → ${then})`;
}

/** For each person the two accounts beside each other. */
export function accounts(sides: readonly Side[]): readonly ComponentChild[] {
  return [...Map.groupBy(sides, ({ userName }) => userName)].flatMap(([userName, facts]) => {
    const rows = facts.map(({ what, directory, entra }) => [what, directory || '–', entra || '–']);
    const head = ['fact', 'Active Directory', 'Entra ID'];
    return [smallHeading(userName), table(`Both accounts of ${userName}`, head, rows)];
  });
}

function said({ decision, by, at }: DecisionRow): string {
  return `${decision} by ${by}, ${moment(at)}`;
}
