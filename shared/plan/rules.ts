/**
 * Every rule that keeps a finding from being repaired: first those of the plan, which forbid the repair whoever asks for it, then
 * those of the policy, which hold it back tonight. What each means to an admin stands in shared/notify/rule-words.ts.
 */
export const RULES = [
  'report-only',
  'a-person-decides',
  'ring',
  'taken',
  'taken-deleted',
  'presented-by-another',
  'no-witness',
  'assigned-twice',
  'outside-app-domains',
  'head-refused',
  'not-paired',
  'observe-mode',
  'baseline',
  'protected',
  'ignored',
  'in-repair',
  'unconfirmed',
  'seen-once',
  'refused-before',
  'cooling-down',
  'fight',
  'rejected',
  'wants-approval',
  'failed-twice',
  'not-opted-in',
  'head-first',
  'head-held',
  'mapping-changed',
  'deactivate-changed',
  'mass-cause',
  'over-limit',
] as const;
export type Rule = (typeof RULES)[number];

export function isRule(text: string): text is Rule {
  return RULES.some((rule) => rule === text);
}
