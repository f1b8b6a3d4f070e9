import { DAY } from '../../../shared/time.ts';
import type { Maker, Truth } from './maker.ts';
import { anchorOf, NOBODY, type WholePerson, withAnchors } from './person.ts';

const STALE = { verdict: 'entra-stale', row: 2, impact: 'signs in as another' } as const;

/**
 * A ring: each holds in Entra what the next one should hold, the last what the first should. Everybody's Okta already presents the
 * right anchor, so everybody signs in as the one before.
 */
export function ring(make: Maker, length: number): readonly WholePerson[] {
  const people = Array.from({ length }, () => make.person());
  const moved = people.map((person, at) => holding(person, people[(at + 1) % length] ?? person));
  for (const person of moved) make.plant(person, { ...STALE, kind: `ring of ${length}`, relation: 'ring' });
  return moved;
}

/** A chain: each wants what the next one gives up, and the last one wants what nobody has. */
export function chain(make: Maker, length: number): void {
  const people = Array.from({ length }, () => make.person());
  const kind = `chain of ${length}`;
  for (const [at, person] of people.entries()) {
    const before = people[at - 1];
    const last = at === length - 1;
    const moved =
      before === undefined
        ? withAnchors(person, { a: anchorOf(person), o: anchorOf(person), e: make.anchor() })
        : holding(person, before);
    const truth: Truth = last ? { ...STALE, kind, impact: 'cannot sign in' } : { ...STALE, kind, relation: 'chain' };
    make.plant(moved, truth);
  }
}

/**
 * Somebody whose Okta presents what a member of a ring holds. Source anchors are unique, and each one that a ring gives up is wanted by
 * its next member: so only Okta's copy can lead from outside into a ring. How to call that, the truth table leaves open.
 */
export function chainIntoRing(make: Maker): void {
  const [member] = ring(make, 3);
  if (member === undefined) return;
  const person = make.person();
  const a = anchorOf(person);
  make.plant(withAnchors(person, { a, o: member.entra.anchor, e: a }), {
    kind: 'chain into a ring',
    verdict: 'okta-stale',
    row: 4,
    impact: 'signs in as another',
    relation: null,
  });
}

/** Okta presents what a healthy colleague holds: the person signs in as that colleague. */
export function copyOfAnother(make: Maker): void {
  const colleague = make.person();
  make.add(colleague);
  const person = make.person();
  const a = anchorOf(person);
  make.plant(withAnchors(person, { a, o: anchorOf(colleague), e: a }), {
    kind: 'copy-of-another',
    verdict: 'okta-stale',
    row: 4,
    impact: 'signs in as another',
    relation: 'taken',
  });
}

/** The wanted anchor sits on a live account that keeps it: a twin made into a shared mailbox. */
export function taken(make: Maker): void {
  const person = make.person();
  const a = anchorOf(person);
  const userName = make.address('twin');
  const twin = make.account({ userName, mail: userName, anchor: a, enabled: false, synced: true });
  make.decoy(
    { ...NOBODY, entra: twin },
    { kind: 'twin', verdict: 'outside', row: 20, outside: ['room-or-shared', 'cloud-only'], relation: null },
  );
  make.plant(withAnchors(person, { a, o: a, e: make.anchor() }), { ...STALE, kind: 'taken', relation: 'taken' });
}

/** The wanted anchor sits in the recycle bin, perhaps on the right account. */
export function takenDeleted(make: Maker): void {
  const person = make.person();
  const a = anchorOf(person);
  const deleted = make.start - make.dice.below(28) * DAY - DAY;
  const former = make.account({ userName: '', mail: person.entra.mail, anchor: a, synced: true, deleted });
  const userName = `${former.id.replaceAll('-', '')}${person.entra.userName}`;
  make.decoy(
    { ...NOBODY, entra: { ...former, userName } },
    { kind: 'deleted-holder', verdict: 'outside', outside: ['soft-deleted'] },
  );
  make.plant(withAnchors(person, { a, o: a, e: make.anchor() }), {
    ...STALE,
    kind: 'taken-deleted',
    impact: 'cannot sign in',
    relation: 'taken-deleted',
  });
}

/** The person with right A and O, whose Entra account holds what the other one should. */
function holding(person: WholePerson, other: WholePerson): WholePerson {
  return withAnchors(person, { a: anchorOf(person), o: anchorOf(person), e: anchorOf(other) });
}
