import type { PlannedRepair } from '../../shared/plan/plan.ts';
import { canonical } from '../../shared/canonical.ts';
import type { Evidence } from './evidence.ts';

/** A promise of the design that did not hold. */
export interface Violation {
  readonly promise: number;
  readonly what: string;
}

/** Counts what was checked, and keeps what did not hold. 0 is no promise of the design: it is the end that a scenario names. */
export class Verdict {
  readonly violations: Violation[] = [];
  readonly #checked = new Map<number, number>();

  get checked(): ReadonlyMap<number, number> {
    return this.#checked;
  }

  that(promise: number, holds: boolean, what: string): void {
    this.#checked.set(promise, (this.#checked.get(promise) ?? 0) + 1);
    if (!holds) this.violations.push({ promise, what });
  }

  same(promise: number, what: string, before: unknown, after: unknown): void {
    const [one, other] = [canonical(before ?? null), canonical(after ?? null)];
    this.that(promise, one === other, `${what} is ${other}, it was ${one}`);
  }
}

export interface Member {
  readonly repair: string;
  readonly index: number;
  readonly planned: PlannedRepair;
}

/** Everybody who is repaired, by Okta user id and by object id. */
export function membersOf({ repairs }: Evidence): ReadonlyMap<string, Member> {
  const members = repairs.flatMap(({ id, head }) =>
    (head?.members ?? []).map((planned, index): Member => ({ repair: id, index, planned })),
  );
  return new Map(
    members.flatMap((member) => [
      [member.planned.user, member],
      [member.planned.objectId, member],
    ]),
  );
}
