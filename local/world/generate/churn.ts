import type { Instant } from '../../../shared/time.ts';
import type { State } from '../state.ts';
import type { ChurnKind, KeyChange } from './key.ts';
import type { Maker } from './maker.ts';
import { anchorOf, type WholePerson, withAccount, withAnchors, withAssignment, withEntra, withOkta } from './person.ts';

/** People to whom something happens after the world was made, spread evenly over a time. */
export interface ChurnPlan {
  readonly kind: ChurnKind;
  readonly people: number;
  readonly from: Instant;
  readonly until: Instant;
}

/** Something that is to happen at an instant. */
export interface Happening {
  readonly at: Instant;
  readonly change: KeyChange;
  readonly happen: () => void;
}

/** Makes the people of a plan as they are in the beginning, and says what will happen to them and when. */
export function plantChurn(make: Maker, state: State, plan: ChurnPlan): readonly Happening[] {
  return Array.from({ length: plan.people }, (_, count) => {
    const at = Math.floor(plan.from + ((count + 0.5) / plan.people) * (plan.until - plan.from));
    return CHURN[plan.kind](make, state, at);
  });
}

const CHURN: Readonly<Record<ChurnKind, (make: Maker, state: State, at: Instant) => Happening>> = {
  created(make, _, at) {
    const person = make.person({ created: at });
    return happening('created', person, at, () => make.add(person, at), { verdict: 'matched', row: 1 });
  },
  deleted(make, state, at) {
    const person = healthy(make, 'leaving');
    return happening('deleted', person, at, () => remove(make, state, person, at), { verdict: null, row: null });
  },
  /** The user name changes on all sides at one instant: who has read one side before and another after sees two people. */
  renamed(make, _, at) {
    const person = healthy(make, 'changing');
    const userName = make.address('married');
    const named = { userName, mail: userName };
    const changed = withOkta(
      withAccount(withEntra(withAssignment(person, { userName, email: userName }), named), named),
      { login: userName, email: userName },
    );
    return happening('renamed', changed, at, () => make.add(changed, at), { verdict: 'matched', row: 1 });
  },
  /** All three anchors change at one instant: who has read one side before and another after sees drift that never was. */
  're-anchored'(make, _, at) {
    const person = healthy(make, 'changing');
    const a = make.anchor();
    const changed = withAnchors(person, { a, o: a, e: a });
    return happening('re-anchored', changed, at, () => make.add(changed, at), { verdict: 'matched', row: 1 });
  },
  /** The AD account is made anew: AD and Okta change, Entra does not. */
  drifted(make, _, at) {
    const person = healthy(make, 'to drift');
    const a = make.anchor();
    const changed = withAnchors(person, { a, o: a, e: anchorOf(person) });
    return happening('drifted', changed, at, () => make.add(changed, at), { verdict: 'entra-stale', row: 2 });
  },
  healed(make, _, at) {
    const person = make.person();
    const a = anchorOf(person);
    make.plant(withAnchors(person, { a, o: a, e: make.anchor() }), {
      kind: 'to heal',
      verdict: 'entra-stale',
      row: 2,
      impact: 'cannot sign in',
    });
    return happening('healed', person, at, () => make.add(person, at), { verdict: 'matched', row: 1 });
  },
};

function healthy(make: Maker, kind: string): WholePerson {
  const person = make.person();
  make.decoy(person, { kind, verdict: 'matched', row: 1 });
  return person;
}

/** A leaver: gone from AD and the app, deprovisioned in Okta, soft-deleted in Entra with the anchor still held. */
function remove(make: Maker, state: State, person: WholePerson, at: Instant): void {
  const { okta, accounts, entra } = person;
  for (const { app } of accounts) state.directories.get(app)?.remove(okta.id, at);
  state.assignments.get(make.company.office365[0])?.remove(okta.id, at);
  state.oktaUsers.put({ ...okta, status: 'DEPROVISIONED', changed: at }, at);
  state.entraUsers.remove(entra.id, at);
  const userName = `${entra.id.replaceAll('-', '')}${entra.userName}`;
  state.deletedUsers.put({ ...entra, userName, enabled: false, deleted: at }, at);
}

function happening(
  kind: ChurnKind,
  person: WholePerson,
  at: Instant,
  happen: () => void,
  truth: Pick<KeyChange, 'verdict' | 'row'>,
): Happening {
  return { at, happen, change: { at, kind, oktaUser: person.okta.id, objectId: person.entra.id, ...truth } };
}
