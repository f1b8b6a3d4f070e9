import * as z from 'zod';
import type { AnchorValue } from '../anchor/value.ts';
import { shortForm } from '../anchor/write.ts';
import type { Finding } from '../compare/finding.ts';
import type { AdAccount, Assignment, EntraUser, Holdings, Rosters, SignIn } from '../compare/rows.ts';
import type { Verdict } from '../compare/verdicts.ts';
import { type Instant, isoDay } from '../time.ts';

/** One fact of a person on both sides, as text; empty where a side does not have it. */
export interface Side {
  readonly userName: string;
  readonly what: string;
  readonly directory: string;
  readonly entra: string;
}

/** For sides that come back from a row. */
export const sideSchema = z.object({
  userName: z.string(),
  what: z.string(),
  directory: z.string(),
  entra: z.string(),
}) satisfies z.ZodType<Side>;

/** An AD account and an Entra account that somebody looks at side by side, under the name that they are shown by. */
export interface Beside {
  readonly userName: string;
  readonly user: string | null;
  readonly objectId: string | null;
}

/** What was looked up of an account, or in plain words why it was not. */
export type Looked<Value> = { readonly found: Value } | { readonly unread: string };

/** What no roster has, read of single accounts: by Okta user id, by object id, and by sku id. */
export interface Evidence {
  readonly logins: ReadonlyMap<string, Looked<Instant | null>>;
  readonly signIns: ReadonlyMap<string, Looked<SignIn | null>>;
  readonly holdings: ReadonlyMap<string, Looked<Holdings>>;
  readonly licenseNames: ReadonlyMap<string, string>;
}

/** Where the rosters have whom; made once for all who are compared. */
export interface AccountIndex {
  /** The first account of each Okta user in Active Directory. */
  readonly byUser: ReadonlyMap<string, AdAccount>;
  readonly byId: ReadonlyMap<string, EntraUser>;
  readonly byName: ReadonlyMap<string, EntraUser>;
  /** Who has none, or one that cannot be read, is in it under no value. */
  readonly byAnchor: ReadonlyMap<AnchorValue, EntraUser>;
  /** By user name; Okta lets two people have the same. */
  readonly assigned: ReadonlyMap<string, readonly Assignment[]>;
}

export function accountIndex({ ad, entra, assignments }: Rosters): AccountIndex {
  const anchored = entra.filter(({ anchor }) => typeof anchor === 'string');
  return {
    byUser: new Map(ad.toReversed().map((one) => [one.user, one])),
    byId: new Map(entra.map((one) => [one.id, one])),
    byName: new Map(entra.map((one) => [one.userName.toLowerCase(), one])),
    byAnchor: new Map(anchored.map((one) => [one.anchor, one])),
    assigned: Map.groupBy(assignments, ({ userName }) => userName?.toLowerCase() ?? ''),
  };
}

/** Everybody’s facts, one person after the other, as this run has read them. */
export function sidesOf(people: readonly Beside[], index: AccountIndex, evidence: Evidence): readonly Side[] {
  return people.flatMap(({ user, objectId, userName }) => {
    const ad = index.byUser.get(user ?? '');
    const account = index.byId.get(objectId ?? '');
    return factsOf(ad, account, lookedUp(user, objectId, evidence)).map((fact) => ({ userName, ...fact }));
  });
}

const COMPARED: ReadonlySet<Verdict> = new Set(['crossed', 'all-differ', 'maybe-another-person']);

/** Whether only somebody who has seen both accounts can say what is right. */
export function wantsComparing({ verdict, relation }: Finding): boolean {
  return relation === 'ring' || relation === 'taken' || COMPARED.has(verdict);
}

/** More than these nobody compares; Okta lets any number of people have one name. */
const MOST_NAMESAKES = 5;

/**
 * First the finding’s own account, by its name where none is certain; then each account that holds one of its anchors, with the person of
 * that account’s name; then whoever else is assigned under the name of the first, the first few of them.
 */
