import * as z from 'zod';
import { describeAnchor } from '../../anchor/forms.ts';
import type { AnchorValue } from '../../anchor/value.ts';
import type { EntraUser } from '../../compare/rows.ts';
import {
  cell,
  flagCell,
  instantCell,
  nameCell,
  readAnchor,
  readListFilled,
  readText,
  requiredNameCell,
  textCell,
  wrong,
} from './cells.ts';
import {
  type FileRead,
  hasColumn,
  JOIN_FIELDS,
  type JoinKey,
  readRows,
  readTable,
  requireAnchors,
  requireKeys,
} from './read.ts';
import { firstFilled, type Table } from './table.ts';

/** An Entra user of a file, with the one attribute that only a join by account name needs. */
export interface EntraFileUser extends EntraUser {
  /** Entra's copy of AD's sAMAccountName; only synced accounts have it. */
  readonly samAccountName: string | null;
}

const PROPERTIES = [
  'Id',
  'UserPrincipalName',
  'OnPremisesImmutableId',
  'DisplayName',
  'Mail',
  'AccountEnabled',
  'UserType',
  'CreationType',
  'ExternalUserState',
  'EmployeeId',
  'OnPremisesSamAccountName',
  'OnPremisesSecurityIdentifier',
  'OnPremisesSyncEnabled',
];

/**
 * Writes a file that `readEntraFile` reads. PowerShell prints a list of licences as its type and a time as the country does, so both
 * are turned into something that can be read.
 */
export const ENTRA_EXPORT = `$p = '${PROPERTIES.join("','")}'; $q = @{n='IsLicensed';e={$_.AssignedLicenses.Count -gt 0}}, @{n='CreatedDateTime';e={$_.CreatedDateTime.ToString('o')}}; Get-MgUser -All -Property ($p + 'AssignedLicenses','CreatedDateTime') | Select-Object ($p + $q) | Export-Csv entra.csv -NoTypeInformation -Encoding UTF8`;

const LESSON = `Microsoft Graph returns OnPremisesImmutableId only when it is asked for by name. Export it again with:\n  ${ENTRA_EXPORT}`;

const FIELDS = {
  id: ['Id', 'ObjectId'],
  userName: ['UserPrincipalName'],
  anchor: ['OnPremisesImmutableId', 'ImmutableId'],
  displayName: ['DisplayName'],
  mail: ['Mail'],
  enabled: ['AccountEnabled'],
  licensed: ['AssignedLicenses', 'Licenses'],
  isLicensed: ['IsLicensed'],
  userType: ['UserType'],
  creationType: ['CreationType'],
  externalUserState: ['ExternalUserState'],
  employeeId: ['EmployeeId'],
  samAccountName: ['OnPremisesSamAccountName'],
  sid: ['OnPremisesSecurityIdentifier'],
  synced: ['OnPremisesSyncEnabled'],
  lastSync: ['OnPremisesLastSyncDateTime'],
  created: ['CreatedDateTime'],
  type: ['@odata.type'],
} as const;

const objectIdCell = cell((value): string => {
  const text = readText(value);
  if (text === null) return wrong('empty');
  return describeAnchor(text).form === 'guid'
    ? text.toLowerCase()
    : wrong(`no object id but ${text.length} other characters`);
});

/** Graph writes null for what is empty; what is not there at all was not asked for, and that is no empty Immutable ID. */
const immutableIdCell = cell(
  (value): AnchorValue => (value === undefined ? wrong('not there: Graph was not asked for it') : readAnchor(value)),
);

/** An agent's user account is no person; Graph tells it by its type alone. */
const AGENT = '#microsoft.graph.agentUser';

const User = z
  .object({
    id: objectIdCell,
    userName: requiredNameCell,
    anchor: immutableIdCell,
    displayName: textCell,
    mail: nameCell,
    enabled: flagCell,
    licensed: cell(readListFilled),
    isLicensed: flagCell,
    userType: textCell,
    creationType: textCell,
    externalUserState: textCell,
    employeeId: textCell,
    samAccountName: nameCell,
    sid: textCell,
    synced: flagCell,
    lastSync: instantCell,
    created: instantCell,
    type: textCell,
  })
  .transform(({ type, isLicensed, ...user }): EntraFileUser | null =>
    type === AGENT ? null : { ...user, enabled: user.enabled ?? true, licensed: user.licensed ?? isLicensed ?? false },
  );

/**
 * Reads what `Get-MgUser … | Export-Csv` writes, its ConvertTo-Json, or pages of Graph's `/users`. Where the file does not say it, an
 * account counts as enabled and not licensed, and `notes` says so. Throws `invalid`, also when no row has an Immutable ID: Graph leaves
 * the column empty unless it is asked for.
 */
export function readEntraFile(
  bytes: Uint8Array,
  name: string,
  options: { readonly join?: JoinKey } = {},
): FileRead<EntraFileUser> {
  const { join = 'upn' } = options;
  const table = readTable(bytes, name);
  const read = readRows(table, {
    fields: FIELDS,
    required: [...new Set(['id', 'userName', 'anchor', JOIN_FIELDS[join]] as const)],
    lesson: LESSON,
    schema: User,
    key: { field: 'id', of: (row) => row.id },
  });
  requireAnchors(read, 'OnPremisesImmutableId', LESSON);
  requireKeys(read, join, FIELDS);
  return { ...read, notes: notesOf(table), onePage: isOnePage(table) };
}

/** The page sizes of Graph: what Get-MgUser returns without -All, and the largest page there is. */
function isOnePage({ records, rejected }: Table): boolean {
  return [100, 999].includes(records.length + rejected.length);
}

function notesOf(table: Table): readonly string[] {
  const total = table.records.length + table.rejected.length;
  return [
    ...(hasColumn(table, FIELDS.enabled)
      ? []
      : ['AccountEnabled is not in the file, so every account counts as enabled.']),
    ...(tellsLicences(table) ? [] : ['Licences cannot be read from the file, so no account counts as licensed.']),
    ...(isOnePage(table)
      ? [
          `The file holds exactly ${total} rows, as one page of Microsoft Graph does: make sure that it was exported with -All.`,
        ]
      : []),
  ];
}

function tellsLicences(table: Table): boolean {
  const lists = FIELDS.licensed.map((name) => name.toLowerCase());
  return (
    hasColumn(table, FIELDS.isLicensed) ||
    table.records.some((record) => readListFilled(firstFilled(record, lists)) !== null)
  );
}
