import { headOf } from '../shared/repair/journal.ts';
import { isOpen } from '../shared/repair/standing.ts';
import type { State } from '../shared/ports/state.ts';
import { type RepairRow, STEPS } from '../shared/state/repair-rows.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../shared/time.ts';
import type { RunRow } from '../shared/state/rows.ts';
import type { Machine } from './machine.ts';

/** A night, looked at from outside. */
export interface Night {
  readonly machine: Machine;
  readonly state: State;
  /** Ids of the repairs. */
  readonly repairs: readonly string[];
}

/** Fires the nightly timer by hand, and waits for a run other than the last one. Throws when that could not tell. */
export async function scanNow({ machine, state }: Omit<Night, 'repairs'>, last: RunRow | null): Promise<RunRow> {
  const began = machine.now();
  await machine.trigger('nightly');
  for (;;) {
    for await (const { row } of state.runs.list('run', { limit: 1 })) {
      if (row.id === last?.id || row.state === 'reading') continue;
      if (row.state === 'good') return row;
      throw new Error(`The scan could not tell: ${row.doubts.map(({ message }) => message).join(' ')}`);
    }
    if (machine.now() - began > 30 * MINUTE) throw new Error('The scan came to no end.');
    await machine.pause(GLANCE);
  }
}

/** How far the night has come. */
export interface Standing {
  readonly heads: readonly RepairRow[];
  /** Those that a worker has, dead or alive. */
  readonly atWork: readonly RepairRow[];
  /** When the next one wants to be looked at; null when none does. */
  readonly soonest: Instant | null;
  /** *Deactivate Users* is, or may be, off. */
  readonly isOff: boolean;
  /** Every repair is at its end, nobody is held by one any more, and *Deactivate Users* was given back. */
  readonly isOver: boolean;
  /** What is left of the work, in repairs. */
  readonly left: number;
}

export async function standingOf({ state, repairs, machine }: Night): Promise<Standing> {
  const found = await Promise.all(repairs.map((id) => headOf(id, { state })));
  const heads = found.flatMap((head) => head?.row ?? []);
  // Whoever waits for a person waits for ever here: whoever judges the night says so.
  const stuck = new Set(
    heads.filter(({ state: end }) => end === 'ready' || end === 'needs-a-person').map(({ id }) => id),
  );
  let isHeld = false;
  for await (const { row } of state.repairs.list('open'))
    isHeld ||= row.kind === 'open' && repairs.includes(row.repair) && !stuck.has(row.repair);
  let isOff = false;
  for await (const { row } of state.holds.list('hold')) isOff ||= row.kind === 'hold' && row.state !== 'closed';
  const now = machine.now();
  const dues = heads.flatMap(({ due }) => due ?? []);
  return {
    heads,
    atWork: heads.filter(({ leaseUntil }) => leaseUntil !== null && leaseUntil > now),
    soonest: dues.length === 0 ? null : Math.min(...dues),
    isOff,
    isOver: !isHeld && !isOff && !heads.some((head) => isOpen(head) && !stuck.has(head.id)),
    left: heads.filter(isOpen).reduce((sum, head) => sum + leftOf(head), 0),
  };
}

function leftOf({ cursor }: RepairRow): number {
  return 1 - (cursor === null ? 0 : STEPS.indexOf(cursor.step) / STEPS.length);
}

/** So often whoever looks on looks, and so long nothing is asked of the tenants where nobody is at work: this machine's milliseconds. */
const GLANCE = 50;
const STILL = 300;

/** True as soon as the tenants have answered so many calls; false when they are asked nothing for a while. */
export async function isAtWork({ machine }: Pick<Night, 'machine'>, target: number): Promise<boolean> {
  let last = { calls: -1, still: 0 };
  for (;;) {
    const calls = await machine.calls();
    if (calls >= target) return true;
    last = calls === last.calls ? { calls, still: last.still + GLANCE } : { calls, still: 0 };
    if (last.still > STILL) return false;
    await machine.pause(GLANCE);
  }
}

/** While *Deactivate Users* is off, `tend` comes by every five minutes; else nothing waits for it but whoever is due. */
const LEAP = 5 * MINUTE;
const LONG_LEAP = HOUR;

/** Leaps to shortly before the next repair is due, unless somebody is at work. */
export async function leapOver(night: Night): Promise<void> {
  const { machine } = night;
  const { atWork, soonest, isOff } = await standingOf(night);
  if (atWork.length > 0) return;
  const idle = soonest === null ? 2 * MINUTE : soonest - machine.now() - SECOND;
  if (idle > 10 * SECOND) await machine.leap(Math.min(idle, isOff ? LEAP : LONG_LEAP));
}
