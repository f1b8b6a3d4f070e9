import { z } from 'zod';
import type { Reply } from '../routes.ts';
import { touch } from '../state.ts';
import { deprovisionLater, provisionLater, type Subject } from '../sync/provisioning.ts';
import { appUserOf } from './app-users.ts';
import { bodyOf } from './body.ts';
import type { Act, OktaCall, OktaRoute } from './context.ts';
import { appTarget, callerOf, tell, userTarget } from './events.ts';
import { theApp } from './named.ts';
import type { AppRecord, AssignmentRecord, OktaUserRecord } from './records.ts';
import { invalid, notFound, OktaRefusal } from './refusal.ts';

const NEEDS = ['okta.apps.manage'];

export const assignRoutes: readonly OktaRoute[] = [
  { method: 'POST', path: '/api/v1/apps/{app}/users', query: [], needs: NEEDS, handle: assign },
  { method: 'POST', path: '/api/v1/apps/{app}/users/{user}', query: [], needs: NEEDS, handle: update },
  { method: 'DELETE', path: '/api/v1/apps/{app}/users/{user}', query: ['sendEmail'], needs: NEEDS, handle: unassign },
];

const profileSchema = z.record(z.string(), z.unknown());
const scopeSchema = z.enum(['USER', 'GROUP']);
const assignSchema = z.strictObject({
  id: z.string(),
  scope: scopeSchema.optional(),
  credentials: z.strictObject({ userName: z.string() }).optional(),
  profile: profileSchema.optional(),
});
const updateSchema = z.strictObject({ scope: scopeSchema.optional(), profile: profileSchema.optional() });

/** Answers before anything has reached Entra: the assignment is staged, and its provisioning is a task of its own. */
function assign(call: OktaCall): Reply {
  const app = office365(call);
  const read = assignSchema.safeParse(bodyOf(call));
  if (!read.success) throw invalid('appUser', 'The app user is not well formed.');
  const { id, scope = 'USER', credentials, profile = {} } = read.data;
  const user = call.state.oktaUsers.get(id, call.now);
  if (user === undefined) throw notFound(id, 'User');
  if (user.status === 'DEPROVISIONED') throw invalid('id', 'A deactivated user cannot be assigned to an application.');
  // A second assignment of the same person is an update.
  if (rosterOf(call, app).get(id, call.now) !== undefined) return change(call, app, id, { scope, profile });
  const grantedBy = scope === 'GROUP' ? grantOf(app, user) : null;
  if (scope === 'GROUP' && grantedBy === null) throw invalid('scope', 'No group grants the application to the user.');
  const assignment = newAssignment(call, app, user, {
    userName: credentials?.userName ?? user.login,
    grantedBy,
    ...unmapped(call, app, profile, grantedBy === null ? { licenses: [], roles: [] } : GROUP_PROFILE),
  });
  assigned(call, app, user, assignment);
  return { status: 200, body: appUserOf(call, app, id) };
}

/** What the group that grants the app gives to everybody in it. */
export const GROUP_PROFILE = { licenses: ['SPE_E3'], roles: [] } as const;

/** Puts an assignment there, tells of it, and queues its provisioning. */
export function assigned(act: Act, app: AppRecord, user: OktaUserRecord, assignment: AssignmentRecord): void {
  rosterOf(act, app).put(assignment, act.now);
  tellOf(act, app, user, 'application.user_membership.add', 'Add user to application membership');
  provisionLater(subjectOf(act, app, user, assignment), act.now);
}

export function newAssignment(
  act: Act,
  app: AppRecord,
  user: OktaUserRecord,
  given: Pick<AssignmentRecord, 'userName' | 'grantedBy' | 'licenses' | 'roles'>,
): AssignmentRecord {
  return {
    ...given,
    user: user.id,
    immutableId: immutableIdOf(act, app, user.id),
    externalId: null,
    email: user.email,
    firstName: user.firstName,
    lastName: user.lastName,
    displayName: user.displayName,
    scope: given.grantedBy === null ? 'USER' : 'GROUP',
    status: 'STAGED',
    syncState: 'SYNCING',
    created: act.now,
    changed: act.now,
  };
}

/**
 * What the mapping of the app says: Okta's default takes the `externalId` of the AD app user, and is null for somebody without one;
 * `user.getInternalProperty("id")` is the Okta user id.
 */
function immutableIdOf({ state, now }: Act, app: AppRecord, user: string): string | null {
  const mapping = [...state.mappings.values()].find(({ target }) => target.id === app.id);
  if (mapping?.properties['immutableId']?.expression === 'user.getInternalProperty("id")') return user;
  for (const roster of state.directories.values()) {
    const account = roster.get(user, now);
    if (account !== undefined && account.status !== 'DEPROVISIONED') return account.externalId;
  }
  return null;
}

/** Scope and unmapped attributes; everything else comes from the mappings, at once, later or never: that is a switch of the world. */
function update(call: OktaCall): Reply {
  const app = office365(call);
  const id = call.parameters['user'] ?? '';
  const read = updateSchema.safeParse(bodyOf(call));
  if (!read.success) throw invalid('appUser', 'The app user is not well formed.');
  return change(call, app, id, read.data);
}

