import { DAY } from '../../../shared/time.ts';
import type { Maker } from './maker.ts';
import { anchorOf, withAccount, withAnchors, withAssignment, withEntra, withOkta } from './person.ts';

/** Not started yet: Okta holds the person back, and there is no link to AD. */
export function staged(make: Maker): void {
  const person = make.person({ created: make.start - 5 * DAY });
  const waiting = withAssignment(
    withAccount(withOkta(person, { status: 'STAGED' }), { externalId: null, status: 'STAGED' }),
    {
      immutableId: null,
      externalId: null,
      status: 'STAGED',
    },
  );
  make.decoy({ ...waiting, entra: null }, { kind: 'staged', verdict: 'outside', outside: ['staged'] });
}

/** On leave; whether the anchors agree is nobody's concern now. */
export function suspended(make: Maker, at: number): void {
  const person = make.person();
  const away = withAssignment(withAccount(withOkta(person, { status: 'SUSPENDED' }), { status: 'SUSPENDED' }), {
    status: 'SUSPENDED',
  });
  const a = anchorOf(person);
  const held = at % 2 === 0 ? a : make.anchor();
  make.decoy(withAnchors(away, { a, o: a, e: held }), {
    kind: 'suspended',
    verdict: 'outside',
    outside: ['suspended'],
    relation: null,
    impact: null,
  });
}

/** Left: deprovisioned in Okta, AD link cut, the Entra account blocked and still anchored. */
export function leaver(make: Maker): void {
  const person = make.person();
  const gone = withAccount(withOkta(person, { status: 'DEPROVISIONED' }), {
    externalId: null,
    status: 'DEPROVISIONED',
  });
  const blocked = withEntra(gone, { enabled: false, licenses: [] });
  make.decoy(
    { ...blocked, assignment: null },
    { kind: 'leaver', verdict: 'outside', outside: ['deprovisioned', 'no-assignment', 'room-or-shared'] },
  );
}

/** Row 16: an AD account that runs a service, without assignment or cloud account. */
export function serviceAccount(make: Maker): void {
  const person = make.person();
  const name = make.address('svc-backup');
  const service = withAccount(person, {
    userName: name,
    samAccountName: name.slice(0, name.indexOf('@')),
    unit: `OU=Service Accounts,${make.company.directories[0].root}`,
    employeeId: null,
  });
  make.decoy(
    { ...service, assignment: null, entra: null },
    { kind: 'service-account', verdict: 'outside', row: 16, outside: ['no-assignment', 'service-account'] },
  );
}

/** Row 16: an AD account and an Entra account of one name, the latter without anchor, and no assignment. */
export function unassignedEmpty(make: Maker): void {
  const person = withEntra(make.person(), { anchor: null, synced: null, licenses: [] });
  make.decoy(
    { ...person, assignment: null },
    {
      kind: 'unassigned-empty',
      verdict: 'outside',
      row: 16,
      outside: ['no-assignment', 'service-account', 'cloud-only'],
    },
  );
}
