import type { AdAccount, Assignment, DeletedUser, Domain, EntraUser } from '../../shared/compare/rows.ts';
import type { ListName, ReadPlan } from '../../shared/state/read-plan.ts';
import { DAY, type Instant } from '../../shared/time.ts';

export const NOW: Instant = Date.UTC(2026, 10, 23, 2);
export const APP = '0oaOffice';

/** Two small directories behind Okta and one Entra tenant, held as maps from a row's id to the row. */
export interface Tenant {
  readonly directories: ReadonlyMap<string, Map<string, AdAccount>>;
  readonly assignments: Map<string, Assignment>;
  readonly users: Map<string, EntraUser>;
  readonly deleted: Map<string, DeletedUser>;
  /** Assignments of a further Office 365 app, which only `PLAN_OF_TWO` reads. */
  readonly further: Map<string, Assignment>;
}

export const DOMAINS: readonly Domain[] = [
  { name: 'contoso.com', federated: true, initial: false, verified: true },
  { name: 'contoso.onmicrosoft.com', federated: false, initial: true, verified: true },
];

export const PLAN: ReadPlan = {
  directories: [
    { id: '0oaNorth', label: 'north.contoso.com' },
    { id: '0oaSouth', label: 'south.contoso.com' },
  ],
  office365: APP,
  furtherOffice365: [],
};

export const FURTHER = '0oaFurther';

export const PLAN_OF_TWO: ReadPlan = { ...PLAN, furtherOffice365: [{ id: FURTHER, label: 'Office 365 of old' }] };

export const LISTS: readonly ListName[] = [
  'directory:0oaNorth',
  'directory:0oaSouth',
  'assignments',
  'users',
  'deleted',
];

export function emptyTenant(): Tenant {
  return {
    directories: new Map(PLAN.directories.map(({ id }) => [id, new Map()])),
    assignments: new Map(),
    users: new Map(),
    deleted: new Map(),
    further: new Map(),
  };
}

/** Base64 of sixteen bytes that end in the number: a GUID as AD and Okta write it. */
export function anchorOf(number: number): string {
  const bytes = Buffer.alloc(16, 7);
  bytes.writeUInt32BE(number, 12);
  return bytes.toString('base64');
}

/** Ids in no order of age, so that people who join land anywhere in a list. */
function idOf(prefix: string, number: number): string {
  return `${prefix}${((number * 7919) % 10_007).toString().padStart(5, '0')}`;
}

export function oktaId(number: number): string {
  return idOf('00u', number);
}

export function objectId(number: number): string {
  return idOf('e-', number);
}

export function nameOf(number: number): string {
  return `person${number}@contoso.com`;
}

export function instanceOf(number: number): string {
  return number % 3 === 0 ? '0oaSouth' : '0oaNorth';
}

export function adAccount(number: number, created: Instant = NOW - 100 * DAY): AdAccount {
  return {
    user: oktaId(number),
    instance: instanceOf(number),
    anchor: anchorOf(number),
    userName: nameOf(number),
    samAccountName: `person${number}`,
    mail: null,
    dn: null,
    sid: null,
    employeeId: null,
    others: {},
    status: 'ACTIVE',
    created,
  };
}

export function assignment(number: number, created: Instant = NOW - 90 * DAY): Assignment {
  return {
    user: oktaId(number),
    app: APP,
    userName: nameOf(number),
    anchor: anchorOf(number),
    externalId: objectId(number),
    scope: 'GROUP',
    status: 'PROVISIONED',
    syncState: 'SYNCHRONIZED',
    created,
  };
}

export function entraUser(number: number, created: Instant = NOW - 80 * DAY): EntraUser {
  return {
    id: objectId(number),
    userName: nameOf(number),
    anchor: anchorOf(number),
    displayName: `Person ${number}`,
    mail: nameOf(number),
    enabled: true,
    licensed: true,
    userType: 'Member',
    creationType: null,
    externalUserState: null,
    employeeId: null,
    sid: null,
    synced: true,
    lastSync: NOW - DAY,
    created,
  };
}

/** A person everywhere, as most people are. */
export function join(tenant: Tenant, number: number, created?: Instant): void {
  const account = adAccount(number, created);
  tenant.directories.get(account.instance)?.set(account.user, account);
  tenant.assignments.set(account.user, assignment(number, created));
  const user = entraUser(number, created);
  tenant.users.set(user.id, user);
}

/** A person who leaves: gone in Okta, soft-deleted in Entra. */
export function leave(tenant: Tenant, number: number, at: Instant): void {
  tenant.directories.get(instanceOf(number))?.delete(oktaId(number));
  tenant.assignments.delete(oktaId(number));
  const user = tenant.users.get(objectId(number));
  tenant.users.delete(objectId(number));
  if (user !== undefined)
    tenant.deleted.set(user.id, { id: user.id, userName: user.userName, anchor: user.anchor, deleted: at });
}

/** So many people who left long ago, and so many of whom only the further app knows. */
export function surround(tenant: Tenant, deleted: number, further: number): void {
  for (let number = 1; number <= deleted; number += 1) {
    const id = idOf('d-', number);
    tenant.deleted.set(id, { id, userName: id, anchor: anchorOf(3_000 + number), deleted: NOW - 10 * DAY });
  }
  for (let number = 1; number <= further; number += 1) {
    const user = oktaId(4_000 + number);
    tenant.further.set(user, { ...assignment(4_000 + number), app: FURTHER, userName: null, anchor: user });
  }
}

export function tenantOf(people: number): Tenant {
  const tenant = emptyTenant();
  for (let number = 1; number <= people; number += 1) join(tenant, number);
  return tenant;
}
