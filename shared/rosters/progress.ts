import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { type Instant, SECOND } from '../time.ts';
import type { ListName } from '../state/read-plan.ts';

/** How far a list has come, told after each page: for a bar in a terminal, or for log lines. */
export interface Progress {
  readonly list: ListName;
  readonly label: string;
  readonly pages: number;
  /** Rows so far, with those of earlier calls. */
  readonly rows: number;
  /** Rows to be expected: the other side's count, else what the caller knew from an earlier run; null when nobody knows. */
  readonly expected: number | null;
  readonly done: boolean;
}

/** A log line for each list every `every` milliseconds at most, and one when it is done. */
export function logProgress(log: Log, clock: Clock, every: number = 15 * SECOND): (progress: Progress) => void {
  const told = new Map<ListName, Instant>();
  return (progress) => {
    const now = clock.now();
    const before = told.get(progress.list) ?? Number.NEGATIVE_INFINITY;
    if (!progress.done && now - before < every) return;
    told.set(progress.list, now);
    log.info(progress.done ? 'list read' : 'reading list', { ...progress });
  };
}
