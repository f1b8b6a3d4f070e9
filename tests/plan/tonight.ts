import { compareRosters } from '../../shared/compare/compare.ts';
import type { Rosters } from '../../shared/compare/rows.ts';
import { makePlan, type Plan } from '../../shared/plan/plan.ts';
import type { Circumstances, Earlier, SetupChange } from '../../shared/plan/policy.ts';
import { anchor, BACKGROUND, person, together } from '../compare/people.ts';

export function planFor(...parts: readonly Rosters[]): Plan {
  return makePlan(compareRosters(together(...parts), { ...BACKGROUND, seenMatched: () => true }).findings);
}

export function stale(user: string, number: number): Rosters {
  return person(user, anchor(number), anchor(number), anchor(number + 5_000));
}

/** Nothing holds anybody back. */
export const FINE: Circumstances = {
  baselineConfirmed: true,
  paired: 10_000,
  causes: [],
  confirmed: () => true,
  seenBefore: () => true,
  optedIn: () => true,
  isProtected: () => false,
  inRepair: () => false,
  ignored: () => null,
  rejected: () => null,
  earlier: () => null,
  setupChange: null,
  startedBefore: 0,
};

export const CHANGED: SetupChange = { rule: 'mapping-changed', reason: 'another attribute' };
export const CAUSE = { kind: 'ou', value: 'OU=Sales', people: 30, of: 40 } as const;
export const REFUSED: Earlier = {
  came: 'refused',
  reason: 'privileged: the account is privileged',
  rested: false,
  failed: [],
};
export const FAILED: Earlier = { came: 'failed', reason: 'denied', rested: true, failed: ['r-1', 'r-2'] };

export function keysOf(repairs: readonly { readonly key: string }[]): readonly string[] {
  return repairs.map(({ key }) => key).sort();
}
