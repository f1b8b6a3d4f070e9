import { DAY, type Instant } from '../../../shared/time.ts';
import { hash32 } from '../dice.ts';

/** A time during which something about the imports is wrong. */
export interface Spell {
  readonly from: Instant;
  readonly until: Instant;
}

/** How one Active Directory is imported into Okta. Times in milliseconds. */
export interface ImportPlan {
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

/** The imports of one AD app. */
export interface ImportSchedule extends ImportPlan {
  readonly app: string;
  readonly label: string;
}

export interface Import {
  readonly schedule: ImportSchedule;
  readonly began: Instant;
  readonly ended: Instant;
  readonly succeeded: boolean;
  /** The same in the events of one import. */
  readonly transaction: string;
}

/**
 * From when the safeguard against imports that would take too much stopped one of a directory until somebody lets imports run again.
 * Meanwhile none runs, of whatever directory.
 */
export interface Pause extends Spell {
  readonly directory: string;
}

/** What no import brings within this time never reaches Okta. */
const PATIENCE = 30 * DAY;

/** The imports that begin or end from `since` up to but not including `until`. They follow from the schedule alone, pauses or not. */
export function importsBetween(schedule: ImportSchedule, since: Instant, until: Instant): readonly Import[] {
  return [...importsAround(schedule, since, until)].filter(({ began, ended }) => ended >= since && began < until);
}

/** The import that carries what was changed in Active Directory at an instant: the first good one that begins from then on. */
export function importCarrying(schedule: ImportSchedule, changed: Instant): Import | null {
  for (const one of importsAround(schedule, changed, changed + PATIENCE)) {
    if (one.began >= changed && one.succeeded) return one;
  }
  return null;
}

function* importsAround(schedule: ImportSchedule, since: Instant, until: Instant): Generator<Import> {
  const period = schedule.every + schedule.duration;
  const phase = hash32(schedule.app) % period;
  for (let count = Math.floor((since - phase) / period) - 1; phase + count * period < until; count++) {
    const chance = hash32(`${schedule.app} ${count}`);
    const began = phase + count * period + (chance % Math.max(1, schedule.jitter));
    if (within(schedule.stopped, began)) continue;
    yield {
      schedule,
      began,
      ended: began + schedule.duration,
      succeeded: !within(schedule.failing, began),
      transaction: `import.${chance.toString(36)}.${count}`,
    };
  }
}

/** Whether a pause keeps an import from beginning, or from coming to its end. */
export function isStopped({ began, ended }: Pick<Import, 'began' | 'ended'>, pauses: readonly Pause[]): boolean {
  return pauses.some(({ from, until }) => began < until && from < ended);
}

export function within(spells: readonly Spell[], instant: Instant): boolean {
  return spells.some(({ from, until }) => from <= instant && instant < until);
}
