import type { Background } from '../../shared/compare/compare.ts';
import type { AdAccount, Assignment, DeletedUser, Domain, EntraUser, Rosters } from '../../shared/compare/rows.ts';

/** Builders of rows with the defaults of a healthy person; tests name only what matters to them. */
export const DOMAINS: readonly Domain[] = [
  { name: 'contoso.com', federated: true, initial: false, verified: true },
  { name: 'contoso.onmicrosoft.com', federated: false, initial: true, verified: true },
];

/** Base64 of 16 bytes whose first two carry the number. */
export function anchor(number: number): string {
  const bytes = Buffer.alloc(16, 0x5a);
  bytes.writeUInt32LE(number, 0);
  return bytes.toString('base64');
}

export function adAccount(user: string, over: Partial<AdAccount> = {}): AdAccount {
  return {
    user,
    instance: '0oaAD1',
    anchor: anchor(1),
    userName: `${user}@contoso.com`,
    samAccountName: user,
    mail: null,
    dn: `CN=${user},OU=Sales,DC=contoso,DC=com`,
    sid: null,
    employeeId: null,
    others: {},
    status: 'ACTIVE',
    created: 1_000_000,
    ...over,
  };
}

export function assignment(user: string, over: Partial<Assignment> = {}): Assignment {
  return {
    user,
    app: '0oaO365',
    userName: `${user}@contoso.com`,
    anchor: anchor(1),
    externalId: null,
    scope: 'USER',
    status: 'ACTIVE',
    syncState: 'SYNCHRONIZED',
    created: 1_000_000,
    ...over,
  };
}

export function entraUser(user: string, over: Partial<EntraUser> = {}): EntraUser {
  return {
    id: `id-${user}`,
    userName: `${user}@contoso.com`,
    anchor: anchor(1),
    displayName: user,
    mail: null,
    enabled: true,
    licensed: true,
    userType: 'Member',
    creationType: null,
    externalUserState: null,
    employeeId: null,
    sid: null,
    synced: true,
    lastSync: null,
    created: 1_000_000,
    ...over,
  };
}

export function rosters(over: Partial<Rosters>): Rosters {
  return { ad: [], assignments: [], entra: [], deleted: [], domains: DOMAINS, ...over };
}

/** One person with the given anchors: `undefined` leaves the row out. */
export function person(
  user: string,
  a: string | null | undefined,
  o: string | null | undefined,
  e: string | null | undefined,
): Rosters {
  return rosters({
    ad: a === undefined ? [] : [adAccount(user, { anchor: a })],
    assignments: o === undefined ? [] : [assignment(user, { anchor: o })],
    entra: e === undefined ? [] : [entraUser(user, { anchor: e })],
  });
}

export function together(...parts: readonly Rosters[]): Rosters {
  return {
    ad: parts.flatMap((part) => part.ad),
    assignments: parts.flatMap((part) => part.assignments),
    entra: parts.flatMap((part) => part.entra),
    deleted: parts.flatMap((part) => part.deleted),
    domains: DOMAINS,
  };
}

export function deletedUser(id: string, held: string, deleted: number | null = 0): DeletedUser {
  return { id, userName: `${id}@contoso.com`, anchor: held, deleted };
}

export const BACKGROUND: Background = {
  office365App: null,
  appDomains: [],
  seenMatched: () => false,
  onceFromAd: () => false,
  known: () => false,
  causes: { people: 20, percent: 60 },
  now: null,
};
