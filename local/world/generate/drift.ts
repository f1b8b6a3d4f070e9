import type { Impact, Verdict } from '../../../shared/compare/verdicts.ts';
import type { Maker } from './maker.ts';
import { type Anchors, anchorOf, withAnchors } from './person.ts';

/** One row of the truth table in which all three sides are there. `a` is the source anchor, `x` and `y` are others, null is empty. */
interface AnchorRow {
  readonly kind: string;
  readonly o: 'a' | 'x' | null;
  readonly e: 'a' | 'x' | 'y' | null;
  readonly verdict: Verdict;
  readonly row: number;
  readonly impact: Impact | null;
}

const ROWS = [
  { kind: 'entra-stale', o: 'a', e: 'x', verdict: 'entra-stale', row: 2, impact: 'cannot sign in' },
  { kind: 'both-stale', o: 'x', e: 'x', verdict: 'both-stale', row: 3, impact: 'groups only' },
  { kind: 'okta-stale', o: 'x', e: 'a', verdict: 'okta-stale', row: 4, impact: 'cannot sign in' },
  { kind: 'all-differ', o: 'x', e: 'y', verdict: 'all-differ', row: 5, impact: 'cannot sign in' },
  { kind: 'entra-empty', o: 'a', e: null, verdict: 'entra-empty', row: 6, impact: 'cannot sign in' },
  { kind: 'entra-empty-okta-stale', o: 'x', e: null, verdict: 'entra-empty', row: 7, impact: 'cannot sign in' },
  { kind: 'okta-empty', o: null, e: 'a', verdict: 'okta-empty', row: 8, impact: 'cannot sign in' },
  { kind: 'okta-empty-entra-stale', o: null, e: 'x', verdict: 'all-differ', row: 9, impact: 'cannot sign in' },
  { kind: 'never-anchored', o: null, e: null, verdict: 'entra-empty', row: 10, impact: null },
] as const satisfies readonly AnchorRow[];

export type AnchorKind = (typeof ROWS)[number]['kind'];

/** One person of one row of the truth table. */
export function plantAnchors(make: Maker, kind: AnchorKind): void {
  for (const row of ROWS) {
    if (row.kind !== kind) continue;
    const person = make.person();
    const { verdict, impact } = row;
    make.plant(withAnchors(person, anchorsOf(row, anchorOf(person), make)), { kind, verdict, row: row.row, impact });
  }
}

function anchorsOf({ o, e }: AnchorRow, a: string, make: Maker): Anchors {
  const values = { a, x: make.anchor(), y: make.anchor() };
  return { a, o: o === null ? null : values[o], e: e === null ? null : values[e] };
}