export function besidesOf({ userName, user, objectId, holder, a, o }: Finding, index: AccountIndex): readonly Beside[] {
  const { byId, byName, byAnchor } = index;
  const own = objectId ?? byName.get(userName.toLowerCase())?.id ?? null;
  const held = [a, o].flatMap((anchor) => byAnchor.get(anchor) ?? []);
  const others = [...new Set([byId.get(holder ?? ''), ...held])].flatMap((one) => {
    if (one === undefined || one.id === own) return [];
    const holds = one.anchor === a ? 'AD’s anchor' : 'Okta’s copy';
    const [rival = null] = rivalsOf(one.userName, user, index);
    return [{ userName: `${one.userName} (holds ${holds})`, user: rival, objectId: one.id }];
  });
  const names = new Set([userName, byId.get(own ?? '')?.userName ?? userName].map((name) => name.toLowerCase()));
  const rivals = [...names].flatMap((name) => rivalsOf(name, user, index).map((rival) => ({ name, rival })));
  const namesakes = rivals.slice(0, MOST_NAMESAKES).map(({ name, rival }, at) => {
    const more = at < MOST_NAMESAKES - 1 ? 0 : rivals.length - MOST_NAMESAKES;
    const assigned = more === 0 ? `assigned to ${rival}` : `assigned to ${rival}, and ${more} more`;
    return { userName: `${name} (${assigned})`, user: rival, objectId: null };
  });
  return [{ userName, user, objectId: own }, ...others, ...namesakes];
}

/** Other Okta users who are assigned under that name. */
function rivalsOf(name: string, user: string | null, { assigned }: AccountIndex): readonly string[] {
  const users = (assigned.get(name.toLowerCase()) ?? []).map((one) => one.user);
  return [...new Set(users)].filter((other) => other !== user);
}

function day(at: Instant | null | undefined): string {
  return at === null || at === undefined ? '' : isoDay(at);
}

function said(is: boolean | undefined): string {
  return is === undefined ? '' : is ? 'yes' : 'no';
}

/** The evidence of one person; undefined of an account that was not looked up, or is not there. */
interface LookedUp {
  readonly login: Looked<Instant | null> | undefined;
  readonly signIn: Looked<SignIn | null> | undefined;
  readonly holdings: Looked<Holdings> | undefined;
  readonly licenseNames: Evidence['licenseNames'];
}

function lookedUp(user: string | null, objectId: string | null, evidence: Evidence): LookedUp {
  return {
    login: looksOf(evidence.logins, user),
    signIn: looksOf(evidence.signIns, objectId),
    holdings: looksOf(evidence.holdings, objectId),
    licenseNames: evidence.licenseNames,
  };
}

function looksOf<Value>(looks: ReadonlyMap<string, Looked<Value>>, id: string | null): Looked<Value> | undefined {
  return id === null ? undefined : (looks.get(id) ?? { unread: 'not looked up' });
}

function factsOf(
  ad: AdAccount | undefined,
  account: EntraUser | undefined,
  { login, signIn, holdings, licenseNames }: LookedUp,
): readonly Omit<Side, 'userName'>[] {
  return [
    { what: 'name', directory: ad?.userName ?? ad?.samAccountName ?? '', entra: account?.userName ?? '' },
    { what: 'shown as', directory: ad?.dn ?? '', entra: account?.displayName ?? '' },
    { what: 'mail', directory: ad?.mail ?? '', entra: account?.mail ?? '' },
    { what: 'made', directory: day(ad?.created), entra: day(account?.created) },
    {
      what: 'last sign-in',
      directory: textOf(login, (at) => `to Okta: ${at === null ? 'never' : isoDay(at)}`),
      entra: textOf(signIn, signInText),
    },
    { what: 'employee id', directory: ad?.employeeId ?? '', entra: account?.employeeId ?? '' },
    { what: 'SID', directory: ad?.sid ?? '', entra: account?.sid ?? '' },
    { what: 'licensed', directory: '', entra: said(account?.licensed) },
    { what: 'licences', directory: '', entra: textOf(holdings, (held) => licencesText(held, licenseNames)) },
    { what: 'mailbox', directory: '', entra: textOf(holdings, mailboxText) },
    { what: 'enabled', directory: ad?.status ?? '', entra: said(account?.enabled) },
    {
      what: 'anchor',
      directory: ad === undefined ? '' : shortForm(ad.anchor),
      entra: account === undefined ? '' : shortForm(account.anchor),
    },
  ];
}

function textOf<Value>(looked: Looked<Value> | undefined, text: (found: Value) => string): string {
  if (looked === undefined) return '';
  return 'unread' in looked ? looked.unread : text(looked.found);
}

function signInText(found: SignIn | null): string {
  if (found === null) return 'never';
  return found.attempt ? `${isoDay(found.at)}, or an attempt` : isoDay(found.at);
}

function mailboxText({ mailbox }: Holdings): string {
  return mailbox ? 'yes, by an Exchange plan' : 'no: no Exchange plan gives one';
}

/** A licence of which the tenant does not say the name goes by its number. */
function licencesText({ licenses }: Holdings, licenseNames: Evidence['licenseNames']): string {
  return licenses.length === 0 ? 'none' : licenses.map((sku) => licenseNames.get(sku) ?? sku).join(', ');
}
