import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Finding } from '../compare/finding.ts';
import { order } from '../compare/pair.ts';
import { type Witness, WITNESSES } from '../compare/witness.ts';
import { IMPACTS } from '../compare/verdicts.ts';
import { canonical } from '../canonical.ts';
import { type Recipe, RECIPES, recipeOf, type Refusal, refusalOf } from './recipe.ts';

/** One repair that is possible. Whether it may run tonight is the policy's to say. */
export interface PlannedRepair {
  /** Key of the finding. */
  readonly key: string;
  readonly user: string;
  readonly objectId: string;
  readonly userName: string;
  readonly recipe: Recipe;
  /** In a federated domain the anchor can be set only while the UPN is elsewhere. */
  readonly park: boolean;
  /** Key of the repair that must have succeeded first: it gives up the anchor this one wants. */
  readonly after: string | null;
  readonly before: { readonly a: string; readonly o: string | null; readonly e: string | null };
  /** What shows that both accounts are one person's. Null in what an older version queued. */
  readonly witness: Witness | null;
}

export interface RefusedRepair extends Refusal {
  readonly key: string;
}

/** The findings turned into ordered repairs and refusals. Same findings, same plan, same checksum. */
export interface Plan {
  readonly repairs: readonly PlannedRepair[];
  readonly refusals: readonly RefusedRepair[];
  /** SHA-256, hex, over the canonical form of repairs and refusals. */
  readonly checksum: string;
}

export function makePlan(findings: readonly Finding[]): Plan {
  const worstFirst = [...findings].sort(
    (one, other) => IMPACTS.indexOf(one.impact) - IMPACTS.indexOf(other.impact) || order(one.key, other.key),
  );
  const byKey = new Map(findings.map((finding) => [finding.key, finding]));
  const repairs = new Map<string, PlannedRepair>();
  const refusals = new Map<string, RefusedRepair>();

  /** A chain is an order: the head first, and with the head refused nobody behind it can be repaired. */
  const headOf = (finding: Finding): Finding | undefined =>
    finding.relation === 'chain' ? byKey.get(finding.with[0] ?? '') : undefined;
  const headRefusal = (finding: Finding): Refusal | null => {
    if (finding.relation !== 'chain') return null;
    const head = headOf(finding);
    if (head !== undefined && repairs.has(head.key)) return null;
    const reason = `${head?.userName ?? 'somebody'} holds the anchor and is not repaired first`;
    return { rule: 'head-refused', reason };
  };
  const settle = (finding: Finding): void => {
    const refusal = refusalOf(finding) ?? headRefusal(finding);
    const repair = refusal === null ? repairOf(finding, recipeOf(finding)) : null;
    if (repair !== null) repairs.set(finding.key, repair);
    else refusals.set(finding.key, { key: finding.key, ...(refusal ?? NOT_PAIRED) });
  };
  const settled = (finding: Finding): boolean => repairs.has(finding.key) || refusals.has(finding.key);
  for (const finding of worstFirst) {
    const path: Finding[] = [];
    for (let at: Finding | undefined = finding; at !== undefined && !settled(at); at = headOf(at)) path.push(at);
    for (const one of path.toReversed()) settle(one);
  }

  const plan = { repairs: [...repairs.values()], refusals: [...refusals.values()] };
  return { ...plan, checksum: checksumOf(plan) };
}

/** SHA-256, hex, over the canonical form: equal for equal data. */
export function checksumOf(data: unknown): string {
  return createHash('sha256').update(canonical(data)).digest('hex');
}

/** Equal for the same repair of the same values, whatever run has planned it. */
export function substanceOf(members: readonly PlannedRepair[]): string {
  return checksumOf(members.map(({ recipe, before }) => [recipe, before]));
}

const NOT_PAIRED: Refusal = { rule: 'not-paired', reason: 'an account is missing on one side' };

/** The repair of a finding by that recipe; null where there is none, or an account is missing. */
export function repairOf(finding: Finding, recipe: Recipe | null): PlannedRepair | null {
  const { key, user, objectId, userName, a, o, e, witness } = finding;
  if (recipe === null || user === null || objectId === null || typeof a !== 'string') return null;
  const park = recipe !== 'reassign' && finding.federated;
  const after = finding.relation === 'chain' ? (finding.with[0] ?? null) : null;
  return { key, user, objectId, userName, recipe, park, after, before: { a, o: textOf(o), e: textOf(e) }, witness };
}

function textOf(value: Finding['o']): string | null {
  return typeof value === 'string' ? value : null;
}

/** For repairs that come back from a row. */
export const plannedRepairSchema = z.object({
  key: z.string(),
  user: z.string(),
  objectId: z.string(),
  userName: z.string(),
  recipe: z.enum(RECIPES),
  park: z.boolean(),
  after: z.string().nullable(),
  before: z.object({ a: z.string(), o: z.string().nullable(), e: z.string().nullable() }),
  witness: z.enum(WITNESSES).nullable(),
}) satisfies z.ZodType<PlannedRepair>;
