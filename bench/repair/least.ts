/** One kind of call that a repair cannot do without: how often, at which step, and why. */
export interface Needed {
  readonly step: string;
  /** Side, method and path. */
  readonly call: string;
  readonly times: number;
  readonly why: string;
}

const OKTA_USER = 'okta GET /api/v1/apps/{app}/users/{user}';
const SWITCH = ['okta GET /api/v1/apps/{app}', 'okta GET /api/v1/apps/{app}/features/{feature}'] as const;
const ACCOUNT = 'graph GET /v1.0/users/{user}';
const ACCOUNTS = 'graph GET /v1.0/users';
const DELETED = 'graph GET /v1.0/directory/deletedItems/{type}';
const MEMBER_OF = 'graph GET /v1.0/users/{user}/memberOf/{type}';
const OKTA_GROUPS = 'okta GET /api/v1/users/{user}/groups';
const LOGS = 'okta GET /api/v1/logs';
const RENAME = 'graph PATCH /v1.0/users/{user}';
const MODIFY = 'okta POST /api/v1/directories/{app}/groups/modify';
const UNMAPPED = [
  'okta GET /api/v1/meta/schemas/apps/{app}/default',
  'okta GET /api/v1/mappings',
  'okta GET /api/v1/mappings/{mapping}',
] as const;

function each(step: string, calls: readonly string[], why: string, times = 1): readonly Needed[] {
  return calls.map((call) => ({ step, call, times, why }));
}

/**
 * The least number of calls for one person who is `entra-stale`, synchronised, in a federated domain and a tenant with two AD
 * instances, in one AD group of each kind. What is the hold's own (switching it off and on, tending it, its group jobs) is shared by all
 * and is none of it; nor is a second look for what was not there at the first.
 */
export const LEAST: readonly Needed[] = [
  ...each('preflight', ['okta GET /api/v1/groups/rules'], 'the token of repairs is granted; rules that feed the group'),
  ...each(
    'preflight',
    ['okta GET /api/v1/apps'],
    'the AD instances and the Office 365 apps: two filters, two lists',
    2,
  ),
  ...each('preflight', ['graph GET /v1.0/domains', 'graph GET /v1.0/organization'], 'federated, initial; sync is on'),
  ...each('preflight', [OKTA_USER], 'the account in each of two AD instances, and the assignment', 3),
  ...each('preflight', [OKTA_GROUPS], 'opted in, not protected, granted by which group'),
  ...each('preflight', ['okta GET /api/v1/apps/{app}/features'], 'the switches, and no import from Office 365 due'),
  ...each('preflight', ['okta GET /api/v1/users/{user}'], 'active'),
  ...each('preflight', ['okta GET /api/v1/users/{user}/roles'], 'no administrator'),
  ...each('preflight', ['okta GET /api/v1/apps/{app}/groups'], 'the groups that grant the app'),
  ...each('preflight', UNMAPPED, 'attributes that no mapping fills'),
  ...each('preflight', [ACCOUNT], 'the before-image, and the licences with their source', 2),
  ...each('preflight', ['graph GET /v1.0/users/{user}/transitiveMemberOf/{type}'], 'roles; groups that give roles', 2),
  ...each('preflight', ['graph GET /v1.0/users/{user}/ownedObjects/{type}'], 'owned groups that give roles'),
  ...each('preflight', ['graph GET /v1.0/roleManagement/directory/roleEligibilityScheduleInstances'], 'eligible roles'),
  ...each('preflight', ['graph GET /v1.0/domains/{id}/federationConfiguration'], 'sign-ins go to this Okta'),
  ...each('preflight', [ACCOUNTS], 'who holds the anchor; who has the name, and the parked one, as UPN or address', 5),
  ...each('preflight', [DELETED], 'no deleted account holds the anchor'),
  ...each('snapshot', [OKTA_USER], 'the assignment with its scope and profile'),
  ...each('snapshot', UNMAPPED, 'what has to go back exactly'),
  ...each('snapshot', [OKTA_GROUPS, MEMBER_OF], 'groups of AD, and of Entra'),
  ...each('snapshot', [ACCOUNT], 'addresses; licences with their source', 2),
  ...each('unassign', SWITCH, 'read off within 30 seconds before'),
  ...each('unassign', [OKTA_USER, ACCOUNT], 'both sides are still as planned'),
  ...each('unassign', ['okta DELETE /api/v1/apps/{app}/users/{user}'], 'the act'),
  ...each('unassign', SWITCH, 'read off after it, on both reads that show it gone', 2),
  ...each('unassign', [OKTA_USER], 'gone on two reads', 2),
  ...each('unassign', [ACCOUNT], 'on both the account enabled, and with the same licences', 4),
  ...each('unassign', [LOGS], 'no deactivation of the account in the System Log'),
  ...each('park', [ACCOUNT], 'as planned before; seen after', 2),
  ...each('park', [RENAME], 'the act'),
  ...each('anchor', [ACCOUNT], 'parked before; seen after', 2),
  ...each('anchor', [ACCOUNTS, DELETED], 'nobody else holds it, live or deleted'),
  ...each('anchor', [RENAME], 'the act'),
  ...each('unpark', [ACCOUNT], 'parked before; seen back by three equal reads over a minute', 4),
  ...each('unpark', [RENAME], 'the act'),
  ...each('assign', [OKTA_USER], 'not assigned before; provisioned after', 2),
  ...each('assign', ['okta GET /api/v1/users/{user}', ACCOUNT, DELETED], 'no leaver, no twin, nobody restored'),
  ...each('assign', ['okta POST /api/v1/apps/{app}/users'], 'the act'),
  ...each('leave-groups', ['okta GET /api/v1/users/{user}', OKTA_USER], 'who has left meanwhile is taken nowhere'),
  ...each('leave-groups', [MEMBER_OF], 'lacking anything, at once and after two jobs', 2),
  ...each('leave-groups', ['graph GET /v1.0/groups'], 'the twins of two AD groups, both times', 4),
  ...each('leave-groups', [LOGS], 'two jobs have run: asked at once, and then', 2),
  ...each('leave-groups', [LOGS], 'when an import will be due after that'),
  ...each('leave-groups', [LOGS], 'imports are not paused, and one is due', 2),
  ...each(
    'leave-groups',
    ['okta GET /api/v1/groups/rules', 'okta GET /api/v1/groups/{group}/apps'],
    'nothing hangs on it',
  ),
  ...each('leave-groups', [OKTA_GROUPS], 'in it before; out of it after', 2),
  ...each('leave-groups', [MODIFY], 'the act'),
  ...each('import-without', [LOGS], 'when it is due; then that it is over; both times that none is paused', 4),
  ...each('rejoin-groups', [OKTA_GROUPS], 'out of it before; in it on two reads, for they may be old', 3),
  ...each('rejoin-groups', [MODIFY], 'the act'),
  ...each('import-with', [LOGS], 'when it is due; then that it is over; both times that none is paused', 4),
  ...each('verify', [OKTA_GROUPS, OKTA_USER, MEMBER_OF], 'set; and proven after two sync cycles', 2),
  ...each('verify', [ACCOUNT], 'anchor, name and licences, both times', 4),
  ...each('verify', [ACCOUNTS], 'no second account by name, address or anchor, both times', 6),
  ...each('verify', [LOGS], 'two sync cycles: asked at once, and then', 2),
];

/** By call, summed over the steps. */
export function leastByCall(): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { call, times } of LEAST) sums.set(call, (sums.get(call) ?? 0) + times);
  return sums;
}
