import type { Cursor, JournalRow, Place, RepairRow, StepName } from '../state/repair-rows.ts';
import { leaveUntouched } from './hold.ts';
import { type Head, journal } from './journal.ts';
import { nextPlace, programOf, wayBack } from './program.ts';
import type { Notice } from '../ports/teller.ts';
import type { Work } from './step.ts';
import { STEP } from './steps/all.ts';

/** What one turn came to: the head as it is now, and in how many milliseconds to look again; null at an end. `begin-anew`: the preflight is asked first. */
export interface Turn {
  readonly head: Head;
  readonly pause: number | null | 'begin-anew';
}

type Facts = JournalRow['facts'];

export function cursorAt(place: Place, goal: Cursor['goal'], now: number, returns = 0): Cursor {
  const fresh = { intended: null, attempts: 0, doubt: null, seen: null, refused: null, accepted: false, requests: {} };
  return { ...place, goal, since: now, returns, ...fresh };
}

/** The same head with another cursor, not yet written: it goes out with whatever is written next. */
export function withCursor(head: Head, change: Partial<Cursor>): Head {
  const { cursor } = head.row;
  return cursor === null ? head : { ...head, row: { ...head.row, cursor: { ...cursor, ...change } } };
}

/** The step is seen as done: on to the next one, or to the end. */
export async function advance(head: Head, work: Work, facts: Facts): Promise<Turn> {
  const { cursor, course, tools } = work;
  const { row } = head;
  const next = nextPlace(programOf(row.members, course, cursor.goal), cursor);
  const outcome = cursor.attempts > 0 ? 'done' : 'seen';
  const parked = cursor.step === 'unpark' && isLastUnpark(next) ? null : row.parked;
  if (next === null) return finish({ ...row, parked }, head, work, { outcome, facts });
  const now = tools.clock.now();
  const moved: RepairRow = {
    ...row,
    ...calm(row, cursor),
    groups: cursor.step === 'leave-groups' ? leftBy(row, cursor) : row.groups,
    parked,
    state: 'working',
    cursor: cursorAt(next, cursor.goal, now, cursor.returns),
    due: now,
  };
  return { head: await journal(head, moved, entryOf(cursor, outcome, facts), tools), pause: 0 };
}

function isLastUnpark(next: Place | null): boolean {
  return next?.step !== 'unpark';
}

/** Whoever was taken out of nothing by us is not put back into it, whatever was written down while an import was waited for. */
function leftBy({ groups }: RepairRow, { member }: Cursor): RepairRow['groups'] {
  return groups.filter((group) => group.member !== member || group.asked);
}

/** The reason for the way back stays to its end; what a person had to clear on the way forward is cleared. */
function calm({ rule, reason }: RepairRow, { goal }: Cursor): Pick<RepairRow, 'rule' | 'reason'> {
  return goal === 'as-before' ? { rule, reason } : { rule: null, reason: null };
}

async function finish(
  row: RepairRow,
  head: Head,
  { cursor, tools }: Work,
  { outcome, facts }: Pick<JournalRow, 'outcome' | 'facts'>,
): Promise<Turn> {
  const state = cursor.goal === 'repaired' ? 'done' : row.touched ? 'undone' : 'refused';
  const ended: RepairRow = { ...row, ...calm(row, cursor), state, due: null };
  tools.log.info('repair ended', { repair: row.id, state, rule: ended.rule });
  return { head: await journal(head, ended, entryOf(cursor, outcome, facts), tools), pause: null };
}

/** The step is refused for good: what follows from that stands in one table. */
export async function refuse(head: Head, work: Work, rule: string, reason: string): Promise<Turn> {
  const { cursor, tools } = work;
  const way = wayBack(work.course, cursor);
  if (isDisproof(work, rule)) await lapse(work, reason);
  tools.log.warn('a step is refused', { repair: head.row.id, step: cursor.step, rule, way });
  if (way === 'person') return awaitPerson(head, work, rule, reason);
  await withdraw(work);
  if (way === 'back') return turnBack(head, work, rule, reason);
  const ended: RepairRow = { ...head.row, state: 'refused', rule, reason, due: null };
  return { head: await journal(head, ended, entryOf(cursor, 'refused', { rule, reason }), tools), pause: null };
}

/** What Graph answers where it does not take writes to somebody after all, and what is concluded where it does not let go of somebody. */
const DISPROVES: ReadonlySet<string> = new Set(['Request_BadRequest', 'still-synced']);
const WRITTEN: ReadonlySet<StepName> = new Set(['park', 'anchor', 'unassign']);

function isDisproof({ head, cursor }: Work, rule: string): boolean {
  if (rule === 'nudge-without-effect') return true;
  // What a pilot left behind two sync cycles later is part of what it found out.
  if (head.purpose.kind === 'pilot' && cursor.step === 'verify') return true;
  return DISPROVES.has(rule) && WRITTEN.has(cursor.step);
}

/** What the pilot proved is not so, or not any more: nobody further is written to on the strength of it. */
async function lapse({ course, cursor, tools }: Work, reason: string): Promise<void> {
  const { state, clock } = tools;
  for await (const { row, etag } of state.capabilities.list('capability')) {
    const isProven = course.nudge ? row.nudge : row.syncedWrites === 'anyway' || row.syncedWrites === 'after-unassign';
    if (row.app !== course.app || !isProven) continue;
    const note = `refused at the step ${cursor.step}: ${reason}`.slice(0, 400);
    const lapsed = course.nudge ? { nudge: false } : { syncedWrites: 'unknown' as const };
    await state.capabilities.replace({ ...row, ...lapsed, proven: clock.now(), by: 'a repair', note }, etag);
  }
}

