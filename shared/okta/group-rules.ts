import { inShape } from '../answers.ts';
import type { GroupRule } from '../ports/okta-repairs.ts';
import type { OktaClient } from './client.ts';
import { readAll } from './pager.ts';
import { GroupRuleSchema } from './schemas.ts';

/** All group rules of the org, of every status. Scope `okta.groups.read`. */
export async function readGroupRules(client: OktaClient, signal?: AbortSignal): Promise<readonly GroupRule[]> {
  const rows = await readAll(client, '/api/v1/groups/rules?limit=200', signal);
  return rows.map((row) => {
    const { id, name, status, conditions, actions } = inShape(GroupRuleSchema, row, 'GET /api/v1/groups/rules');
    return {
      id,
      name: name ?? '',
      status,
      expression: conditions?.expression?.value ?? '',
      groups: actions?.assignUserToGroups?.groupIds ?? [],
      excludedUsers: conditions?.people?.users?.exclude ?? [],
    };
  });
}
