import type { ComponentChild } from 'preact';
import type { AnchorValue } from '../anchor/value.ts';
import { shortForm } from '../anchor/write.ts';
import { count } from '../notify/count.ts';
import { ALONE_WORDS } from '../notify/decision-words.ts';
import { moment, people } from '../notify/phrases.ts';
import { RECIPE_WORDS } from '../notify/words.ts';
import type { PlannedRepair } from '../plan/plan.ts';
import type { Proposed } from '../plan/proposed.ts';
import type { Side } from '../plan/sides.ts';
import type { DecisionRow, ProposalRow } from '../state/decision-rows.ts';
import { mainHeading, type Cell, heading, list, personLink, smallHeading, table, sentence } from './blocks.ts';
import { choice, form, framed, oath } from './form.ts';
import type { Page } from './page.ts';
import type { Visitor } from './visitor.ts';

/** A proposal with what was decided on each of its items, in their order; null where nobody has decided. */
export interface Open {
  readonly row: ProposalRow;
  readonly items: readonly (Proposed & { readonly decision: DecisionRow | null })[];
}

export function proposalsPage(open: readonly Open[], visitor: Visitor): Page {
  const title = open.length === 0 ? 'Nothing waits for a decision.' : 'What waits for a decision';
  return {
    room: 'proposals',
    title: 'Decisions',
    inside: [
      mainHeading(title),
      sentence(
        'What is approved is looked at afresh before anything is done. An approval lapses, and raises no limit of tomorrow’s.',
      ),
      ...open.flatMap((one) => proposal(one, visitor)),
    ],
  };
}

function proposal({ row, items }: Open, visitor: Visitor): readonly ComponentChild[] {
  const { checksum, run, rule, reason, more, expires } = row;
  const usual = items.filter(({ why }) => why === null);
  const short = checksum.slice(0, 12);
  return [
    heading(`The plan ${short} of the run ${run}`),
    sentence(`${rule}: ${reason}.`),
    sentence(`It can be decided on until ${moment(expires)}; without a decision nothing happens.`),
    ...(more === 0 ? [] : [sentence(`${count(more)} more are proposed when these are decided on.`)]),
    ...(usual.length === 0 ? [] : [together(checksum, usual, visitor)]),
    ...items.filter(({ why }) => why !== null).map((item) => alone(checksum, item, visitor)),
  ];
}

/** Whoever may be decided on with others. A box is offered only where nobody has decided. */
function together(checksum: string, items: Open['items'], { mayDecide }: Visitor): ComponentChild {
  const open = items.filter(({ decision }) => decision === null).length;
  const rows = items.map(({ members, decision }) => rowOf(members, decision, mayDecide));
  const sheet = table('Who would be repaired', ['person', 'what is done', 'Entra now', 'then', 'decision'], rows);
  const legend = `${people(items.length)}, ${count(open)} undecided`;
  if (!mayDecide || open === 0) return framed(legend, [sheet]);
  const sure = oath('I have seen whom this is about.');
  return framed(legend, [
    form(
      { checksum },
      [sheet, sure],
      [
        { does: 'approve', label: 'Have the ticked repaired' },
        { does: 'approve-all', label: `Have all ${count(open)} repaired` },
        { does: 'reject', label: 'Leave the ticked as they are', isOther: true },
        { does: 'reject-all', label: `Leave all ${count(open)} as they are`, isOther: true },
      ],
    ),
  ]);
}

function rowOf(members: readonly PlannedRepair[], decision: DecisionRow | null, mayDecide: boolean): readonly Cell[] {
  const [first] = members;
  if (first === undefined) return [];
  const { userName, user, recipe, before } = first;
  const decided: Cell = decision === null ? (mayDecide ? choice('who', user, userName) : '') : said(decision);
  return [personLink(userName, user), RECIPE_WORDS[recipe], shortForm(before.e), shortForm(afterwards(first)), decided];
}

/** What Entra ID holds afterwards. */
function afterwards({ recipe, before }: PlannedRepair): AnchorValue {
  return recipe === 'reassign' ? before.e : before.a;
}

/** Decided on one by one, with both accounts in view where the values alone do not say what is right. */
export function alone(checksum: string, item: Open['items'][number], { mayDecide }: Visitor): ComponentChild {
  const { why, members, sides, decision } = item;
  const names = members.map(({ userName }) => userName).join(', ');
  const inside = [
    ...(why === null ? [] : [sentence(ALONE_WORDS[why])]),
    list(members.map((one) => doneTo(one))),
    ...accounts(sides),
  ];
  if (decision !== null) return framed(names, [...inside, sentence(said(decision))]);
  if (!mayDecide) return framed(names, inside);
  const [first] = members;
  const sure = oath(why === null ? 'I know what is done.' : 'I have compared both accounts, and know what is right.');
  return framed(names, [
    ...inside,
    form(
      { checksum, who: first?.user ?? '' },
      [sure],
      [
        { does: 'approve', label: members.length === 1 ? 'Have it repaired' : 'Have them repaired together' },
        { does: 'reject', label: 'Leave it as it is', isOther: true },
      ],
    ),
  ]);
}

function doneTo(repair: PlannedRepair): string {
  const { userName, recipe, before } = repair;
  const entra = `Entra ${shortForm(before.e)} → ${shortForm(afterwards(repair))}`;
  return `${userName}: ${RECIPE_WORDS[recipe]} (${entra})`;
}

/** For each person the two accounts beside each other. */
export function accounts(sides: readonly Side[]): readonly ComponentChild[] {
  return [...Map.groupBy(sides, ({ userName }) => userName)].flatMap(([userName, facts]) => {
    const rows = facts.map(({ what, directory, entra }) => [what, directory, entra]);
    return [smallHeading(userName), table(`Both accounts of ${userName}`, ['', 'Active Directory', 'Entra ID'], rows)];
  });
}

function said({ decision, by, at }: DecisionRow): string {
  return `${decision} by ${by}, ${moment(at)}`;
}
