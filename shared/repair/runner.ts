import { AnchorwatchError } from '../errors.ts';
import type { RepairRow } from '../state/repair-rows.ts';
import { mayAct, unlessRaced } from './acting.ts';
import { type Before, storedBefore } from './before.ts';
import { type Head, keep, letGo } from './journal.ts';
import type { Look, Step, Work } from './step.ts';
import { STEP } from './steps/all.ts';
import { PATIENT, type RepairTools } from './tools.ts';
import { advance, goBackTo, goForward, refuse, stop, type Turn, withCursor } from './turns.ts';
import { waitOn } from './waits.ts';

/**
 * Carries a repair on as far as one call may: look → intent → act → look until seen → outcome, step after step. What must be waited
 * for longer is left to a later call. Gives back when that is; null at an end; and the head of whoever waited so long for a turn that the
 * preflight is asked again first. Throws `conflict` when another worker took over.
 */
export async function proceed(taken: Head, tools: RepairTools): Promise<number | null | { readonly beginsAnew: Head }> {
  const { clock, repair } = tools;
  const until = clock.now() + repair.times.budget;
  const known = new Map<number, Before>();
  let head = taken;
  for (;;) {
    const turn = await oneTurn(head, known, tools);
    ({ head } = turn);
    const now = clock.now();
    if (turn.pause === 'begin-anew') return { beginsAnew: head };
    if (turn.pause === null) {
      await letGo(head, head.row, tools);
      return null;
    }
    const later = now + turn.pause;
    if (turn.pause > repair.times.shortWait || later > until) {
      await letGo(head, { ...head.row, due: later }, tools);
      return later;
    }
    if (turn.pause > 0) await clock.wait(turn.pause);
    if ((head.row.leaseUntil ?? 0) - clock.now() < repair.times.lease / 2) head = await keep(head, tools);
  }
}

async function oneTurn(last: Head, known: Map<number, Before>, tools: RepairTools): Promise<Turn> {
  const work = await workOf(last.row, known, tools);
  const { cursor } = work;
  if (cursor.step === 'preflight') return stop(last, work, 'no-way', 'there is no step here');
  const step = STEP[cursor.step];
  const room = step.canWait?.(work) === true ? tools.okta.untilRoom(PATIENT) : 0;
  if (room > 0) return { head: last, pause: room };
  const lookedAt = tools.clock.now();
  const look = await unlessRaced(() => step.look(work));
  if (look === null) return { head: last, pause: tools.repair.times.poll };
  // A refusal that what is seen by now explains says nothing.
  const head = look.seen === 'before' ? last : withCursor(last, { refused: null });
  const plain = withCursor(head, { doubt: null, seen: null });
  // What was read long ago says no more what is: nothing is given up for it.
  const isOld = tools.clock.now() - lookedAt > tools.repair.times.fresh;
  if (isOld && GIVES_UP.has(look.seen)) return { head, pause: tools.repair.times.poll };
  switch (look.seen) {
    case 'after':
      return seenAfter(withCursor(head, { doubt: null }), work, step, look.facts ?? {});
    case 'waiting':
      return { head: withGroups(plain, look.groups), pause: await waitOn(work, look) };
    case 'neither':
      return doubted(withCursor(head, { seen: null }), work, () => stop(head, work, 'somebody-was-here', look.why));
    case 'undone':
      if (look.isCertain) return goBackTo(plain, work, look.step);
      return doubted(withCursor(head, { seen: null }), work, () => goBackTo(plain, work, look.step));
    case 'refused':
      if (look.isCertain) return refuse(plain, work, look.rule, look.why);
      return doubted(withCursor(head, { seen: null }), work, () => refuse(plain, work, look.rule, look.why));
    case 'over':
      return doubted(withCursor(head, { seen: null }), work, () => stop(plain, work, look.rule, look.why));
    case 'forward':
      return goForward(plain, work);
    default:
      return mayAct(plain, work, step, { lookedAt, groups: look.groups ?? head.row.groups });
  }
}

async function workOf(row: RepairRow, known: Map<number, Before>, tools: RepairTools): Promise<Work> {
  const { cursor, course } = row;
  const member = row.members[cursor?.member ?? 0];
  if (cursor === null || course === null || member === undefined)
    throw new AnchorwatchError('invalid', `The repair ${row.id} is at no step.`, { fields: { repair: row.id } });
  let before = known.get(cursor.member) ?? null;
  if (before === null) {
    before = await storedBefore(row, cursor.member, tools);
    if (before !== null) known.set(cursor.member, before);
  }
  return { head: row, course, cursor, member, before, tools };
}

/** Some steps want to be seen as done for a while: reads may go back in time, and the next step builds on this one. */
async function seenAfter(head: Head, work: Work, step: Step, facts: Readonly<Record<string, string>>): Promise<Turn> {
  const settle = step.settle?.(work) ?? 0;
  const now = work.tools.clock.now();
  const seen = work.cursor.seen ?? now;
  const wasDone = work.cursor.attempts > 0 || head.row.touched;
  if (wasDone && now - seen < settle)
    return { head: withCursor(head, { seen }), pause: Math.min(settle / ((step.looks ?? 2) - 1), seen + settle - now) };
  const concluded = await unlessRaced(async () => (await step.conclude?.(work)) ?? true);
  if (concluded === null) return { head: withCursor(head, { seen }), pause: work.tools.repair.times.poll };
  return advance(withOperator(head, work, step), work, facts);
}

function withGroups(head: Head, groups: RepairRow['groups'] | undefined): Head {
  return groups === undefined ? head : { ...head, row: { ...head.row, groups } };
}

/** Whoever leads has just done what was asked, and so is still there. */
function withOperator(head: Head, work: Work, step: Step): Head {
  const { operator } = head.row;
  if (operator === null || work.cursor.intended === null || (step.byHand?.(work) ?? null) === null) return head;
  const until = work.tools.clock.now() + work.tools.repair.times.hold;
  return { ...head, row: { ...head.row, operator: { ...operator, until } } };
}

/** Reads go back in time, so that one look which fits nothing says nothing: only all looks of a while do. */
async function doubted(head: Head, work: Work, conclude: () => Promise<Turn>): Promise<Turn> {
  const now = work.tools.clock.now();
  const { lag, poll } = work.tools.repair.times;
  const doubt = work.cursor.doubt ?? now;
  if (now - doubt < lag) return { head: withCursor(head, { doubt }), pause: poll };
  return conclude();
}

const GIVES_UP: ReadonlySet<Look['seen']> = new Set(['refused', 'neither', 'undone', 'over']);
