/** Operations of Okta that the product calls, in the words of Okta's description. tests/contracts/called.test.ts keeps them complete. */
export const OKTA_OPERATIONS: readonly string[] = [
  'GET /api/v1/apps',
  'GET /api/v1/apps/{appId}',
  'GET /api/v1/apps/{appId}/features',
  'GET /api/v1/apps/{appId}/features/{featureName}',
  'PUT /api/v1/apps/{appId}/features/{featureName}',
  'GET /api/v1/apps/{appId}/groups',
  'GET /api/v1/apps/{appId}/users',
  'POST /api/v1/apps/{appId}/users',
  'GET /api/v1/apps/{appId}/users/{userId}',
  'POST /api/v1/apps/{appId}/users/{userId}',
  'DELETE /api/v1/apps/{appId}/users/{userId}',
  'POST /api/v1/directories/{appInstanceId}/groups/modify',
  'GET /api/v1/groups/rules',
  'GET /api/v1/groups/{groupId}/apps',
  'GET /api/v1/groups/{groupId}/users',
  'PUT /api/v1/groups/{groupId}/users/{userId}',
  'DELETE /api/v1/groups/{groupId}/users/{userId}',
  'GET /api/v1/logs',
  'GET /api/v1/mappings',
  'GET /api/v1/mappings/{mappingId}',
  'GET /api/v1/meta/schemas/apps/{appId}/default',
  'GET /api/v1/meta/schemas/user/{schemaId}',
  'GET /api/v1/users/{id}',
  'GET /api/v1/users/{id}/groups',
  'GET /api/v1/users/{userId}/roles',
];

/** Operations of Microsoft Graph that the product calls. */
export const GRAPH_OPERATIONS: readonly string[] = [
  'GET /v1.0/auditLogs/directoryAudits',
  'GET /v1.0/directory/deletedItems/microsoft.graph.user',
  'GET /v1.0/domains',
  'GET /v1.0/domains/{id}/federationConfiguration',
  'GET /v1.0/groups',
  'GET /v1.0/organization',
  'GET /v1.0/roleManagement/directory/roleEligibilityScheduleInstances',
  'GET /v1.0/subscribedSkus',
  'GET /v1.0/users',
  'GET /v1.0/users/$count',
  'GET /v1.0/users/{id}',
  'PATCH /v1.0/users/{id}',
  'GET /v1.0/users/{id}/memberOf/microsoft.graph.group',
  'GET /v1.0/users/{id}/messages',
  'POST /v1.0/users/{id}/messages',
  'GET /v1.0/users/{id}/messages/{id}',
  'POST /v1.0/users/{id}/messages/{id}/send',
  'GET /v1.0/users/{id}/ownedObjects/microsoft.graph.group',
  'POST /v1.0/users/{id}/sendMail',
  'GET /v1.0/users/{id}/transitiveMemberOf/microsoft.graph.directoryRole',
  'GET /v1.0/users/{id}/transitiveMemberOf/microsoft.graph.group',
];

const LEFT_OUT = 'the excerpt of Okta’s description leaves it out';
const NO_TYPE = (type: string) =>
  `the excerpt of Graph’s types has no ${type}: path, method and grammar of the query alone`;
const NO_ACTION = 'the excerpt of Graph’s types has no actions: path, method and status alone';

/** Called operations of which the contracts at hand tell nothing, or only a part, and why. Each is said aloud. */
export const UNDESCRIBED: Readonly<Record<string, string>> = {
  'GET /api/v1/meta/schemas/user/{schemaId}': LEFT_OUT,
  'GET /api/v1/users/{userId}/roles': LEFT_OUT,
  'GET /v1.0/roleManagement/directory/roleEligibilityScheduleInstances': NO_TYPE(
    'unifiedRoleEligibilityScheduleInstance',
  ),
  'GET /v1.0/subscribedSkus': NO_TYPE('subscribedSku'),
  'GET /v1.0/users/{id}/messages': NO_TYPE('message'),
  'POST /v1.0/users/{id}/messages': NO_TYPE('message'),
  'GET /v1.0/users/{id}/messages/{id}': NO_TYPE('message'),
  'POST /v1.0/users/{id}/messages/{id}/send': NO_ACTION,
  'POST /v1.0/users/{id}/sendMail': NO_ACTION,
};

/** Whether a path as it is sent is one of an operation, whose parts in braces take anything. */
export function isPathOf(operation: string, path: string): boolean {
  const described = operation.split(' ')[1]?.split('/') ?? [];
  const sent = path.split('/');
  return described.length === sent.length && described.every((part, at) => part.startsWith('{') || part === sent[at]);
}
