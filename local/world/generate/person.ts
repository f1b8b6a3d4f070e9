import { type EntraExtras, type EntraRecord, NO_EXTRAS } from '../graph/records.ts';
import type { AssignmentRecord, DirectoryRecord, OktaUserRecord } from '../okta/records.ts';

/** One account in one Active Directory. */
export interface Account {
  /** Id of the AD app. */
  readonly app: string;
  readonly record: DirectoryRecord;
}

/** Everything that the directories are to hold of one person; null where they hold nothing. */
export interface Person {
  readonly okta: OktaUserRecord | null;
  readonly accounts: readonly Account[];
  readonly assignment: AssignmentRecord | null;
  readonly entra: EntraRecord | null;
}

/** A person who has everything. */
export interface WholePerson extends Person {
  readonly okta: OktaUserRecord;
  readonly accounts: readonly [Account, ...Account[]];
  readonly assignment: AssignmentRecord;
  readonly entra: EntraRecord;
}

export interface Anchors {
  readonly a: string | null;
  readonly o: string | null;
  readonly e: string | null;
}

/** The same person with other anchors: A in the first AD account, O in the assignment, E in Entra. */
export function withAnchors(person: WholePerson, { a, o, e }: Anchors): WholePerson {
  const [first, ...others] = person.accounts;
  return {
    ...person,
    accounts: [{ ...first, record: { ...first.record, externalId: a } }, ...others],
    assignment: { ...person.assignment, immutableId: o },
    entra: { ...person.entra, anchor: e },
  };
}

/** The anchor that a person was made with: the same on all three sides. */
export function anchorOf(person: WholePerson): string {
  return person.accounts[0].record.externalId ?? '';
}

export function withAccount(person: WholePerson, change: Partial<DirectoryRecord>): WholePerson {
  const [first, ...others] = person.accounts;
  return { ...person, accounts: [{ ...first, record: { ...first.record, ...change } }, ...others] };
}

export function withOkta(person: WholePerson, change: Partial<OktaUserRecord>): WholePerson {
  return { ...person, okta: { ...person.okta, ...change } };
}

export function withAssignment(person: WholePerson, change: Partial<AssignmentRecord>): WholePerson {
  return { ...person, assignment: { ...person.assignment, ...change } };
}

export function withEntra(person: WholePerson, change: Partial<EntraRecord>): WholePerson {
  return { ...person, entra: { ...person.entra, ...change } };
}

export function withExtras(person: WholePerson, change: Partial<EntraExtras>): WholePerson {
  return withEntra(person, { extras: { ...(person.entra.extras ?? NO_EXTRAS), ...change } });
}

/** Nobody at all, to which one account is added. */
export const NOBODY: Person = { okta: null, accounts: [], assignment: null, entra: null };
