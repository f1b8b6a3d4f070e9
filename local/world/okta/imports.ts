import type { Instant } from '../../../shared/time.ts';
import { hash32 } from '../dice.ts';

/** A time during which something about the imports is wrong. */
export interface Spell {
  readonly from: Instant;
  readonly until: Instant;
}

/** When one app's imports run, and when they do not as they should. */
export interface ImportSchedule {
  readonly app: string;
  readonly label: string;
  /** From the end of one import to the beginning of the next. */
  readonly every: number;
  readonly duration: number;
  /** Each import begins up to this much later than planned. */
  readonly jitter: number;
  /** Imports that begin in these spells fail. */
  readonly failing: readonly Spell[];
  /** In these spells no import begins: the agent is gone, or imports were paused. */
  readonly stopped: readonly Spell[];
}

export interface Import {
  readonly schedule: ImportSchedule;
  readonly began: Instant;
  readonly ended: Instant;
  readonly succeeded: boolean;
  /** The same in the events of one import. */
  readonly transaction: string;
}

/** The imports that begin or end from `since` up to but not including `until`. They follow from the schedule alone. */
export function importsBetween(schedule: ImportSchedule, since: Instant, until: Instant): readonly Import[] {
  const period = schedule.every + schedule.duration;
  const phase = hash32(schedule.app) % period;
  const imports: Import[] = [];
  for (let count = Math.floor((since - phase) / period) - 1; phase + count * period < until; count++) {
    const chance = hash32(`${schedule.app} ${count}`);
    const began = phase + count * period + (chance % Math.max(1, schedule.jitter));
    const ended = began + schedule.duration;
    if (ended < since || began >= until || within(schedule.stopped, began)) continue;
    imports.push({
      schedule,
      began,
      ended,
      succeeded: !within(schedule.failing, began),
      transaction: `import.${chance.toString(36)}.${count}`,
    });
  }
  return imports;
}

export function within(spells: readonly Spell[], instant: Instant): boolean {
  return spells.some(({ from, until }) => from <= instant && instant < until);
}
