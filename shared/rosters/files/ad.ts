import * as z from 'zod';
import { describeAnchor } from '../../anchor/forms.ts';
import type { AnchorValue } from '../../anchor/value.ts';
import { immutableIdOf } from '../../anchor/write.ts';
import type { AdAccount } from '../../compare/rows.ts';
import { cell, flagCell, instantCell, isTypeName, nameCell, readAnchor, readText, textCell, wrong } from './cells.ts';
import { appIdOf, isOnePage, pageNotes } from './okta.ts';
import { type FileRead, JOIN_FIELDS, type JoinKey, readRows, readTable, requireAnchors, requireKeys } from './read.ts';

/** The attribute of AD that is the source anchor: by default the one that Okta's `externalId` is made of. */
export type AdAnchor = 'objectGUID' | 'mS-DS-ConsistencyGuid';

export interface AdFileOptions {
  readonly anchor?: AdAnchor;
  readonly join?: JoinKey;
}

/** Writes a file that `readAdFile` reads. PowerShell prints the bytes of mS-DS-ConsistencyGuid as their type unless they are converted. */
export const AD_EXPORT = `Get-ADUser -Filter * -Properties mail,EmployeeID,mS-DS-ConsistencyGuid | Select-Object ObjectGUID,UserPrincipalName,SamAccountName,mail,DistinguishedName,SID,EmployeeID,Enabled,ObjectClass,@{n='mS-DS-ConsistencyGuid';e={if ($_.'mS-DS-ConsistencyGuid') {[Convert]::ToBase64String($_.'mS-DS-ConsistencyGuid')}}} | Export-Csv ad.csv -NoTypeInformation -Encoding UTF8`;

const LESSON = `Export it again with:\n  ${AD_EXPORT}`;

const FIELDS = {
  objectGuid: ['ObjectGUID', 'externalId'],
  consistencyGuid: ['mS-DS-ConsistencyGuid', 'msDS-ConsistencyGuid', 'profile.mS-DS-ConsistencyGuid'],
  userName: ['UserPrincipalName', 'profile.userName', 'credentials.userName', 'userName'],
  samAccountName: ['SamAccountName', 'profile.samAccountName'],
  mail: ['mail', 'EmailAddress', 'email', 'profile.email'],
  dn: ['DistinguishedName', 'dn', 'profile.dn'],
  sid: ['SID.Value', 'SID', 'objectSid', 'profile.objectSid'],
  employeeId: ['EmployeeID', 'profile.employeeID'],
  employeeNumber: ['employeeNumber', 'profile.employeeNumber'],
  enabled: ['Enabled'],
  objectClass: ['ObjectClass'],
  created: ['whenCreated', 'Created'],
  oktaId: ['id'],
  oktaApp: ['_links.app.href'],
  oktaStatus: ['status'],
} as const;

/** A GUID in any spelling that leaves no doubt, as Okta would write it. */
const guidCell = cell((value): string | null => {
  const text = readText(value);
  if (text === null) return null;
  const { form, guid } = describeAnchor(text);
  if (form === 'hex') return wrong('32 digits could be in either of two byte orders: export the GUID with its dashes');
  return guid === null ? wrong(`no GUID but ${text.length} other characters`) : immutableIdOf(guid);
});

const Account = z.object({
  objectGuid: guidCell,
  consistencyGuid: cell(octetAnchor),
  userName: nameCell,
  samAccountName: nameCell,
  mail: nameCell,
  dn: textCell,
  sid: textCell,
  employeeId: textCell,
  employeeNumber: textCell,
  enabled: flagCell,
  objectClass: cell(readClasses),
  created: instantCell,
  oktaId: textCell,
  oktaApp: textCell,
  oktaStatus: textCell,
});
type Account = z.infer<typeof Account>;

/**
 * Reads what `Get-ADUser … | Export-Csv` (or ConvertTo-Json) writes, or the users of Okta's AD app as API JSON. The anchor is
 * turned into what Okta's `externalId` would be. A file of AD knows no Okta ids: then `user` is the objectGUID, else the first of
 * account name, DN and UPN; `instance` is the domain of the DN, else `file`; `status` is `DEPROVISIONED` for a disabled account, as
 * Okta makes of it. Throws `invalid`.
 */
