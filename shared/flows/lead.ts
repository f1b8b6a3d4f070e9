import { AnchorwatchError, kindOf } from '../errors.ts';
import { storedBefore } from '../repair/before.ts';
import { type Head, headOf } from '../repair/journal.ts';
import { isOpen, isPresent } from '../repair/standing.ts';
import { STEP } from '../repair/steps/all.ts';
import type { RepairRow, StepName } from '../state/repair-rows.ts';
import { auditSaid } from './audit.ts';
import type { Tools } from './tools.ts';

/** What whoever leads a repair needs: no tenant, for the function app does the looking. */
export type Desk = Pick<Tools, 'state' | 'clock' | 'repairs'> & {
  readonly settings: Pick<Tools['settings'], 'repair'>;
};

/**
 * A person says "I am here": a repair that waits for one is looked at afresh and begins, and one that waits on the way goes on. It is
 * believed for as long as a hold may be open. Throws `invalid` for a repair that is not there or is over, and `conflict` when a worker has
 * it for longer than `patience`, in milliseconds.
 */
export async function here(id: string, name: string, desk: Desk, patience = longest(desk)): Promise<RepairRow> {
  if (name.trim() === '') throw new AnchorwatchError('invalid', 'Whoever leads a repair gives a name.');
  const next = (row: RepairRow, now: number): RepairRow => {
    const operator = { name, until: now + desk.settings.repair.times.hold };
    return { ...row, state: row.state === 'ready' ? 'queued' : row.state, operator, due: now };
  };
  const head = await change(id, desk, patience, next);
  const person = head.members.map(({ userName }) => userName).join(', ');
  const at = desk.clock.now();
  await auditSaid({ at, about: id, run: head.run, repair: id, person, actor: name, what: 'leads the repair' }, desk);
  return head;
}

/**
 * A person says "done": it is looked at now, and not when it would have been next, and whoever says so is still there. A worker that has
 * it looks every few seconds, so that nothing more need be said once it has seen something: it takes that for a sign as well. Throws
 * `invalid` as `here` does.
 */
export async function done(id: string, desk: Desk, patience = longest(desk)): Promise<RepairRow> {
  const first = await headOf(id, desk);
  const next = (row: RepairRow, now: number): RepairRow => {
    if (row.due === null)
      throw new AnchorwatchError('invalid', `The repair ${id} waits for somebody who says: anchorwatch here.`);
    const until = now + desk.settings.repair.times.hold;
    return { ...row, due: now, operator: row.operator === null ? null : { ...row.operator, until } };
  };
  return change(id, desk, patience, next, ({ sequence }) => sequence !== first?.row.sequence);
}

/** A worker's clock may be minutes ahead of this one. */
function longest({ settings }: Desk): number {
  return 2 * settings.repair.times.lease;
}

/** Changes the head between two workers, and sends its message. While one has it, that is waited for, or until it has done enough. */
async function change(
  id: string,
  desk: Desk,
  patience: number,
  next: (row: RepairRow, now: number) => RepairRow,
  isEnough: (row: RepairRow) => boolean = () => false,
): Promise<RepairRow> {
  const { state, clock, repairs, settings } = desk;
  const { poll } = settings.repair.times;
  const until = clock.now() + patience;
  for (;;) {
    const head = await headOf(id, { state });
    if (head === null) throw new AnchorwatchError('invalid', `There is no repair ${id}.`);
    if (isEnough(head.row)) return head.row;
    if (!isOpen(head.row))
      throw new AnchorwatchError('invalid', `The repair ${id} is ${head.row.state}; it does not wait for anybody.`);
    const now = clock.now();
    const isFree = head.row.leaseUntil === null || head.row.leaseUntil <= now;
    const row = isFree ? await replaced(head, next(head.row, now), desk) : null;
    if (row !== null) {
      await repairs.send({ version: 1, repair: id });
      return row;
    }
    if (now > until)
      throw new AnchorwatchError(
        'conflict',
        `The repair ${id} is being worked on all the time; try again in a minute.`,
      );
    await clock.wait(poll);
  }
}

/** Null when a worker was faster. */
async function replaced({ etag }: Head, row: RepairRow, { state }: Pick<Desk, 'state'>): Promise<RepairRow | null> {
  try {
    await state.repairs.replace(row, etag);
    return row;
  } catch (error) {
    if (kindOf(error) === 'conflict') return null;
    throw error;
  }
}

/** What a person is asked to do at this moment. */
export interface Task {
  readonly step: StepName;
  readonly userName: string;
  /** What makes it another than the one before. */
  readonly asked: number;
  readonly lines: readonly string[];
}

/** Null while nobody is asked for anything: then the function app is at work, or waits for something. */
export async function taskOf(head: RepairRow, desk: Pick<Desk, 'state' | 'settings'>): Promise<Task | null> {
  const { cursor, course } = head;
  const member = head.members[cursor?.member ?? 0];
  const isAsked = head.state === 'working' || head.state === 'needs-a-person';
  if (!isAsked || cursor === null || course === null || member === undefined) return null;
  if (cursor.intended === null || cursor.step === 'preflight') return null;
  const before = await storedBefore(head, cursor.member, desk);
  const asked = { head, course, cursor, member, before, tools: { repair: desk.settings.repair } };
  const lines = STEP[cursor.step].byHand?.(asked) ?? null;
  return lines === null ? null : { step: cursor.step, userName: member.userName, asked: cursor.intended, lines };
}

/** Whether it waits for somebody who says "I am here": to be led, or before groups are left. */
export function awaitsOperator(row: RepairRow, now: number): 'to-be-led' | 'to-leave-groups' | null {
  if (row.state === 'ready') return 'to-be-led';
  const { cursor } = row;
  const mayLeave = cursor?.step === 'leave-groups' && cursor.attempts === 0 && cursor.intended === null;
  const isListed = row.groups.some(({ member }) => member === cursor?.member);
  return mayLeave && isListed && !isPresent(row, now) ? 'to-leave-groups' : null;
}