/** Towards where everybody was. A person is told where anything was done to anybody. */
async function turnBack(head: Head, work: Work, rule: string, reason: string): Promise<Turn> {
  const { cursor, course, tools } = work;
  const { row } = head;
  const [first] = programOf(row.members, course, 'as-before');
  if (first === undefined) return awaitPerson(head, work, rule, reason);
  if (row.touched) await tellPerson(row, work, `${rule}: ${reason}`, 'It is being brought back to where it was.');
  const now = tools.clock.now();
  const turned: RepairRow = { ...row, rule, reason, cursor: cursorAt(first, 'as-before', now), due: now };
  return { head: await journal(head, turned, entryOf(cursor, 'back', { rule, reason }), tools), pause: 0 };
}

/** There is only forward, and somebody has to clear the way. Meanwhile it is looked at again now and then. */
async function awaitPerson(head: Head, work: Work, rule: string, reason: string): Promise<Turn> {
  const { cursor, tools } = work;
  const { row } = head;
  const pause = tools.repair.times.cycle;
  const fresh = withCursor(head, { intended: null, attempts: 0, seen: null, doubt: null });
  const { remind } = tools.repair.times;
  const time = Math.floor((tools.clock.now() - cursor.since) / remind);
  await tellPerson(row, work, `${rule}: ${reason}`, 'It goes on by itself once that is mended.', time);
  if (row.state === 'needs-a-person' && row.rule === rule) return { head: fresh, pause };
  const waits: RepairRow = { ...fresh.row, state: 'needs-a-person', rule, reason };
  return { head: await journal(head, waits, entryOf(cursor, 'refused', { rule, reason }), tools), pause };
}

/** Somebody was here, or there is nothing to go on with: it stops, and a person decides. */
export async function stop(head: Head, work: Work, rule: string, reason: string): Promise<Turn> {
  const { cursor, course, member, tools } = work;
  await withdraw(work);
  const isLeaver = rule === 'leaver';
  const next = isLeaver
    ? 'Whoever has left keeps a live account: block the sign-in in Entra ID, unless the person is to come back.'
    : 'Nothing more is done until a person says so.';
  await tellPerson(head.row, work, `${rule}: ${reason}`, next, 0, isLeaver ? 'alarm' : 'needs-a-person');
  await leaveUntouched(course.app, member.user, tools);
  const ended: RepairRow = { ...head.row, state: 'needs-a-person', rule, reason, due: null };
  return { head: await journal(head, ended, entryOf(cursor, 'ended', { rule, reason }), tools), pause: null };
}

/** An earlier step was taken back by somebody, a late push perhaps: it is done again, a few times. */
export async function goBackTo(head: Head, work: Work, step: Place['step']): Promise<Turn> {
  const { cursor, tools } = work;
  if (cursor.returns >= tools.repair.attempts)
    return stop(head, work, 'undone-again', `the step ${step} was undone ${cursor.returns} times`);
  await withdraw(work);
  const now = tools.clock.now();
  const place: Place = { step, member: cursor.member, target: null };
  const again: RepairRow = { ...head.row, cursor: cursorAt(place, cursor.goal, now, cursor.returns + 1), due: now };
  return { head: await journal(head, again, entryOf(cursor, 'again', { step }), tools), pause: 0 };
}

/** What was given up for refused has been done after all. */
export async function goForward(head: Head, work: Work): Promise<Turn> {
  const { cursor, course, tools } = work;
  const done: Place = { step: 'anchor', member: cursor.member, target: 'final' };
  const next = nextPlace(programOf(head.row.members, course, 'repaired'), done);
  if (next === null) return stop(head, work, 'no-way', 'there is no step behind this one');
  const now = tools.clock.now();
  const moved: RepairRow = { ...head.row, rule: null, reason: null, cursor: cursorAt(next, 'repaired', now), due: now };
  return { head: await journal(head, moved, entryOf(cursor, 'done', {}), tools), pause: 0 };
}

/** Whoever was asked to do this step is told that it is wanted no more: what is asked by mail is obeyed late. */
export async function withdraw(work: Work): Promise<void> {
  const { head, cursor, member, tools } = work;
  if (cursor.intended === null || cursor.step === 'preflight') return;
  if ((STEP[cursor.step].byHand?.(work) ?? null) === null) return;
  const late =
    cursor.step === 'unassign'
      ? 'Deactivate Users is given back now: whoever is unassigned after that loses the account. If it has been done, assign Office 365 again at once, and look whether the account is intact.'
      : 'If it has been done, undo it.';
  await tools.tell({
    about: { id: `${head.id}.${cursor.step}.${cursor.member}.${cursor.intended}.withdrawn`, since: head.created },
    kind: 'needs-a-person',
    subject: 'What a repair asked for is wanted no more',
    lines: [`${member.userName}: do not do the step ${cursor.step} any more.`],
    next: `Nothing waits for it any more. ${late}`,
  });
}

/** Beside what it says, under which ids the tenants know what was asked of them. */
export function entryOf(
  { step, member, requests }: Place & Pick<Cursor, 'requests'>,
  outcome: JournalRow['outcome'],
  facts: Facts,
) {
  return { step, member, outcome, facts: { ...facts, ...requests } };
}

export async function tellPerson(
  row: RepairRow,
  { cursor, member, tools }: Work,
  what: string,
  next: string,
  time = 0,
  kind: Notice['kind'] = 'needs-a-person',
): Promise<void> {
  await tools.tell({
    kind,
    about: { id: `${row.id}.${cursor.goal}.${cursor.step}.${cursor.member}.${time}`, since: row.created },
    subject: time === 0 ? 'A repair needs a person' : 'A repair still needs a person',
    lines: [
      `${member.userName}, at the step ${cursor.step}: ${what}.`,
      `All that was done: anchorwatch journal ${member.userName}`,
    ],
    next,
  });
}
