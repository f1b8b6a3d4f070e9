import type { PreflightFacts, PreflightPolicy } from './facts.ts';
import { RULES } from './rules.ts';

/** What step 0 comes to: refused by a rule, or ready, and then who does the steps. */
export type Preflight =
  | { readonly state: 'refused'; readonly rule: string; readonly reason: string }
  | { readonly state: 'ready'; readonly actor: 'api' | 'person' };

/**
 * Step 0 of every repair. Synchronised people may be written to only in a tenant that has proven to allow it; nobody can know that
 * from outside, so without such a proof a person does the steps and is led.
 */
export function preflight(facts: PreflightFacts, policy: PreflightPolicy): Preflight {
  for (const { name, refuses } of RULES) {
    const reason = refuses(facts, policy);
    if (reason !== null) return { state: 'refused', rule: name, reason };
  }
  return { state: 'ready', actor: facts.entra?.synced === true ? 'person' : 'api' };
}
