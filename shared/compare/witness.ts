import { DAY } from '../time.ts';
import { once } from '../once.ts';
import type { Crowd } from './part.ts';
import type { Person } from './pair.ts';

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
  /** Whether more than one person of a side carries the employee id: counted when somebody has no better witness. */
  readonly isShared: (employeeId: string) => boolean;
  readonly seenMatched: (user: string, objectId: string) => boolean;
}

export function measureEvidence(
  people: readonly Person[],
  plain: Crowd,
  seenMatched: Evidence['seenMatched'],
): Evidence {
  let { externalIds, externalIdHits, employees, employeeHits } = plain.agreement();
  for (const person of people) {
    const { assignment, entra } = person;
    if (assignment === null || entra === null || typeof assignment.anchor !== 'string') continue;
    if (assignment.anchor !== entra.anchor) continue;
    if (assignment.externalId !== null) externalIds += 1;
    if (assignment.externalId === entra.id) externalIdHits += 1;
    const employeeId = employeeIdOf(person);
    if (employeeId === null || entra.employeeId === null) continue;
    employees += 1;
    if (employeeId === entra.employeeId) employeeHits += 1;
  }
  return {
    externalIdIsObjectId: externalIds >= ENOUGH && externalIdHits >= NEARLY_ALL * externalIds,
    employeeIdsAgree: employees >= ENOUGH && employeeHits >= NEARLY_ALL * employees,
    isShared: sharedAmong(people, plain),
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
  return agrees && !evidence.isShared(employeeId) ? 'employee-id' : null;
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

function sharedAmong(people: readonly Person[], plain: Crowd): Evidence['isShared'] {
  const carriers = once(() => {
    const [inAd, inEntra] = [new Map<string, number>(), new Map<string, number>()];
    for (const person of people) {
      count(employeeIdOf(person), inAd);
      count(person.entra?.employeeId ?? null, inEntra);
    }
    return { inAd, inEntra };
  });
  return (employeeId) => {
    const { inAd, inEntra } = carriers();
    const { ad, entra } = plain.employees(employeeId);
    return (inAd.get(employeeId) ?? 0) + ad > 1 || (inEntra.get(employeeId) ?? 0) + entra > 1;
  };
}

function count(employeeId: string | null, carriers: Map<string, number>): void {
  if (employeeId !== null) carriers.set(employeeId, (carriers.get(employeeId) ?? 0) + 1);
}
