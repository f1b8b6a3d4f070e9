import { DAY } from '../time.ts';
import { once } from '../once.ts';
import type { PlainlyMatched } from './part.ts';
import type { Person } from './pair.ts';
import type { EntraUser } from './rows.ts';

/** Evidence that this Okta user and this Entra user were bound to one person before. Equal names are none. */
export const WITNESSES = [
  'seen-matched',
  'okta-equals-entra',
  'source-equals-entra',
  'external-id',
  'sid',
  'employee-id',
  // No run finds this one: a person has looked at both accounts and said so.
  'vouched',
] as const;
export type Witness = (typeof WITNESSES)[number];
/** Evidence that they are two people, a leaver and a new hire with the leaver's name. */
export const COUNTER_WITNESSES = ['employee-id-differs', 'created-later'] as const;
export type CounterWitness = (typeof COUNTER_WITNESSES)[number];

/** An Okta account this much younger than the Entra account was not made with it. */
const WELL_AFTER = 30 * DAY;
/** A field is evidence only where it agrees on at least this many matched people, and on this share of them. */
const ENOUGH = 20;
const NEARLY_ALL = 0.98;

/** What this run measured about its own evidence, on people whose O = E. */
export interface Evidence {
  readonly externalIdIsObjectId: boolean;
  readonly employeeIdsAgree: boolean;
  /** Employee ids that more than one account of a side carries: gathered when somebody has no better witness. */
  readonly sharedEmployeeIds: () => ReadonlySet<string>;
  readonly seenMatched: (user: string, objectId: string) => boolean;
}

export function measureEvidence(
  people: readonly Person[],
  plain: readonly PlainlyMatched[],
  seenMatched: Evidence['seenMatched'],
): Evidence {
  let [externalIds, externalIdHits, employees, employeeHits] = [0, 0, 0, 0];
  const count = (externalId: string | null, employeeId: string | null, entra: EntraUser): void => {
    if (externalId !== null) externalIds += 1;
    if (externalId === entra.id) externalIdHits += 1;
    if (employeeId === null || entra.employeeId === null) return;
    employees += 1;
    if (employeeId === entra.employeeId) employeeHits += 1;
  };
  for (const { account, assignment, entra } of plain) count(assignment.externalId, account.employeeId, entra);
  for (const person of people) {
    const { assignment, entra } = person;
    if (assignment === null || entra === null || typeof assignment.anchor !== 'string') continue;
    if (assignment.anchor === entra.anchor) count(assignment.externalId, employeeIdOf(person), entra);
  }
  return {
    externalIdIsObjectId: externalIds >= ENOUGH && externalIdHits >= NEARLY_ALL * externalIds,
    employeeIdsAgree: employees >= ENOUGH && employeeHits >= NEARLY_ALL * employees,
    sharedEmployeeIds: once(() => sharedEmployeeIds(people, plain)),
    seenMatched,
  };
}

export function witnessOf(person: Person, evidence: Evidence): Witness | null {
  const { user, assignment, entra, directory } = person;
  if (user === null || entra === null) return null;
  if (evidence.seenMatched(user, entra.id)) return 'seen-matched';
  if (typeof entra.anchor === 'string') {
    if (assignment?.anchor === entra.anchor) return 'okta-equals-entra';
    if (directory.some((account) => account.anchor === entra.anchor)) return 'source-equals-entra';
  }
  if (evidence.externalIdIsObjectId && assignment?.externalId === entra.id) return 'external-id';
  if (entra.sid !== null && directory.some((account) => account.sid === entra.sid)) return 'sid';
  const employeeId = employeeIdOf(person);
  const agrees = evidence.employeeIdsAgree && employeeId !== null && employeeId === entra.employeeId;
  return agrees && !evidence.sharedEmployeeIds().has(employeeId) ? 'employee-id' : null;
}

export function counterWitnessOf(person: Person, witness: Witness | null, evidence: Evidence): CounterWitness | null {
  const { entra } = person;
  if (entra === null || witness === 'seen-matched') return null;
  const employeeId = employeeIdOf(person);
  const differs = employeeId !== null && entra.employeeId !== null && employeeId !== entra.employeeId;
  if (differs && evidence.employeeIdsAgree) return 'employee-id-differs';
  if (witness !== null || entra.created === null) return null;
  const born = bornInOkta(person);
  return born !== null && born - entra.created > WELL_AFTER ? 'created-later' : null;
}

/** The earliest trace of the person in Okta; the assignment may be younger than the person. */
function bornInOkta(person: Person): number | null {
  const dates = [...person.directory.map((account) => account.created), person.assignment?.created ?? null];
  return dates.reduce((least, date) => (date !== null && (least === null || date < least) ? date : least), null);
}

/** The first in ordinal order, of a person who has several. */
function employeeIdOf({ directory }: Person): string | null {
  let first: string | null = null;
  for (const { employeeId } of directory)
    if (employeeId !== null && (first === null || employeeId < first)) first = employeeId;
  return first;
}

function sharedEmployeeIds(people: readonly Person[], plain: readonly PlainlyMatched[]): ReadonlySet<string> {
  const shared = new Set<string>();
  const inAd = new Set<string>();
  const inEntra = new Set<string>();
  for (const person of people) {
    const employeeId = employeeIdOf(person);
    if (employeeId !== null) note(employeeId, inAd, shared);
    if (person.entra?.employeeId) note(person.entra.employeeId, inEntra, shared);
  }
  for (const { account, entra } of plain) {
    if (account.employeeId !== null) note(account.employeeId, inAd, shared);
    if (entra.employeeId) note(entra.employeeId, inEntra, shared);
  }
  return shared;
}

function note(id: string, seen: Set<string>, shared: Set<string>): void {
  if (seen.has(id)) shared.add(id);
  seen.add(id);
}
