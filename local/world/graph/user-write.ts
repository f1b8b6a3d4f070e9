import { z } from 'zod';
import { type State, touch } from '../state.ts';
import type { Reply } from '../routes.ts';
import { noteUpdate } from './audits.ts';
import type { GraphCall, GraphRoute } from './context.ts';
import { isPrivileged } from './memberships.ts';
import { type EntraRecord, proxyAddressesOf, renamed } from './records.ts';
import { badRequest, type ConflictDetail, GraphRefusal } from './refusal.ts';
import { theUser } from './users.ts';

export const userWriteRoutes: readonly GraphRoute[] = [
  {
    method: 'PATCH',
    path: '/v1.0/users/{user}',
    query: [],
    needs: ['User.ReadUpdate.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'],
    handle: patchUser,
  },
];

/** The two properties that these tenants let an app change; a real one knows more, and nothing here needs them. */
const patchSchema = z.strictObject({
  userPrincipalName: z.string().optional(),
  onPremisesImmutableId: z.string().nullable().optional(),
});

/** The write goes to the primary: it sees the user as it is now, whatever replica the last read came from. */
function patchUser(call: GraphCall): Reply {
  const patch = patchSchema.safeParse(bodyOf(call));
  if (!patch.success) throw badRequest('One or more properties of the body are invalid or are not known here.');
  const { userPrincipalName, onPremisesImmutableId } = patch.data;
  if (userPrincipalName === undefined && onPremisesImmutableId === undefined) {
    throw badRequest('At least one property must be given for the update.');
  }
  const user = theUser({ ...call, asOf: call.now });
  refuseProtected(call, user);
  const named = userPrincipalName === undefined ? user : withName(call, user, userPrincipalName);
  const changed =
    onPremisesImmutableId === undefined ? named : withAnchor(call, named, asSeen(call, user), onPremisesImmutableId);
  call.state.entraUsers.put(changed, call.now);
  const by = { kind: 'app', principal: call.principal, name: 'Anchorwatch' } as const;
  noteUpdate(call.state, user, changed, by, call.now);
  if (changed.anchor !== user.anchor) noteAnchor(call.state, changed, call.now);
  return { status: 204, body: '' };
}

function bodyOf({ body }: GraphCall): unknown {
  try {
    const json: unknown = JSON.parse(body);
    return json;
  } catch {
    throw badRequest('Unable to read JSON request payload.');
  }
}

/** Both properties are sensitive: an app without a role of its own changes them of nobody who is privileged. */
function refuseProtected(call: GraphCall, user: EntraRecord): void {
  if (isPrivileged(call, user) || user.extras?.restricted === true) {
    throw new GraphRefusal(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
  }
  if (user.synced === false) {
    throw refused(
      'Unable to update the specified properties for objects that have originated within an external service.',
    );
  }
  if (user.synced === true && call.state.switches.syncedWrites !== 'anyway') {
    throw refused(
      'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.',
    );
  }
}

/** Letters, digits and `' . - _ ! # ^ ~` before the @ (Graph, user: update); lengths after concept-sspr-policy. */
const NAME = /^[A-Za-z0-9'.\-_!#^~]{1,64}@[A-Za-z0-9.-]{1,48}$/;

function withName(call: GraphCall, user: EntraRecord, name: string): EntraRecord {
  if (!NAME.test(name) || name.length > 113) {
    throw refused('Property userPrincipalName is invalid.', [{ code: 'InvalidValue', target: 'userPrincipalName' }]);
  }
  const domain = call.state.domains.get(domainOf(name));
  if (domain?.verified !== true) {
    throw refused(
      'The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.',
      [{ code: 'InvalidValue', target: 'userPrincipalName' }],
    );
  }
  const holder = [...namesakes(call.state, name, call.now)].find(({ id }) => id !== user.id);
  if (holder !== undefined) throw conflict('userPrincipalName', holder);
  if (domain.federated && !isFederated(call, user) && user.anchor === null) {
    throw refused('You must provide a required property: Parameter name: FederatedUser.SourceAnchor');
  }
  return renamed(user, name, call.state.tenant.initialDomain);
}

/** Whoever has the name as UPN or as an address. */
function* namesakes(state: State, name: string, now: number): Generator<EntraRecord> {
  for (const user of state.entraUsers.lookup('userPrincipalName', name.toLowerCase(), now)) {
    if (user.userName.toLowerCase() === name.toLowerCase()) yield user;
  }
  const address = `smtp:${name.toLowerCase()}`;
  for (const user of state.entraUsers.lookup('proxyAddresses', address, now)) {
    const held = proxyAddressesOf(user, state.tenant.initialDomain).map((one) => one.toLowerCase());
    if (held.includes(address)) yield user;
  }
}

/** The rule about federated names is asked of a replica, which may not have heard yet that the name was moved. */
function asSeen({ state, asOf }: GraphCall, user: EntraRecord): EntraRecord {
  return state.entraUsers.get(user.id, asOf) ?? user;
}

/** `before`: the user as it was before this call: to move the name and set the anchor in one go is to set it while federated. */
function withAnchor(call: GraphCall, user: EntraRecord, before: EntraRecord, anchor: string | null): EntraRecord {
  const target = 'onPremisesImmutableId';
  if (isFederated(call, before) || isFederated(call, user)) {
    throw refused('Invalid value specified for property onPremisesImmutableId of resource User.', [
      { code: 'InvalidValue', target },
    ]);
  }
  if (anchor === null) {
    if (call.state.switches.nullAnchor === 'refused') {
      throw refused('Invalid value specified for property onPremisesImmutableId of resource User.');
    }
    return { ...user, anchor };
  }
  if (anchor === '' || anchor.length > 64 || /[$_]/.test(anchor)) {
    throw refused('Property onPremisesImmutableId is invalid.', [{ code: 'InvalidValue', target }]);
  }
  const holder = holderOf(call.state, anchor, user.id, call.now);
  if (holder !== null) throw conflict(target, holder);
  return { ...user, anchor };
}

/** The next group job has to look at whoever is linked to an account whose anchor was set. */
export function noteAnchor(state: State, { id }: EntraRecord, at: number): void {
  state.anchored.set(id, at);
  for (const [app, roster] of state.assignments) {
    for (const { user } of roster.lookup('externalId', id, at)) touch(state, app, user, id);
  }
}

/** Who else, live or soft-deleted, has the anchor: it is unique in the tenant, the recycle bin included. */
export function holderOf(state: State, anchor: string, except: string, now: number): EntraRecord | null {
  for (const user of state.entraUsers.lookup('onPremisesImmutableId', anchor.toLowerCase(), now)) {
    if (user.anchor === anchor && user.id !== except) return user;
  }
  for (const user of state.deletedUsers.list(null, now)) if (user.anchor === anchor) return user;
  return null;
}

function isFederated(call: GraphCall, { userName }: EntraRecord): boolean {
  return call.state.domains.get(domainOf(userName))?.federated === true;
}

function domainOf(name: string): string {
  return name.slice(name.lastIndexOf('@') + 1).toLowerCase();
}

function refused(message: string, details: readonly ConflictDetail[] = []): GraphRefusal {
  return new GraphRefusal(400, 'Request_BadRequest', message, {}, details);
}

/** The other one's id stands in the second detail. */
function conflict(target: string, holder: EntraRecord): GraphRefusal {
  return refused(`Another object with the same value for property ${target} already exists.`, [
    { code: 'ObjectConflict', target },
    { code: 'ConflictingObjects', target: `User_${holder.id}` },
  ]);
}
