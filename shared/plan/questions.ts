import type { Finding } from '../compare/finding.ts';
import type { Verdict } from '../compare/verdicts.ts';
import { type PlannedRepair, repairOf } from './plan.ts';
import { evidenceRefusal, isTooLong, type Recipe, recipeOf } from './recipe.ts';

/** What a person decides on one by one, with the accounts in view: the values alone do not say what is right. */
export const ALONE = ['ring', 'all-differ', 'maybe-another-person'] as const;
export type Alone = (typeof ALONE)[number];

/** A repair that there is only when somebody says so. */
export interface Question {
  readonly why: Alone;
  /** One person, or all of a ring in its order. */
  readonly members: readonly PlannedRepair[];
}

const ASKED: ReadonlySet<Verdict> = new Set(['all-differ', 'maybe-another-person']);

/**
 * Refused repairs that a person may release: a ring that is not too long, whose people give way to each other; three values, of which Active Directory’s is
 * said to be right; an account of which nothing shows that it is the person’s, until somebody vouches for it.
 */
export function questionsOf(findings: readonly Finding[]): readonly Question[] {
  const byKey = new Map(findings.map((finding) => [finding.key, finding]));
  return findings.flatMap((finding) => {
    const { verdict, relation, presenter } = finding;
    if (relation === 'ring') return finding.with[0] === finding.key ? ringOf(finding, byKey) : [];
    if (!ASKED.has(verdict) || relation !== 'none' || presenter !== null) return [];
    const believed: Finding = { ...finding, witness: finding.witness ?? 'vouched' };
    const vouched = repairOf(believed, recipeByValues(finding));
    const why = verdict === 'all-differ' ? 'all-differ' : 'maybe-another-person';
    return vouched === null || evidenceRefusal(believed) !== null ? [] : [{ why, members: [vouched] }];
  });
}

function ringOf(first: Finding, byKey: ReadonlyMap<string, Finding>): readonly Question[] {
  if (isTooLong(first)) return [];
  const people = first.with.flatMap((key) => byKey.get(key) ?? []);
  const members = people.flatMap((one) => (evidenceRefusal(one) === null ? (repairOf(one, recipeOf(one)) ?? []) : []));
  // Whoever else presents one of these anchors would sign in as its person.
  const names = new Set(members.map(({ userName }) => userName));
  const isAmongThem = people.every(({ presenter }) => presenter === null || names.has(presenter));
  return members.length === first.with.length && isAmongThem ? [{ why: 'ring', members }] : [];
}

function recipeByValues({ a, e }: Finding): Recipe {
  if (e === null) return 'set';
  return a === e ? 'reassign' : 'reanchor';
}
