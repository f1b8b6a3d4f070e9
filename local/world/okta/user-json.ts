import { isoTime } from '../../../shared/time.ts';
import type { OktaCall } from './context.ts';
import { thisMorning } from '../graph/user-properties.ts';
import type { OktaUserRecord } from './records.ts';

export function userJson(call: OktaCall, user: OktaUserRecord) {
  return {
    id: user.id,
    status: user.status,
    created: isoTime(user.created),
    activated: user.status === 'STAGED' ? null : isoTime(user.created),
    statusChanged: isoTime(user.changed),
    lastLogin: lastLoginOf(call, user),
    lastUpdated: isoTime(user.changed),
    passwordChanged: null,
    type: { id: `oty${call.state.org.id.slice(3)}` },
    profile: {
      login: user.login,
      email: user.email,
      secondEmail: null,
      firstName: user.firstName,
      lastName: user.lastName,
      displayName: user.displayName,
      mobilePhone: null,
      // Unlike its neighbours never null in Okta's description: whoever has none is shown without it.
      ...(user.employeeNumber === null ? {} : { employeeNumber: user.employeeNumber }),
      department: user.department,
    },
    credentials: { provider: { type: 'ACTIVE_DIRECTORY', name: call.state.org.subdomain } },
    _links: { self: { href: `${call.origin}/api/v1/users/${user.id}` } },
  };
}

/** Who has begun to work, and has not left, signs in by Okta. */
function lastLoginOf({ state, now }: OktaCall, { id, status, created }: OktaUserRecord): string | null {
  const said = state.signIns.get(id);
  const at = said === undefined ? (status === 'ACTIVE' ? thisMorning({ id, created }, now) : null) : said;
  return at === null ? null : isoTime(at);
}
