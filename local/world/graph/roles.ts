import { hash32 } from '../dice.ts';
import type { Reply } from '../routes.ts';
import { type GraphCall, type GraphRoute, isAdvanced } from './context.ts';
import { type Fields, parseFilter } from './filter.ts';
import { matches } from './match.ts';
import { page } from './paging.ts';
import type { EntraRecord } from './records.ts';

export const roleRoutes: readonly GraphRoute[] = [
  {
    method: 'GET',
    path: '/v1.0/roleManagement/directory/roleEligibilityScheduleInstances',
    query: ['$filter', '$top', '$skiptoken'],
    needs: ['RoleEligibilitySchedule.Read.Directory', 'RoleManagement.Read.Directory', 'RoleManagement.Read.All'],
    handle: (call) => listGrants(call, 'roleEligibilityScheduleInstances', (user) => user.extras?.eligibleRoles),
  },
  {
    method: 'GET',
    path: '/v1.0/roleManagement/directory/roleAssignments',
    query: ['$filter', '$top', '$skiptoken'],
    needs: ['RoleManagement.Read.Directory', 'RoleManagement.Read.All', 'Directory.Read.All'],
    handle: (call) => listGrants(call, 'roleAssignments', (user) => user.extras?.roles),
  },
];

/** One role that one user holds or may take on. */
interface Grant {
  readonly id: string;
  readonly principalId: string;
  readonly roleDefinitionId: string;
  readonly directoryScopeId: string;
}

const FIELDS: Fields<Grant> = {
  principalId: { operators: ['eq'], get: (grant) => grant.principalId },
  roleDefinitionId: { operators: ['eq'], get: (grant) => grant.roleDefinitionId },
};

function listGrants(
  call: GraphCall,
  name: string,
  rolesOf: (user: EntraRecord) => readonly string[] | undefined,
): Reply {
  const filter = call.target.query.get('$filter');
  const clause = filter === undefined ? null : parseFilter(filter, FIELDS, isAdvanced(call));
  const grants: Grant[] = [];
  for (const user of call.state.entraUsers.list(null, call.asOf)) {
    for (const role of rolesOf(user) ?? []) {
      const grant = {
        id: grantId(name, user.id, role),
        principalId: user.id,
        roleDefinitionId: role,
        directoryScopeId: '/',
      };
      if (clause === null || matches(clause, FIELDS, grant)) grants.push(grant);
    }
  }
  grants.sort((one, other) => (one.id < other.id ? -1 : 1));
  const list = {
    name,
    context: `roleManagement/directory/${name}`,
    rows: (after: string | null) => grants.filter((grant) => after === null || grant.id > after),
    keyOf: (grant: Grant) => grant.id,
  };
  return page(call, list, (grant) => grant);
}

function grantId(name: string, user: string, role: string): string {
  return `${hash32(`${name} ${user} ${role}`).toString(36)}-${user}`;
}
