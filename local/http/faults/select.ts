import { posix } from 'node:path';
import type { Call } from '../../world/call.ts';
import { diceOf } from '../../world/dice.ts';
import type { FaultRule, FaultScript, Selection } from './script.ts';

export interface Strike {
  readonly rule: number;
  readonly fault: FaultRule['fault'];
}

export interface Selector {
  /** The rules that select this call, in the order of the script. Counts the call for every rule it fits. */
  select(call: Call, page: number | null): readonly Strike[];
  /** Says that a rule was applied, which is what its `times` counts. */
  struck(rule: number): void;
}

export function createSelector(script: FaultScript): Selector {
  const rules = script.rules.map((rule, index) => ({
    rule,
    // Each rule has its own stream, so that what one side is asked does not change what strikes the other.
    dice: diceOf(`faults:${script.seed}:${index}`),
    seen: 0,
    strikes: 0,
  }));
  return {
    select(call, page) {
      const strikes: Strike[] = [];
      for (const [index, state] of rules.entries()) {
        if (!fits(state.rule.when, call, page)) continue;
        state.seen += 1;
        // Drawn for every call that fits, so that the ordinals do not shift the chances.
        const drawn = state.dice.next();
        const { ordinals, from, times, probability } = state.rule.when;
        if (ordinals && !ordinals.includes(state.seen)) continue;
        if (state.seen < from || drawn >= probability) continue;
        if (times !== undefined && state.strikes >= times) continue;
        strikes.push({ rule: index, fault: state.rule.fault });
      }
      return strikes;
    },
    struck(rule) {
      const state = rules[rule];
      if (state) state.strikes += 1;
    },
  };
}

function fits(when: Selection, call: Call, page: number | null): boolean {
  const [path = '', query = ''] = call.target.split(/\?(.*)/s);
  if (when.side !== undefined && when.side !== call.side) return false;
  if (when.method !== undefined && when.method !== call.method) return false;
  if (when.path !== undefined && !posix.matchesGlob(decoded(path), when.path)) return false;
  if (when.query !== undefined && !decoded(query).includes(when.query)) return false;
  if (when.without?.some((text) => decoded(query).includes(text))) return false;
  if (when.body !== undefined && !call.body.includes(when.body)) return false;
  return !when.pages || (page !== null && when.pages.includes(page));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
