import { DAY } from '../../../shared/time.ts';
import type { Maker } from './maker.ts';
import { HOSTILE_NAMES } from './names.ts';
import {
  anchorOf,
  NOBODY,
  withAccount,
  withAnchors,
  withAssignment,
  withEntra,
  withExtras,
  withOkta,
} from './person.ts';

// People who look like drift to a plain comparison, and are healthy.

/** Row 17: a contractor without AD, anchored by the Okta id, as the mapping's fall-back gives it. */
export function contractor(make: Maker): void {
  const person = make.person();
  const { id } = person.okta;
  const anchored = { ...withAnchors(person, { a: null, o: id, e: id }), accounts: [] };
  make.decoy(anchored, { kind: 'contractor', verdict: 'matched', row: 17 });
}

/**
 * Two people whose logins and AD names are crosswise the other's user name: whoever pairs by anything but `credentials.userName` finds
 * two people drifting.
 */
export function loginDiffers(make: Maker): void {
  const [one, other] = [make.person(), make.person()];
  for (const [person, names] of [
    [one, other],
    [other, one],
  ] as const) {
    const { userName } = names.entra;
    const moved = withAccount(withOkta(person, { login: userName, email: userName }), { userName, mail: userName });
    make.decoy(moved, { kind: 'login-differs', verdict: 'matched', row: 1 });
  }
}

export function nameInOtherCase(make: Maker): void {
  const person = make.person();
  const shouted = withAssignment(person, { userName: person.entra.userName.toUpperCase() });
  make.decoy(shouted, { kind: 'name-in-other-case', verdict: 'matched', row: 1 });
}

/** Row 22: in two directories, and the anchor in use is one of the two: of the first account and of the second in turn. */
export function twoDirectoriesSettled(make: Maker, at: number): void {
  const person = make.person();
  const first = anchorOf(person);
  const second = make.anchor();
  const used = at % 2 === 0 ? first : second;
  const settled = withAnchors(person, { a: first, o: used, e: used });
  make.decoy(
    { ...settled, accounts: [...settled.accounts, make.secondAccount(person, second)] },
    { kind: 'two-directories-settled', verdict: 'matched', row: 22 },
  );
}

/** A leaver's name given again, and all settled: the leaver's account is deleted and has its old anchor still. */
export function settledName(make: Maker): void {
  const person = make.person({ created: make.start - 20 * DAY });
  make.decoy(person, { kind: 'settled-name', verdict: 'matched', row: 1 });
  softDeleted(make, person.entra.userName, 'settled-name-leaver');
}

export function softDeleted(make: Maker, name = make.address('leaver'), kind = 'soft-deleted'): void {
  const deleted = make.start - make.dice.below(28) * DAY - DAY;
  const account = make.account({ userName: '', mail: name, anchor: make.anchor(), synced: true, deleted });
  const entra = { ...account, userName: `${account.id.replaceAll('-', '')}${name}` };
  make.decoy({ ...NOBODY, entra }, { kind, verdict: 'outside', outside: ['soft-deleted'] });
}

/** The ConsistencyGuid was written by an earlier migration and is not what anything goes by. */
export function unusedAttribute(make: Maker): void {
  const person = withAccount(make.person(), { consistencyGuid: make.anchor() });
  make.decoy(person, { kind: 'unused-attribute', verdict: 'matched', row: 1 });
}

/** Restored from the recycle bin: sync says false, and the anchors agree. */
export function restored(make: Maker): void {
  const person = withExtras(withEntra(make.person(), { synced: false }), { lastSync: make.start - 200 * DAY });
  make.decoy(person, { kind: 'restored', verdict: 'matched', row: 1 });
}

export function hostileName(make: Maker, at: number): void {
  const displayName = HOSTILE_NAMES[at % HOSTILE_NAMES.length] ?? '';
  const person = make.person();
  const named = withAccount(
    withOkta(withAssignment(withEntra(person, { displayName }), { displayName }), { displayName }),
    {
      displayName,
    },
  );
  if (at % 2 === 0) make.decoy(named, { kind: 'hostile-name', verdict: 'matched', row: 1 });
  else {
    const a = anchorOf(named);
    const truth = { kind: 'hostile-name-drifted', verdict: 'entra-stale', row: 2, impact: 'cannot sign in' } as const;
    make.plant(withAnchors(named, { a, o: a, e: make.anchor() }), truth);
  }
}
