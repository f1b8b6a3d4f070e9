import { type Company, DOMAINS } from './company-plan.ts';
import { attributeInstead, CONSISTENCY_GUID, entraRespelled } from './encodings.ts';
import type { CauseKind, KeyCause } from './key.ts';
import type { Maker } from './maker.ts';
import { anchorOf, type WholePerson, withAnchors } from './person.ts';

/** Many people who drift for one reason. */
export interface CausePlan {
  readonly kind: CauseKind;
  readonly people: number;
}

const UNIT = 'Acquired';
const SPELLING = 'big-endian';

/** Plants the drift, and as much again healthy people as make the reason's place look like one. */
export function plantCause(make: Maker, { kind, people }: CausePlan): KeyCause {
  for (let at = 0; at < people; at++) drift(make, kind);
  if (kind === 'ou') for (let at = 0; at < people / 5; at++) make.add(make.person(inUnit(make.company)));
  return { kind, value: valueOf(make.company, kind), people };
}

function drift(make: Maker, kind: CauseKind): void {
  if (kind === 'encoding') entraRespelled(make, SPELLING);
  else if (kind === 'attribute') attributeInstead(make);
  else if (kind === 'ou') stale(make, make.person(inUnit(make.company)), 'cause: ou');
  else stale(make, make.person({ directory: lastOf(make.company) }), 'cause: directory');
}

function stale(make: Maker, person: WholePerson, kind: string): void {
  const a = anchorOf(person);
  make.plant(withAnchors(person, { a, o: a, e: make.anchor() }), {
    kind,
    verdict: 'entra-stale',
    row: 2,
    impact: 'cannot sign in',
  });
}

function inUnit(company: Company) {
  return { unit: UNIT, directory: company.directories[0], domain: DOMAINS.main };
}

function lastOf(company: Company) {
  return company.directories.at(-1) ?? company.directories[0];
}

function valueOf(company: Company, kind: CauseKind): string {
  if (kind === 'encoding') return SPELLING;
  if (kind === 'attribute') return CONSISTENCY_GUID;
  return kind === 'ou' ? `OU=${UNIT},OU=People,${company.directories[0].root}` : lastOf(company).app;
}
