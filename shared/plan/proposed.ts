import * as z from 'zod';
import { type PlannedRepair, plannedRepairSchema } from './plan.ts';
import { ALONE, type Alone, type Question } from './questions.ts';
import { type AccountIndex, type Evidence, type Side, sideSchema, sidesOf } from './sides.ts';

/** What a person may release: one person, or all of a ring. */
export interface Proposed {
  /** Why it is decided on alone; null for what may be decided on with others. */
  readonly why: Alone | null;
  readonly members: readonly PlannedRepair[];
  /** Both accounts of each member, side by side; empty where nobody has to compare them. */
  readonly sides: readonly Side[];
}

/** For proposals that come back from a row. */
export const proposedSchema = z.object({
  why: z.enum(ALONE).nullable(),
  members: z.array(plannedRepairSchema).min(1),
  sides: z.array(sideSchema),
}) satisfies z.ZodType<Proposed>;

export function together(repair: PlannedRepair): Proposed {
  return { why: null, members: [repair], sides: [] };
}

/** A question with both accounts of everybody in it. */
export function withSides({ why, members }: Question, index: AccountIndex, evidence: Evidence): Proposed {
  return { why, members, sides: sidesOf(members, index, evidence) };
}
