import type { PlannedRepair } from '../plan/plan.ts';
import type { Effect, Receipt } from '../ports/effect.ts';
import type { Course, Cursor, LeftGroup, RepairRow, StepName } from '../state/repair-rows.ts';
import type { Before } from './before.ts';
import type { RepairTools } from './tools.ts';

/** What a step is told: whose it is, what was decided, and what there was before. */
export interface Work {
  readonly head: RepairRow;
  readonly course: Course;
  readonly cursor: Cursor;
  readonly member: PlannedRepair;
  /** Null until the snapshot is taken. */
  readonly before: Before | null;
  readonly tools: RepairTools;
}

/**
 * What the tenants show. `before` the step: it may be done, for everything is as the plan says. `after`: it is done. `waiting`: as
 * it should be, and not yet so far. `undone`: somebody took back an earlier step, which is done again; it is certain where it stands in our own
 * tables; what a tenant shows is believed only after a while, for reads go back in time. `refused`: the step must not
 * be done. `neither`: somebody was here, and what they wanted is theirs to say. `over`: there is nothing to go on with.
 */
export type Look =
  /** `groups`: what the act will leave, to be written down with its intent. */
  | { readonly seen: 'before'; readonly groups?: readonly LeftGroup[] }
  | { readonly seen: 'after'; readonly facts?: Readonly<Record<string, string>> }
  | {
      readonly seen: 'waiting';
      readonly why: string;
      readonly pause: number;
      readonly tellAfter: number | null;
      /** What is written down meanwhile, for whoever has to see to it; nothing of it was left yet. */
      readonly groups?: readonly LeftGroup[];
    }
  | { readonly seen: 'undone'; readonly step: StepName; readonly isCertain: boolean }
  | { readonly seen: 'refused'; readonly rule: string; readonly why: string; readonly isCertain: boolean }
  | { readonly seen: 'neither'; readonly why: string }
  | { readonly seen: 'over'; readonly rule: string; readonly why: string }
  /** On the way back: what was given up for refused has been done after all, and from there it goes only forward. */
  | { readonly seen: 'forward' };

/** What a person is told goes by: all of it stands in our own tables, so that it can be said where no tenant can be asked. */
export type Asked = Omit<Work, 'tools'> & { readonly tools: Pick<RepairTools, 'repair'> };

/** Every step has the same shape: look, journal the intent, act, look until seen, journal the outcome. */
export interface Step {
  /** Reads the tenants. Writes nothing but what a step keeps of its own in our tables. */
  readonly look: (work: Work) => Promise<Look>;
  /** Sets a value, so that doing it twice ends as doing it once. */
  readonly act: (work: Work, effect: Effect) => Promise<Receipt>;
  /** Called when it is seen as done, before that is journalled; may be called again. */
  readonly conclude?: (work: Work) => Promise<void>;
  /** For how long it wants to be seen as done, by several reads, before anything builds on it. */
  readonly settle?: (work: Work) => number;
  /** By how many looks at the least, the first and the last of that time among them; two where nothing is said. */
  readonly looks?: number;
  /** Whether nobody is the worse for a look that comes later: then what Okta allows is left to those who cannot wait. */
  readonly canWait?: (work: Work) => boolean;
  /** How long after the act it is worth while to look for it, in milliseconds, where that is not at once. */
  readonly shows?: (work: Work) => number;
  /** What is done in our own tables before the act, beyond the intent itself; it may be done again. */
  readonly remember?: (work: Work) => Promise<void>;
  /** What a person is to do, where a person does it; null where an API call of ours does. */
  readonly byHand?: (work: Asked) => readonly string[] | null;
  /**
   * A refusal may be that of a replica that has not heard of the step before it yet, or come of somebody's taking that one back, which no
   * look shows yet: it is believed once all looks of a while have shown that it does not, and it comes again.
   */
  readonly refusalMayBeLag?: boolean;
}

/** What Okta's copy is in the end: AD's anchor, whatever Entra holds. */
export function copyWanted({ course, member }: Pick<Work, 'course' | 'member'>): string | null {
  return course.undoes ? member.before.o : member.before.a;
}

export const AFTER: Look = { seen: 'after' };
export const BEFORE: Look = { seen: 'before' };

export function neither(why: string): Look {
  return { seen: 'neither', why };
}

export function refused(rule: string, why: string): Look {
  return { seen: 'refused', rule, why, isCertain: false };
}

/** Refused by what stands in our own tables, which never go back in time. */
export function refusedByUs(rule: string, why: string): Look {
  return { seen: 'refused', rule, why, isCertain: true };
}

/** After `tellAfter`, and as often, somebody is told that it waits still; as often as the settings say where it is not given. */
export function waiting(
  why: string,
  pause: number,
  tellAfter: number | null = null,
): Look & { readonly seen: 'waiting' } {
  return { seen: 'waiting', why, pause, tellAfter };
}
