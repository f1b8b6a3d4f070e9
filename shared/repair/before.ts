import * as z from 'zod';
import { canonical } from '../canonical.ts';
import type { License } from '../ports/entra-repairs.ts';
import type { Assigning } from '../ports/okta-repairs.ts';
import { packRows, unpackRows } from '../state/pack.ts';
import type { BeforeRow, RepairRow } from '../state/repair-rows.ts';
import { beforeKey } from '../state/repair-specs.ts';
import { instantSchema } from '../instant.ts';
import type { RepairTools } from './tools.ts';

const text = z.string().nullable();

const beforeSchema = z.object({
  assignment: z.object({
    userName: text,
    scope: z.enum(['USER', 'GROUP']).nullable(),
    grantedBy: text,
    externalId: text,
    created: instantSchema.nullable(),
    profile: z.record(z.string(), z.unknown()),
    /** Names of the attributes in the profile that no mapping fills. */
    unmapped: z.array(z.string()),
  }),
  account: z.object({
    userName: z.string(),
    enabled: z.boolean(),
    proxyAddresses: z.array(z.string()),
    licenses: z.array(z.object({ sku: z.string(), group: text })),
    groups: z.array(z.object({ id: z.string(), displayName: text, mail: text, sid: text })),
  }),
  /** The groups of Active Directory that Okta knows the person in. */
  directoryGroups: z.array(
    z.object({ id: z.string(), name: z.string(), instance: z.string(), groupType: text, sid: text, mail: text }),
  ),
});

/** Everything of one person that must be the same again afterwards. */
export type Before = z.output<typeof beforeSchema>;

/** Reads it all, fresh. Null while the assignment or the account is not there. */
export async function readBefore(
  app: string,
  { user, objectId }: { readonly user: string; readonly objectId: string },
  { okta, entra }: Pick<RepairTools, 'okta' | 'entra'>,
): Promise<Before | null> {
  const [assignment, account] = await Promise.all([okta.assignmentDetail(app, user), entra.user(objectId)]);
  if (assignment === null || account === null) return null;
  const { userName, scope, grantedBy, externalId, created, profile } = assignment;
  const unmapped = await okta.unmappedAttributes(app);
  const groups = await okta.oktaGroups(user);
  return {
    assignment: {
      userName,
      scope,
      grantedBy,
      externalId,
      created,
      profile: { ...profile },
      unmapped: unmapped.filter((name) => Object.hasOwn(profile, name)),
    },
    account: {
      userName: account.userName,
      enabled: account.enabled,
      proxyAddresses: [...account.proxyAddresses],
      licenses: [...(await entra.licenses(objectId))],
      groups: [...(await entra.groupsOf(objectId))],
    },
    directoryGroups: groups.flatMap(({ id, name, directory }) =>
      directory === null ? [] : [{ id, name, ...directory }],
    ),
  };
}

export function beforeRow({ id: repair, passed }: RepairRow, member: number, before: Before): BeforeRow {
  return { kind: 'before', repair, member, passed, packed: packRows(before, `What there was before ${repair}`) };
}

/** What stands there of one member; null until it was taken since the preflight was passed last. */
export async function storedBefore(
  { id, passed }: RepairRow,
  member: number,
  { state }: Pick<RepairTools, 'state'>,
): Promise<Before | null> {
  const found = await state.repairs.get(id, beforeKey(member));
  return found?.row.kind === 'before' && found.row.passed === passed ? unpackBefore(found.row) : null;
}

export function unpackBefore(row: BeforeRow): Before {
  return unpackRows(beforeSchema, row.packed, `What there was before ${row.repair}`);
}

/** Licences and where they come from, as text that is equal for equal licences. */
export function licenseText(licenses: readonly License[]): string {
  return canonical([...licenses].map(({ sku, group }) => `${sku} ${group ?? ''}`).sort());
}

/** How the assignment is made again: mapped attributes are left out, for Okta computes them and refuses them. */
export function assigningOf(user: string, { assignment }: Before): Assigning {
  const { scope, userName, profile, unmapped } = assignment;
  return {
    user,
    scope: scope ?? 'USER',
    userName: userName ?? '',
    profile: Object.fromEntries(unmapped.map((name) => [name, profile[name]])),
  };
}
