import * as z from 'zod';

/** `further:` are the assignments of a further Office 365 app. */
export type ListName = `directory:${string}` | `further:${string}` | 'assignments' | 'users' | 'deleted';

/** An app in Okta, an AD instance for one, as far as a read needs it. */
export interface AppName {
  readonly id: string;
  readonly label: string;
}

/** What one run reads. It must stay the same for all slices of a run. */
export interface ReadPlan {
  readonly directories: readonly AppName[];
  /** Id of the Office 365 app in Okta. */
  readonly office365: string;
  /** Other active Office 365 apps: whoever is assigned there too is pushed by both. */
  readonly furtherOffice365: readonly AppName[];
}

/** Every list that a run with this plan reads. */
export function listsOf({ directories, furtherOffice365 }: ReadPlan): readonly ListName[] {
  const others = furtherOffice365.map(({ id }) => `further:${id}` as const);
  return [...directories.map(({ id }) => `directory:${id}` as const), 'assignments', ...others, 'users', 'deleted'];
}

export const listNameSchema = z.union([
  z.templateLiteral(['directory:', z.string()]),
  z.templateLiteral(['further:', z.string()]),
  z.enum(['assignments', 'users', 'deleted']),
]) satisfies z.ZodType<ListName>;

const appName = z.object({ id: z.string(), label: z.string() });

/** For a plan that comes back from a run's row. */
export const readPlanSchema = z.object({
  directories: z.array(appName),
  office365: z.string(),
  furtherOffice365: z.array(appName),
}) satisfies z.ZodType<ReadPlan>;
