import { anchorValue, type AnchorValue } from '../anchor/value.ts';
import type { AdAccount, Assignment } from '../compare/rows.ts';
import { parseTime, type Instant } from '../time.ts';
import type { AppUser } from './schemas.ts';

type Profile = Readonly<Record<string, unknown>>;

/**
 * What organisations use as the anchor instead of objectGUID, beside what an account has a field for; a drift that equals one of them has
 * found its cause.
 */
const CANDIDATES = ['mS-DS-ConsistencyGuid', 'employeeNumber'] as const;
/** An account has one field for both, which goes by the second. Where they differ it is each that may be the anchor. */
const NAMES = ['userName', 'userPrincipalName'] as const;

/** `anchorAttribute` is `externalId`, base64 of objectGUID's 16 bytes, or the name of a profile attribute. */
export function adAccount(row: AppUser, instance: string, anchorAttribute: string): AdAccount {
  const profile = row.profile ?? {};
  return {
    user: row.id,
    instance,
    anchor: sourceAnchor(row, anchorAttribute),
    userName: textOf(profile, 'userName') ?? textOf(profile, 'userPrincipalName'),
    samAccountName: textOf(profile, 'samAccountName'),
    mail: textOf(profile, 'email') ?? textOf(profile, 'mail'),
    dn: textOf(profile, 'dn') ?? textOf(profile, 'distinguishedName'),
    sid: textOf(profile, 'objectSid'),
    employeeId: textOf(profile, 'employeeID'),
    others: otherAnchors(row, anchorAttribute),
    status: row.status,
    created: instantOf(row.created),
  };
}

export function assignment(row: AppUser, app: string): Assignment {
  return {
    user: row.id,
    app,
    userName: row.credentials?.userName ?? null,
    anchor: anchorValue(attribute(row.profile ?? {}, 'immutableId')),
    externalId: typeof row.externalId === 'string' ? row.externalId : null,
    scope: row.scope === 'USER' || row.scope === 'GROUP' ? row.scope : null,
    status: row.status,
    syncState: row.syncState ?? null,
    created: instantOf(row.created),
  };
}

function sourceAnchor(row: AppUser, anchorAttribute: string): AnchorValue {
  return anchorValue(isExternalId(anchorAttribute) ? row.externalId : attribute(row.profile ?? {}, anchorAttribute));
}

/** One for all who have none: of each person in the company there is a row. */
const NO_OTHERS: Readonly<Record<string, string>> = Object.freeze({});

function otherAnchors(row: AppUser, anchorAttribute: string): Readonly<Record<string, string>> {
  const profile = row.profile ?? {};
  const others: [string, string][] = [];
  const [login, principal] = NAMES.map((name) => textOf(profile, name));
  const isTwoNames = login !== null && principal !== null && login !== principal;
  for (const name of isTwoNames ? [...CANDIDATES, ...NAMES] : CANDIDATES) {
    const value = isSpelled(name, anchorAttribute) ? null : textOf(profile, name);
    if (value !== null) others.push([name, value]);
  }
  if (!isExternalId(anchorAttribute) && typeof row.externalId === 'string') others.push(['externalId', row.externalId]);
  return others.length === 0 ? NO_OTHERS : Object.fromEntries(others);
}

function isExternalId(name: string): boolean {
  return name.toLowerCase() === 'externalid';
}

/**
 * An attribute by its name: exactly so spelled, else without regard to case and signs. Okta's own pages spell AD attributes in several
 * ways (`samAccountName`, `sAMAccountName`), and the name of a custom one may not hold the hyphens of `mS-DS-ConsistencyGuid`.
 */
function attribute(profile: Profile, name: string): unknown {
  if (Object.hasOwn(profile, name)) return profile[name];
  // Of every row in the tenant this is asked for names that it has not; nearly every key begins with another letter.
  const first = letterOf(name, 0);
  for (const key in profile) {
    const letter = letterOf(key, 0);
    if (letter !== null && letter !== first) continue;
    if (isSpelled(key, name) && Object.hasOwn(profile, key)) return profile[key];
  }
  return undefined;
}

/**
 * Whether two names have the same letters and digits in the same order, in whatever case and with whatever signs between them. A row
 * asks this some hundred times, nearly always of names that part at the first letter.
 */
function isSpelled(one: string, other: string): boolean {
  for (let [left, right] = [0, 0]; ; left += 1, right += 1) {
    while (left < one.length && letterOf(one, left) === null) left += 1;
    while (right < other.length && letterOf(other, right) === null) right += 1;
    if (left === one.length || right === other.length) return left === one.length && right === other.length;
    if (letterOf(one, left) !== letterOf(other, right)) return false;
  }
}

/** ASCII: a digit, or a letter as its small one; null for anything else. */
function letterOf(name: string, at: number): number | null {
  const code = name.charCodeAt(at);
  const small = code >= 65 && code <= 90 ? code + 32 : code;
  return (small >= 97 && small <= 122) || (small >= 48 && small <= 57) ? small : null;
}

function textOf(profile: Profile, name: string): string | null {
  const value = attribute(profile, name);
  return typeof value === 'string' && value !== '' ? value : null;
}

function instantOf(text: string | null | undefined): Instant | null {
  return typeof text === 'string' ? parseTime(text) : null;
}
