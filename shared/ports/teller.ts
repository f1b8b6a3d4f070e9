import type { NoticeRow, RunRow } from '../state/rows.ts';
import type { Instant } from '../time.ts';

/** Something that somebody must be told: of a run, or of something else with an id and, where it is known, the time since when it is. */
export interface Notice {
  readonly kind: NoticeRow['kind'];
  readonly run?: Pick<RunRow, 'id' | 'scheduled'>;
  readonly about?: { readonly id: string; readonly since?: Instant };
  readonly subject: string;
  /** One fact a line. */
  readonly lines: readonly string[];
  /** What comes next and what to do, where what is usual of its kind is not so. */
  readonly next?: string;
}

/** Tells it once, however often it is asked. */
export type Tell = (notice: Notice) => Promise<void>;
