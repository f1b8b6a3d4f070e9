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
  /** Null for what follows later from a change that was told before. */
  readonly change: KeyChange | null;
  readonly happen: () => void;
}

/** When Okta hears of what was changed in an AD at an instant: at the end of an import. Null where none carries it. */
export type Arrival = (app: string, changed: Instant) => Instant | null;

/** What happens to one person, one thing after another. What begins in Active Directory waits for an import. */
interface Story {
  readonly person: WholePerson;
  readonly truth: Pick<KeyChange, 'verdict' | 'row'>;
  readonly steps: readonly { readonly by: 'import' | 'itself'; readonly happen: (at: Instant) => void }[];
}

/**
 * Makes the people of a plan as they are in the beginning, and says what will happen to them and when. To whom no import comes, nothing
 * ever happens.
 */
export function plantChurn(make: Maker, state: State, plan: ChurnPlan, arrival: Arrival): readonly Happening[] {
  return Array.from({ length: plan.people }, (_, count) => {
    const changed = Math.floor(plan.from + ((count + 0.5) / plan.people) * (plan.until - plan.from));
    const { person, truth, steps } = CHURN[plan.kind](make, state);
    const { okta, accounts, entra } = person;
    return steps.flatMap(({ by, happen }, step): readonly Happening[] => {
      const at = by === 'import' ? arrival(accounts[0].app, changed) : changed;
      if (at === null) return [];
      const change = { at, kind: plan.kind, oktaUser: okta.id, objectId: entra.id, ...truth };
      return [{ at, change: step === 0 ? change : null, happen: () => happen(at) }];
    });
  }).flat();
}

const MATCHED = { verdict: 'matched', row: 1 } as const;

const CHURN: Readonly<Record<ChurnKind, (make: Maker, state: State) => Story>> = {
  created(make) {
    const person = make.person();
    const happen = (at: Instant) => make.add(createdAt(person, at), at);
    return { person, truth: MATCHED, steps: [{ by: 'import', happen }] };
  },
  deleted(make, state) {
    const person = healthy(make, 'leaving');
    const happen = (at: Instant) => remove(make, state, person, at);
    return { person, truth: { verdict: null, row: null }, steps: [{ by: 'import', happen }] };
  },
  /** Married in Okta, which pushes the name at once: who has read one side before and another after sees two people. AD's copy follows. */
  renamed(make) {
    const person = healthy(make, 'changing');
    const userName = make.address('married');
    const named = { userName, mail: userName };
    const elsewhere = withOkta(withEntra(withAssignment(person, { userName, email: userName }), named), {
      login: userName,
      email: userName,
    });
    const changed = withAccount(elsewhere, named);
    return {
      person,
      truth: MATCHED,
      steps: [
        { by: 'itself', happen: (at) => make.addElsewhere(changedAt(changed, at), at) },
        { by: 'import', happen: (at) => make.addAccounts(changedAt(changed, at), at) },
      ],
    };
  },
  /** All three anchors change at one instant: who has read one side before and another after sees drift that never was. */
  're-anchored'(make) {
    const person = healthy(make, 'changing');
    const a = make.anchor();
    const changed = withAnchors(person, { a, o: a, e: a });
    return { person, truth: MATCHED, steps: [{ by: 'import', happen: (at) => make.add(changedAt(changed, at), at) }] };
  },
  /** The AD account is made anew: the import brings it into Okta, and Entra does not change. */
  drifted(make) {
    const person = healthy(make, 'to drift');
    const a = make.anchor();
    const anew = withAccount(person, { consistencyGuid: null });
    const changed = withAnchors(anew, { a, o: a, e: anchorOf(person) });
    return {
      person,
      truth: { verdict: 'entra-stale', row: 2 },
      steps: [{ by: 'import', happen: (at) => make.add(changedAt(changed, at), at) }],
    };
  },
  /** Somebody sets the right anchor in Entra. */
  healed(make) {
    const person = make.person();
    const a = anchorOf(person);
    make.plant(withAnchors(person, { a, o: a, e: make.anchor() }), {
      kind: 'to heal',
      verdict: 'entra-stale',
      row: 2,
      impact: 'cannot sign in',
    });
    return { person, truth: MATCHED, steps: [{ by: 'itself', happen: (at) => make.addElsewhere(person, at) }] };
  },
};

function healthy(make: Maker, kind: string): WholePerson {
  const person = make.person();
  make.decoy(person, { kind, verdict: 'matched', row: 1 });
  return person;
}

/** The same person, with the day of the change on every row of Okta's. */
function changedAt(person: WholePerson, changed: Instant): WholePerson {
  return withOkta(withAccount(withAssignment(person, { changed }), { changed }), { changed });
}

function createdAt(person: WholePerson, at: Instant): WholePerson {
  const times = { created: at, changed: at };
  return withEntra(withOkta(withAccount(withAssignment(person, times), times), times), { created: at });
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
