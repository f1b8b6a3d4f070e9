import type { Maker } from './maker.ts';
import { anchorOf, NOBODY, withAnchors, withAssignment } from './person.ts';

/** Row 14: an AD account and an Entra account that belong together, and no assignment. */
export function unassigned(make: Maker): void {
  const person = make.person();
  const truth = { kind: 'unassigned', verdict: 'unassigned', row: 14 } as const;
  make.plant({ ...person, assignment: null }, truth);
}

/** Row 15: the same, and it would drift as soon as it were assigned. */
export function unassignedDrifted(make: Maker): void {
  const person = make.person();
  const moved = withAnchors(person, { a: anchorOf(person), o: null, e: make.anchor() });
  make.plant(
    { ...moved, assignment: null },
    { kind: 'unassigned-drifted', verdict: 'unassigned', row: 15, impact: 'none yet' },
  );
}

/** Row 17: assigned without AD. Whether the GUID was once AD's, only history knows. */
export function matchedWithoutDirectory(make: Maker): void {
  const person = make.person();
  make.decoy({ ...person, accounts: [] }, { kind: 'matched-without-directory', verdict: 'matched', row: 17 });
}

/** Row 18: no AD account, and Okta's copy is not what Entra holds. */
export function unlinkedBroken(make: Maker): void {
  const person = make.person();
  const e = make.dice.chance(0.5) ? make.anchor() : null;
  make.plant(
    { ...withAnchors(person, { a: null, o: anchorOf(person), e }), accounts: [] },
    { kind: 'unlinked-broken', verdict: 'unlinked', row: 18, impact: 'cannot sign in' },
  );
}

/** Row 19: the AD link is gone, and Okta's copy with it. */
export function unlinkedEmpty(make: Maker): void {
  const person = make.person();
  const cleared = withAssignment(person, { immutableId: null });
  make.plant(
    { ...cleared, accounts: [] },
    { kind: 'unlinked-empty', verdict: 'unlinked', row: 19, impact: 'cannot sign in' },
  );
}

/** Row 20: an enabled, licensed member on a federated domain whose anchor no AD account has. */
export function orphan(make: Maker): void {
  const userName = make.address('orphan');
  const entra = make.account({
    userName,
    mail: userName,
    anchor: make.anchor(),
    synced: true,
    licenses: make.licence(),
  });
  make.plant({ ...NOBODY, entra }, { kind: 'orphan', verdict: 'orphan', row: 20 });
}
