import { DAY, HOUR } from '../../../shared/time.ts';
import type { Maker } from './maker.ts';
import { anchorOf, withAccount, withAnchors, withAssignment, withEntra, withOkta } from './person.ts';

/** Row 11, the harmless half: assigned just now, and Okta is at it. The next night still comes within the day for which that is no failure. */
export function provisioningPending(make: Maker): void {
  const person = withAssignment(make.person({ created: make.start - 3 * HOUR }), {
    externalId: null,
    status: 'STAGED',
    syncState: 'SYNCING',
    created: make.start,
  });
  const truth = { kind: 'provisioning-pending', verdict: 'not-provisioned', row: 11, impact: 'none yet' } as const;
  make.plant({ ...person, entra: null }, truth);
}

/** Row 11, the other half: the task failed ten days ago, and nobody looked. */
export function provisioningFailed(make: Maker): void {
  const person = withAssignment(make.person(), {
    externalId: null,
    status: 'ACTIVE',
    syncState: 'ERROR',
    created: make.start - 10 * DAY,
  });
  const truth = { kind: 'provisioning-failed', verdict: 'not-provisioned', row: 11, impact: 'cannot sign in' } as const;
  make.plant({ ...person, entra: null }, truth);
}

/** Row 12: married in Okta, not in Entra. Signing in works by the anchor; everything that goes by the name does not. */
export function renamed(make: Maker): void {
  const person = make.person();
  const entra = { userName: make.address('before.marriage'), mail: make.address('before.marriage') };
  make.plant(withEntra(person, entra), { kind: 'renamed', verdict: 'renamed', row: 12, impact: 'none yet' });
}

/**
 * Row 13: nobody in Entra has the name, and AD and Okta disagree. Okta's copy leads to an account of another name, or AD's anchor does,
 * in turn.
 */
export function crossed(make: Maker, at: number): void {
  const person = make.person();
  const other = make.anchor();
  const a = anchorOf(person);
  const moved = withEntra(withAnchors(person, { a, o: other, e: at % 2 === 0 ? other : a }), {
    userName: make.address('earlier.name'),
  });
  make.plant(moved, { kind: 'crossed', verdict: 'crossed', row: 13, impact: null, relation: null });
}

/** A new hire with a leaver's name: AD, Okta and the assignment are the new person's, the Entra account is the old one's. */
export function recycledName(make: Maker): void {
  const person = make.person({ created: make.start - 12 * DAY });
  const hired = withAccount(person, { employeeId: make.employeeId() });
  const found = withAssignment(hired, { externalId: null, syncState: 'ERROR' });
  const leaver = withEntra(withAnchors(found, { a: anchorOf(person), o: anchorOf(person), e: make.anchor() }), {
    employeeId: make.employeeId(),
    sid: `${make.company.directories[0].sid}-${500_000 + make.dice.below(90_000)}`,
    created: make.start - 1_500 * DAY,
  });
  make.plant(leaver, {
    kind: 'recycled-name',
    verdict: 'maybe-another-person',
    row: 2,
    impact: 'cannot sign in',
  });
}

/** The same with no employee ids anywhere: only the dates say that these are two people. */
export function recycledNameByDates(make: Maker): void {
  const person = make.person({ created: make.start - 40 * DAY });
  const hired = withOkta(withAccount(person, { employeeId: null, sid: null }), { employeeNumber: null });
  const found = withAssignment(hired, { externalId: null });
  const leaver = withEntra(withAnchors(found, { a: anchorOf(person), o: anchorOf(person), e: make.anchor() }), {
    employeeId: null,
    created: make.start - 2_000 * DAY,
  });
  make.plant(leaver, {
    kind: 'recycled-name-by-dates',
    verdict: 'maybe-another-person',
    row: 2,
    impact: 'cannot sign in',
  });
}

/** Two people with one source anchor, as a custom anchor attribute copied by hand gives it. */
export function duplicateSource(make: Maker): void {
  const source = make.anchor();
  for (const person of [make.person(), make.person()]) {
    const held = make.anchor();
    const truth = { kind: 'duplicate-source', verdict: 'duplicate-source', impact: 'groups only' } as const;
    make.plant(withAnchors(person, { a: source, o: held, e: held }), truth);
  }
}

/** The same, and one of the two holds the anchor in Entra. */
export function duplicateSourceHeld(make: Maker): void {
  const holder = make.person();
  const source = anchorOf(holder);
  const truth = { kind: 'duplicate-source-held', verdict: 'duplicate-source', impact: null, relation: null } as const;
  make.plant(holder, truth);
  const other = make.person();
  const held = make.anchor();
  make.plant(withAnchors(other, { a: source, o: held, e: held }), truth);
}

/** Row 23: one person in two directories, and neither anchor is the one in use. */
export function twoDirectories(make: Maker): void {
  const person = make.person();
  const held = make.anchor();
  const drifted = withAnchors(person, { a: anchorOf(person), o: held, e: held });
  make.plant(
    { ...drifted, accounts: [...drifted.accounts, make.secondAccount(person, make.anchor())] },
    { kind: 'two-directories', verdict: 'two-directories', row: 23, impact: 'groups only' },
  );
}

/** Row 24: what the directory holds as the source anchor can be none. */
export function unreadableSource(make: Maker): void {
  const person = make.person();
  const a = make.dice.chance(0.5) ? 'A'.repeat(400) : 'half\u0000a value';
  make.plant(withAnchors(person, { a, o: make.anchor(), e: make.anchor() }), {
    kind: 'unreadable-source',
    verdict: 'unreadable',
    row: 24,
    impact: null,
  });
}

/** Row 24, the quiet half: nobody can read the source, but Okta and Entra agree. */
export function unreadableSourceSettled(make: Maker): void {
  const person = make.person();
  const held = anchorOf(person);
  make.decoy(withAnchors(person, { a: 'B'.repeat(300), o: held, e: held }), {
    kind: 'unreadable-source-settled',
    verdict: 'matched',
    row: 24,
    impact: null,
  });
}
