import { hash32 } from '../dice.ts';
import type { Reply } from '../routes.ts';
import type { GraphCall, GraphRoute } from './context.ts';
import { page } from './paging.ts';
import { DIRECTORY_ROLES, type EntraGroupRecord, type EntraRecord } from './records.ts';
import { badRequest } from './refusal.ts';
import { selected } from './user-properties.ts';
import { theUser } from './users.ts';

const NEEDS = ['User.Read.All', 'GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'];

/** Which permissions let the caller see more of a membership than its id. */
const SEES = {
  directoryRole: ['RoleManagement.Read.Directory', 'Directory.Read.All'],
  group: ['GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'],
};

export const membershipRoutes: readonly GraphRoute[] = [
  ...related('memberOf', (call, user) => [...directGroups(call, user).map(groupOf), ...directRoles(call, user)]),
  ...related('transitiveMemberOf', (call, user) => {
    const groups = allGroups(call, user);
    const roles = groups.flatMap((group) => group.roles).map((template) => roleOf(call, template));
    return [...groups.map(groupOf), ...directRoles(call, user), ...roles];
  }),
  ...related('ownedObjects', (call, user) => groupsNamed(call, user.extras?.owns ?? []).map(groupOf)),
];

/** One relation of a user, whole and cast to one type. */
function related(
  relation: string,
  objectsOf: (call: GraphCall, user: EntraRecord) => readonly Membership[],
): readonly GraphRoute[] {
  const route: Omit<GraphRoute, 'path'> = {
    method: 'GET',
    query: ['$select', '$top', '$count', '$skiptoken'],
    needs: NEEDS,
    handle: (call) => listRelated(call, objectsOf(call, theUser(call))),
  };
  return [
    { ...route, path: `/v1.0/users/{user}/${relation}` },
    { ...route, path: `/v1.0/users/{user}/${relation}/{type}` },
  ];
}

interface Membership {
  readonly type: 'directoryRole' | 'group';
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A cast in the path keeps one type. Types that the caller may not read come with nothing but their id, the rest null. */
function listRelated(call: GraphCall, objects: readonly Membership[]): Reply {
  const cast = castOf(call);
  const all = [...new Map(objects.map((one) => [one.id, one])).values()]
    .filter((one) => cast === null || one.type === cast)
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  const known = knownOf(cast);
  const names = selected(call, (name) => known.includes(name), `microsoft.graph.${cast ?? 'directoryObject'}`);
  const list = {
    name: `related ${call.target.path}`,
    context: 'directoryObjects',
    rows: (after: string | null) => all.filter((one) => after === null || one.id > after),
    keyOf: (one: Membership) => one.id,
    count: () => all.length,
  };
  return page(call, list, (one) => membershipJson(call, one, names));
}

function castOf(call: GraphCall): Membership['type'] | null {
  const type = call.parameters['type'];
  if (type === undefined) return null;
  if (type === 'microsoft.graph.directoryRole') return 'directoryRole';
  if (type === 'microsoft.graph.group') return 'group';
  throw badRequest(`The type '${type}' is not known here.`);
}

function membershipJson(call: GraphCall, one: Membership, names: readonly string[] | null) {
  const visible = SEES[one.type].some((role) => call.roles.has(role));
  const json: Record<string, unknown> = { '@odata.type': `#microsoft.graph.${one.type}`, id: one.id };
  for (const [name, value] of Object.entries(one.properties)) {
    if (names === null || names.includes(name)) json[name] = visible ? value : null;
  }
  return json;
}

/** A cast knows the properties of its type alone; without one those of either type are let pass. */
function knownOf(cast: Membership['type'] | null): readonly string[] {
  const role = cast === 'group' ? [] : Object.keys(ROLE_SHAPE);
  return ['id', ...role, ...(cast === 'directoryRole' ? [] : Object.keys(GROUP_SHAPE))];
}

const ROLE_SHAPE = { displayName: '', description: '', roleTemplateId: '' };
const GROUP_SHAPE = {
  displayName: '',
  mail: '',
  securityEnabled: false,
  mailEnabled: false,
  isAssignableToRole: false,
  onPremisesSecurityIdentifier: '',
};

function roleOf(call: GraphCall, template: string): Membership {
  const displayName = DIRECTORY_ROLES[template] ?? template;
  const properties = { displayName, description: displayName, roleTemplateId: template } satisfies typeof ROLE_SHAPE;
  return { type: 'directoryRole', id: roleObjectId(call.state.tenant.id, template), properties };
}

/** An activated role is an object of its own in each tenant: its id is not that of its template. */
function roleObjectId(tenant: string, template: string): string {
  const mark = hash32(`${tenant} ${template}`).toString(16).padStart(8, '0');
  return `${mark}${template.slice(8)}`;
}

function groupOf(group: EntraGroupRecord): Membership {
  return { type: 'group', id: group.id, properties: groupProperties(group) };
}

/** What is known of a group beside its id, by the names that Graph gives. */
export function groupProperties(group: EntraGroupRecord) {
  return {
    displayName: group.displayName,
    mail: group.mail,
    securityEnabled: group.securityEnabled,
    mailEnabled: group.mail !== null,
    isAssignableToRole: group.assignableToRole ? true : null,
    onPremisesSecurityIdentifier: group.sid,
  } satisfies Record<keyof typeof GROUP_SHAPE, unknown>;
}

function directRoles(call: GraphCall, user: EntraRecord): readonly Membership[] {
  return (user.extras?.roles ?? []).map((template) => roleOf(call, template));
}

/** A role held straight or through a group, or membership in or ownership of a group that roles can be given to. */
export function isPrivileged(call: GraphCall, user: EntraRecord): boolean {
  const groups = allGroups(call, user);
  const owned = groupsNamed(call, user.extras?.owns ?? []);
  const roles = [...(user.extras?.roles ?? []), ...groups.flatMap((group) => group.roles)];
  return roles.length > 0 || [...groups, ...owned].some((group) => group.assignableToRole);
}

/** The groups of a user, those that give licences among them. */
function directGroups(call: GraphCall, user: EntraRecord): readonly EntraGroupRecord[] {
  const licensing = user.licenses.flatMap((license) => license.group ?? []);
  return groupsNamed(call, [...(user.extras?.groups ?? []), ...licensing, ...user.syncedGroups]);
}

function groupsNamed(call: GraphCall, ids: readonly string[]): readonly EntraGroupRecord[] {
  return ids.flatMap((id) => call.state.entraGroups.get(id) ?? []);
}

function allGroups(call: GraphCall, user: EntraRecord): readonly EntraGroupRecord[] {
  const found = new Set(directGroups(call, user));
  for (const group of found) {
    for (const parent of groupsNamed(call, group.memberOf)) found.add(parent);
  }
  return [...found];
}
