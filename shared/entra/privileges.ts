import type * as z from 'zod';
import { inShape } from '../answers.ts';
import { AnchorwatchError } from '../errors.ts';
import type { Privilege } from '../ports/entra.ts';
import type { GraphClient } from './client.ts';
import { filterQuery, odataText } from './filter.ts';
import { readAll } from './pager.ts';
import { EligibilitySchema, GroupSchema, RoleSchema } from './schemas.ts';

type Lookup = () => Promise<readonly Privilege[]>;

/**
 * Everything that makes a user privileged in Microsoft's sense (privileged roles and permissions, "who can perform sensitive
 * actions"): a directory role, membership in or ownership of a role-assignable group, or eligibility for a role. Needs
 * `RoleManagement.Read.Directory` and `Directory.Read.All`; what is denied is `unknown`, which counts as privileged.
 */
export async function readPrivileges(client: GraphClient, id: string): Promise<readonly Privilege[]> {
  const user = `/v1.0/users/${encodeURIComponent(id)}`;
  const groups = 'microsoft.graph.group?$select=id,displayName,isAssignableToRole&$top=999';
  const lookups: ReadonlyArray<readonly [string, Lookup]> = [
    [
      'directory roles',
      async () => {
        const path = `${user}/transitiveMemberOf/microsoft.graph.directoryRole?$select=id,displayName&$top=999`;
        return (await rowsOf(client, path, RoleSchema)).map((row) => privilege('directory-role', row.displayName));
      },
    ],
    ['groups', () => roleAssignable(client, `${user}/transitiveMemberOf/${groups}`)],
    ['owned groups', () => roleAssignable(client, `${user}/ownedObjects/${groups}`)],
    [
      'eligible roles',
      async () => {
        const eligible = filterQuery(`principalId eq ${odataText(id)}`);
        const path = `/v1.0/roleManagement/directory/roleEligibilityScheduleInstances?${eligible}`;
        const rows = await rowsOf(client, path, EligibilitySchema);
        return rows.map((row) => privilege('eligible-role', row.roleDefinitionId));
      },
    ],
  ];
  const found: Privilege[] = [];
  for (const [name, look] of lookups) found.push(...(await orUnknown(name, look)));
  return found;
}

async function roleAssignable(client: GraphClient, path: string): Promise<readonly Privilege[]> {
  const rows = await rowsOf(client, path, GroupSchema);
  const assignable = rows.filter((row) => row.isAssignableToRole === true);
  const found = assignable.map((row) => privilege('role-assignable-group', row.displayName));
  // Where the app may not read groups, Graph answers 200 with rows of nulls: every group has a name, so these were not read.
  const unread = rows.some((row) => (row.displayName ?? null) === null);
  return unread ? [...found, { kind: 'unknown', name: 'groups could not be read' }] : found;
}

async function rowsOf<T>(client: GraphClient, path: string, schema: z.ZodType<T>): Promise<readonly T[]> {
  const rows = await readAll(client, path);
  return rows.map((row) => inShape(schema, row, `GET ${path.replace(/\?.*$/s, '')}`));
}

function privilege(kind: Privilege['kind'], name: string | null | undefined): Privilege {
  return { kind, name: name ?? 'without a name' };
}

/** A tenant without the licence for eligibility has no eligible roles; Graph says so with an error of its own. */
async function orUnknown(name: string, look: Lookup): Promise<readonly Privilege[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof AnchorwatchError)) throw error;
    if (error.fields['code'] === 'AadPremiumLicenseRequired') return [];
    if (error.kind !== 'denied' || error.fields['status'] !== 403) throw error;
    return [{ kind: 'unknown', name: `${name} could not be read` }];
  }
}
