import { elementOf, type GraphTypes, isA } from './graph-types.ts';

/** What a path leads to. */
export interface Place {
  /** The path with `{id}` for each key. */
  readonly name: string;
  readonly kind: 'one' | 'many' | 'count' | 'action';
  /** The type of what is there; of an action, of what it is done to. */
  readonly type: string;
}

/** Entity sets and what is below singletons. The published types say what a type has, and not where each begins. */
const ROOTS: ReadonlyMap<string, string> = new Map([
  ['users', 'user'],
  ['groups', 'group'],
  ['domains', 'domain'],
  ['organization', 'organization'],
  ['subscribedSkus', 'subscribedSku'],
  ['directory/deletedItems', 'directoryObject'],
  ['auditLogs/directoryAudits', 'directoryAudit'],
  ['roleManagement/directory/roleAssignments', 'unifiedRoleAssignment'],
  ['roleManagement/directory/roleEligibilityScheduleInstances', 'unifiedRoleEligibilityScheduleInstance'],
]);

/** Actions, by the type that they are bound to; the excerpt of the types has none (Graph, user: sendMail; message: send). */
const ACTIONS: ReadonlySet<string> = new Set(['user/sendMail', 'message/send']);

const CAST = 'microsoft.graph.';

/** Follows a path from the root, segment by segment; or says where it leads nowhere. */
export function walk(path: string, types: GraphTypes): Place | string {
  const [version, ...segments] = path.split('/').slice(1).map(decodeURIComponent);
  if (version !== 'v1.0') return `the path does not begin with /v1.0: ${path}`;
  const length = [1, 2, 3].find((count) => ROOTS.has(segments.slice(0, count).join('/')));
  const root = segments.slice(0, length ?? 0).join('/');
  const type = ROOTS.get(root);
  if (length === undefined || type === undefined) return `the path begins where nothing is known: ${path}`;
  let place: Place | string = { name: `/v1.0/${root}`, kind: 'many', type };
  for (const segment of segments.slice(length)) {
    if (typeof place === 'string') break;
    place = step(place, segment, types);
  }
  return place;
}

function step({ name, kind, type }: Place, segment: string, types: GraphTypes): Place | string {
  const below = `${name}/${segment}`;
  if (kind === 'count' || kind === 'action' || segment === '') return `nothing is below ${name}`;
  if (segment.startsWith(CAST)) {
    const cast = segment.slice(CAST.length);
    if (!types.has(cast) || !isA(types, cast, type)) return `${cast} is not a ${type}, at ${name}`;
    return { name: below, kind, type: cast };
  }
  if (kind === 'many') {
    return segment === '$count' ? { name: below, kind: 'count', type } : { name: `${name}/{id}`, kind: 'one', type };
  }
  if (ACTIONS.has(`${type}/${segment}`)) return { name: below, kind: 'action', type };
  const leads = types.get(type)?.navigation[segment];
  if (leads === undefined) return `${type} has no ${segment}, at ${name}`;
  const { name: next, many } = elementOf(leads);
  return { name: below, kind: many ? 'many' : 'one', type: next };
}