function change(call: OktaCall, app: AppRecord, id: string, given: z.output<typeof updateSchema>): Reply {
  const assignment = rosterOf(call, app).get(id, call.now);
  const user = call.state.oktaUsers.get(id, call.now);
  if (assignment === undefined || user === undefined) throw notFound(id, 'AppUser');
  const { scope = assignment.scope, profile = {} } = given;
  const grantedBy = scope === 'GROUP' ? grantOf(app, user) : null;
  if (scope === 'GROUP' && grantedBy === null) throw invalid('scope', 'No group grants the application to the user.');
  const usual = scope === 'GROUP' && assignment.scope === 'USER' ? GROUP_PROFILE : assignment;
  const changed = {
    ...assignment,
    scope,
    grantedBy,
    ...unmapped(call, app, profile, usual),
    immutableId: call.state.switches.nudge === 'recomputes' ? immutableIdOf(call, app, id) : assignment.immutableId,
    changed: call.now,
  };
  rosterOf(call, app).put(changed, call.now);
  provisionLater(subjectOf(call, app, user, changed), call.now);
  return { status: 200, body: appUserOf(call, app, id) };
}

/** 403 E0000046 while a group grants it: group memberships give and take it, nobody else. */
function unassign(call: OktaCall): Reply {
  const app = office365(call);
  const id = call.parameters['user'] ?? '';
  const assignment = rosterOf(call, app).get(id, call.now);
  const user = call.state.oktaUsers.get(id, call.now);
  if (assignment === undefined || user === undefined) throw notFound(id, 'AppUser');
  const granted = grantOf(app, user) !== null;
  if (granted && (assignment.scope === 'GROUP' || call.state.switches.deleteConverted === 'refused')) {
    throw new OktaRefusal(403, 'E0000046', 'Deactivate application for user forbidden.', {
      causes: [
        'The application cannot be unassigned from the user while their group memberships grant them access to the application.',
      ],
    });
  }
  unassigned(call, app, user, assignment);
  return { status: 204, body: '' };
}

/** Takes an assignment away for good, tells of it, and queues what follows in Entra. */
export function unassigned(act: Act, app: AppRecord, user: OktaUserRecord, assignment: AssignmentRecord): void {
  rosterOf(act, app).remove(user.id, act.now);
  touch(act.state, app.id, user.id, assignment.externalId);
  tellOf(act, app, user, 'application.user_membership.remove', "Remove user's application membership");
  deprovisionLater(subjectOf(act, app, user, assignment), act.now);
}

/** The first group by priority that grants the app to somebody. */
export function grantOf(app: AppRecord, user: OktaUserRecord): string | null {
  return app.groups.find((group) => user.groups.includes(group)) ?? null;
}

function tellOf(act: Act, app: AppRecord, user: OktaUserRecord, eventType: string, message: string): void {
  const { state, caller, requestId, now } = act;
  const targets = [userTarget(user), appTarget(app)];
  tell(state, { eventType, message, actor: callerOf(caller), transaction: requestId, targets }, now);
}

function subjectOf(
  { state, requestId }: Act,
  app: AppRecord,
  user: OktaUserRecord,
  assignment: AssignmentRecord,
): Subject {
  return { state, app: app.id, user, assignment, transaction: requestId };
}

/** AD app users are made by imports alone; of other apps these tenants hold no users. */
function office365(call: OktaCall): AppRecord {
  const app = theApp(call);
  if (app.name === 'office365') return app;
  throw new OktaRefusal(405, 'E0000076', 'The app user is mastered by another application.');
}

function rosterOf({ state }: Act, app: AppRecord) {
  const roster = state.assignments.get(app.id);
  if (roster === undefined) throw notFound(app.id, 'AppInstance');
  return roster;
}

const unmappedSchema = z.object({
  licenses: z.array(z.string()).optional(),
  roles: z.array(z.string()).optional(),
});

/** What the profile says of attributes that no mapping fills; 403 E0000075 for one that a mapping does. */
function unmapped(
  call: OktaCall,
  app: AppRecord,
  profile: Readonly<Record<string, unknown>>,
  usual: Pick<AssignmentRecord, 'licenses' | 'roles'>,
): Pick<AssignmentRecord, 'licenses' | 'roles'> {
  const mapping = [...call.state.mappings.values()].find(({ target }) => target.id === app.id);
  const mapped = Object.keys(profile).find((name) => Object.hasOwn(mapping?.properties ?? {}, name));
  if (mapped !== undefined && app.provisioning?.update === 'ENABLED') {
    throw new OktaRefusal(
      403,
      'E0000075',
      `Cannot modify the ${mapped} attribute because it has a field mapping and profile push is enabled.`,
    );
  }
  const unknown = Object.keys(profile).find((name) => !Object.hasOwn(unmappedSchema.shape, name));
  const read = unmappedSchema.safeParse(profile);
  if (unknown !== undefined || !read.success) throw invalid(`profile.${unknown ?? ''}`, 'The attribute is not known.');
  return { licenses: read.data.licenses ?? usual.licenses, roles: read.data.roles ?? usual.roles };
}
