import { z } from 'zod';
import { shortForm } from '../anchor/write.ts';
import type { AdAccount, EntraUser, Rosters } from '../compare/rows.ts';
import { type Instant, isoDay } from '../time.ts';
import { type PlannedRepair, plannedRepairSchema } from './plan.ts';
import { ALONE, type Alone, type Question } from './questions.ts';

/** What a person may release: one person, or all of a ring. */
export interface Proposed {
  /** Why it is decided on alone; null for what may be decided on with others. */
  readonly why: Alone | null;
  readonly members: readonly PlannedRepair[];
  /** Both accounts of each member, side by side; empty where nobody has to compare them. */
  readonly sides: readonly Side[];
}

/** One fact of a person on both sides, as text; empty where a side does not have it. */
export interface Side {
  readonly userName: string;
  readonly what: string;
  readonly directory: string;
  readonly entra: string;
}

/** For proposals that come back from a row. */
export const proposedSchema = z.object({
  why: z.enum(ALONE).nullable(),
  members: z.array(plannedRepairSchema).min(1),
  sides: z.array(z.object({ userName: z.string(), what: z.string(), directory: z.string(), entra: z.string() })),
}) satisfies z.ZodType<Proposed>;

export function together(repair: PlannedRepair): Proposed {
  return { why: null, members: [repair], sides: [] };
}

/** A question with both accounts of everybody in it, as this run has read them. */
export function withSides({ why, members }: Question, rosters: Rosters): Proposed {
  const users = new Set(members.map(({ user }) => user));
  const accounts = new Set(members.map(({ objectId }) => objectId));
  const directory = rosters.ad.filter(({ user }) => users.has(user));
  const entra = rosters.entra.filter(({ id }) => accounts.has(id));
  const sides = members.flatMap(({ user, objectId, userName }) =>
    factsOf(
      directory.find((one) => one.user === user),
      entra.find(({ id }) => id === objectId),
    ).map((fact) => ({ userName, ...fact })),
  );
  return { why, members, sides };
}

function day(at: Instant | null | undefined): string {
  return at === null || at === undefined ? '' : isoDay(at);
}

function said(is: boolean | undefined): string {
  return is === undefined ? '' : is ? 'yes' : 'no';
}

function factsOf(ad: AdAccount | undefined, account: EntraUser | undefined): readonly Omit<Side, 'userName'>[] {
  return [
    { what: 'name', directory: ad?.userName ?? ad?.samAccountName ?? '', entra: account?.userName ?? '' },
    { what: 'shown as', directory: ad?.dn ?? '', entra: account?.displayName ?? '' },
    { what: 'mail', directory: ad?.mail ?? '', entra: account?.mail ?? '' },
    { what: 'made', directory: day(ad?.created), entra: day(account?.created) },
    { what: 'employee id', directory: ad?.employeeId ?? '', entra: account?.employeeId ?? '' },
    { what: 'SID', directory: ad?.sid ?? '', entra: account?.sid ?? '' },
    { what: 'licensed', directory: '', entra: said(account?.licensed) },
    { what: 'enabled', directory: ad?.status ?? '', entra: said(account?.enabled) },
    { what: 'anchor', directory: shortForm(ad?.anchor ?? null), entra: shortForm(account?.anchor ?? null) },
  ];
}