export function readAdFile(bytes: Uint8Array, name: string, options: AdFileOptions = {}): FileRead<AdAccount> {
  const { anchor = 'objectGUID', join = 'upn' } = options;
  const anchorField = anchor === 'objectGUID' ? 'objectGuid' : 'consistencyGuid';
  const read = readRows(readTable(bytes, name), {
    fields: FIELDS,
    required: [anchorField, JOIN_FIELDS[join]],
    lesson: LESSON,
    schema: Account.transform((account, context): AdAccount | null => {
      if (account.objectClass !== null && !isPerson(account.objectClass)) return null;
      const user = userOf(account);
      if (user === null || (anchorField === 'objectGuid' && account.objectGuid === null && !isOktaId(account.oktaId))) {
        context.addIssue({ code: 'custom', path: ['objectGuid'], message: 'empty, though every object of AD has one' });
        return z.NEVER;
      }
      return adAccount(account, user, anchorField);
    }),
    key: { field: 'objectGuid', of: (row) => `${row.user} ${row.instance}` },
  });
  requireAnchors(read, anchor, LESSON);
  requireKeys(read, join, FIELDS);
  // The users of Okta's AD app come in pages; what PowerShell writes does not.
  const paged = read.rows.some(({ user }) => isOktaId(user));
  return { ...read, notes: paged ? pageNotes(read.total) : [], onePage: paged && isOnePage(read.total) };
}

function adAccount(account: Account, user: string, anchorField: 'objectGuid' | 'consistencyGuid'): AdAccount {
  const { userName, samAccountName, mail, dn, sid, employeeId, created } = account;
  const disabled = account.enabled === false ? 'DEPROVISIONED' : 'ACTIVE';
  return {
    user,
    instance: appIdOf(account.oktaApp) ?? domainOf(dn) ?? 'file',
    anchor: account[anchorField],
    userName,
    samAccountName,
    mail,
    dn,
    sid,
    employeeId,
    others: othersOf(account, anchorField),
    status: isOktaId(account.oktaId) ? (account.oktaStatus ?? 'ACTIVE') : disabled,
    created,
  };
}

function userOf(account: Account): string | null {
  if (isOktaId(account.oktaId)) return account.oktaId;
  const { objectGuid, samAccountName, dn, userName } = account;
  if (objectGuid !== null) return describeAnchor(objectGuid).guid;
  return (samAccountName ?? dn ?? userName)?.toLowerCase() ?? null;
}

/** What an organisation may have put into Entra instead of the anchor. */
function othersOf(account: Account, anchorField: 'objectGuid' | 'consistencyGuid'): Readonly<Record<string, string>> {
  const { objectGuid, consistencyGuid, employeeNumber } = account;
  return {
    ...(anchorField === 'consistencyGuid' && objectGuid !== null ? { objectGUID: objectGuid } : {}),
    ...(anchorField === 'objectGuid' && typeof consistencyGuid === 'string'
      ? { 'mS-DS-ConsistencyGuid': consistencyGuid }
      : {}),
    ...(employeeNumber === null ? {} : { employeeNumber }),
  };
}

/**
 * An octet string of AD, however it was printed: base64, hex, octets, a GUID, or the decimal bytes that `-join` makes. Anything else
 * is an organisation's own text and stays as it is.
 */
function octetAnchor(value: unknown): AnchorValue {
  if (Array.isArray(value)) return bytesAnchor(value);
  if (typeof value !== 'string') return readAnchor(value);
  const text = value.trim();
  if (isTypeName(text)) return { unreadable: `${text} where the bytes should be (PowerShell did not convert them)` };
  if (/^\d{1,3}(?:[ ,;]+\d{1,3})+$/.test(text)) return bytesAnchor(text.split(/[ ,;]+/).map(Number));
  const { guid } = describeAnchor(text);
  return guid === null ? readAnchor(text) : immutableIdOf(guid);
}

const Bytes = z.array(z.int().min(0).max(255));

function bytesAnchor(list: readonly unknown[]): AnchorValue {
  const bytes = Bytes.safeParse(list);
  if (!bytes.success) return { unreadable: `a list of ${list.length} values that are not all bytes` };
  return readAnchor(Buffer.from(bytes.data).toString('base64'));
}

function readClasses(value: unknown): readonly string[] | null {
  const names: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[;,\s]+/) : [];
  const classes = names.flatMap((name) => (typeof name === 'string' && name !== '' ? [name.toLowerCase()] : []));
  return classes.length === 0 ? null : classes;
}

/** Computers and managed service accounts are users to AD as well. */
function isPerson(classes: readonly string[]): boolean {
  return (classes.includes('user') || classes.includes('inetorgperson')) && !classes.includes('computer');
}

export function isOktaId(id: string | null): id is string {
  return id !== null && /^00u\w+$/.test(id);
}

/** `CN=…,DC=corp,DC=contoso,DC=com` → `corp.contoso.com` */
function domainOf(dn: string | null): string | null {
  const parts = [...(dn ?? '').matchAll(/(?:^|,)DC=(?<part>[^,\\]+)/gi)].map((match) => match.groups?.part ?? '');
  return parts.length === 0 ? null : parts.join('.').toLowerCase();
}
