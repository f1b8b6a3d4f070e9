import type { AppName, ListName } from '../state/read-plan.ts';
import * as z from 'zod';
import { accountColumns, assignmentColumns, deletedColumns, userColumns } from '../compare/columns.ts';
import type { Packing } from './parcel.ts';
import type { AdAccount, Assignment, DeletedUser, EntraUser } from '../compare/rows.ts';
import { instantSchema } from '../instant.ts';

/** One list of one run: its name in keys and records, and how to look at its rows. */
export interface List<Row> extends Packing<Row> {
  readonly name: ListName;
}

const text = z.string().nullable();
const instant = instantSchema.nullable();
const anchor = z.union([z.string(), z.null(), z.object({ unreadable: z.string() })]);

/** The rows, for wherever they come back from a store. */
export const AD_ACCOUNT = z.object({
  user: z.string(),
  instance: z.string(),
  anchor,
  userName: text,
  samAccountName: text,
  mail: text,
  dn: text,
  sid: text,
  employeeId: text,
  others: z.record(z.string(), z.string()),
  status: z.string(),
  created: instant,
}) satisfies z.ZodType<AdAccount>;

export const ASSIGNMENT = z.object({
  user: z.string(),
  app: z.string(),
  userName: text,
  anchor,
  externalId: text,
  scope: z.enum(['USER', 'GROUP']).nullable(),
  status: z.string(),
  syncState: text,
  created: instant,
}) satisfies z.ZodType<Assignment>;

export const ENTRA_USER = z.object({
  id: z.string(),
  userName: z.string(),
  anchor,
  displayName: text,
  mail: text,
  enabled: z.boolean(),
  licensed: z.boolean(),
  userType: text,
  creationType: text,
  externalUserState: text,
  employeeId: text,
  sid: text,
  synced: z.boolean().nullable(),
  lastSync: instant,
  created: instant,
}) satisfies z.ZodType<EntraUser>;

export const DELETED_USER = z.object({
  id: z.string(),
  userName: z.string(),
  anchor,
  deleted: instant,
}) satisfies z.ZodType<DeletedUser>;

export const ACCOUNTS = {
  label: 'Active Directory accounts',
  row: AD_ACCOUNT,
  columns: accountColumns,
  id: (row) => row.user,
  text: ({ anchor: value }) => (typeof value === 'string' ? value : ''),
} satisfies Packing<AdAccount>;

export function directoryList(directory: AppName): List<AdAccount> {
  return {
    ...ACCOUNTS,
    name: `directory:${directory.id}`,
    label: `Active Directory ${directory.label} (${directory.id})`,
  };
}

export const ASSIGNMENTS: List<Assignment> = {
  name: 'assignments',
  label: 'Office 365 assignments in Okta',
  row: ASSIGNMENT,
  columns: assignmentColumns,
  id: (row) => row.user,
  text: (row) => row.user,
};

export function furtherList(app: AppName): List<Assignment> {
  return { ...ASSIGNMENTS, name: `further:${app.id}`, label: `assignments of ${app.label} (${app.id})` };
}

export const USERS: List<EntraUser> = {
  name: 'users',
  label: 'Entra users',
  row: ENTRA_USER,
  columns: userColumns,
  id: (row) => row.id,
  text: (row) => row.id,
};

export const DELETED: List<DeletedUser> = {
  name: 'deleted',
  label: 'soft-deleted Entra users',
  row: DELETED_USER,
  columns: deletedColumns,
  id: (row) => row.id,
  text: () => '',
};
