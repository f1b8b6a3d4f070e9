import { redact } from '../redact.ts';
import type { RepairRow, RepairState } from '../state/repair-rows.ts';
import type { Instant } from '../time.ts';
import { brief, type Capped, capped } from './brief.ts';
import type { RepairsByEnd } from './digest-facts.ts';
import { CELL, MOST, NAME } from './digest-people.ts';
import { moment } from './phrases.ts';
import { RECIPE_WORDS } from './words.ts';

/** What became of one repair, of one person or a ring of them. */
export interface RepairEnd {
  readonly repair: string;
  readonly userNames: string;
  readonly state: RepairState;
  /** What it did or would do, and in the end why it did not. */
  readonly what: string;
  readonly changed: Instant;
}

/** Somebody who lost Office 365 in Okta while *Deactivate Users* was off. */
export interface Unassigned {
  readonly userName: string;
  readonly at: Instant;
  /** `left`: not unassigned by a repair, so that the Microsoft account is still alive. */
  readonly fate: 'assigned-again' | 'not-yet-assigned-again' | 'left';
}

export const FATE_WORDS: Readonly<Record<Unassigned['fate'], string>> = {
  'assigned-again': 'by a repair, and assigned again',
  'not-yet-assigned-again': 'by a repair, and not yet assigned again',
  left: 'not by a repair: the Microsoft account was not deactivated; see whether it should be',
};

export const STATE_WORDS: Readonly<Record<RepairState, string>> = {
  queued: 'not looked at yet',
  ready: 'waits for a person',
  working: 'under way',
  done: 'repaired',
  refused: 'refused before anything was touched',
  undone: 'brought back to where it was',
  'needs-a-person': 'given up, to a person',
};

/** Those a person has to bring to an end come first. */
const URGENCY: readonly RepairState[] = ['needs-a-person', 'ready', 'undone', 'working', 'queued', 'refused', 'done'];

export function repairEnds(
  ends: RepairsByEnd,
): Readonly<Record<'repaired' | 'underWay' | 'refused', Capped<RepairEnd>>> {
  return { repaired: endsOf(ends.repaired), underWay: endsOf(ends.underWay), refused: endsOf(ends.refused) };
}

function endsOf(rows: readonly RepairRow[]): Capped<RepairEnd> {
  const byUrgency = [...rows].sort(
    (one, other) => URGENCY.indexOf(one.state) - URGENCY.indexOf(other.state) || (one.id < other.id ? -1 : 1),
  );
  const { shown, more } = capped(byUrgency, MOST);
  const ended = shown.map((row) => ({
    repair: row.id,
    userNames: brief(row.members.map(({ userName }) => brief(userName, NAME)).join(', '), CELL),
    state: row.state,
    what: brief(whatOf(row), CELL),
    changed: row.changed,
  }));
  return { shown: ended, more };
}

/** A reason quotes the tenants' own answers, in which anything may stand. */
function whatOf({ members, purpose, rule, reason, cursor }: RepairRow): string {
  const recipe = members[0]?.recipe;
  const task = recipe === undefined ? '' : RECIPE_WORDS[recipe];
  const kind =
    purpose.kind === 'drift' ? '' : purpose.kind === 'undo' ? 'an earlier repair is taken back; ' : 'pilot; ';
  if (rule !== null) return redact(`${kind}${rule}: ${reason ?? ''}`);
  return cursor === null ? `${kind}${task}` : `${kind}at the step ${cursor.step}, since ${moment(cursor.since)}`;
}

/** Accounts that nobody deactivated come first: somebody has to look at them. */
export function unassignedPeople(unassigned: readonly Unassigned[]): Capped<Unassigned> {
  const order: readonly Unassigned['fate'][] = ['left', 'not-yet-assigned-again', 'assigned-again'];
  const urgent = [...unassigned].sort(
    (one, other) => order.indexOf(one.fate) - order.indexOf(other.fate) || one.at - other.at,
  );
  const { shown, more } = capped(urgent, MOST);
  return { shown: shown.map((one) => ({ ...one, userName: brief(one.userName, NAME) })), more };
}
